"""Who may do what, as they find out by trying."""

from __future__ import annotations

import pytest

from sandbox.slack import Person, SlackServer
from tests.harness.acts import card, connect, get_stack, link, open_form
from tests.harness.world import World

NOBODIES = [{"guest": True}, {"single_channel_guest": True}]


def denied(world: World) -> int:
    """How often somebody was refused, according to the audit log."""
    return len([row for row in world.rows("SELECT entry FROM audit_entry") if '"XA001E"' in str(row[0])])


@pytest.mark.parametrize("facts", NOBODIES, ids=lambda facts: next(iter(facts)))
def test_guests_are_refused_everywhere(world: World, facts: dict[str, bool]) -> None:
    nobody = world.slack.person("Gus Guest", **facts)
    before = denied(world)
    nobody.command("/xops")
    screen = nobody.wait_for("not open to you")
    assert screen.buttons == []
    nobody.close()
    nobody.command("/xops link aws")
    nobody.wait_for("You may not do this")
    nobody.open_home()
    nobody.wait_for("not open to you", where="home")
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]
    assert denied(world) == before + 1


def test_a_stranger_of_a_shared_channel_is_refused(world: World, slack: SlackServer, admin: Person) -> None:
    link(world, admin)
    stranger = slack.person("Sam Stranger", stranger=True)
    stranger.open_home()
    stranger.wait_for("not open to you", where="home")
    assert "Production" not in stranger.home.text


def test_a_member_is_told_whom_to_ask(world: World, slack: SlackServer, admin: Person) -> None:
    link(world, admin)
    member = slack.person("Max Member")
    member.command("/xops")
    screen = member.wait_for("Workspace admins link cloud accounts")
    assert "Production" not in screen.text
    assert "Add Cloud Account" not in screen.buttons
    member.close()
    member.command("/xops link aws")
    member.wait_for("ask one of them")


def test_a_member_cannot_check_an_account_of_others(world: World, slack: SlackServer, admin: Person) -> None:
    link(world, admin)
    member = slack.person("Max Member")
    asked = len(world.cloud.calls)
    member.command("/xops check Production")
    screen = member.wait_for("no longer there")
    member.close()
    member.command("/xops check Nothing of this name")
    assert member.wait_for("no longer there").text == screen.text, "unknown and not yours read the same"
    assert len(world.cloud.calls) == asked


def test_rights_lost_between_opening_and_connect(world: World, slack: SlackServer, admin: Person) -> None:
    management = world.organization()
    open_form(admin)
    arn = get_stack(world, admin, management)
    asked = len(world.cloud.calls)
    admin.change(admin=False, tell=True)
    connect(admin, "Production", arn)
    admin.wait_for("You may not do this")
    card(world, admin, "You may not do this")
    assert world.rows("SELECT count(*) FROM account") == [(0,)]
    assert len(world.cloud.calls) == asked, "AWS was not asked for somebody who may not link"


def test_slack_that_does_not_say_who_somebody_is(world: World, slack: SlackServer, admin: Person) -> None:
    fault = slack.fault("users.info", status=503, body="<html>sorry</html>", times=None)
    admin.command("/xops link aws")
    admin.wait_for("we could not check your rights")
    assert world.rows("SELECT count(*) FROM draft") == [(0,)]
    fault.release()
    slack.clear_faults()
    admin.close()
    open_form(admin)


def test_somebody_elses_setup_cannot_be_resumed(world: World, slack: SlackServer, admin: Person) -> None:
    open_form(admin)
    other = slack.person("Grace Hopper", admin=True)
    other.open_home()
    other.wait_for("Select Your Preferred Cloud", where="home")
    assert "Setup in progress" not in other.home.text


def test_an_owner_that_is_no_admin_any_more_still_sees_the_account(
    world: World, slack: SlackServer, admin: Person
) -> None:
    link(world, admin)
    admin.close()
    admin.change(admin=False, tell=True)
    admin.command("/xops accounts")
    screen = admin.wait_for("Production")
    assert "Add Cloud Account" not in screen.buttons
