"""What a person sees of Slack's markup, and what Slack makes of what a person types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Names = Callable[[str], str]

_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_TAG = re.compile(r"<([^<>]+)>")
_STYLE = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_BROADCAST = re.compile(r"<!(channel|here|everyone)\b[^<>]*>")


def unescape(text: str) -> str:
    """The three entities back to their characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """The three characters Slack wants escaped, `&` first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentions_everyone(text: str) -> bool:
    """True when the markup would notify a whole channel."""
    return bool(_BROADCAST.search(text))


def links(text: str) -> dict[str, str]:
    """The links of a mrkdwn text: what is shown -> where it leads."""
    found = {}
    for inside in _TAG.findall(text):
        target, _, label = inside.partition("|")
        if target[0] not in "@#!":
            found[unescape(label or target)] = unescape(target)
    return found


def _tag(inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    if target.startswith(("!date^", "!subteam^")):
        return label or "@" + names(target.partition("^")[2])
    if target[0] == "!":
        return "@" + target[1:]
    if target[0] in "@#":
        return target[0] + (label or names(target[1:]))
    return label or target


def _styled(text: str) -> str:
    while (bare := _STYLE.sub(r"\2", text)) != text:
        text = bare
    return text


def plain(text: str, names: Names) -> str:
    """A mrkdwn text as it looks: markup applied, mentions by name, entities back to characters."""
    parts: list[str] = []
    end = 0
    for code in _CODE.finditer(text):
        parts.append(_styled(_TAG.sub(lambda tag: _tag(tag[1], names), text[end : code.start()])))
        parts.append(_TAG.sub(lambda tag: _tag(tag[1], names), code[1] or code[2]).strip("\n"))
        end = code.end()
    parts.append(_styled(_TAG.sub(lambda tag: _tag(tag[1], names), text[end:])))
    return unescape("".join(parts))


def typed(text: str, known: Mapping[str, str]) -> str:
    """What Slack stores when a person types `text`: escaped, with `@Name` and `@channel` made into mentions."""
    text = escape(text)
    for name, user in known.items():
        text = text.replace(f"@{name}", f"<@{user}>")
    return re.sub(r"(?<!\w)@(channel|here|everyone)\b", r"<!\1>", text)
