"""A press that Slack could not deliver, a press that comes in copies, a person who presses twice: each counts once."""

from __future__ import annotations

import pytest

from sandbox.slack import Person
from tests.harness.acts import card, get_stack, link, open_form
from tests.harness.raw import Raw, Said, send, together, unseen
from tests.harness.world import World

COPIES = 4


def copies(world: World, request: Raw) -> list[Said]:
    """The same signed bytes on so many connections at once."""
    return together(world, [request] * COPIES)


def entries(world: World, person: Person, code: str) -> int:
    """How often this stands in the audit log about the person."""
    rows = [str(row[0]) for row in world.rows("SELECT entry FROM audit_entry")]
    return sum(f'"{code}"' in row and person.id in row for row in rows)


def count(world: World, table: str) -> int:
    """Rows of a table."""
    return int(str(world.rows(f"SELECT count(*) FROM {table}")[0][0]))


def fill_in(world: World, admin: Person) -> str:
    """The form of an existing stack, with everything typed in; its Role ARN."""
    open_form(admin)
    arn = get_stack(world, admin, world.organization())
    admin.fill("AWS Account Name", "Production")
    admin.fill("AWS Role ARN", arn)
    return arn


def refuse(world: World, admin: Person) -> str:
    """Connect, and AWS says no for now; the Role ARN."""
    arn = fill_in(world, admin)
    fault = world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    admin.submit("Connect")
    admin.wait_for("We keep trying until")
    fault.release()
    return arn


def linked_once(world: World, admin: Person) -> None:
    """One account, one entry, one card."""
    card(world, admin, "is connected to XOps")
    assert world.rows("SELECT name, health FROM account") == [("Production", "healthy")]
    assert entries(world, admin, "XL001I") == 1
    assert len([message for message in admin.dms if "Production" in message.text]) == 1


def test_four_copies_of_a_connect_nobody_has_seen(world: World, admin: Person) -> None:
    fill_in(world, admin)
    request = unseen(world, lambda: admin.submit("Connect"))
    before = count(world, "request_ledger")
    hanging = world.cloud.hang("sts")

    answers = copies(world, request)

    assert [answer.status for answer in answers] == [200] * COPIES
    assert len({answer.body for answer in answers}) == 1, "byte by byte the same answer"
    assert answers[0].json["response_action"] == "update"
    assert count(world, "request_ledger") == before + 1
    assert world.rows("SELECT state, revision, attempt FROM draft") == [("checking", 2, 0)]
    assert entries(world, admin, "XS002I") == 1
    hanging.release()
    linked_once(world, admin)

    asked, before = len(world.cloud.calls), count(world, "report")
    late = copies(world, request)
    assert {answer.body for answer in late} == {answers[0].body}, "also when all is done"
    assert (len(world.cloud.calls), count(world, "report")) == (asked, before)
    assert entries(world, admin, "XS002I") == 1


def test_connect_pressed_twice_is_checked_once(world: World, admin: Person) -> None:
    fill_in(world, admin)
    presses = [unseen(world, lambda: admin.submit("Connect")) for _ in range(2)]
    assert presses[0].body != presses[1].body, "two presses carry two triggers"
    hanging = world.cloud.hang("sts")

    answers = together(world, presses)

    assert [answer.json["response_action"] for answer in answers] == ["update", "update"]
    assert world.rows("SELECT state, revision FROM draft") == [("checking", 2)]
    assert entries(world, admin, "XS002I") == 1
    hanging.release()
    linked_once(world, admin)


def test_check_again_pressed_twice_is_checked_once(world: World, admin: Person) -> None:
    refuse(world, admin)
    hanging = world.cloud.hang("sts")

    admin.click("Check again", times=2)

    assert world.rows("SELECT state, revision FROM draft") == [("checking", 3)]
    assert entries(world, admin, "XS002I") == 2, "one for Connect, one for Check again"
    hanging.release()
    admin.wait_for("Production is connected to XOps")
    linked_once(world, admin)


@pytest.mark.parametrize(
    ("label", "code"), [("Stop", "XS004I"), ("Change the answers", "XS003I"), ("Check again", "XS002I")]
)
def test_four_copies_of_a_press_on_a_refusal(world: World, admin: Person, label: str, code: str) -> None:
    refuse(world, admin)
    request = unseen(world, lambda: admin.click(label))
    before = entries(world, admin, code)
    hanging = world.cloud.hang("sts")
    answers = copies(world, request)
    assert {(answer.status, answer.body) for answer in answers} == {(200, b"")}
    assert world.rows("SELECT revision FROM draft") == [(3,)]
    assert entries(world, admin, code) == before + 1
    hanging.release()


def test_a_linked_account_checked_twice_at_once(world: World, admin: Person) -> None:
    link(world, admin)
    admin.click("See all accounts")
    admin.wait_for("Healthy, checked")
    reports, asked = count(world, "report"), len(world.cloud.calls)
    hanging = world.cloud.hang("sts")
    presses = [unseen(world, lambda: admin.click("Check again", where="modal")) for _ in range(2)]
    assert [answer.status for answer in together(world, presses)] == [200, 200]
    world.slack.wait_until(lambda: len(world.cloud.calls) > asked)
    hanging.release()
    world.slack.wait_until(lambda: count(world, "report") > reports)
    assert "Healthy" in admin.wait_for("See all accounts").text
    assert count(world, "report") == reports + 1
    assert entries(world, admin, "XL002I") == 0, "its health has not changed"


def test_a_first_copy_that_calls_itself_a_retry(world: World, admin: Person) -> None:
    """Slack's first try may have died on its way: the header says nothing about what we have seen."""
    fill_in(world, admin)
    request = unseen(world, lambda: admin.submit("Connect"))
    retry = request.again(**{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    assert send(world, retry).json["response_action"] == "update"
    linked_once(world, admin)


def test_an_event_that_comes_again_and_again_is_answered_once(world: World, admin: Person) -> None:
    first = unseen(world, lambda: admin.say("hello?"))
    retries = [
        first.again(**{"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"})
        for number in (1, 2, 3)
    ]
    assert [answer.status for answer in together(world, [*retries, first])] == [200] * 4
    card(world, admin, "Type /xops")
    assert send(world, retries[0]).status == 200
    admin.say("still there?")
    world.slack.wait_until(lambda: greetings(admin) >= 2)
    assert greetings(admin) == 2, "one for each thing that was said"
    assert count(world, "request_ledger") == 2


def greetings(person: Person) -> int:
    """How often the bot greeted the person."""
    return len([message for message in person.dms if "Type /xops" in message.text])


def test_a_field_error_is_not_remembered(world: World, admin: Person) -> None:
    arn = fill_in(world, admin)
    before = count(world, "request_ledger"), count(world, "audit_entry")
    admin.fill("AWS Role ARN", arn.replace(":role/", ":user/"))
    wrong = unseen(world, lambda: admin.submit("Connect"))
    answers = copies(world, wrong)
    assert len({answer.body for answer in answers}) == 1
    assert list(answers[0].json["errors"]) == ["role_arn"]
    assert before == (count(world, "request_ledger"), count(world, "audit_entry"))

    admin.fill("AWS Role ARN", arn)
    admin.submit("Connect")
    admin.wait_for("Production is connected to XOps")
    linked_once(world, admin)
