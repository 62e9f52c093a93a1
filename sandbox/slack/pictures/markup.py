"""Slack's texts as HTML: mrkdwn, plain_text and the inside of rich_text. Nothing comes out unescaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape

from ..mrkdwn import Names, unescape
from ..walk import Json
from .emoji import EMOJI

_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_TAG = re.compile(r"<([^<>]+)>")
_ADDRESS = re.compile(r"https?://[^\s<>|*`]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_STYLE = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_STYLES = {"*": "strong", "_": "em", "~": "s"}
_EMOJI = re.compile(r":([a-z0-9_+-]+):")
# A place that holds finished HTML; characters of the private use area are taken out of what people wrote.
_HELD = re.compile("\ue000(\\d+)\ue001")
_RESERVED = re.compile("[\ue000\ue001]")


def words(thing: Json | None, names: Names, now: datetime | None = None) -> str:
    """A text object as HTML."""
    if not thing:
        return ""
    if thing["type"] == "mrkdwn":
        return mrkdwn(thing["text"], names, now, verbatim=bool(thing.get("verbatim")))
    text = lines(thing["text"])
    return text if thing.get("emoji") is False else emoji(text)


def mrkdwn(text: str, names: Names, now: datetime | None = None, *, verbatim: bool = False) -> str:
    """Slack's markup as HTML. `verbatim`: bare addresses do not become links."""
    held: list[str] = []

    def hold(html: str) -> str:
        held.append(html)
        return f"\ue000{len(held) - 1}\ue001"

    text = _RESERVED.sub("", text)
    text = _CODE.sub(lambda code: hold(_code(code)), text)
    text = _TAG.sub(lambda tag: hold(_tag(tag[1], names, now)), text)
    if not verbatim:
        text = _ADDRESS.sub(lambda found: hold(_link(unescape(found[0]), unescape(found[0]))), text)
    text = emoji(_styled(lines(unescape(text))))
    while _HELD.search(text):  # code may stand in the label of a link
        text = _HELD.sub(lambda place: held[int(place[1])], text)
    return text


def lines(text: str) -> str:
    """Literal text as HTML, with its line breaks."""
    return escape(text).replace("\n", "<br>")


def emoji(html: str) -> str:
    """`:name:` as the emoji; one we do not know stays as it is."""
    return _EMOJI.sub(
        lambda found: f'<span class="emoji">{EMOJI[found[1]]}</span>' if found[1] in EMOJI else found[0], html
    )


def rich(elements: list[Json], names: Names, now: datetime | None = None) -> str:
    """What stands in a rich_text block."""
    return "".join(_rich(element, names, now) for element in elements)


def date(epoch: int, form: str, now: datetime | None = None) -> str:
    """A date as Slack writes it for somebody in UTC who reads the clock up to twelve."""
    moment = datetime.fromtimestamp(epoch, UTC)
    today = (now or datetime.now(UTC)).date()
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get((moment.date() - today) // timedelta(days=1), "")
    short, long = f"{moment:%b} {moment.day}, {moment:%Y}", f"{moment:%B} {moment.day}, {moment:%Y}"
    shown = {
        "date": long,
        "date_num": f"{moment:%Y-%m-%d}",
        "date_short": short,
        "date_long": f"{moment:%A}, {long}",
        "date_pretty": near or long,
        "date_short_pretty": near or short,
        "date_long_pretty": near or f"{moment:%A}, {long}",
        "time": f"{moment:%I:%M %p}".lstrip("0"),
        "time_secs": f"{moment:%I:%M:%S %p}".lstrip("0"),
    }
    return re.sub(r"\{(\w+)\}", lambda found: shown.get(found[1], found[0]), form)


def _styled(html: str) -> str:
    def style(found: re.Match[str]) -> str:
        name = _STYLES[found[1]]
        return f"<{name}>{found[2]}</{name}>"

    while (more := _STYLE.sub(style, html)) != html:
        html = more
    return html


def _code(found: re.Match[str]) -> str:
    if found[1]:
        return f"<pre>{escape(unescape(found[1].strip(chr(10))))}</pre>"
    return f"<code>{escape(unescape(found[2]))}</code>"


def _link(target: str, label: str) -> str:
    if "@" in target and ":" not in target:
        target = f"mailto:{target}"
    if not re.match(r"(https?|mailto):", target):
        return escape(label)  # nothing that a browser would run
    return f'<a href="{escape(target)}">{escape(label)}</a>'


def _mention(text: str) -> str:
    return f'<span class="mention">{escape(text)}</span>'


def _tag(inside: str, names: Names, now: datetime | None) -> str:
    target, _, label = inside.partition("|")
    target, label = unescape(target), unescape(label)
    if target.startswith("!date^"):
        epoch, _, form = target.removeprefix("!date^").partition("^")
        form, _, link = form.partition("^")
        shown = date(int(epoch), form, now) if epoch.isdigit() else label
        return _link(link, shown) if link else escape(shown)
    if target.startswith("!subteam^"):
        return _mention(label or "@" + names(target.removeprefix("!subteam^")))
    if target.startswith(("!", "@", "#")):
        sign = "@" if target[0] == "!" else target[0]
        return _mention(sign + (label or (target[1:] if target[0] == "!" else names(target[1:]))))
    return _link(target, label or target)


def _rich(element: Json, names: Names, now: datetime | None) -> str:
    kind, inside = element["type"], element.get("elements", [])
    if kind == "rich_text_list":
        name = "ol" if element["style"] == "ordered" else "ul"
        items = "".join(f"<li>{_inline(item['elements'], names, now)}</li>" for item in inside)
        indent = element.get("indent", 0)
        return f'<{name} style="margin-left:{24 * indent}px">{items}</{name}>'
    name = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}.get(kind, "p")
    return f"<{name}>{_inline(inside, names, now)}</{name}>"


def _inline(elements: list[Json], names: Names, now: datetime | None) -> str:
    return "".join(_word(element, names, now) for element in elements)


def _word(element: Json, names: Names, now: datetime | None) -> str:
    kind = element["type"]
    made: dict[str, Callable[[], str]] = {
        "text": lambda: lines(element["text"]),
        "link": lambda: _link(element["url"], element.get("text") or element["url"]),
        "emoji": lambda: emoji(escape(f":{element['name']}:")),
        "broadcast": lambda: _mention(f"@{element['range']}"),
        "color": lambda: escape(element["value"]),
        "date": lambda: escape(date(element["timestamp"], element["format"], now)),
        "user": lambda: _mention("@" + names(element["user_id"])),
        "usergroup": lambda: _mention("@" + names(element["usergroup_id"])),
        "channel": lambda: _mention("#" + names(element["channel_id"])),
    }
    html = made[kind]()
    style = element.get("style", {})
    for name, tag in (("code", "code"), ("bold", "strong"), ("italic", "em"), ("strike", "s")):
        if style.get(name):
            html = f"<{tag}>{html}</{tag}>"
    return html
