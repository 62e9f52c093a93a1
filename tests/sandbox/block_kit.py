"""A modal that has every block and element in it, and ways to spoil one place of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: Json | None = None) -> Json:
    return {"text": text or plain(), "value": value, "description": plain()}


def choice(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


def offered(count: int = 1) -> list[Json]:
    return [option(str(number)) for number in range(count)]


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
MENU = {"action_id": "a", "placeholder": plain(), "confirm": CONFIRM}
INLINE = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}
RICH = {"type": "rich_text", "elements": [INLINE]}
URL = "https://example.com/x"

SECTION = {"type": "section", "block_id": "s", "text": mrkdwn(), "fields": [plain()]}
BLOCKS: list[Json] = [
    {
        **SECTION,
        "accessory": {"type": "button", "text": plain(), "value": "v", "url": URL, "style": "primary"},
    },
    {
        "type": "actions",
        "block_id": "a",
        "elements": [
            {
                "type": "button",
                "action_id": "b",
                "text": plain(),
                "accessibility_label": "x",
                "confirm": CONFIRM,
            },
            {"type": "overflow", "action_id": "o", "options": [{**option(), "url": URL}]},
            {**MENU, "type": "static_select", "options": offered()},
            {
                **MENU,
                "type": "static_select",
                "action_id": "g",
                "option_groups": [{"label": plain(), "options": offered()}],
            },
            {**MENU, "type": "external_select", "action_id": "e", "min_query_length": 0},
            {**MENU, "type": "users_select", "action_id": "u", "initial_user": "U1"},
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-01-31"},
            {"type": "timepicker", "action_id": "t", "initial_time": "23:59"},
            {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1_800_000_000},
        ],
    },
    {"type": "header", "block_id": "h", "text": plain()},
    {
        "type": "context",
        "elements": [mrkdwn(), {"type": "image", "image_url": URL, "alt_text": "x"}, plain()],
    },
    {"type": "image", "title": plain(), "image_url": URL, "alt_text": "x"},
    {
        "type": "rich_text",
        "elements": [
            INLINE,
            {"type": "rich_text_list", "style": "bullet", "indent": 0, "elements": [INLINE]},
            {"type": "rich_text_quote", "elements": [{"type": "link", "url": URL, "text": "x"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x"}]},
        ],
    },
    {"type": "divider", "block_id": "v"},
]


def field(element: Json, name: str = "f") -> Json:
    return {"type": "input", "block_id": name, "label": plain(), "hint": plain(), "element": element}


FIELDS: list[Json] = [
    field(
        {
            "type": "plain_text_input",
            "action_id": "p",
            "placeholder": plain(),
            "min_length": 1,
            "max_length": 3000,
        },
        "0",
    ),
    field({"type": "checkboxes", "action_id": "c", "options": [option("v", mrkdwn())]}, "1"),
    field({"type": "radio_buttons", "action_id": "r", "options": [option("v", mrkdwn())]}, "2"),
    field({**MENU, "type": "multi_static_select", "options": offered(3), "max_selected_items": 2}, "3"),
    field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "initial_value": "1"}, "4"),
    field({"type": "file_input", "action_id": "i", "max_files": 1, "filetypes": ["pem"]}, "5"),
]
FIELDS += [
    field(
        {"type": "rich_text_input", "action_id": "w", "min_lines": 1, "max_lines": 9, "initial_value": RICH},
        "6",
    ),
    field({"type": "email_text_input", "action_id": "m", "initial_value": "a@b.c"}, "7"),
    field({**MENU, "type": "multi_external_select", "min_query_length": 0}, "8"),
    field({"type": "plain_text_input", "action_id": "q", "initial_value": "x"}, "9"),
]
MODAL: Json = {
    "type": "modal",
    "title": plain(),
    "submit": plain(),
    "close": plain(),
    "callback_id": "c",
    "external_id": "e",
    "private_metadata": "m",
    "notify_on_close": True,
    "blocks": [*BLOCKS, *FIELDS],
}


def modal(title: str = "Hello", blocks: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": blocks or [{"type": "divider"}], **more}


def typed(block: str, action: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": action, **more}
    return {**field(element, block), "label": plain(f"Field {block}")}


def button(label: str) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": plain(label)}]}


def changed(pointer: str, value: Any, payload: Json = MODAL) -> Json:
    """A copy with one place changed; `...` takes the place out."""
    root = json.loads(json.dumps(payload))
    *way, last = pointer.removeprefix("/view/").split("/")
    place: Any = root
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return root


def blocks(pointer: str) -> str:
    return f"/view/blocks/{pointer}"


def objects(place: Any, pointer: str) -> Iterator[str]:
    """Pointers of all objects in a payload."""
    if isinstance(place, dict):
        yield pointer
    for key, inner in place.items() if isinstance(place, dict) else enumerate(place):
        if isinstance(inner, dict | list):
            yield from objects(inner, f"{pointer}/{key}")
