"""Requests that Slack signed and people made up: parts of the wrong kind, and ids that are somebody else's."""

from __future__ import annotations

import itertools
import time
from collections.abc import Container, Iterator, Mapping
from typing import Any

import pytest

from sandbox.slack import Person, SlackServer
from tests.harness.acts import get_stack, open_form
from tests.harness.raw import Raw, Said, event, everything, form, interaction, send
from tests.harness.world import World

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
PRESSES = (
    "link.again", "link.family", "link.provider", "link.resume", "link.more", "link.guide", "link.file",
    "link.launch", "link.replace", "link.change", "link.stop", "account.check", "home.open", "nobody.listens",
)  # fmt: skip


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


@pytest.fixture
def forger(world: World, admin: Person) -> Forger:
    """Somebody whom the bot knows, with all rights, so that rights are not what stops a request."""
    open_form(admin)
    admin.close()
    return Forger(world.slack, admin)


def nothing_comes_of(
    world: World, requests: Mapping[str, Raw], status: Container[int] = range(200, 500), but: str = ""
) -> dict[str, Said]:
    """Send all; each is answered with 4xx or a harmless 200, and nothing is written. The fixture reads the log."""
    before = everything(world)
    answers = {name: send(world, request) for name, request in requests.items()}
    assert {name: said for name, said in answers.items() if said.status not in status} == {}
    settled(world)
    after = everything(world)
    assert {table for table in after if after[table] != before[table]} <= {but}
    return answers


def settled(world: World) -> None:
    """What runs after the answers has run: later work of the same kind has ended."""
    person = world.slack.person("Last One", admin=True)
    person.open_home()
    person.wait_for("Select Your Preferred Cloud Service or Platform", where="home")
    world.execute(f"DELETE FROM person WHERE user_id = '{person.id}'")


def changed(body: Json, *keys: str) -> Iterator[tuple[str, Json]]:
    """The body with each of these parts replaced by everything it should not be, and without it."""
    for key, odd in itertools.product(keys, ODD):
        yield f"{key}: {odd!r}"[:60], {**body, key: odd}
    for key in keys:
        yield f"{key}: missing", {name: part for name, part in body.items() if name != key}


def test_submissions_with_parts_of_the_wrong_kind(world: World, forger: Forger) -> None:
    body = forger.submission(forger.view())
    nothing_comes_of(
        world,
        {
            name: interaction(odd)
            for name, odd in changed(
                body,
                "team",
                "user",
                "view",
                "trigger_id",
                "enterprise",
                "type",
                "authorizations",
                "response_urls",
                "channel",
                "is_enterprise_install",
            )
        },
    )


def test_views_with_parts_of_the_wrong_kind(world: World, forger: Forger) -> None:
    [setup] = world.rows("SELECT id FROM draft")
    view = forger.view(str(setup[0]))
    keys = (
        "id",
        "type",
        "callback_id",
        "private_metadata",
        "external_id",
        "blocks",
        "state",
        "app_installed_team_id",
    )
    nothing_comes_of(world, {name: interaction(forger.submission(odd)) for name, odd in changed(view, *keys)})


def test_states_with_parts_of_the_wrong_kind_are_fields_not_filled_in(world: World, forger: Forger) -> None:
    [setup] = world.rows("SELECT id FROM draft")
    good = {"name": {"value": {"type": "plain_text_input", "value": "Production"}}}
    states: dict[str, Any] = {}
    for odd in ODD:
        states |= {f"values: {odd!r}"[:60]: {"values": odd}}
        states |= {f"block: {odd!r}"[:60]: {"values": {**good, "role_arn": odd}}}
        states |= {f"action: {odd!r}"[:60]: {"values": {**good, "role_arn": {"value": odd}}}}
        states |= {f"value: {odd!r}"[:60]: {"values": {**good, "role_arn": {"value": {"value": odd}}}}}
        states |= {f"name: {odd!r}"[:60]: {"values": {"name": {"value": {"value": odd}}}}}
    states["unknown block"] = {
        "values": {**good, "state": {"value": {"value": "done"}}, "__class__": {"value": {"value": "x"}}}
    }
    states["unknown action"] = {
        "values": {**good, "role_arn": {"other": {"value": "arn:aws:iam::123456789012:role/X"}}}
    }
    states["500 blocks"] = {"values": {f"b{number}": {"value": {"value": "x"}} for number in range(500)}}
    answers = nothing_comes_of(
        world,
        {
            name: interaction(forger.submission(forger.view(str(setup[0]), state=state)))
            for name, state in states.items()
        },
    )
    refused = [said for said in answers.values() if said.status == 200]
    assert len(refused) > 20
    assert {said.json["response_action"] for said in refused} == {"errors"}
    assert all(sentence.endswith(".") for said in refused for sentence in said.json["errors"].values())


