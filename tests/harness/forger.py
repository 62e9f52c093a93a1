"""Requests of Slack's shape that Slack never made, and what their parts should not be."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

from sandbox.slack import Person, SlackServer

Json = dict[str, Any]
LONG = "x" * 300
# A NUL ends PostgreSQL's patience, half a surrogate pair everybody's.
ODD: tuple[Any, ...] = (
    None,
    True,
    7,
    1.5,
    [],
    {},
    [None],
    [[]],
    {"id": None},
    {"id": []},
    "",
    LONG,
    "\0",
    "\ud83d",
    "a\nb",
)


class Forger:
    """Makes requests of this workspace in the name of a person."""

    def __init__(self, slack: SlackServer, person: Person) -> None:
        self.team, self.person = slack.workspace.team, person

    def _base(self, kind: str) -> Json:
        return {
            "type": kind,
            "team": {"id": self.team, "domain": "x"},
            "user": {"id": self.person.id, "team_id": self.team},
            "api_app_id": "A1",
            "trigger_id": "1.2.forged",
        }

    def view(self, setup: str = "no-such-setup", **more: Any) -> Json:
        """A modal as it is sent along."""
        field = {
            "type": "input",
            "block_id": "name",
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
        return {
            "id": "V1",
            "type": "modal",
            "callback_id": "link.form",
            "private_metadata": setup,
            "external_id": "xops-forged",
            "blocks": [field],
            "state": {"values": {}},
            **more,
        }

    def submission(self, view: Any, **more: Any) -> Json:
        """Connect."""
        return {**self._base("view_submission"), "view": view, **more}

    def press(self, action: str, value: Any = "no-such-id", **more: Any) -> Json:
        """A button in a modal."""
        pressed = {"type": "button", "action_id": action, "block_id": "b1", "value": value}
        return {**self._base("block_actions"), "view": self.view(), "actions": [pressed], **more}

    def happened(self, kind: str, **more: Any) -> Json:
        """An event."""
        inner = {"type": kind, "user": self.person.id, "channel": "D1", "channel_type": "im", "tab": "home"}
        return {
            "type": "event_callback",
            "team_id": self.team,
            "event_id": f"Ev{time.monotonic_ns()}",
            "event": {**inner, **more},
        }


def changed(body: Json, *keys: str) -> Iterator[tuple[str, Json]]:
    """The body with each of these parts replaced by everything it should not be, and without it."""
    for key, odd in itertools.product(keys, ODD):
        yield f"{key}: {odd!r}"[:60], {**body, key: odd}
    for key in keys:
        yield f"{key}: missing", {name: part for name, part in body.items() if name != key}
