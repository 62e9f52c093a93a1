"""What a person reads when AWS says no, and how a refusal heals."""

from __future__ import annotations

import re
import time

import pytest

from sandbox.slack import Person
from tests.harness.acts import card, connect, get_stack, link, open_form, trust
from tests.harness.world import World

EXTERNAL_ID = re.compile(r"xops-[0-9a-f]{32}")


def begin(world: World, person: Person, *members: str) -> tuple[str, str]:
    """The form is open and the stack exists: (Role ARN, external ID)."""
    management = world.organization(*members)
    open_form(person)
    external_id = EXTERNAL_ID.search(person.screen.text)[0]
    return get_stack(world, person, management), external_id


def open_trust(world: World, person: Person) -> str:
    """The form is open and the role lets in everybody of our account; its ARN."""
    arn, _ = begin(world, person)
    world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    return arn


def test_an_open_trust_policy_is_refused_in_words(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    connect(admin, "Production", arn)
    screen = admin.wait_for("Not connected")

    assert "The role requires the external ID: failed" in screen.text
    assert "On your side" in screen.text
    assert "sts:ExternalId" in screen.text, "the corrected trust policy is there to copy"
    assert world.rows("SELECT count(*) FROM account") == [(0,)]
    assert "failed" in card(world, admin, "Not connected").text
    assert [row[0] for row in world.rows("SELECT state FROM draft")] == ["prepared"]


def test_the_way_out_of_an_open_trust_policy(world: World, admin: Person) -> None:
    arn, external_id = begin(world, admin)
    world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    connect(admin, "Production", arn)
    admin.wait_for("Not connected")
    world.cloud.edit_trust(arn, trust(world.cloud.principal, external_id))
    admin.click("Check again")
    admin.wait_for("Production is connected to XOps")


def test_a_role_of_a_member_account_is_not_the_management_account(world: World, admin: Person) -> None:
    member = world.account()
    management = world.organization(member)
    open_form(admin)
    connect(admin, "Production", get_stack(world, admin, member))
    screen = admin.wait_for("Not connected")
    assert management in screen.text, "it says which account is the management account"
    assert "organization's management account: failed" in screen.text
    assert world.rows("SELECT count(*) FROM account") == [(0,)]


def test_a_standalone_account_is_explained(world: World, admin: Person) -> None:
    open_form(admin)
    connect(admin, "Production", get_stack(world, admin, world.account()))
    screen = admin.wait_for("Not connected")
    assert "organization" in screen.text
    assert "failed" in screen.text


def test_a_missing_permission_is_a_warning_that_names_it(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.forbid(arn.split(":")[4], "eks:ListClusters")
    connect(admin, "Production", arn)
    screen = admin.wait_for("Production is connected to XOps")
    assert "Warning" in screen.text
    assert "eks:ListClusters" in screen.text


def test_a_young_role_is_waited_for_and_turns_green_by_itself(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    plain = {
        "code": "AccessDenied",
        "message": "User is not authorized to perform: sts:AssumeRole",
        "status": 403,
    }
    world.cloud.fault("sts", "AssumeRole", times=1, **plain)
    connect(admin, "Production", arn)
    screen = admin.wait_for("We keep trying until")
    assert {"Check again", "Change the answers", "Stop"} <= set(screen.buttons)
    assert "We keep trying until" in card(world, admin, "Not connected yet").blocks_text
    admin.wait_for("Production is connected to XOps", timeout=15)
    told = card(world, admin, "is connected to XOps")
    assert len([m for m in admin.dms if "Production" in m.text]) == 1, "one card, brought up to date"
    assert "Check again" not in told.buttons


def test_check_again_while_waiting_starts_at_once(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    fault = world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    connect(admin, "Production", arn)
    admin.wait_for("We keep trying until")
    fault.release()
    before = len(world.cloud.calls)
    asked = time.monotonic()
    admin.click("Check again")
    world.slack.wait_until(lambda: len(world.cloud.calls) > before)
    assert time.monotonic() - asked < 1.0
    admin.wait_for("Production is connected to XOps")


def test_stop_ends_the_waiting_and_keeps_the_answers(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    fault = world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    connect(admin, "Production", arn)
    admin.wait_for("We keep trying until")
    admin.click("Stop")
    world.slack.wait_until(lambda: "We keep trying" not in admin.screen.text)
    fault.release()
    asked = len(world.cloud.calls)
    admin.click("Change the answers")
    form = admin.wait_for("AWS Role ARN")
    assert arn in form.text
    assert "Production" in form.text
    # The attempt that was planned ends without effect: AWS would say yes now.
    time.sleep(4)
    assert world.rows("SELECT count(*) FROM account") == [(0,)]
    assert len(world.cloud.calls) == asked


def test_changing_the_answers_while_waiting(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    connect(admin, "Production", arn.replace("XopsReadOnly", "Mistyped"))
    admin.wait_for("We keep trying until")
    admin.click("Change the answers")
    admin.wait_for("AWS Role ARN")
    admin.fill("AWS Role ARN", arn)
    admin.submit("Connect")
    admin.wait_for("Production is connected to XOps")


def test_the_card_speaks_alone_once_the_form_is_closed(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    fault = world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    connect(admin, "Production", arn)
    admin.wait_for("We keep trying until")
    admin.close()
    card(world, admin, "Not connected yet")
    fault.release()
    admin.click("Check again", where="dm")
    admin.wait_for("Production is connected to XOps")
    card(world, admin, "is connected to XOps")
    assert len([m for m in admin.dms if "Production" in m.text]) == 1


def test_aws_that_does_not_answer_is_unknown_and_never_failed(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.reset("sts", "AssumeRole")
    connect(admin, "Production", arn)
    screen = admin.wait_for("We keep trying until", timeout=20)
    assert "no answer" in screen.text
    assert "failed" not in screen.text


def test_our_own_fault_asks_the_person_for_nothing(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.fault(
        "sts", "AssumeRole", code="InvalidClientTokenId", message="The security token is invalid", status=403
    )
    connect(admin, "Production", arn)
    screen = admin.wait_for("On our side")
    assert "On your side" not in screen.text


def test_resuming_shows_the_refusal(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    connect(admin, "Production", arn)
    admin.wait_for("Not connected")
    admin.close()
    admin.command("/xops")
    admin.wait_for("Setup in progress")
    admin.click("Resume")
    screen = admin.wait_for("The role requires the external ID: failed")
    assert {"Check again", "Change the answers"} <= set(screen.buttons)


@pytest.mark.parametrize("trouble", ["deleted", "loosened"])
def test_check_again_on_a_linked_account_tells_what_changed(
    world: World, admin: Person, trouble: str
) -> None:
    arn = link(world, admin)
    admin.close()
    if trouble == "deleted":
        world.cloud.delete_role(arn)
    else:
        world.cloud.edit_trust(arn, trust(world.cloud.principal, None))
    admin.command("/xops check production")
    admin.wait_for("Failed")
    home = world.slack.wait_until(lambda: "Failed" in admin.home.text and admin.home)
    assert "Production" in home.text
    assert world.rows("SELECT health FROM account") == [("failed",)]


def test_a_check_under_way_does_not_paint_over_the_form(world: World, admin: Person) -> None:
    arn, _ = begin(world, admin)
    fault = world.cloud.slow("iam", seconds=3)
    connect(admin, "Production", arn)
    admin.wait_for("XOps can assume the role: ok")
    admin.click("Stop")
    admin.wait_for("AWS Role ARN")
    admin.fill("AWS Account Name", "Typed meanwhile")
    fault.release()
    time.sleep(1.5)  # a late painting would come within a second
    assert "Typed meanwhile" in admin.screen.text
    assert world.rows("SELECT count(*) FROM account") == [(0,)]
