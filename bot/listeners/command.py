"""`/xops` and its words: each opens its screen; only help is said as a private message."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot.listeners import Desk, Draw, guarded
from bot.listeners.changes import draw_delete_named, draw_rename_named
from bot.listeners.home import draw_home
from bot.listeners.link import draw_family, draw_picker
from bot.listeners.manage import draw_check
from bot.views.command import help_text, parse


def register(app: App, desk: Desk) -> None:
    """Listen to the slash command."""

    def answer(ack: Any, body: dict[str, Any]) -> None:
        if screen_of(desk, body) is not None:
            ack()
            return
        _word, _rest, unknown = parse(body.get("text"))
        ack(response_type="ephemeral", text=help_text(desk.email, unknown))

    def open_screen(body: dict[str, Any], context: dict[str, Any]) -> None:
        draw = screen_of(desk, body)
        if draw is not None:
            desk.show(body, context, draw)

    app.command("/xops")(ack=answer, lazy=[guarded(open_screen)])


def screen_of(desk: Desk, body: dict[str, Any]) -> Draw | None:
    """What the words open; None is help."""
    word, rest, _unknown = parse(body.get("text"))
    if word in ("", "accounts"):
        return draw_home(desk)
    if word == "link":
        wanted = rest.lower()
        for family in desk.families:
            if wanted in (family.name.lower(), *(kind.key for kind in family.kinds)):
                return draw_family(desk, family)
        return draw_picker(desk)
    by_name = {"check": draw_check, "rename": draw_rename_named, "delete": draw_delete_named}
    if word in by_name:
        return by_name[word](desk, rest) if rest else draw_home(desk)
    return None
