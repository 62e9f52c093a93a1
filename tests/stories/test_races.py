"""Two people, two windows, a slow Slack: what is shown stays true, and what is promised is done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.retention import forget
from sandbox.slack import Person
from tests.harness.acts import card, connect, get_stack, link, open_form
from tests.harness.world import World
from tests.stories.test_refusals import begin, open_trust

DENIED = {"code": "AccessDenied", "message": "not authorized", "status": 403}


@pytest.fixture
def other(world: World) -> Person:
    """Another admin."""
    return world.slack.person("Grace Hopper", admin=True)


def second_stack(world: World, person: Person, account: str) -> str:
    """Another role in the same account, from this person's own template."""
    person.click("Get the template")
    world.slack.wait_until(lambda: person.files)
    text = person.files[-1].content.decode()
    return world.cloud.create_stack(account, text, {"RoleName": "XopsSecond"}, name="xops-second")


def test_a_slow_update_is_brought_up_to_date(world: World, admin: Person) -> None:
    arn = open_trust(world, admin)
    connect(admin, "Production", arn)
    admin.wait_for("Not connected")
    world.slack.fault("views.update", latency=3, times=1)
    admin.click("Check again")
    world.slack.wait_until(lambda: world.rows("SELECT revision, state FROM draft") == [(3, "prepared")])
    world.slack.wait_until(
        lambda: "Not connected" in admin.screen.text and "Check again" in admin.screen.buttons
    )


def test_a_slow_update_of_a_linked_account_is_brought_up_to_date(world: World, admin: Person) -> None:
    link(world, admin)
    admin.close()
    admin.open_home()
    admin.wait_for("Production", where="home")
    world.slack.fault("views.update", latency=3, times=1)
    admin.click("Check again", where="home")
    admin.wait_for("Healthy", timeout=15)
    world.slack.wait_until(lambda: "Checking with" not in admin.screen.text)


@pytest.mark.parametrize(
    ("method", "harm"),
    [
        ("views.open", {"applied": True, "reset": True}),
        ("views.open", {"latency": 1.6}),
        ("views.update", {"reset": True}),
        ("views.update", {"status": 429, "retry_after": 1, "times": 2}),
        ("views.update", {"status": 503, "times": 2}),
    ],
    ids=lambda value: str(value),
)
def test_nothing_stays_on_opening(world: World, admin: Person, method: str, harm: dict[str, Any]) -> None:
    world.slack.fault(method, **harm)
    admin.command("/xops")
    admin.wait_for("Select Your Preferred Cloud", timeout=15)


def test_one_management_account_whoever_is_quicker(world: World, admin: Person, other: Person) -> None:
    open_form(admin)
    open_form(other)
    roles = [get_stack(world, person, world.organization()) for person in (admin, other)]
    hang = world.cloud.hang("sts", "AssumeRole")
    connect(admin, "One", roles[0])
    connect(other, "Two", roles[1])
    hang.release()
    for person in (admin, other):
        world.slack.wait_until(lambda p=person: "Checking with" not in p.screen.text, 20)
    assert world.rows("SELECT count(*) FROM account") == [(1,)]
    texts = sorted((admin.screen.text, other.screen.text), key=lambda text: "is connected to XOps" in text)
    assert "Another AWS Management Account is already connected" in texts[0]
    assert "is connected to XOps" in texts[1]


def test_the_same_account_connected_by_two_at_once(world: World, admin: Person, other: Person) -> None:
    account = world.organization()
    open_form(admin)
    open_form(other)
    roles = [get_stack(world, admin, account), second_stack(world, other, account)]
    hang = world.cloud.hang("sts", "AssumeRole")
    connect(admin, "One", roles[0])
    connect(other, "Two", roles[1])
    hang.release()
    for person in (admin, other):
        world.slack.wait_until(lambda p=person: "Checking with" not in p.screen.text, 20)
    loser = other if "is connected to XOps" in admin.screen.text else admin
    world.slack.wait_until(lambda: "lready connected" in loser.screen.text)
    assert world.rows("SELECT count(*) FROM account") == [(1,)]


