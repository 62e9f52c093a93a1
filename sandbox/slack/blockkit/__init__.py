"""Slack's limits over view and message JSON, as in knowledge/slack.md section 3. Every complaint has Slack's shape.

The product's own views can be checked with these functions too. Not here: `blocks.validate` (online only), and
whatever Slack checks by fetching (image URLs).
"""

from __future__ import annotations

import json
from typing import cast

from ..walk import Json
from .blocks import MESSAGE, VIEW
from .elements import GROUP, OPTION
from .rules import between, submit
from .shapes import array, thing

VIEW_BYTES = 250_000
_OFFER = thing({}, {"options": array(OPTION, 100, low=0), "option_groups": array(GROUP, 100, low=0)})


def check_view(view: object, at: str = "/view") -> list[str]:
    """All complaints about a modal or Home view; an empty list when Slack would take it."""
    wrong = list(VIEW(view, at))
    if not wrong:
        good = cast(Json, view)
        wrong += between(good["blocks"], f"{at}/blocks", modal=good["type"] == "modal")
        wrong += submit(good, at)
    return wrong


def check_blocks(blocks: object, at: str = "/blocks") -> list[str]:
    """All complaints about the blocks of a message."""
    wrong = list(MESSAGE(blocks, at))
    return wrong or list(between(cast("list[Json]", blocks), at))


def check_offer(answer: object) -> list[str]:
    """All complaints about an answer to block_suggestion."""
    wrong = list(_OFFER(answer, ""))
    if not wrong and len(cast(Json, answer)) != 1:
        wrong.append("must provide options or option_groups")
    return wrong


def too_large(view: object) -> bool:
    """True when the view's JSON is over 250 kB."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES
