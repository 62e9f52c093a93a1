"""Requests that Slack signed and people made up: parts of the wrong kind, and ids that are somebody else's."""

from __future__ import annotations

import time
from collections.abc import Collection, Container, Mapping
from typing import Any

import pytest

from sandbox.slack import Person
from tests.harness.acts import get_stack, open_form
from tests.harness.forger import ODD, Forger, Json, changed
from tests.harness.raw import Raw, Said, event, everything, form, interaction, send
from tests.harness.world import World

PRESSES = (
    "link.again", "link.family", "link.provider", "link.resume", "link.more", "link.guide", "link.file",
    "link.launch", "link.replace", "link.change", "link.stop", "account.check", "home.open", "nobody.listens",
)  # fmt: skip


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
    kept = ("id", "type", "callback_id", "private_metadata", "external_id", "blocks", "state")
    keys = (*kept, "app_installed_team_id")
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


def test_values_nobody_was_offered(world: World, forger: Forger) -> None:
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
    pressed = {
        (action, value_number): forger.press(action, value)
        for action in PRESSES
        for value_number, value in enumerate(values)
    }
    nothing_comes_of(world, {str(name): interaction(body) for name, body in pressed.items()})


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


def test_ids_of_somebody_elses_are_as_good_as_none(world: World, admin: Person) -> None:
    """Another admin's setup and screen, sent by an admin and by a member."""
    open_form(admin)
    get_stack(world, admin, world.organization())
    others = {world.slack.person("Grace Hopper", admin=True): "", world.slack.person("Eve"): ""}
    for person in others:
        person.command("/xops")
        person.wait_for("For any challenges")
        others[person] = world.slack.calls_of("views.update")[-1].args["external_id"]
    [[setup, screen]] = world.rows("SELECT id, screen FROM draft")
    requests = {}
    for person, own in others.items():
        forger = Forger(world.slack, person)
        there, here = (forger.view(str(setup), external_id=name) for name in (screen, own))
        requests[f"{person} submits"] = interaction(forger.submission(there))
        for action in PRESSES:
            requests[f"{person} {action}"] = interaction(forger.press(action, str(setup)))
            requests[f"{person} {action} there"] = interaction(forger.press(action, str(setup), view=there))
            requests[f"{person} {action} here"] = interaction(forger.press(action, str(setup), view=here))
    seen = str(admin.screen)
    answers = nothing_comes_of(world, requests, but="audit_entry")
    assert all("no longer there" in answers[f"{person} submits"].json["errors"]["name"] for person in others)
    entries = world.slack.wait_until(lambda: about(world, others), 5)
    assert all('"XA001E"' in entry for entry in entries), "who tried what they may not stands in the log"
    assert str(admin.screen) == seen, "nobody paints on the screen of somebody else"


def about(world: World, people: Collection[Person]) -> list[str]:
    """What the audit log says about them."""
    entries = [str(row[0]) for row in world.rows("SELECT entry FROM audit_entry")]
    return [entry for entry in entries if any(person.id in entry for person in people)]
