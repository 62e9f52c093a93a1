"""Block elements and composition objects with their limits.

Where Slack's sources disagree, the stricter one holds, so that what passes here passes there
(an option's value: 75 in @slack/types, 150 in the reference). Not here: workflow_button, feedback_buttons, icon_button.
"""

from __future__ import annotations

from .rich_text import RICH_TEXT
from .shapes import ID, URL, Shape, array, boolean, enum, integer, only, string, thing, typed

DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}")
TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
STYLE = enum("primary", "danger")


def plain(high: int) -> Shape:
    """A plain_text object."""
    return only("plain_text", thing({"text": string(high)}, {"emoji": boolean}))


def text(high: int) -> Shape:
    """A plain_text or mrkdwn object."""
    return typed(
        {
            "plain_text": thing({"text": string(high)}, {"emoji": boolean}),
            "mrkdwn": thing({"text": string(high)}, {"verbatim": boolean}),
        }
    )


CONFIRM = thing(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
)
_VALUE = string(75)
OPTION = thing({"text": plain(75), "value": _VALUE}, {"description": plain(75)})
OVERFLOW_OPTION = thing({"text": plain(75), "value": _VALUE}, {"description": plain(75), "url": URL})
TICK_OPTION = thing({"text": text(75), "value": _VALUE}, {"description": text(75)})
GROUP = thing({"label": plain(75), "options": array(OPTION, 100)})

_COMMON: dict[str, Shape] = {"action_id": ID, "confirm": CONFIRM}
_FOCUS: dict[str, Shape] = {**_COMMON, "focus_on_load": boolean}
_MENU: dict[str, Shape] = {**_FOCUS, "placeholder": plain(150)}
_MULTI: dict[str, Shape] = {**_MENU, "max_selected_items": integer(1, 100)}
_DISPATCH = thing({}, {"trigger_actions_on": array(enum("on_enter_pressed", "on_character_entered"), 2)})
_TYPED: dict[str, Shape] = {
    "action_id": ID,
    "focus_on_load": boolean,
    "placeholder": plain(150),
    "dispatch_action_config": _DISPATCH,
}
_FILTER = thing(
    {},
    {
        "include": array(enum("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_STATIC: dict[str, Shape] = {"options": array(OPTION, 100), "option_groups": array(GROUP, 100)}
_EITHER = ("options", "option_groups")
_CONVERSATIONS: dict[str, Shape] = {"default_to_current_conversation": boolean, "filter": _FILTER}
_WEBHOOK: dict[str, Shape] = {"response_url_enabled": boolean}


def _ids(name: str, one: bool) -> dict[str, Shape]:
    return {name: ID if one else array(ID, 100)}


BUTTON = thing(
    {"text": plain(75)},
    {
        **_COMMON,
        "url": URL,
        "value": string(2000),
        "style": STYLE,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
    },
)
IMAGE_SOURCE = ("image_url", "slack_file")
IMAGE_FIELDS: dict[str, Shape] = {
    "image_url": URL,
    "slack_file": thing({}, {"id": ID, "url": URL}, one_of=("id", "url")),
}
IMAGE = thing({"alt_text": string(2000)}, IMAGE_FIELDS, one_of=IMAGE_SOURCE)

MENUS: dict[str, Shape] = {
    "static_select": thing({}, {**_MENU, **_STATIC, "initial_option": OPTION}, one_of=_EITHER),
    "external_select": thing({}, {**_MENU, "initial_option": OPTION, "min_query_length": integer(0, 3000)}),
    "users_select": thing({}, {**_MENU, **_ids("initial_user", True)}),
    "conversations_select": thing(
        {}, {**_MENU, **_CONVERSATIONS, **_WEBHOOK, **_ids("initial_conversation", True)}
    ),
    "channels_select": thing({}, {**_MENU, **_WEBHOOK, **_ids("initial_channel", True)}),
    "multi_static_select": thing(
        {}, {**_MULTI, **_STATIC, "initial_options": array(OPTION, 100)}, one_of=_EITHER
    ),
    "multi_external_select": thing(
        {}, {**_MULTI, "initial_options": array(OPTION, 100), "min_query_length": integer(0, 3000)}
    ),
    "multi_users_select": thing({}, {**_MULTI, **_ids("initial_users", False)}),
    "multi_conversations_select": thing(
        {}, {**_MULTI, **_CONVERSATIONS, **_ids("initial_conversations", False)}
    ),
    "multi_channels_select": thing({}, {**_MULTI, **_ids("initial_channels", False)}),
}
TICKS: dict[str, Shape] = {
    "checkboxes": thing(
        {"options": array(TICK_OPTION, 10)}, {**_FOCUS, "initial_options": array(TICK_OPTION, 10)}
    ),
    "radio_buttons": thing({"options": array(TICK_OPTION, 10)}, {**_FOCUS, "initial_option": TICK_OPTION}),
}
PICKERS: dict[str, Shape] = {
    "datepicker": thing({}, {**_MENU, "initial_date": DATE}),
    "timepicker": thing({}, {**_MENU, "initial_time": TIME, "timezone": string(100)}),
}
DATETIME: dict[str, Shape] = {
    "datetimepicker": thing({}, {**_FOCUS, "initial_date_time": integer(1_000_000_000, 9_999_999_999)})
}
RICH_INPUT: dict[str, Shape] = {
    "rich_text_input": thing(
        {},
        {
            **_TYPED,
            "initial_value": only("rich_text", thing({"elements": RICH_TEXT})),
            "min_lines": integer(1, 100),
            "max_lines": integer(1, 100),
        },
    )
}
_NUMBER = string(100, pattern=r"-?\d+(\.\d+)?")
INPUTS: dict[str, Shape] = {
    "plain_text_input": thing(
        {},
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "number_input": thing(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
    ),
    "email_text_input": thing({}, {**_TYPED, "initial_value": string(3000)}),
    "url_text_input": thing({}, {**_TYPED, "initial_value": URL}),
    "file_input": thing(
        {}, {"action_id": ID, "filetypes": array(string(20), 100), "max_files": integer(1, 10)}
    ),
}

_BUTTONS: dict[str, Shape] = {
    "button": BUTTON,
    "overflow": thing({"options": array(OVERFLOW_OPTION, 5)}, _COMMON),
}
IN_SECTION: dict[str, Shape] = {**_BUTTONS, **MENUS, **TICKS, **PICKERS, "image": IMAGE}
IN_ACTIONS: dict[str, Shape] = {**_BUTTONS, **MENUS, **TICKS, **PICKERS, **DATETIME, **RICH_INPUT}
IN_INPUT: dict[str, Shape] = {**MENUS, **TICKS, **PICKERS, **DATETIME, **RICH_INPUT, **INPUTS}
IN_CONTEXT: dict[str, Shape] = {
    "image": IMAGE,
    "plain_text": thing({"text": string(3000)}, {"emoji": boolean}),
    "mrkdwn": thing({"text": string(3000)}, {"verbatim": boolean}),
}
