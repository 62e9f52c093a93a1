"""Input state: what a person typed or chose, in Slack's own shapes, and what Slack checks before it submits."""

from __future__ import annotations

import re
from typing import Any

from .walk import Json, Values, options, spots

_ONE, _MANY = "selected_option", "selected_options"
# element type -> (key of the value, key of the initial value)
KINDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": (_ONE, "initial_option"),
    "external_select": (_ONE, "initial_option"),
    "radio_buttons": (_ONE, "initial_option"),
    "multi_static_select": (_MANY, "initial_options"),
    "multi_external_select": (_MANY, "initial_options"),
    "checkboxes": (_MANY, "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
_FORMATS = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "an email address"),
    "url_text_input": (r"https?://\S+", "an address that begins with http:// or https://"),
}


def is_list(kind: str) -> bool:
    """True when elements of this type hold several values."""
    return kind.startswith("multi_") or kind in ("checkboxes", "file_input")


def entry(element: Json, value: Any) -> Json:
    """The state of one element holding `value`."""
    kind = element["type"]
    return {"type": kind, KINDS[kind][0]: value}


def fresh(element: Json) -> Json:
    """The state of an element nobody has touched."""
    kind = element["type"]
    empty: Any = [] if is_list(kind) else None
    return entry(element, element.get(KINDS[kind][1], empty))


def value(element: Json, held: Json) -> Any:
    """What the state of an element holds."""
    return held[KINDS[element["type"]][0]]


def state(blocks: list[Json], values: Values) -> dict[str, dict[str, Json]]:
    """`view.state.values`: every element that can hold a value, in input blocks and elsewhere."""
    found: dict[str, dict[str, Json]] = {}
    for spot in spots(blocks):
        if spot.element["type"] in KINDS:
            block, action = spot.key
            found.setdefault(block, {})[action] = values.get(spot.key) or fresh(spot.element)
    return found


def carry(old: list[Json], values: Values, new: list[Json]) -> Values:
    """What survives an update: state whose block_id, action_id and type stayed, typed or not.

    An `initial_value` that changed under the same ids is not looked at: Slack's well-known trap.
    """
    before = {
        spot.key: values.get(spot.key) or fresh(spot.element)
        for spot in spots(old)
        if _stateful(spot.element)
    }
    kept: Values = {}
    for spot in spots(new):
        held = before.get(spot.key)
        if held and held["type"] == spot.element["type"] and _offered(spot.element, held):
            kept[spot.key] = held
    return kept


def _stateful(element: Json) -> bool:
    return element["type"] in KINDS


def _offered(element: Json, held: Json) -> bool:
    offered = options(element)
    if not offered:
        return True
    chosen = value(element, held) or []
    return all(option in offered for option in (chosen if isinstance(chosen, list) else [chosen]))


def missing(block: Json, held: Json) -> bool:
    """True when Slack would not submit because this required field is empty."""
    return not block.get("optional") and value(block["element"], held) in (None, "", [])


def refused(element: Json, held: Json) -> str:
    """Why the client would not take this value; empty when it would."""
    kind, given = element["type"], value(element, held)
    if given in (None, "", []):
        return ""
    if kind == "plain_text_input":
        return _length(element, given)
    if kind == "number_input":
        return _number(element, given)
    if kind in _FORMATS and not re.fullmatch(_FORMATS[kind][0], given):
        return f"must be {_FORMATS[kind][1]}"
    most = element.get("max_selected_items") or element.get("max_files")
    return f"at most {most} can be chosen" if most and len(given) > most else ""


def _length(element: Json, given: str) -> str:
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    if low <= len(given) <= high:
        return ""
    return f"must have {low} to {high} characters, not {len(given)}"


def _number(element: Json, given: str) -> str:
    decimals = r"(\.\d+)?" if element["is_decimal_allowed"] else ""
    if not re.fullmatch(rf"-?\d+{decimals}", given):
        return "must be a number"
    low, high = element.get("min_value"), element.get("max_value")
    if (low and float(given) < float(low)) or (high and float(given) > float(high)):
        return f"must be between {low} and {high}"
    return ""