@pytest.mark.parametrize("action", ["link.again", "link.family", "account.check"])
def test_presses_with_parts_of_the_wrong_kind(world: World, forger: Forger, action: str) -> None:
    body = forger.press(action)
    [pressed] = body["actions"]
    keys = ("team", "user", "actions", "trigger_id", "enterprise", "channel", "message", "type")
    requests = dict(changed(body, *keys))
    requests |= {
        f"view {name}": {**body, "view": odd} for name, odd in changed(body["view"], "type", "external_id")
    }
    for name, odd in changed(pressed, "action_id", "block_id", "type", "value"):
        requests[f"action {name}"] = {**body, "actions": [odd]}
    requests |= {f"one action: {odd!r}"[:60]: {**body, "actions": [odd]} for odd in ODD}
    nothing_comes_of(world, {name: interaction(request) for name, request in requests.items()})


@pytest.mark.parametrize("action", PRESSES)
def test_values_nobody_was_offered(world: World, forger: Forger, action: str) -> None:
    values = [
        *ODD,
        "../../etc/passwd",
        "' OR '1'='1",
        "%",
        "*",
        "x" * 2000,
        "aws-linked",
        "AWS-MANAGEMENT",
        "Azure",
    ]
    nothing_comes_of(world, {f"{value!r}"[:60]: interaction(forger.press(action, value)) for value in values})


def test_events_with_parts_of_the_wrong_kind(world: World, forger: Forger) -> None:
    requests: dict[str, Json] = {}
    for kind in ("user_change", "message", "app_home_opened"):
        body = forger.happened(kind)
        requests |= {f"{kind} {name}": odd for name, odd in changed(body, "team_id", "event")}
        for name, odd in changed(body["event"], "type", "user"):
            requests[f"{kind} event {name}"] = {**body, "event": odd, "event_id": f"Ev{time.monotonic_ns()}"}
    # What is left of them is news about nobody we know: remembered as delivered, and that is all.
    nothing_comes_of(world, {name: event(body) for name, body in requests.items()}, but="request_ledger")


def test_commands_with_parts_of_the_wrong_kind(world: World, forger: Forger) -> None:
    body: Json = {
        "command": "/xops",
        "text": "help",
        "team_id": forger.team,
        "user_id": forger.person.id,
        "trigger_id": "1.2",
    }
    requests = dict(changed(body, "command", "text", "team_id", "user_id", "trigger_id"))
    nothing_comes_of(world, {name: event(odd) for name, odd in requests.items()})


def test_nesting_that_a_parser_bears_and_others_do_not(world: World, forger: Forger) -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = {"event": deep, "id": "U1", "value": deep} if isinstance(deep, str) else {"event": deep}
    body = forger.press("link.again")
    requests = {
        key: interaction({**body, key: deep})
        for key in ("team", "user", "view", "actions", "message", "event")
    }
    requests["in an event"] = event({**forger.happened("message"), "event": deep, "team_id": None})
    requests["in a state"] = interaction(
        forger.submission(forger.view(state={"values": {"name": {"value": {"value": deep}}}}))
    )
    nothing_comes_of(world, requests)


def test_a_workspace_that_never_installed_is_told_so_in_private(world: World, forger: Forger) -> None:
    stranger = Forger(world.slack, forger.person)
    stranger.team = "T0OTHER"
    command = {"command": "/xops", "text": "", "team_id": "T0OTHER", "user_id": "U1", "trigger_id": "1.2"}
    answers = nothing_comes_of(
        world,
        {
            "command": form(command),
            "press": interaction(stranger.press("link.again")),
            "submission": interaction(stranger.submission(stranger.view())),
            "event": event(stranger.happened("message")),
            "modal of another workspace": interaction(
                forger.submission(forger.view(app_installed_team_id="T0OTHER"))
            ),
            "nobody's": interaction({**forger.press("link.again"), "team": None, "user": {"id": "U1"}}),
        },
        status=(200, 503),
    )
    assert answers["command"].json["response_type"] == "ephemeral"
    assert "not installed in this workspace" in answers["command"].json["text"]
    assert "not installed" in answers["submission"].json["errors"]["name"]
    assert {answers[name].status for name in ("press", "nobody's")} == {503}, "Slack shows a warning sign"
    assert (answers["event"].status, answers["event"].body) == (200, b"")
    assert not world.slack.calls_of("chat.postEphemeral")


@pytest.mark.parametrize("action", PRESSES)
def test_ids_of_somebody_elses_are_as_good_as_none(world: World, admin: Person, action: str) -> None:
    """Another admin's setup; and what a member sends with an admin's account."""
    open_form(admin)
    get_stack(world, admin, world.organization())
    other, member = world.slack.person("Grace Hopper", admin=True), world.slack.person("Eve")
    for person in (other, member):
        person.open_home()
        world.slack.wait_until(lambda person=person: person.home.text)
    ids = [str(row[0]) for row in world.rows("SELECT id FROM draft")]
    requests = {}
    for person in (other, member):
        forger = Forger(world.slack, person)
        for value in [*ids, admin.screen.text[-20:]]:
            requests[f"{person} {value}"] = interaction(forger.press(action, value))
            requests[f"{person} {value} elsewhere"] = interaction(
                forger.press(
                    action,
                    value,
                    view=forger.view(value, external_id=str(world.rows("SELECT screen FROM draft")[0][0])),
                )
            )
            requests[f"{person} {value} submitted"] = interaction(forger.submission(forger.view(value)))
    seen = admin.screen
    nothing_comes_of(world, requests)
    assert admin.screen.text == seen.text
