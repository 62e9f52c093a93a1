"""What a person reads on a surface, in reading order: blocks as a list of pieces of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import inputs, mrkdwn
from .mrkdwn import Names
from .walk import Json, Spot, Values, options, spots


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text: kind is text, label, value, option, button, link, hint or error; `block` is its place."""

    kind: str
    text: str
    block: int
    target: str = ""


def text(pieces: list[Piece]) -> str:
    """The pieces as lines; links are shown inside their text already."""
    return "\n".join(piece.text for piece in pieces if piece.kind != "link" and piece.text)


def of_kind(pieces: list[Piece], kind: str) -> list[str]:
    """The texts of one kind."""
    return [piece.text for piece in pieces if piece.kind == kind]


def read(blocks: list[Json], values: Values, errors: dict[str, str], names: Names) -> list[Piece]:
    """Everything readable in these blocks, current values and field errors included."""
    return _Reader(blocks, values, errors, names).pieces


def words(thing: Json | None, names: Names) -> str:
    """A text object as it looks."""
    if not thing:
        return ""
    shown: str = thing["text"]
    return mrkdwn.plain(shown, names) if thing["type"] == "mrkdwn" else shown


class _Reader:
    def __init__(self, blocks: list[Json], values: Values, errors: dict[str, str], names: Names) -> None:
        self._values, self._errors, self._names = values, errors, names
        self.pieces: list[Piece] = []
        self._spots: dict[int, list[Spot]] = {}
        for spot in spots(blocks):
            self._spots.setdefault(spot.index, []).append(spot)
        for index, block in enumerate(blocks):
            self._block = index
            getattr(self, f"_{block['type']}", self._interactive)(block)

    def _say(self, kind: str, said: str, target: str = "") -> None:
        self.pieces.append(Piece(kind, said, self._block, target))

    def _text(self, thing: Json | None) -> None:
        self._say("text", words(thing, self._names))
        if thing and thing["type"] == "mrkdwn":
            for label, target in mrkdwn.links(thing["text"]).items():
                self._say("link", label, target)

    def _section(self, block: Json) -> None:
        self._text(block.get("text"))
        for each in block.get("fields", ()):
            self._text(each)
        if block.get("accessory", {}).get("type") == "image":
            self._image(block["accessory"])
        self._interactive(block)

    def _header(self, block: Json) -> None:
        self._text(block["text"])

    _alert = _header

    def _markdown(self, block: Json) -> None:
        self._say("text", block["text"])

    def _context(self, block: Json) -> None:
        for each in block["elements"]:
            self._image(each) if each["type"] == "image" else self._text(each)

    def _image(self, block: Json) -> None:
        self._text(block.get("title"))
        self._say("text", block["alt_text"])

    def _input(self, block: Json) -> None:
        optional = " (optional)" if block.get("optional") else ""
        self._say("label", block["label"]["text"])
        self._say("text", optional.strip())
        self._interactive(block)
        self._say("hint", words(block.get("hint"), self._names))
        self._say("error", self._errors.get(block.get("block_id", ""), ""))

    def _rich_text(self, block: Json) -> None:
        for line in _rich(block["elements"], self._names):
            self._say("text", line)
        for label, target in _rich_links(block["elements"]):
            self._say("link", label, target)

    def _interactive(self, _block: Json) -> None:
        for spot in self._spots.get(self._block, ()):
            self._element(spot)

    def _element(self, spot: Spot) -> None:
        element = spot.element
        if element["type"] == "button":
            self._say("button", element["text"]["text"], element.get("url", ""))
        elif element["type"] == "overflow":
            for option in element["options"]:
                self._say("option", option["text"]["text"], option.get("url", ""))
        else:
            held = inputs.value(element, self._values.get(spot.key) or inputs.fresh(element))
            if element["type"] in ("checkboxes", "radio_buttons"):
                self._ticks(element, held)
            else:
                shown = display(held, self._names)
                self._say("value", shown or words(element.get("placeholder"), self._names))

    def _ticks(self, element: Json, held: Any) -> None:
        on, off = ("☑", "☐") if element["type"] == "checkboxes" else ("◉", "○")
        chosen = held if isinstance(held, list) else [held]
        for option in options(element):
            more = words(option.get("description"), self._names)
            label = words(option["text"], self._names) + (f" — {more}" if more else "")
            self._say("option", f"{on if option in chosen else off} {label}")


def display(held: Any, names: Names) -> str:
    """The current value of a field as a person sees it."""
    if isinstance(held, list):
        return ", ".join(display(each, names) for each in held)
    if isinstance(held, dict):
        if held.get("type") == "rich_text":
            return "\n".join(_rich(held["elements"], names))
        return str(held.get("name", "")) or words(held.get("text"), names)
    return "" if held is None else names(str(held))


def _rich(elements: list[Json], names: Names) -> Iterator[str]:
    for element in elements:
        if element["type"] == "rich_text_list":
            for nth, item in enumerate(element["elements"], 1):
                mark = f"{nth}." if element["style"] == "ordered" else "•"
                yield f"{mark} {_inline(item['elements'], names)}"
        else:
            yield from _inline(element["elements"], names).split("\n")


def _inline(elements: list[Json], names: Names) -> str:
    return "".join(_word(element, names) for element in elements)


def _word(element: Json, names: Names) -> str:
    kind = element["type"]
    if kind in _SIGNS:
        return _SIGNS[kind] + names(element[f"{kind}_id"])
    shown = {"link": "url", "emoji": "name", "broadcast": "range", "color": "value", "date": "timestamp"}
    word = str(element.get("text") or element.get("fallback") or element[shown[kind]])
    return f":{word}:" if kind == "emoji" else f"@{word}" if kind == "broadcast" else word


_SIGNS = {"user": "@", "usergroup": "@", "channel": "#"}


def _rich_links(elements: list[Json]) -> Iterator[tuple[str, str]]:
    for element in elements:
        if element["type"] == "link":
            yield element.get("text") or element["url"], element["url"]
        yield from _rich_links(element.get("elements", []))
