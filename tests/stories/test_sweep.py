"""Every linked account is checked once a day without anybody asking, and what changes is told once."""

from __future__ import annotations

from sandbox.slack import Person
from tests.harness.acts import card, link, trust
from tests.harness.world import World

LONG_AGO = "2000-01-01 00:00:00"


def next_day(world: World) -> None:
    """A day passes, and the check that came with it is over."""
    checked = world.rows("SELECT checked_at FROM account")
    world.execute(f"UPDATE account SET next_check_at = '{LONG_AGO}'")
    world.tick("sweep")
    world.slack.wait_until(lambda: world.rows("SELECT checked_at FROM account") != checked, 15)


def told(person: Person, words: str) -> int:
    """How many messages say this."""
    return len([message for message in person.dms if words in message.text])


def test_a_healthy_account_is_checked_and_nobody_is_disturbed(world: World, admin: Person) -> None:
    link(world, admin)
    before = len(admin.dms)
    asked = len(world.cloud.calls)
    next_day(world)
    assert len(world.cloud.calls) > asked
    assert len(admin.dms) == before
    world.tick("sweep")  # nothing is due now
    due = world.rows("SELECT count(*) FROM account WHERE next_check_at > '2020-01-01'")
    assert due == [(1,)]


def test_a_policy_that_was_loosened_is_told_once_and_so_is_its_mending(world: World, admin: Person) -> None:
    arn = link(world, admin)
    external_id = world.external_id(admin)
    world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    next_day(world)
    message = card(world, admin, "the daily check found something new")
    assert "others could too" in message.text
    assert external_id in message.blocks_text, "the corrected policy is there to copy"
    assert "Check again" in message.buttons
    next_day(world)
    next_day(world)
    assert told(admin, "the daily check found something new") == 1

    world.cloud.edit_trust(arn, trust(world.cloud.principal, external_id))
    next_day(world)
    card(world, admin, "works again")
    next_day(world)
    assert told(admin, "works again") == 1


def test_an_outage_is_unknown_and_alarms_nobody(world: World, admin: Person) -> None:
    link(world, admin)
    before = len(admin.dms)
    outage = world.cloud.reset("sts")
    next_day(world)
    assert world.rows("SELECT health FROM account") == [("unknown",)]
    outage.release()
    next_day(world)
    assert world.rows("SELECT health FROM account") == [("healthy",)]
    assert len(admin.dms) == before
