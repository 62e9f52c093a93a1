"""Submitting and closing a modal, and what the bot's answer to it does."""

from __future__ import annotations

import time
from typing import Any

from . import inputs, payloads, sender
from .errors import FieldInvalid, FieldRequired, NotOnScreen, Refusal, TroubleConnecting
from .models import User, View
from .sender import Answer
from .stage import Stage
from .walk import Json, spots


def submit(stage: Stage, user: User, view: View, label: str | None) -> Answer:
    """Presses submit. Raises FieldRequired, FieldInvalid, OperationTimeout, TroubleConnecting."""
    shown = (view.payload.get("submit") or {}).get("text")
    if shown is None:
        raise NotOnScreen("this modal has no submit button")
    if label not in (None, shown):
        raise NotOnScreen(f"the submit button is named {shown!r}, not {label!r}")
    with stage.space.changing():
        _complete(view)
        trigger = stage.modals.trigger(user.id, view)
        payload = payloads.submission(stage.space, user, view, trigger)
        view.errors = {}
    answer = stage.outbox.deliver(sender.interaction(payload, stage.outbox.secret))
    if stage.ack_delay:
        time.sleep(stage.ack_delay)
    with stage.space.changing():
        apply(stage, view, answer)
    return answer


def _complete(view: View) -> None:
    fields = [spot for spot in spots(view.blocks) if spot.block["type"] == "input"]
    held = {spot.key: view.values.get(spot.key) or inputs.fresh(spot.element) for spot in fields}
    empty = [spot.block["label"]["text"] for spot in fields if inputs.missing(spot.block, held[spot.key])]
    if empty:
        raise FieldRequired(f"Slack asks to complete: {', '.join(empty)}")
    for spot in fields:
        if reason := inputs.refused(spot.element, held[spot.key]):
            raise FieldInvalid(f"{spot.block['label']['text']}: {reason}")


def apply(stage: Stage, view: View, answer: Answer) -> None:
    """Does what the answer to a view_submission says. Raises TroubleConnecting when Slack could not."""
    if not answer.ok:
        raise TroubleConnecting(f"We had some trouble connecting: HTTP {answer.status} {answer.text[:300]}")
    try:
        body: Any = answer.json or {}
        if not isinstance(body, dict):
            raise Refusal("the answer is not an object")
        _act(stage, view, body)
    except ValueError:
        raise TroubleConnecting(f"We had some trouble connecting: not JSON: {answer.text[:300]}") from None
    except Refusal as refusal:
        raise TroubleConnecting(
            f"We had some trouble connecting: {refusal.error} {refusal.messages}"
        ) from None


def _act(stage: Stage, view: View, body: Json) -> None:
    open_still = view in stage.modals.stack(view.user)
    match body.get("response_action"):
        case None if not body:
            stage.modals.close(view)
        case "clear":
            stage.modals.clear(view.user)
        case "errors":
            view.errors = _errors(view, body.get("errors"))
        case "update" if open_still:
            stage.modals.update(view, body.get("view"))
        case "push" if open_still:
            stage.modals.push_on(view, body.get("view"))
        case "update" | "push":
            pass  # the person closed the modal meanwhile
        case action:
            raise Refusal(f"unknown response_action {action!r}")


def _errors(view: View, given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not given:
        raise Refusal("errors must be an object with at least one entry")
    fields = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    for block, sentence in given.items():
        if block not in fields:
            raise Refusal(f"errors: {block!r} is not the block_id of an input block")
        if not isinstance(sentence, str) or not sentence:
            raise Refusal(f"errors: {block!r} has no text")
    return given


def close(stage: Stage, user: User) -> None:
    """The ✕: closes the whole modal; the bot hears of it once, with the root view."""
    stack = stage.modals.stack(user.id)
    if not stack:
        raise NotOnScreen("no modal is open")
    _closed(stage, user, stack[0], cleared=True)


def back(stage: Stage, user: User) -> None:
    """The close button of the visible view: closes this view only, or all with `clear_on_close`."""
    stack = stage.modals.stack(user.id)
    if not stack:
        raise NotOnScreen("no modal is open")
    _closed(stage, user, stack[-1], cleared=bool(stack[-1].payload.get("clear_on_close")))


def _closed(stage: Stage, user: User, view: View, cleared: bool) -> None:
    with stage.space.changing():
        payload = payloads.closed(stage.space, user, view, cleared)
        if cleared:
            stage.modals.clear(user.id)
        else:
            stage.modals.close(view)
    if view.payload.get("notify_on_close"):
        stage.outbox.deliver(sender.interaction(payload, stage.outbox.secret))
