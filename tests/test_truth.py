"""What the bot says about a press is true, at whatever moment the database stops and comes back."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.slack import Person
from tests.harness.acts import open_form
from tests.harness.postgres import Postgres
from tests.harness.raw import Raw, Said, send, unseen
from tests.harness.world import World

PRESSES = 10
STUCK = 2.4  # seconds: longer than any answer may take
LIMIT = 2.3 + 0.7  # seconds at a client that shares two cores with nine others
NOTHING, UNCONFIRMED, TAKEN = "Nothing was changed", "could not confirm this in time", "Checking with AWS"


def stop_and_go(world: World, postgres: Postgres) -> None:
    """Nobody can write, for longer than a request may take."""
    if world.database.startswith("sqlite"):
        outside = world.lock()
        time.sleep(STUCK)
        outside.rollback()
        outside.close()
        return
    postgres.freeze()
    time.sleep(STUCK)
    postgres.thaw()


def press_all(world: World, postgres: Postgres, made: list[Raw], after: int) -> list[Said]:
    """All of them at the same moment; the database stops when so many have been answered."""
    answered = threading.Semaphore(0)

    def press(request: Raw) -> Said:
        try:
            return send(world, request)
        finally:
            answered.release()

    with ThreadPoolExecutor(len(made) + 1) as pool:
        if after == 0:
            stopped = pool.submit(stop_and_go, world, postgres)
        answers = [pool.submit(press, request) for request in made]
        for _ in range(after):
            answered.acquire()
        if after:
            stop_and_go(world, postgres)
        else:
            stopped.result()
        return [answer.result() for answer in answers]


def presses(world: World) -> dict[str, Raw]:
    """Filled forms of so many people, and the Connect of each, which the bot has not seen."""
    made = {}
    for number in range(PRESSES):
        person: Person = world.slack.person(f"Person {number}", admin=True)
        open_form(person)
        person.fill("AWS Account Name", f"Account {number}")
        person.fill("AWS Role ARN", f"arn:aws:iam::{world.account()}:role/XopsReadOnly")
        made[person.id] = unseen(world, lambda person=person: person.submit("Connect"))
    return made


def verdict(answer: Said) -> str:
    """What the person was told."""
    assert answer.status == 200
    said = json.dumps(answer.json, ensure_ascii=False)
    return next(words for words in (NOTHING, UNCONFIRMED, TAKEN) if words in said)


def revisions(world: World) -> dict[str, int]:
    """How often each person's draft was taken, and one."""
    return {str(user): int(str(n)) for user, n in world.rows("SELECT user_id, revision FROM draft")}


# While they arrive, and when one or some have been taken and the others are in their transactions.
@pytest.mark.parametrize("after", [0, 1, 4])
def test_the_answer_is_what_happened(fragile: World, postgres: Postgres, after: int) -> None:
    made = presses(fragile)
    hanging = fragile.cloud.hang("sts")
    answers = press_all(fragile, postgres, list(made.values()), after)
    assert max(answer.seconds for answer in answers) < LIMIT
    told = {person: verdict(answer) for person, answer in zip(made, answers, strict=True)}

    # Once a new press gets through, nothing of what was under way is left.
    last = fragile.slack.person("Last", admin=True)
    open_form(last)
    assert fragile.bot.get("/readyz")[0] == 200
    found = revisions(fragile)
    assert {person for person, words in told.items() if words == TAKEN and found[person] != 2} == set()
    assert {person for person, words in told.items() if words == NOTHING and found[person] != 1} == set()

    # The same press again: taken if it was not, and the same answer if it was.
    again = {person: send(fragile, request) for person, request in made.items()}
    assert {verdict(answer) for answer in again.values()} == {TAKEN}
    first = dict(zip(made, answers, strict=True))
    assert all(again[p].body == first[p].body for p, words in told.items() if words == TAKEN)
    assert set(list(revisions(fragile).values())[:PRESSES]) <= {1, 2}
    assert sum(number == 2 for number in revisions(fragile).values()) == PRESSES
    hanging.release()
