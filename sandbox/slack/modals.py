"""Modals and Home tabs: stacks of views, trigger ids, hashes, and what survives an update."""

from __future__ import annotations

import secrets

from . import inputs
from .blockkit import check_view, too_large
from .blockkit.shapes import said
from .errors import Refusal
from .models import Trigger, View, with_ids
from .walk import Json
from .workspace import Workspace

STACK = 3
TRIGGER_SECONDS = 3.0


class Modals:
    """The views every person has open."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._triggers: dict[str, Trigger] = {}

    def stack(self, user: str) -> list[View]:
        """The open modal of a person, the visible view last."""
        return self._stacks.setdefault(user, [])

    def home(self, user: str) -> View | None:
        """The Home tab of a person."""
        return self._homes.get(user)

    def trigger(self, user: str, view: View | None = None) -> str:
        """A fresh trigger id for something a person just did."""
        name = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        modal = view.id if view and view.payload["type"] == "modal" else "home" if view else None
        self._triggers[name] = Trigger(user, self._space.now() + TRIGGER_SECONDS, modal)
        return name

    def open(self, trigger_id: str, payload: object) -> View:
        """views.open: a new modal; from inside a modal it lands on top of that one."""
        view = self._valid(payload, "modal")
        self._unused(view)
        trigger = self._redeem(trigger_id)
        stack = self.stack(trigger.user)
        if trigger.view not in [one.id for one in stack]:
            stack.clear()
        return self._put(trigger.user, view)

    def push(self, trigger_id: str, payload: object) -> View:
        """views.push: a view on top of the modal the trigger comes from."""
        view = self._valid(payload, "modal")
        self._unused(view)
        trigger = self._redeem(trigger_id)
        if trigger.view == "home":
            rule = "must match the `type` of the root view whose stack we're pushing onto"
            raise Refusal("invalid_arguments", [said(rule, "/view/type")])
        if trigger.view not in [one.id for one in self.stack(trigger.user)]:
            raise Refusal("not_found")
        return self._put(trigger.user, view)

    def push_on(self, under: View, payload: object) -> View:
        """`response_action: push`: a view on top of the submitted one."""
        view = self._valid(payload, "modal")
        self._unused(view)
        return self._put(under.user, view)

    def update(self, view: View, payload: object, expected: str | None = None) -> View:
        """Replaces a view in place: same id, new hash; input state stays where both ids stay."""
        new = self._valid(payload, view.payload["type"])
        if expected and expected != view.hash:
            raise Refusal("hash_conflict")
        self._unused(new, view)
        with_ids(new["blocks"])
        view.values = inputs.carry(view.blocks, view.values, new["blocks"])
        view.payload, view.errors, view.hash = new, {}, self._hash()
        return view

    def publish(self, user: str, payload: object, expected: str | None = None) -> View:
        """views.publish: the Home tab of one person."""
        home = self._homes.get(user)
        if home:
            return self.update(home, payload, expected)
        new = self._valid(payload, "home")
        self._unused(new)
        self._homes[user] = self._made(user, new)
        return self._homes[user]

    def find(self, view_id: object, external_id: object) -> View:
        """An open view; raises Refusal("not_found") when its person closed it."""
        for view in self._all():
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise Refusal("not_found")

    def close(self, view: View) -> None:
        """Takes one view off its stack."""
        stack = self.stack(view.user)
        if view in stack:
            stack.remove(view)

    def clear(self, user: str) -> None:
        """Closes the whole modal."""
        self.stack(user).clear()

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())

    def _valid(self, payload: object, kind: str) -> Json:
        wrong = check_view(payload)
        if wrong:
            raise Refusal("invalid_arguments", wrong)
        assert isinstance(payload, dict)
        if payload["type"] != kind:
            raise Refusal("invalid_arguments", [said(f"must be of type {kind}", "/view/type")])
        if too_large(payload):
            raise Refusal("view_too_large")
        return payload

    def _unused(self, payload: Json, besides: View | None = None) -> None:
        name = payload.get("external_id")
        if name and any(view.external_id == name for view in self._all() if view is not besides):
            raise Refusal("duplicate_external_id")

    def _redeem(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if not trigger:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._space.now() > trigger.expires:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def _put(self, user: str, payload: Json) -> View:
        stack = self.stack(user)
        if len(stack) >= STACK:
            raise Refusal("push_limit_reached")
        view = self._made(user, payload)
        if stack:
            view.root, view.previous = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def _made(self, user: str, payload: Json) -> View:
        with_ids(payload["blocks"])
        name = self._space.new_id("V")
        return View(name, user, payload, self._hash(), root=name)

    def _hash(self) -> str:
        return f"{int(self._space.now())}.{secrets.token_urlsafe(6)}"