def test_two_people_check_one_account(world: World, admin: Person, other: Person) -> None:
    link(world, admin)
    admin.close()
    for person in (admin, other):
        person.open_home()
        person.wait_for("Production", where="home")
    slow = world.cloud.slow("iam", seconds=2)
    admin.click("Check again", where="home")
    admin.wait_for("Checking with")
    other.click("Check again", where="home")
    other.wait_for("Checking with")
    slow.release()
    for person in (admin, other):
        person.wait_for("Healthy", timeout=20)


def test_the_card_follows_a_stop(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    fault = world.cloud.fault("sts", "AssumeRole", **DENIED)
    connect(admin, "Production", arn)
    card(world, admin, "We keep trying until")
    fault.release()
    hang = world.cloud.hang("sts", "AssumeRole")
    admin.click("Check again")
    admin.wait_for("Checking with")
    admin.click("Stop")
    world.slack.wait_until(lambda: "We keep trying" not in card(world, admin, "Production").blocks_text)
    assert "Stop" not in card(world, admin, "Production").buttons
    hang.release()


def test_a_card_that_was_deleted_is_told_anew(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.fault("sts", "AssumeRole", times=1, **DENIED)
    connect(admin, "Production", arn)
    card(world, admin, "We keep trying until")
    world.slack.fault("chat.update", error="message_not_found", times=1)
    card(world, admin, "is connected to XOps")


def test_the_external_id_stands_nowhere_in_clear(world: World, admin: Person) -> None:
    arn = open_trust(world, admin)
    connect(admin, "Production", arn)
    admin.wait_for("Not connected")
    external_id = world.external_id(admin)
    assert external_id in admin.screen.text, "the corrected policy shows it"
    for table in ("draft", "audit_entry", "report", "request_ledger"):
        assert external_id not in str(world.rows(f"SELECT * FROM {table}"))


def test_a_setup_that_expired_meanwhile_says_so(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    store = world.store()
    forget(store, datetime.now(UTC) + timedelta(days=8))
    store.close()
    connect(admin, "Production", arn)
    assert "This setup is over" in admin.screen.errors["AWS Account Name"]
    admin.close()
    open_form(admin)
    assert world.rows("SELECT state FROM draft ORDER BY state") == [("expired",), ("prepared",)]


def test_a_home_tab_is_never_blank(world: World, admin: Person) -> None:
    world.slack.fault("users.info", status=503, body="sorry", times=None)
    admin.open_home()
    admin.wait_for("could not check your rights", where="home")


def test_a_guide_that_comes_too_late_leaves_a_way_back(world: World, admin: Person) -> None:
    open_form(admin)
    world.slack.fault("views.push", error="expired_trigger_id")
    admin.click("ⓘ Information")
    card(world, admin, "Press Open XOps")


def test_a_guest_does_not_get_the_picker(world: World) -> None:
    guest = world.slack.person("Gus Guest", guest=True)
    guest.command("/xops link")
    assert "Select Your Preferred" not in guest.wait_for("You may not do this").text


def test_a_form_drawn_late_does_not_take_the_screen_back(world: World, admin: Person) -> None:
    """Slack is slow to show the form; Connect is pressed while it is drawn a second time."""
    management = world.organization()
    open_form(admin)
    arn = get_stack(world, admin, management)
    connect(admin, "Production", arn.replace("XopsReadOnly", "Mistyped"))
    admin.wait_for("We keep trying until")
    world.slack.fault("views.update", latency=1.0, applied=True, times=1)
    admin.click("Change the answers")
    admin.wait_for("AWS Role ARN")
    connect(admin, "Production", arn)
    admin.wait_for("Production is connected to XOps")
