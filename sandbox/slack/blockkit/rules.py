"""What Slack refuses though every part has the right shape: rules between parts of one payload."""

from __future__ import annotations

from collections.abc import Iterator

from ..walk import Json, Spot, options, spots
from .shapes import said

MARKDOWN_SUM = 12_000


def _unique(blocks: list[Json], at: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name in seen:
            yield said(f'`block_id` "{name}" already exists', f"{at}/{index}/block_id")
        if name:
            seen.add(name)
    actions: set[tuple[int, str]] = set()
    for spot in spots(blocks):
        action = spot.element.get("action_id")
        if (spot.index, action) in actions:
            yield said(f'`action_id` "{action}" already exists', f"{at}/{spot.path}/action_id")
        if action:
            actions.add((spot.index, action))


def _initial(spot: Spot, at: str) -> Iterator[str]:
    offered = options(spot.element)
    if not offered:
        return
    chosen = spot.element.get("initial_option")
    if chosen is not None and chosen not in offered:
        yield said("`initial_option` must match one of the options", f"{at}/{spot.path}/initial_option")
    for nth, option in enumerate(spot.element.get("initial_options", ())):
        if option not in offered:
            where = f"{at}/{spot.path}/initial_options/{nth}"
            yield said("`initial_options` must match the options", where)


def _range(spot: Spot, at: str) -> Iterator[str]:
    element = spot.element
    if element.get("min_length", 0) > element.get("max_length", 3000):
        yield said("`min_length` must not be greater than `max_length`", f"{at}/{spot.path}/min_length")
    if len(element.get("initial_options", ())) > element.get("max_selected_items", 100):
        yield said("more `initial_options` than `max_selected_items`", f"{at}/{spot.path}/initial_options")


def _focus(blocks: list[Json], at: str) -> Iterator[str]:
    focused = [spot for spot in spots(blocks) if spot.element.get("focus_on_load")]
    for spot in focused[1:]:
        yield said("only one element may have `focus_on_load`", f"{at}/{spot.path}/focus_on_load")


def _places(spot: Spot, at: str, modal: bool) -> Iterator[str]:
    if spot.element["type"] == "file_input":
        if not modal:
            yield said("unsupported type: file_input", f"{at}/{spot.path}/type")
        if spot.block.get("dispatch_action"):
            yield said("`dispatch_action` cannot be used with file_input", f"{at}/{spot.index}")
    if "response_url_enabled" in spot.element and not (modal and spot.block["type"] == "input"):
        where = f"{at}/{spot.path}/response_url_enabled"
        yield said("`response_url_enabled` is for input blocks of modals", where)


def _markdown(blocks: list[Json], at: str) -> Iterator[str]:
    total = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if total > MARKDOWN_SUM:
        yield said(f"must be less than {MARKDOWN_SUM + 1} characters in all markdown blocks", at)


def between(blocks: list[Json], at: str, modal: bool = False) -> Iterator[str]:
    """Complaints about blocks whose shapes are right."""
    yield from _unique(blocks, at)
    yield from _focus(blocks, at)
    yield from _markdown(blocks, at)
    for spot in spots(blocks):
        yield from _initial(spot, at)
        yield from _range(spot, at)
        yield from _places(spot, at, modal)


def submit(view: Json, at: str) -> Iterator[str]:
    """A modal with an input needs a submit button."""
    if view["type"] != "modal" or "submit" in view:
        return
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input":
            message = "must define `submit` to use an `input` block in modals"
            yield said(message, f"{at}/blocks/{index}/input")
