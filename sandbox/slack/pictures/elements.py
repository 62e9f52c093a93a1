"""What can be pressed or filled, as HTML: real controls, with what they hold."""

from __future__ import annotations

from html import escape
from typing import Any

from .. import inputs, reading
from ..mrkdwn import Names
from ..walk import Json, options
from .markup import words

PICKS = {"datepicker": "📅 ", "timepicker": "🕘 ", "datetimepicker": "📅 "}


def element(what: Json, held: Json | None, names: Names) -> str:
    """One element; `held` is its state, if somebody touched it."""
    kind = what["type"]
    if kind == "button":
        return _button(what, names)
    if kind == "overflow":
        return '<button type="button" class="button" aria-label="More">⋯</button>'
    if kind == "image":
        return f'<span class="image">{escape(what["alt_text"])}</span>'
    value = inputs.value(what, held or inputs.fresh(what))
    if kind in ("checkboxes", "radio_buttons"):
        return _ticks(what, value, names)
    return _field(what, value, names)


def _field(what: Json, value: Any, names: Names) -> str:
    kind, shown = what["type"], _shown(what, value, names)
    if kind == "file_input":
        return f'<span class="file">📎 {escape(shown or "Choose a file")}</span>'
    if kind == "rich_text_input" or what.get("multiline"):
        return f'<textarea rows="4"{_placeholder(what)}>{escape(shown)}</textarea>'
    if kind.endswith("_input"):
        return f'<input type="text" value="{escape(shown)}"{_placeholder(what)}>'
    asked = reading.words(what.get("placeholder"), names) or "Choose an option"
    text = escape(shown) if shown else f'<span class="asked">{escape(asked)}</span>'
    return f'<span class="menu"><span>{PICKS.get(kind, "")}{text}</span><span>▾</span></span>'


def _button(what: Json, names: Names) -> str:
    label = words(what["text"], names)
    kind = f"button {what.get('style', '')}".strip()
    said = f' aria-label="{escape(what["accessibility_label"])}"' if "accessibility_label" in what else ""
    if what.get("url", "").startswith(("https://", "http://")):
        return f'<a class="{kind}" href="{escape(what["url"])}"{said}>{label}</a>'
    return f'<button type="button" class="{kind}"{said}>{label}</button>'


def _ticks(what: Json, value: Any, names: Names) -> str:
    kind = "checkbox" if what["type"] == "checkboxes" else "radio"
    chosen = value if isinstance(value, list) else [value]
    rows = []
    for option in options(what):
        on = " checked" if option in chosen else ""
        more = words(option.get("description"), names)
        more = f'<span class="described">{more}</span>' if more else ""
        rows.append(
            f'<label class="tick"><input type="{kind}"{on}><span>{words(option["text"], names)}{more}</span></label>'
        )
    return f'<div class="ticks">{"".join(rows)}</div>'


def _placeholder(what: Json) -> str:
    asked = what.get("placeholder", {}).get("text", "")
    return f' placeholder="{escape(asked)}"' if asked else ""


def _shown(what: Json, value: Any, names: Names) -> str:
    if what["type"] == "datetimepicker" and value:
        return reading.display(str(value), lambda number: number)
    return reading.display(value, names)
