"""Every limit of Block Kit: what is at the limit passes, what is one over it is refused with Slack's words."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.blockkit import check_blocks, check_offer, check_view, too_large
from tests.sandbox.block_kit import (
    BLOCKS,
    FIELDS,
    MODAL,
    URL,
    blocks,
    changed,
    field,
    mrkdwn,
    objects,
    offered,
    option,
    plain,
)
from tests.sandbox.block_kit_limits import LISTS, MAY_BE_EMPTY, NUMBERS, REQUIRED, STRINGS, WORDS


def test_what_is_right_passes() -> None:
    assert check_view(MODAL) == []
    assert check_view({"type": "home", "blocks": BLOCKS}) == []
    assert check_blocks(BLOCKS) == []


@pytest.mark.parametrize(("pointer", "most"), STRINGS.items())
def test_length_of_a_text(pointer: str, most: int) -> None:
    assert check_view(changed(pointer, "x" * most)) == []
    over = f"must be less than {most + 1} characters [json-pointer:{pointer}]"
    assert check_view(changed(pointer, "x" * (most + 1))) == [over]
    empty = f"must be more than 0 characters [json-pointer:{pointer}]"
    assert check_view(changed(pointer, "")) == ([] if pointer in MAY_BE_EMPTY else [empty])
    assert check_view(changed(pointer, 5)) == [f"must provide a string [json-pointer:{pointer}]"]


@pytest.mark.parametrize(("pointer", "most", "items"), [(key, *rest) for key, rest in LISTS.items()])
def test_length_of_a_list(pointer: str, most: int, items: Any) -> None:
    assert check_view(changed(pointer, items(most))) == []
    assert check_view(changed(pointer, items(most + 1))) == [
        f"no more than {most} items allowed [json-pointer:{pointer}]"
    ]
    assert check_view(changed(pointer, [])) == [f"must provide at least 1 items [json-pointer:{pointer}]"]
    assert check_view(changed(pointer, {})) == [f"must provide an array [json-pointer:{pointer}]"]


@pytest.mark.parametrize(("pointer", "low", "high"), [(key, *rest) for key, rest in NUMBERS.items()])
def test_range_of_a_number(pointer: str, low: int, high: int) -> None:
    assert check_view(changed(pointer, low)) == []
    assert check_view(changed(pointer, high)) == []
    assert check_view(changed(pointer, low - 1)) == [f"must be more than {low - 1} [json-pointer:{pointer}]"]
    assert check_view(changed(pointer, high + 1)) == [
        f"must be less than {high + 1} [json-pointer:{pointer}]"
    ]
    assert check_view(changed(pointer, True)) == [f"must provide an integer [json-pointer:{pointer}]"]


@pytest.mark.parametrize("pointer", WORDS)
def test_one_of_a_few_words(pointer: str) -> None:
    assert check_view(changed(pointer, "huge")) == [f"must be a valid enum value [json-pointer:{pointer}]"]


@pytest.mark.parametrize("pointer", REQUIRED)
def test_a_required_property(pointer: str) -> None:
    parent, _, name = pointer.rpartition("/")
    assert check_view(changed(pointer, ...)) == [f"missing required field: {name} [json-pointer:{parent}]"]


@pytest.mark.parametrize("pointer", list(objects(MODAL, "/view")))
def test_an_unknown_property_anywhere(pointer: str) -> None:
    payload = changed(f"{pointer}/colour", "red")
    assert check_view(payload) == [f"invalid additional property: colour [json-pointer:{pointer}]"]


WRONG: list[tuple[str, Any, str]] = [
    (blocks("6/type"), "dividers", "unsupported type: dividers [json-pointer:/view/blocks/6/type]"),
    (blocks("6"), {}, "missing required field: type [json-pointer:/view/blocks/6]"),
    (blocks("2/text"), mrkdwn(), "unsupported type: mrkdwn [json-pointer:/view/blocks/2/text/type]"),
    (blocks("2/text"), "words", "must provide an object [json-pointer:/view/blocks/2/text]"),
    (blocks("7/label"), mrkdwn(), "unsupported type: mrkdwn [json-pointer:/view/blocks/7/label/type]"),
    (blocks("0/text/emoji"), True, "invalid additional property: emoji [json-pointer:/view/blocks/0/text]"),
    (blocks("2/text/verbatim"), True, "invalid additional property: verbatim [json-pointer:/view/blocks/2/text]"),
    (blocks("1/elements/2/options/0/text"), mrkdwn(), "unsupported type: mrkdwn [json-pointer:/view/blocks/1/elements/2/options/0/text/type]"),
    (blocks("1/elements/2/options/0/url"), URL, "invalid additional property: url [json-pointer:/view/blocks/1/elements/2/options/0]"),
    (blocks("1/elements/2/option_groups"), [{"label": plain(), "options": offered()}], "only one of options, option_groups is allowed [json-pointer:/view/blocks/1/elements/2]"),
    (blocks("1/elements/0"), {"type": "plain_text_input"}, "unsupported type: plain_text_input [json-pointer:/view/blocks/1/elements/0/type]"),
    (blocks("0/accessory"), {"type": "plain_text_input"}, "unsupported type: plain_text_input [json-pointer:/view/blocks/0/accessory/type]"),
    (blocks("7/element"), {"type": "button", "text": plain()}, "unsupported type: button [json-pointer:/view/blocks/7/element/type]"),
    (blocks("6"), {"type": "section"}, "missing required field: text [json-pointer:/view/blocks/6]"),
    (blocks("6"), {"type": "markdown", "text": "x"}, "unsupported type: markdown [json-pointer:/view/blocks/6/type]"),
    (blocks("7/optional"), "yes", "must be a boolean [json-pointer:/view/blocks/7/optional]"),
    (blocks("4/slack_file"), {"id": "F1"}, "only one of image_url, slack_file is allowed [json-pointer:/view/blocks/4]"),
    (blocks("6/block_id"), "s", '`block_id` "s" already exists [json-pointer:/view/blocks/6/block_id]'),
    (blocks("1/elements/1/action_id"), "b", '`action_id` "b" already exists [json-pointer:/view/blocks/1/elements/1/action_id]'),
    (blocks("1/elements/2/initial_option"), option("no"), "`initial_option` must match one of the options [json-pointer:/view/blocks/1/elements/2/initial_option]"),
    (blocks("8/element/initial_options"), [option("no")], "`initial_options` must match the options [json-pointer:/view/blocks/8/element/initial_options/0]"),
    (blocks("10/element/initial_options"), offered(3), "more `initial_options` than `max_selected_items` [json-pointer:/view/blocks/10/element/initial_options]"),
    (blocks("12/dispatch_action"), True, "`dispatch_action` cannot be used with file_input [json-pointer:/view/blocks/12]"),
    ("/view/submit", ..., "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/7/input]"),
    ("/view/type", "window", "unsupported type: window [json-pointer:/view/type]"),
]  # fmt: skip


@pytest.mark.parametrize(("pointer", "value", "complaint"), WRONG)
def test_refused(pointer: str, value: Any, complaint: str) -> None:
    assert complaint in check_view(changed(pointer, value))


def test_urls_dates_and_times() -> None:
    address = blocks("0/accessory/url")
    assert check_view(changed(address, "https://e.x/" + "a" * 2988)) == []
    assert check_view(changed(address, "https://e.x/" + "a" * 2989)) == [
        f"must be less than 3001 characters [json-pointer:{address}]"
    ]
    for pointer, value in (
        (address, "example.com"),
        (blocks("1/elements/6/initial_date"), "31.1.2026"),
        (blocks("1/elements/7/initial_time"), "24:00"),
    ):
        assert "must match regular expression pattern" in check_view(changed(pointer, value))[0]
    when = blocks("1/elements/8/initial_date_time")
    assert check_view(changed(when, 999_999_999)) == [f"must be more than 999999999 [json-pointer:{when}]"]


def test_only_one_field_has_the_focus() -> None:
    one = changed(blocks("7/element/focus_on_load"), True)
    assert check_view(one) == []
    second = blocks("8/element/focus_on_load")
    assert check_view(changed(second, True, one)) == [
        f"only one element may have `focus_on_load` [json-pointer:{second}]"
    ]


def test_min_length_above_max_length() -> None:
    at = blocks("7/element/min_length")
    payload = changed(at, 5, changed(blocks("7/element/max_length"), 4))
    assert check_view(payload) == [f"`min_length` must not be greater than `max_length` [json-pointer:{at}]"]


def test_messages() -> None:
    divider = {"type": "divider"}
    assert check_blocks([]) == []
    assert check_blocks([divider] * 50) == []
    assert check_blocks([divider] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert check_blocks([{"type": "markdown", "text": "x" * 6000}] * 2) == []
    assert check_blocks([{"type": "markdown", "text": "x" * 6001}] * 2) == [
        "must be less than 12001 characters in all markdown blocks [json-pointer:/blocks]"
    ]
    assert check_blocks([FIELDS[5]]) == ["unsupported type: file_input [json-pointer:/blocks/0/element/type]"]
    assert check_blocks([{"type": "alert", "text": plain()}]) == [
        "unsupported type: alert [json-pointer:/blocks/0/type]"
    ]
    chooser = field({"type": "channels_select", "action_id": "c", "response_url_enabled": True})
    assert check_blocks([chooser]) == [
        "`response_url_enabled` is for input blocks of modals [json-pointer:/blocks/0/element/response_url_enabled]"
    ]
    assert check_view({**MODAL, "blocks": [chooser]}) == []


def test_home_has_no_title_and_needs_no_submit() -> None:
    assert check_view({"type": "home", "blocks": FIELDS[:1]}) == []
    assert check_view({"type": "home", "blocks": [], "title": plain()}) == [
        "invalid additional property: title [json-pointer:/view]"
    ]


def test_alert_block() -> None:
    alert = {"type": "alert", "text": plain("x" * 200), "level": "warning"}
    assert check_view({**MODAL, "blocks": [alert]}) == []
    assert check_view({**MODAL, "blocks": [{**alert, "text": plain("x" * 201)}]}) == [
        "must be less than 201 characters [json-pointer:/view/blocks/0/text/text]"
    ]


def test_answers_to_block_suggestion() -> None:
    assert check_offer({"options": offered(100)}) == []
    assert check_offer({"options": offered(101)}) == [
        "no more than 100 items allowed [json-pointer:/options]"
    ]
    assert check_offer({"options": [], "option_groups": []}) == ["must provide options or option_groups"]
    group = {"label": plain(), "options": offered()}
    assert check_offer({"option_groups": [group] * 100}) == []
    assert check_offer({"option_groups": [group] * 101}) == [
        "no more than 100 items allowed [json-pointer:/option_groups]"
    ]
    assert check_offer(None) == ["must provide an object [json-pointer:]"]


def test_size_of_a_view() -> None:
    frame = len('{"x":""}')
    assert not too_large({"x": "y" * (250_000 - frame)})
    assert too_large({"x": "y" * (250_001 - frame)})
    assert too_large({"x": "é" * 125_000})
