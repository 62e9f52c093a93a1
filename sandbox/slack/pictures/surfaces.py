"""Where blocks stand: a modal, the Home tab, a message; and a page that holds some of them."""

from __future__ import annotations

from datetime import datetime
from html import escape
from importlib.resources import files

from ..mrkdwn import Names
from ..screen import Screen
from ..walk import Json, Values
from .blocks import Painter
from .markup import date, mrkdwn, words

APP = "XOps"
ICON = '<span class="icon" aria-hidden="true">X</span>'


def _as_is(identity: str) -> str:
    return identity


def shown(screen: Screen, now: datetime | None = None, *, whispered: bool = False) -> str:
    """What a person has before their eyes: a modal, the Home tab or a message, with what they typed."""
    if screen.message:
        said = {**screen.json, "files": [file.name for file in screen.message.files]}
        return message(said, names=screen.message.names, now=now, whispered=whispered)
    view = screen.view
    if view is None:
        raise ValueError("nothing is on the screen")
    if view.payload["type"] == "home":
        return home(view.payload, view.values, now=now)
    return modal(view.payload, view.values, view.errors, now=now)


def modal(
    view: Json,
    values: Values | None = None,
    errors: dict[str, str] | None = None,
    names: Names = _as_is,
    now: datetime | None = None,
) -> str:
    """A modal, with what stands in its fields and what is wrong there."""
    closing = "Cancel" if "submit" in view else "Close"
    close = words(view["close"], names) if "close" in view else closing
    buttons = f'<button type="button" class="button">{close}</button>'
    if "submit" in view:
        off = " disabled" if view.get("submit_disabled") else ""
        label = words(view["submit"], names)
        buttons += f'<button type="submit" class="button primary"{off}>{label}</button>'
    return (
        f'<section class="modal" role="dialog"><header>{ICON}<h1>{words(view["title"], names)}</h1>'
        '<button type="button" class="cross" aria-label="Close">✕</button></header>'
        f'<div class="body">{Painter(values or {}, errors or {}, names, now).paint(view["blocks"])}</div>'
        f"<footer>{buttons}</footer></section>"
    )


def home(view: Json, values: Values | None = None, names: Names = _as_is, now: datetime | None = None) -> str:
    """The app's Home tab, with its tabs above it."""
    tabs = '<nav><b aria-current="page">Home</b><span>Messages</span><span>About</span></nav>'
    return (
        f'<section class="home"><header>{ICON}<h1>{escape(APP)}</h1></header>{tabs}'
        f'<div class="body">{Painter(values or {}, {}, names, now).paint(view["blocks"])}</div></section>'
    )


def message(
    said: Json,
    values: Values | None = None,
    names: Names = _as_is,
    now: datetime | None = None,
    *,
    author: str = APP,
    whispered: bool = False,
) -> str:
    """A message of the app: its blocks, or its text when it has none; `whispered`: only one person sees it.

    `said` may hold `text`, `blocks`, `ts` and `files` (names).
    """
    at = date(int(float(said["ts"])), "{time}", now) if "ts" in said else ""
    if said.get("blocks"):
        body = Painter(values or {}, {}, names, now).paint(said["blocks"])
    else:
        body = f'<div class="block section"><p>{mrkdwn(said.get("text", ""), names, now)}</p></div>'
    shared = "".join(f'<div class="shared">📄 {escape(name)}</div>' for name in said.get("files", ()))
    only = '<div class="only">👁 Only visible to you</div>' if whispered else ""
    return (
        f'<article class="message{" whispered" if whispered else ""}">{only}{ICON}<div class="said"><div class="author">'
        f'<b>{escape(author)}</b><span class="app">APP</span><time>{escape(at)}</time></div>'
        f"{body}{shared}</div></article>"
    )


def page(*surfaces: str, language: str = "en") -> str:
    """An HTML document with these surfaces below each other. It loads nothing."""
    style = files(__package__).joinpath("slack.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><title>Slack</title>'
        f"<style>{style}</style></head><body>{''.join(surfaces)}</body></html>"
    )
