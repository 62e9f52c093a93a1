"""Screens as HTML that looks like Slack. No browser is started here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.slack import Person, pictures
from sandbox.slack.pictures.markup import mrkdwn, words
from tests.sandbox.block_kit import BLOCKS, FIELDS, button, modal, plain, typed

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVIL = "<script>alert('&')</script>\" onload=\"x"
NAMES = {"U1": "Ada <3 Lovelace"}


def looks(text: str) -> str:
    return mrkdwn(text, lambda identity: NAMES.get(identity, identity), NOW)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("*bold* _slanted_ ~gone~", "<strong>bold</strong> <em>slanted</em> <s>gone</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("`a *b* <c>`", "<code>a *b* &lt;c&gt;</code>"),
        ("```\n{&lt;x&gt;}\n```", "<pre>{&lt;x&gt;}</pre>"),
        ("*see `it`*", "<strong>see <code>it</code></strong>"),
        ("R&amp;D &lt;x&gt; &amp;lt;", "R&amp;D &lt;x&gt; &amp;lt;"),
        ("one\ntwo", "one<br>two"),
        ("<https://a.example/?b=1&amp;c=2|here>", '<a href="https://a.example/?b=1&amp;c=2">here</a>'),
        ("ask help@a.example.", 'ask <a href="mailto:help@a.example">help@a.example</a>.'),
        ("<javascript:alert(1)|here>", "here"),
        (
            "<@U1> <!here>",
            '<span class="mention">@Ada &lt;3 Lovelace</span> <span class="mention">@here</span>',
        ),
        (":x: :nothing_like_it: 12:30:45", '<span class="emoji">❌</span> :nothing_like_it: 12:30:45'),
        ("\ue0000\ue001 ok", "0 ok"),
    ],
)
def test_markup_looks_as_in_slack(written: str, seen: str) -> None:
    assert looks(written) == seen


def test_verbatim_text_makes_no_links() -> None:
    text = {"type": "mrkdwn", "text": "a@b.example *x* <https://c.example|y>", "verbatim": True}
    assert words(text, str) == 'a@b.example <strong>x</strong> <a href="https://c.example">y</a>'


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ("{time}", "3:04 PM"),
        ("{date_num} {time_secs}", "2026-11-23 3:04:05 PM"),
        ("{date_short_pretty} {time}", "Yesterday 3:04 PM"),
        ("{date_short}", "Nov 23, 2026"),
    ],
)
def test_dates_are_in_utc(form: str, seen: str) -> None:
    epoch = int(datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC).timestamp())
    assert looks(f"<!date^{epoch}^{form}|long ago>") == seen


def test_every_block_and_element_can_be_painted() -> None:
    html = pictures.page(
        pictures.modal(modal("Hello", [*BLOCKS, *FIELDS], submit=plain("Save")), now=NOW),
        pictures.home({"type": "home", "blocks": BLOCKS}, now=NOW),
        pictures.message({"text": "x", "blocks": BLOCKS, "ts": "1700000000.000100"}, now=NOW),
    )
    for what in (
        "<h1>Hello</h1>",
        "<h2>x</h2>",
        "<hr>",
        "<pre>x</pre>",
        "<blockquote>",
        "<li><strong>x</strong></li>",
        "10:13 PM",
    ):
        assert what in html
    assert 'class="button primary"' in html
    assert "http-equiv" not in html
    assert "src=" not in html, "it loads nothing"


def test_nothing_comes_out_unescaped() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain(EVIL)},
        {"type": "section", "text": {"type": "mrkdwn", "text": EVIL}},
        {"type": "context", "elements": [plain(EVIL)]},
        button(EVIL),
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": EVIL}]}],
        },
        {
            **typed("b", "a", placeholder=plain(EVIL), initial_value=EVIL),
            "label": plain(EVIL),
            "hint": plain(EVIL),
        },
    ]
    html = pictures.modal(modal(EVIL, blocks, submit=plain(EVIL)), errors={"b": EVIL})
    html += pictures.message({"text": EVIL, "files": [EVIL]}, author=EVIL)
    assert "<script" not in html
    assert '" onload' not in html


def test_plain_text_is_literal(ada: Person, show: Any) -> None:
    show({"type": "header", "text": {"type": "plain_text", "text": "*R&D* :x:", "emoji": False}})
    assert ada.screen is not None
    assert "<h2>*R&amp;D* :x:</h2>" in pictures.shown(ada.screen)


def test_what_was_typed_and_what_is_wrong_stand_in_the_field(ada: Person, show: Any) -> None:
    show(typed("name", "value", placeholder=plain("like this")), typed("more", "value"))
    ada.fill("Field name", 'say "hi"')
    assert ada.screen is not None
    assert ada.screen.view is not None
    ada.screen.view.errors["more"] = "Too short."
    html = pictures.shown(ada.screen)
    assert 'value="say &quot;hi&quot;" placeholder="like this"' in html
    assert "⚠ Too short." in html
    assert html.count("input wrong") == 1


def test_a_message_says_who_sees_it() -> None:
    said = {"text": "*Hello*", "files": ["a.yaml"]}
    assert "Only visible to you" not in pictures.message(said)
    html = pictures.message(said, whispered=True)
    assert "Only visible to you" in html
    assert "<strong>Hello</strong>" in html
    assert "a.yaml" in html
