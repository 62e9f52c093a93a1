"""Slack's limits as tables: pointer into the example modal -> what it may be at most."""

from __future__ import annotations

from typing import Any

from tests.sandbox.block_kit import blocks, mrkdwn, offered, plain

STRINGS = {
    "/view/title/text": 24,
    "/view/submit/text": 24,
    "/view/close/text": 24,
    "/view/callback_id": 255,
    "/view/external_id": 255,
    "/view/private_metadata": 3000,
    blocks("0/block_id"): 255,
    blocks("0/text/text"): 3000,
    blocks("0/fields/0/text"): 2000,
    blocks("0/accessory/text/text"): 75,
    blocks("0/accessory/value"): 2000,
    blocks("1/elements/0/action_id"): 255,
    blocks("1/elements/0/accessibility_label"): 75,
    blocks("1/elements/0/confirm/title/text"): 100,
    blocks("1/elements/0/confirm/text/text"): 300,
    blocks("1/elements/0/confirm/confirm/text"): 30,
    blocks("1/elements/0/confirm/deny/text"): 30,
    blocks("1/elements/1/options/0/text/text"): 75,
    blocks("1/elements/1/options/0/value"): 75,
    blocks("1/elements/1/options/0/description/text"): 75,
    blocks("1/elements/2/placeholder/text"): 150,
    blocks("1/elements/2/options/0/text/text"): 75,
    blocks("1/elements/2/options/0/value"): 75,
    blocks("1/elements/2/options/0/description/text"): 75,
    blocks("1/elements/3/option_groups/0/label/text"): 75,
    blocks("2/text/text"): 150,
    blocks("3/elements/0/text"): 3000,
    blocks("3/elements/1/alt_text"): 2000,
    blocks("4/title/text"): 2000,
    blocks("4/alt_text"): 2000,
    blocks("7/label/text"): 2000,
    blocks("7/hint/text"): 2000,
    blocks("7/element/placeholder/text"): 150,
    blocks("1/elements/0/agent_prompt"): 4000,
    blocks("3/elements/2/text"): 3000,
    blocks("14/element/initial_value"): 3000,
    blocks("16/element/initial_value"): 3000,
    blocks("8/element/options/0/text/text"): 75,
    blocks("8/element/options/0/value"): 75,
    blocks("8/element/options/0/description/text"): 75,
}
MAY_BE_EMPTY = {"/view/callback_id", "/view/external_id", "/view/private_metadata"}
LISTS: dict[str, tuple[int, Any]] = {
    blocks("0/fields"): (10, lambda n: [plain()] * n),
    blocks("1/elements"): (25, lambda n: [{"type": "button", "text": plain()} for _ in range(n)]),
    blocks("1/elements/1/options"): (5, offered),
    blocks("1/elements/2/options"): (100, offered),
    blocks("1/elements/3/option_groups"): (100, lambda n: [{"label": plain(), "options": offered()}] * n),
    blocks("1/elements/3/option_groups/0/options"): (100, offered),
    blocks("3/elements"): (10, lambda n: [mrkdwn()] * n),
    blocks("8/element/options"): (10, offered),
    blocks("9/element/options"): (10, offered),
    blocks("10/element/options"): (100, offered),
    "/view/blocks": (100, lambda n: [{"type": "divider"}] * n),
}
NUMBERS = {
    blocks("1/elements/4/min_query_length"): (0, 3000),
    blocks("5/elements/1/indent"): (0, 8),
    blocks("7/element/min_length"): (0, 3000),
    blocks("7/element/max_length"): (1, 3000),
    blocks("10/element/max_selected_items"): (1, 100),
    blocks("12/element/max_files"): (1, 10),
    blocks("13/element/min_lines"): (1, 100),
    blocks("13/element/max_lines"): (1, 100),
    blocks("15/element/min_query_length"): (0, 3000),
}
WORDS = [
    blocks("0/accessory/style"),
    blocks("5/elements/1/style"),
    blocks("1/elements/0/confirm/style"),
]
REQUIRED = [
    "/view/title", "/view/blocks", blocks("0/accessory/text"), blocks("1/elements"), blocks("1/elements/1/options"),
    blocks("1/elements/0/confirm/title"), blocks("1/elements/0/confirm/text"), blocks("1/elements/0/confirm/confirm"),
    blocks("1/elements/0/confirm/deny"), blocks("1/elements/2/options"), blocks("1/elements/2/options/0/text"),
    blocks("1/elements/2/options/0/value"), blocks("2/text"), blocks("3/elements"), blocks("3/elements/1/alt_text"),
    blocks("4/alt_text"), blocks("4/image_url"), blocks("5/elements"), blocks("5/elements/1/style"), blocks("7/label"),
    blocks("7/element"), blocks("8/element/options"), blocks("11/element/is_decimal_allowed"),
]  # fmt: skip
