"""A Problem -> the surface the person is looking at; everything else -> a reference id and the log."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from bot.door import Answer, TooLate
from bot.installation import NotInstalled
from bot.refusals import Busy, FieldErrors, NotHere, Unconfirmed, Unfit
from bot.views import OPEN_HOME, View, button, esc, notice
from providers.base import Note, Problem
from store import Busy as DatabaseBusy
from store import Unconfirmed as CommitUnconfirmed

log = logging.getLogger(__name__)


SORRY = "sorry"  # callback id of a screen that says why something was not done


class Broken(Problem):
    """Something broke on our side; the reference is {named}."""

    side = "ours"
    hint = "Try again; if it stays, give support the reference."


def as_problem(error: BaseException) -> Problem:
    """The error as something a person can read. What was not foreseen is logged under a reference."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, FieldErrors):
        return Unfit(reason=" ".join(error.errors.values()))
    if isinstance(error, DatabaseBusy | TooLate):
        return Busy()
    if isinstance(error, CommitUnconfirmed):
        return Unconfirmed()
    if isinstance(error, NotInstalled):
        return NotHere()
    return broken(error)


def broken(error: BaseException | None = None) -> Broken:
    """What is ours and was not foreseen: logged under a reference that the person can give to support."""
    reference = secrets.token_hex(4)
    log.error("unforeseen", exc_info=error, extra={"reference": reference})
    return Broken(named=reference)


def said(problem: Problem) -> str:
    """The problem as one line of plain text."""
    note = problem.note()
    return f"{note.sentence} {note.hint}"


def as_note(error: BaseException) -> Note:
    """The error as data."""
    return as_problem(error).note()


def screen(name: str, note: Note) -> View:
    """The problem as a modal in place of what was asked for."""
    return notice(
        name, SORRY, "Not done", [f"*{esc(note.sentence)}*", esc(note.hint)], button("Open XOps", OPEN_HOME)
    )


def is_screen(view: View) -> bool:
    """Whether this is what `screen` makes."""
    return view.get("callback_id") == SORRY


def answer(body: dict[str, Any], error: BaseException, *, told: bool = False) -> Answer:
    """The problem as the answer to a request: next to the field, in place of the form, or as a private message.

    `told`: a screen will say it. A press that nobody answers with a screen gets Slack's own warning sign.
    """
    if isinstance(error, FieldErrors) and body.get("type") == "view_submission":
        return Answer(200, {"response_action": "errors", "errors": error.errors})
    problem = as_problem(error)
    if body.get("type") == "event_callback":
        return Answer(503 if isinstance(problem, Busy | Unconfirmed) else 200, "")
    if body.get("type") == "view_submission":
        return Answer(200, _on_the_form(body.get("view") or {}, problem))
    if "command" in body:
        return Answer(200, {"response_type": "ephemeral", "text": esc(said(problem))})
    return Answer(200 if told or body.get("type") != "block_actions" else 503, "")


def late(body: dict[str, Any], commit_had_begun: bool) -> Answer:
    """What the door says when a request has not been answered in time."""
    return answer(body, Unconfirmed() if commit_had_begun else Busy())


def _on_the_form(view: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """Next to the first field, so that what was typed stays."""
    for block in view.get("blocks", []):
        if block["type"] == "input":
            return {"response_action": "errors", "errors": {block["block_id"]: said(problem)}}
    return {
        "response_action": "update",
        "view": screen(str(view.get("external_id", "")) + "~", problem.note()),
    }
