"""Blocks, and what a view is made of.

Not here, so refused as unsupported: card, carousel, container, context_actions, data_table, data_visualization,
file, plan, table, task_card, video, auth_provider.
"""

from __future__ import annotations

from .elements import (
    IMAGE_FIELDS,
    IMAGE_SOURCE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    plain,
    text,
)
from .rich_text import RICH_TEXT
from .shapes import ID, Shape, array, boolean, enum, string, thing, typed

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_BLOCK: dict[str, Shape] = {"block_id": ID}
_IMAGE = thing(
    {"alt_text": string(2000)},
    {**_BLOCK, **IMAGE_FIELDS, "title": plain(2000)},
    one_of=IMAGE_SOURCE,
)
_EVERYWHERE: dict[str, Shape] = {
    "actions": thing({"elements": array(typed(IN_ACTIONS), 25)}, _BLOCK),
    "context": thing({"elements": array(typed(IN_CONTEXT), 10)}, _BLOCK),
    "divider": thing({}, _BLOCK),
    "header": thing({"text": plain(150)}, _BLOCK),
    "image": _IMAGE,
    "input": thing(
        {"label": plain(2000), "element": typed(IN_INPUT)},
        {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": thing({"elements": RICH_TEXT}, _BLOCK),
    "section": thing(
        {},
        {
            **_BLOCK,
            "text": text(3000),
            "fields": array(text(2000), 10),
            "accessory": typed(IN_SECTION),
            "expand": boolean,
        },
        some_of=("text", "fields"),
    ),
}
_ALERT = thing(
    {"text": text(200)}, {**_BLOCK, "level": enum("default", "info", "warning", "error", "success")}
)
_MARKDOWN = thing({"text": string(12_000)}, _BLOCK)

MESSAGE = array(typed({**_EVERYWHERE, "markdown": _MARKDOWN}), MESSAGE_BLOCKS, low=0)
_META: dict[str, Shape] = {
    "private_metadata": string(3000, low=0),
    "callback_id": string(255, low=0),
    "external_id": string(255, low=0),
}
VIEW = typed(
    {
        "modal": thing(
            {"title": plain(24), "blocks": array(typed({**_EVERYWHERE, "alert": _ALERT}), VIEW_BLOCKS)},
            {
                **_META,
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": thing({"blocks": array(typed(_EVERYWHERE), VIEW_BLOCKS, low=0)}, _META),
    }
)
