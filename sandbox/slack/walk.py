"""Walking over blocks: where the things are that a person can press or fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Values = dict[tuple[str, str], Json]


@dataclass(frozen=True, slots=True)
class Spot:
    """One element, the block it stands in, and where that is."""

    block: Json
    element: Json
    index: int
    path: str

    @property
    def key(self) -> tuple[str, str]:
        """block_id and action_id: what input state hangs on."""
        return self.block.get("block_id", ""), self.element.get("action_id", "")

    @property
    def sends(self) -> bool:
        """True when touching it tells the bot at once (block_actions)."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def spots(blocks: list[Json]) -> Iterator[Spot]:
    """Every element a person can press or fill, in reading order."""
    for index, block in enumerate(blocks):
        if block["type"] == "actions":
            for nth, element in enumerate(block["elements"]):
                yield Spot(block, element, index, f"{index}/elements/{nth}")
        elif block["type"] == "input":
            yield Spot(block, block["element"], index, f"{index}/element")
        elif block.get("accessory", {}).get("type", "image") != "image":
            yield Spot(block, block["accessory"], index, f"{index}/accessory")


def options(element: Json) -> list[Json]:
    """All options an element offers, groups flattened."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return list(element.get("options", ())) + grouped
