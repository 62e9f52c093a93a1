"""views.*: modals and the Home tab."""

from __future__ import annotations

from ..call import Call
from ..desk import Desk
from ..errors import Refusal
from ..models import View
from ..payloads import view_json
from ..walk import Json


def _answer(desk: Desk, view: View) -> Json:
    return {"view": view_json(desk.space, view)}


def _trigger(call: Call) -> str:
    given = [call.text(name) for name in ("trigger_id", "interactivity_pointer") if call.text(name)]
    if len(given) != 1:
        raise Refusal("invalid_arguments", ["exactly one of trigger_id, interactivity_pointer is required"])
    return given[0]


def open_(desk: Desk, call: Call) -> Json:
    """views.open."""
    return _answer(desk, desk.modals.open(_trigger(call), call.json("view")))


def push(desk: Desk, call: Call) -> Json:
    """views.push."""
    return _answer(desk, desk.modals.push(_trigger(call), call.json("view")))


def update(desk: Desk, call: Call) -> Json:
    """views.update, by view_id or external_id."""
    if not (call.text("view_id") or call.text("external_id")):
        raise Refusal("invalid_arguments", ["missing required field: view_id"])
    view = desk.modals.find(call.text("view_id"), call.text("external_id"))
    return _answer(desk, desk.modals.update(view, call.json("view"), call.text("hash")))


def publish(desk: Desk, call: Call) -> Json:
    """views.publish; refused for a person who does not exist."""
    user = desk.space.users.get(call.need("user_id"))
    if not user or user.bot:
        raise Refusal("invalid_arguments", ["invalid `user_id`"])
    return _answer(desk, desk.modals.publish(user.id, call.json("view"), call.text("hash")))
