"""Pressing and filling: what a person does to one element, and what the bot is told about it."""

from __future__ import annotations

from typing import Any

from . import find, inputs, payloads, sender
from .blockkit import check_offer
from .errors import ConfirmNeeded, FieldInvalid, NotOnScreen, StoryError, TroubleConnecting
from .find import Target
from .models import User
from .respond import new_url
from .sender import Answer, Request
from .stage import Stage
from .walk import Json, Spot

TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
DATES = ("datepicker", "timepicker", "datetimepicker")
SHORTEST_QUERY = 3


class Hands:
    """The hands of one person."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self._user = stage, user

    def press(self, target: Target, times: int) -> list[Answer]:
        """Presses a button or menu option."""
        assert target.spot
        requests = [self._action(target, target.spot, _pressed(target)) for _ in range(times)]
        return self._checked(self._stage.outbox.together(requests))

    def fill(self, target: Target, value: str | int) -> None:
        """Types into a field. Raises FieldInvalid when Slack stops the typing."""
        assert target.spot
        element = target.spot.element
        if element["type"] in TYPED:
            most = element.get("max_length", 3000)
            if len(str(value)) > most:
                raise FieldInvalid(f"only {most} characters fit, not {len(str(value))}")
            self._put(target, str(value) or None)
        elif element["type"] == "rich_text_input":
            words = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
            self._put(target, {"type": "rich_text", "elements": [words]} if value else None)
        elif element["type"] in DATES:
            self._put(target, value)
        else:
            raise NotOnScreen(f"nothing can be typed here: this is a {element['type']}")

    def choose(self, target: Target, labels: list[str], query: str | None) -> None:
        """Chooses options by their labels; several only where several can be chosen."""
        assert target.spot
        element = target.spot.element
        picked = [self._pick(target, element, label, query) for label in labels]
        if inputs.is_list(element["type"]):
            self._put(target, picked)
        elif len(picked) == 1:
            self._put(target, picked[0])
        else:
            raise FieldInvalid("exactly one option can be chosen here")

    def tick(self, target: Target, on: bool) -> None:
        """Ticks or unticks one checkbox, or sets a radio button."""
        assert target.spot
        if target.spot.element["type"] == "radio_buttons":
            return self._put(target, target.option)
        chosen = inputs.value(target.spot.element, self._held(target, target.spot))
        wanted = [
            option
            for option in target.spot.element["options"]
            if option in chosen and option != target.option
        ]
        return self._put(target, [*wanted, target.option] if on else wanted)

    def attach(self, target: Target, file: Json) -> None:
        """Puts a file into a file field."""
        assert target.spot
        self._put(target, [*inputs.value(target.spot.element, self._held(target, target.spot)), file])

    def offered(self, target: Target, query: str) -> list[Json]:
        """The options the bot offers for what was typed into an external menu."""
        view, spot = target.surface.view, target.spot
        if not view or not spot:
            raise StoryError("external menus are known in modals and on the Home tab only")
        if len(query) < spot.element.get("min_query_length", SHORTEST_QUERY):
            return []
        with self._stage.space.still():
            asked = payloads.suggestion(self._stage.space, self._user, view, *spot.key, query)
        answer = self._stage.outbox.deliver(sender.interaction(asked, self._stage.outbox.secret))
        wrong = check_offer(answer.json) if answer.ok else [f"HTTP {answer.status}"]
        if wrong:
            raise TroubleConnecting(f"Slack cannot use these options: {wrong}")
        grouped = [option for group in answer.json.get("option_groups", ()) for option in group["options"]]
        return [*answer.json.get("options", ()), *grouped]

    def _pick(self, target: Target, element: Json, label: str, query: str | None) -> Any:
        kind = element["type"]
        if kind.endswith("external_select"):
            offered = self.offered(target, label if query is None else query)
            return find.option_in(Target(target.surface, _with(target, offered)), label)
        if kind.endswith(("users_select", "channels_select", "conversations_select")):
            return self._known(label)
        return find.option_in(target, label)

    def _known(self, label: str) -> str:
        space = self._stage.space
        for identity in [*reversed(space.users), *reversed(space.channels)]:
            if space.display_name(identity) == label.lstrip("@#"):
                return identity
        raise NotOnScreen(f"nobody and no channel is named {label!r}")

    def _held(self, target: Target, spot: Spot) -> Json:
        return target.surface.values.get(spot.key) or inputs.fresh(spot.element)

    def _put(self, target: Target, value: Any) -> None:
        spot = target.spot
        assert spot
        held = inputs.entry(spot.element, value)
        most = spot.element.get("max_selected_items") or spot.element.get("max_files")
        if most and len(value) > most:
            raise FieldInvalid(f"at most {most} can be chosen")
        with self._stage.space.changing():
            target.surface.values[spot.key] = held
        if spot.sends:
            self._checked(self._stage.outbox.together([self._action(target, spot, held)]))

    def _action(self, target: Target, spot: Spot, done: Json) -> Request:
        space, surface = self._stage.space, target.surface
        block, action = spot.key
        done = {**done, "block_id": block, "action_id": action, "action_ts": space.new_ts()}
        with space.changing():
            trigger = self._stage.modals.trigger(self._user.id, surface.view)
            if surface.view:
                payload = payloads.view_action(space, self._user, surface.view, done, trigger)
            else:
                assert surface.message
                channel = space.channels[surface.message.channel]
                url = new_url(space, self._user.id, channel, surface.message)
                payload = payloads.message_action(space, self._user, surface.message, done, trigger, url)
        return sender.interaction(payload, self._stage.outbox.secret)

    def _checked(self, answers: list[Answer]) -> list[Answer]:
        for answer in answers:
            if not answer.ok:
                raise TroubleConnecting(
                    f"Slack shows a warning sign: HTTP {answer.status} {answer.text[:300]}"
                )
        return answers


def _pressed(target: Target) -> Json:
    assert target.spot
    element = target.spot.element
    if target.option:
        return {"type": "overflow", "selected_option": target.option}
    return {name: element[name] for name in ("type", "text", "value", "style") if name in element}


def agreed(element: Json, confirm: bool | None) -> bool:
    """What the person answers when a dialog asks. Raises ConfirmNeeded when the story does not say, or says too much."""
    dialog = element.get("confirm")
    if dialog and confirm is None:
        words = " / ".join(dialog[name]["text"] for name in ("title", "text", "confirm", "deny"))
        raise ConfirmNeeded(f"a dialog asks: {words}; say confirm=True or confirm=False")
    if confirm is not None and not dialog:
        raise ConfirmNeeded("no dialog asks for a confirmation here")
    return confirm is not False


def _with(target: Target, offered: list[Json]) -> Spot:
    assert target.spot
    spot = target.spot
    return Spot(spot.block, {**spot.element, "options": offered}, spot.index, spot.path)
