"""However often Slack delivers a press, it has one effect and one answer."""

from __future__ import annotations

import pytest

from sandbox.slack import Person, Request
from tests.harness.acts import card, connect, get_stack, open_form
from tests.harness.world import World


def effects(world: World, person: Person, code: str) -> int:
    """How many entries of this kind the person caused."""
    entries = [str(row[0]) for row in world.rows("SELECT entry FROM audit_entry")]
    return len([entry for entry in entries if f'"{code}"' in entry and person.id in entry])


def last(world: World, kind: str) -> Request:
    """The newest request of a kind."""
    return [request for request in world.slack.requests if request.kind == kind][-1]


def ready(world: World, admin: Person) -> str:
    """The form is open and the stack exists; the Role ARN."""
    open_form(admin)
    return get_stack(world, admin, world.organization())


def test_one_signed_body_four_times_on_four_connections(world: World, admin: Person) -> None:
    arn = ready(world, admin)
    fault = world.cloud.hang("sts", "AssumeRole")
    admin.fill("AWS Account Name", "Production")
    admin.fill("AWS Role ARN", arn)
    # The first delivery is lost on the way back: nobody saw it, then four come at once.
    admin.submit("Connect")
    request = last(world, "view_submission")
    answers = world.slack.redeliver(request, times=4)
    assert {answer.status for answer in answers} == {200}
    assert {answer.text for answer in answers} == {request.answer.text}
    assert effects(world, admin, "XS002I") == 1
    assert world.rows("SELECT revision FROM draft") == [(2,)]
    fault.release()
    card(world, admin, "is connected to XOps")
    again = world.slack.redeliver(request, times=2)
    assert {answer.text for answer in again} == {request.answer.text}, "also after it was done"
    assert effects(world, admin, "XL001I") == 1
    assert world.rows("SELECT count(*) FROM account") == [(1,)]


def test_four_first_deliveries_at_once(world: World, admin: Person) -> None:
    """None of the four has been seen before."""
    arn = ready(world, admin)
    world.cloud.hang("sts", "AssumeRole")
    connect(admin, "Production", "not an ARN")  # a field error is not recorded
    wrong = last(world, "view_submission")
    body = wrong.body.replace(b"not+an+ARN", arn.replace(":", "%3A").replace("/", "%2F").encode())
    assert body != wrong.body
    answers = world.redeliver_changed(wrong, body, times=4)
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "Checking with AWS" in answers[0].text
    assert effects(world, admin, "XS002I") == 1
    assert world.rows("SELECT count(*) FROM draft WHERE state = 'checking'") == [(1,)]
    world.cloud.clear()


def test_a_field_error_is_not_recorded(world: World, admin: Person) -> None:
    open_form(admin)
    before = world.rows("SELECT count(*) FROM request_ledger")
    connect(admin, "Production", "not an ARN")
    assert world.rows("SELECT count(*) FROM request_ledger") == before


@pytest.mark.parametrize("label", ["Check again", "Stop", "Change the answers"])
def test_a_double_click_counts_once(world: World, admin: Person, label: str) -> None:
    arn = ready(world, admin)
    world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    connect(admin, "Production", arn)
    admin.wait_for("We keep trying until")
    answers = admin.click(label, times=2)
    assert [answer.status for answer in answers] == [200, 200]
    if label == "Check again":
        # Two presses may start two checks, one after the other; the second alone has an effect.
        assert world.rows("SELECT state FROM draft") == [("checking",)]
        world.slack.wait_until(lambda: "We keep trying until" in admin.screen.text)
    else:
        codes = {"Stop": "XS004I", "Change the answers": "XS003I"}
        assert effects(world, admin, codes[label]) == 1


def test_the_retry_header_on_the_first_copy_seen(world: World, admin: Person) -> None:
    admin.say("hello?")
    request = last(world, "event message")
    world.slack.wait_until(lambda: request.status)
    request.headers.update({"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
    assert world.slack.redeliver(request, times=2)[0].status == 200
    card(world, admin, "Type /xops")
    assert len([m for m in admin.dms if "Type /xops" in m.text]) == 1


def test_a_bot_in_the_messages_starts_no_loop(world: World, admin: Person) -> None:
    world.slack.send_event(
        {
            "type": "message",
            "channel_type": "im",
            "channel": "D1",
            "user": admin.id,
            "bot_id": "B9",
            "text": "beep",
            "ts": "1.1",
        }
    )
    admin.say("hello?")
    card(world, admin, "Type /xops")
    assert len([m for m in admin.dms if "Type /xops" in m.text]) == 1
