"""Every kind of press while the database, Slack or AWS hang: answered in time, told truthfully, and it works after."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from sandbox.slack import Person
from tests.harness.acts import card, connect, get_stack, open_form
from tests.harness.postgres import Postgres
from tests.harness.raw import Raw, send, spoken, together, unseen
from tests.harness.world import World

pytestmark = pytest.mark.slow  # the few of each kind that matter most are in test_deadline

LIMIT = 2.3  # seconds at the client
CROWD = 60
CROWDED = LIMIT + 1  # sixty clients of one process, on two cores


@contextmanager
def stuck(world: World, postgres: Postgres) -> Iterator[None]:
    """Nobody can write: SQLite is locked from outside, PostgreSQL frozen."""
    if world.database.startswith("sqlite"):
        with contextlib.closing(world.lock()):
            yield
        return
    postgres.freeze()
    try:
        yield
    finally:
        postgres.thaw()


def refused(world: World) -> Person:
    """An admin whose account is not connected yet, and who has it on every surface."""
    admin = world.slack.person("Ada Lovelace", admin=True)
    open_form(admin)
    world.cloud.fault("sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403)
    connect(admin, "Production", get_stack(world, admin, world.organization()))
    admin.wait_for("We keep trying until")
    card(world, admin, "We keep trying until")
    admin.wait_for("Setup in progress", where="home")
    return admin


def entries(world: World, person: Person, code: str) -> int:
    """How often this stands in the audit log about the person."""
    rows = [str(row[0]) for row in world.rows("SELECT entry FROM audit_entry")]
    return sum(f'"{code}"' in row and person.id in row for row in rows)


@pytest.mark.parametrize(
    ("label", "where", "code"),
    [("Stop", "modal", "XS004I"), ("Change the answers", "modal", "XS003I"), ("Stop", "dm", "XS004I")],
)
def test_a_press_that_comes_too_early_changes_nothing_and_says_so(
    fragile: World, postgres: Postgres, label: str, where: str, code: str
) -> None:
    admin = refused(fragile)
    request = unseen(fragile, lambda: admin.click(label, where=where))
    with stuck(fragile, postgres):
        said = send(fragile, request)
        assert said.seconds < LIMIT
        # Either a screen tells it or, when we do not even know that in time, Slack's warning sign.
        assert said.status in (200, 503)
        if said.status == 200:
            admin.wait_for("Nothing was changed")
    if where == "modal":
        admin.wait_for("Nothing was changed")
    assert fragile.rows("SELECT state, revision FROM draft") == [("checking", 2)]
    assert entries(fragile, admin, code) == 0

    assert send(fragile, request).status == 200, "the same press works now"
    assert fragile.rows("SELECT state, revision FROM draft") == [("prepared", 3)]
    assert entries(fragile, admin, code) == 1


def test_what_only_opens_a_screen_opens_it_when_the_database_is_back(
    fragile: World, postgres: Postgres
) -> None:
    admin = refused(fragile)
    admin.close()
    presses: dict[str, Callable[[], object]] = {
        "command": lambda: admin.command("/xops"),
        "resume": lambda: admin.click("Resume", where="home"),
    }
    for press in presses.values():
        request = unseen(fragile, press)
        with stuck(fragile, postgres):
            said = send(fragile, request)
            assert (said.status, said.body) == (200, b"")
            assert said.seconds < LIMIT
            admin.wait_for("Opening")
        admin.wait_for("For any challenges" if press is presses["command"] else "We keep trying until")
        admin.close()


def test_help_needs_no_database(fragile: World, postgres: Postgres) -> None:
    admin = fragile.slack.person("Ada Lovelace", admin=True)
    with stuck(fragile, postgres):
        answer = admin.command("/xops help")
    assert "/xops link" in answer.json["text"]
    assert answer.seconds < 1


def test_a_bot_that_knows_nobody_yet_says_so_and_does_nothing_later(
    fragile: World, postgres: Postgres
) -> None:
    """Right after a start the workspace has to be read before anything is done: here that takes too long."""
    admin = refused(fragile)
    admin.close()
    fragile.bot.kill()
    fragile.bot.start()
    command = unseen(fragile, lambda: admin.command("/xops link aws"))
    again = unseen(fragile, lambda: admin.click("Check again", where="dm"))
    before = len(fragile.slack.calls_of("views.open"))
    with stuck(fragile, postgres):
        answers = together(fragile, [command, again])
    assert max(said.seconds for said in answers) < LIMIT
    assert "Nothing was changed" in answers[0].json["text"]
    assert answers[1].status == 503
    # A press that works now ends after all that was under way.
    other = fragile.slack.person("Grace Hopper", admin=True)
    open_form(other)
    assert fragile.rows(f"SELECT revision FROM draft WHERE user_id = '{admin.id}'") == [(2,)]
    assert len(fragile.slack.calls_of("views.open")) == before + 1, "nothing opens that was refused"
    assert not [m for m in admin.dms if "closed the way" in m.text]


def crowd(world: World, act: Callable[[Person], object]) -> list[Raw]:
    """The same act of sixty people, which the bot has not seen."""
    people = [world.slack.person(f"Person {number}", admin=True) for number in range(CROWD)]
    return [unseen(world, lambda person=person: act(person)) for person in people]


ACTS: dict[str, Callable[[Person], object]] = {
    "command": lambda person: person.command("/xops"),
    "event": lambda person: person.say("hello?"),
    "home": lambda person: person.open_home(),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_crowd_while_slack_and_aws_hang(fragile: World, act: str) -> None:
    requests, spoke = crowd(fragile, ACTS[act]), len(spoken(fragile))
    faults = [fragile.slack.fault("*", hang=True, times=None), fragile.cloud.hang("sts")]
    answers = [*together(fragile, requests), *together(fragile, [request.again() for request in requests])]
    assert {said.status for said in answers} == {200}
    assert max(said.seconds for said in answers) < CROWDED
    for fault in faults:
        fault.release()
    fragile.slack.clear_faults()
    late = fragile.slack.person("Late Comer", admin=True)
    late.command("/xops")
    late.wait_for("Select Your Preferred Cloud", timeout=20)
    assert "Traceback" not in spoken(fragile)[spoke:], "that Slack hangs is foreseen"


def test_more_at_once_than_the_door_works_on(fragile: World, postgres: Postgres) -> None:
    requests = [request for _ in range(2) for request in crowd(fragile, ACTS["event"])]
    with stuck(fragile, postgres):
        answers = together(fragile, requests)
    assert {said.status for said in answers} == {503}, "Slack delivers them again"
    assert max(said.seconds for said in answers) < CROWDED
    assert fragile.rows("SELECT count(*) FROM request_ledger") == [(0,)]
    assert {said.status for said in together(fragile, requests[:CROWD])} == {200}
    assert fragile.rows("SELECT count(*) FROM request_ledger") == [(CROWD,)]


def test_a_crowd_of_connects_while_aws_hangs(fragile: World) -> None:
    people = [fragile.slack.person(f"Person {number}", admin=True) for number in range(12)]
    for number, person in enumerate(people):
        open_form(person)
        person.fill("AWS Account Name", f"Account {number}")
        person.fill("AWS Role ARN", f"arn:aws:iam::{fragile.account()}:role/XopsReadOnly")
    hanging = fragile.cloud.hang("sts")
    for _ in range(2):
        requests = [unseen(fragile, lambda person=person: person.submit("Connect")) for person in people]
        answers = together(fragile, requests * 5)
        assert max(said.seconds for said in answers) < CROWDED
        assert {said.json["response_action"] for said in answers} == {"update"}
    assert fragile.rows("SELECT count(*) FROM draft WHERE state = 'checking' AND revision = 2") == [(12,)]
    hanging.release()


def test_connections_cut_by_the_server_are_made_anew_and_told_in_one_form(fragile: World) -> None:
    if fragile.database.startswith("sqlite"):
        return  # it has none
    fragile.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    fragile.slack.wait_until(lambda: '"dbos"' in spoken(fragile))
    said = spoken(fragile).splitlines()
    assert [line for line in said if not line.startswith(("{", "XOps answers Slack on "))] == []
    admin = fragile.slack.person("Ada Lovelace", admin=True)
    open_form(admin)
    connect(admin, "Production", get_stack(fragile, admin, fragile.organization()))
    admin.wait_for("Production is connected to XOps")
