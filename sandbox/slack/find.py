"""Finding the thing a person means by its visible label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import reading
from .errors import NotOnScreen
from .models import Message, View
from .mrkdwn import Names
from .walk import Json, Spot, Values, options, spots


@dataclass(frozen=True, slots=True)
class Surface:
    """Something with blocks before a person, and what she put into it."""

    where: str
    blocks: list[Json]
    values: Values
    names: Names
    view: View | None = None
    message: Message | None = None

    @property
    def pieces(self) -> list[reading.Piece]:
        """What is readable on it."""
        return reading.read(self.blocks, self.values, {}, self.names)


@dataclass(frozen=True, slots=True)
class Target:
    """An element on a surface; `option` when the label is that of an option, `url` when it is a mere link."""

    surface: Surface
    spot: Spot | None
    option: Json | None = None
    url: str = ""


def pressable(surfaces: Iterable[Surface], label: str, near: str = "") -> Target:
    """The button, menu option or link with this label on the first surface that has one.

    `near` picks among several: the first one at or below that text. Raises NotOnScreen.
    """
    looked = []
    for surface in surfaces:
        found = list(_pressable(surface, label))
        if near:
            start = _place(surface, near)
            found = [hit for hit in found if start is not None and hit[0] >= start][:1]
        if len(found) > 1:
            raise NotOnScreen(f"{len(found)} things are named {label!r} on the {surface.where}; say near=…")
        if found:
            return found[0][1]
        looked.append(surface)
    raise NotOnScreen(_nothing(label, looked, ("button", "option", "link")))


def _pressable(surface: Surface, label: str) -> Iterator[tuple[int, Target]]:
    for spot in spots(surface.blocks):
        element = spot.element
        if element["type"] == "button" and label in (
            element["text"]["text"],
            element.get("accessibility_label"),
        ):
            yield spot.index, Target(surface, spot, url=element.get("url", ""))
        if element["type"] == "overflow":
            for option in element["options"]:
                if option["text"]["text"] == label:
                    yield spot.index, Target(surface, spot, option, option.get("url", ""))
    for piece in surface.pieces:
        if piece.kind == "link" and piece.text == label:
            yield piece.block, Target(surface, None, url=piece.target)


def _place(surface: Surface, text: str) -> int | None:
    return next((piece.block for piece in surface.pieces if text in piece.text), None)


def field(surfaces: Iterable[Surface], label: str) -> Target:
    """The field with this label; outside input blocks the text beside it or its placeholder is the label."""
    looked = []
    for surface in surfaces:
        for spot in spots(surface.blocks):
            if label in _labels(surface, spot):
                return Target(surface, spot)
        looked.append(surface)
    raise NotOnScreen(_nothing(label, looked, ("label", "value")))


def _labels(surface: Surface, spot: Spot | None) -> list[str]:
    if not spot or spot.element["type"] in ("button", "overflow"):
        return []
    if spot.block["type"] == "input":
        return [str(spot.block["label"]["text"])]
    beside = spot.block.get("text"), spot.element.get("placeholder")
    return [reading.words(each, surface.names) for each in beside if each]


def option_in(target: Target, label: str) -> Json:
    """The option with this label in a field."""
    assert target.spot
    offered = options(target.spot.element)
    for option in offered:
        if reading.words(option["text"], target.surface.names) == label:
            return option
    names = [reading.words(option["text"], target.surface.names) for option in offered]
    raise NotOnScreen(f"no option {label!r}; there are {names}")


def tick(surfaces: Iterable[Surface], label: str, within: str = "") -> Target:
    """The checkbox or radio button with this label; `within` is the label of its field."""
    looked = []
    for surface in surfaces:
        found = [hit for hit in _ticks(surface, label) if not within or within in _labels(surface, hit.spot)]
        if len(found) > 1:
            raise NotOnScreen(f"{len(found)} fields offer {label!r} on the {surface.where}; say field=…")
        if found:
            return found[0]
        looked.append(surface)
    raise NotOnScreen(_nothing(label, looked, ("option",)))


def _ticks(surface: Surface, label: str) -> Iterator[Target]:
    for spot in spots(surface.blocks):
        if spot.element["type"] in ("checkboxes", "radio_buttons"):
            for option in options(spot.element):
                if reading.words(option["text"], surface.names) == label:
                    yield Target(surface, spot, option)


def _nothing(label: str, looked: list[Surface], kinds: tuple[str, ...]) -> str:
    if not looked:
        return f"{label!r} is nowhere: there is nothing on the screen"
    lines = [f"{label!r} is not on the screen."]
    for surface in looked[:3]:
        there = [piece.text for piece in surface.pieces if piece.kind in kinds]
        lines += [f"On the {surface.where} there are {there}:", reading.text(surface.pieces)]
    return "\n".join(lines)
