"""Blocks as HTML, in reading order."""

from __future__ import annotations

from datetime import datetime
from html import escape

from ..mrkdwn import Names
from ..walk import Json, Values
from .elements import element
from .markup import lines, rich, words


class Painter:
    """Paints blocks, with what people put into them and what is wrong with it (by block id)."""

    def __init__(
        self, values: Values, errors: dict[str, str], names: Names, now: datetime | None = None
    ) -> None:
        self._values, self._errors, self._names, self._now = values, errors, names, now

    def paint(self, blocks: list[Json]) -> str:
        """The blocks, one after the other."""
        return "\n".join(self._block(block) for block in blocks)

    def _block(self, block: Json) -> str:
        inside = getattr(self, f"_{block['type']}")(block)
        wrong = " wrong" if block["type"] == "input" and self._error(block) else ""
        return f'<div class="block {escape(block["type"])}{wrong}">{inside}</div>'

    def _words(self, thing: Json | None) -> str:
        return words(thing, self._names, self._now)

    def _element(self, block: Json, what: Json) -> str:
        key = (block.get("block_id", ""), what.get("action_id", ""))
        return element(what, self._values.get(key), self._names)

    def _error(self, block: Json) -> str:
        return self._errors.get(block.get("block_id", ""), "")

    def _header(self, block: Json) -> str:
        return f"<h2>{self._words(block['text'])}</h2>"

    def _section(self, block: Json) -> str:
        text = f"<p>{self._words(block['text'])}</p>" if "text" in block else ""
        fields = "".join(f"<p>{self._words(field)}</p>" for field in block.get("fields", ()))
        fields = f'<div class="fields">{fields}</div>' if fields else ""
        beside = self._element(block, block["accessory"]) if "accessory" in block else ""
        beside = f'<div class="accessory">{beside}</div>' if beside else ""
        return f'<div class="text">{text}{fields}</div>{beside}'

    def _actions(self, block: Json) -> str:
        return "".join(self._element(block, what) for what in block["elements"])

    def _context(self, block: Json) -> str:
        parts = [
            self._element(block, each) if each["type"] == "image" else f"<p>{self._words(each)}</p>"
            for each in block["elements"]
        ]
        return "".join(parts)

    def _divider(self, _block: Json) -> str:
        return "<hr>"

    def _rich_text(self, block: Json) -> str:
        return rich(block["elements"], self._names, self._now)

    def _image(self, block: Json) -> str:
        title = f"<p>{self._words(block['title'])}</p>" if "title" in block else ""
        return f'{title}<span class="image">{escape(block["alt_text"])}</span>'

    def _markdown(self, block: Json) -> str:
        return f"<p>{lines(block['text'])}</p>"  # as it is written: Slack's Markdown is not told apart

    def _alert(self, block: Json) -> str:
        return f"<p>{self._words(block['text'])}</p>"

    def _input(self, block: Json) -> str:
        optional = ' <span class="optional">(optional)</span>' if block.get("optional") else ""
        error = self._error(block)
        return "".join(
            (
                f'<div class="label">{self._words(block["label"])}{optional}</div>',
                self._element(block, block["element"]),
                f'<div class="error">⚠ {escape(error)}</div>' if error else "",
                f'<div class="hint">{self._words(block["hint"])}</div>' if "hint" in block else "",
            )
        )
