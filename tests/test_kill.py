"""kill -9 between any two steps, then a restart: one account, one audit entry, the person told, no click lost."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import pytest

from sandbox.slack import Person, StoryError
from tests.harness.acts import connect, get_stack, open_form
from tests.harness.world import World

# Where the bot dies: (which peer, call, before or after it took effect, the how-manieth call).
STEPS = [
    ("cloud", "sts", "AssumeRole", "before", 1),
    ("slack", "views.update", "", "before", 1),
    ("slack", "chat.postMessage", "", "before", 1),
    ("slack", "chat.postMessage", "", "after", 1),
    *(
        pytest.param(*step, marks=pytest.mark.slow)
        for step in (
            ("cloud", "sts", "AssumeRole", "after", 1),
            ("cloud", "sts", "AssumeRole", "after", 3),
            ("cloud", "organizations", "DescribeOrganization", "after", 1),
            ("cloud", "iam", "SimulatePrincipalPolicy", "after", 1),
            ("slack", "views.update", "", "after", 2),
            ("slack", "views.publish", "", "before", 1),
            ("slack", "views.publish", "", "after", 1),
        )
    ),
]


def killer(world: World, number: int) -> tuple[Callable[[object], None], threading.Event]:
    """A hook that kills the bot at the given call."""
    seen = 0
    done = threading.Event()

    def hook(_call: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            world.bot.kill()
            done.set()

    return hook, done


def ready_to_connect(world: World) -> tuple[Person, str]:
    """An admin before a filled form, and the Role ARN."""
    admin = world.slack.person("Ada Lovelace", admin=True)
    open_form(admin)
    return admin, get_stack(world, admin, world.organization())


def told(admin: Person) -> list[str]:
    """The cards in the person's messages that tell the end."""
    return [message.text for message in admin.dms if "is connected to XOps" in message.text]


def linked_once(world: World, admin: Person) -> None:
    """Everything is there once, however often the bot died."""
    world.slack.wait_until(lambda: told(admin), 25)
    assert world.rows("SELECT name, health FROM account") == [("Production", "healthy")]
    entries = [str(row[0]) for row in world.rows("SELECT entry FROM audit_entry")]
    mine = [entry for entry in entries if '"XL001I"' in entry and admin.id in entry]
    assert len(mine) == 1
    cards = [message for message in admin.dms if "Production" in message.text]
    assert len(cards) <= 2, "at most one duplicate post"
    assert world.rows("SELECT state FROM draft") == [("done",)]


@pytest.mark.parametrize(("peer", "name", "action", "when", "number"), STEPS, ids=lambda value: str(value))
def test_killed_at_a_call(fragile: World, peer: str, name: str, action: str, when: str, number: int) -> None:
    admin, arn = ready_to_connect(fragile)
    hook, died = killer(fragile, number)
    if peer == "slack":
        (fragile.slack.before if when == "before" else fragile.slack.after)(name, hook)
    else:
        (fragile.cloud.before if when == "before" else fragile.cloud.after)(name, action, hook)
    connect(admin, "Production", arn)
    assert died.wait(15), "the call never came"
    fragile.bot.start()
    linked_once(fragile, admin)


def test_killed_right_after_the_acknowledgement(fragile: World) -> None:
    admin, arn = ready_to_connect(fragile)
    connect(admin, "Production", arn)
    fragile.bot.kill()
    fragile.bot.start()
    linked_once(fragile, admin)


def test_killed_after_commit_and_before_the_acknowledgement(fragile: World) -> None:
    """Whether Slack got the answer or not, the press counts once the row is there; pressed again, it counts once."""
    admin, arn = ready_to_connect(fragile)
    watcher = threading.Thread(target=_kill_when_committed, args=(fragile,))
    watcher.start()
    with contextlib.suppress(StoryError):
        connect(admin, "Production", arn)
    watcher.join()
    fragile.bot.start()
    linked_once(fragile, admin)


def _kill_when_committed(world: World) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if world.rows("SELECT 1 FROM draft WHERE state = 'checking'"):
            world.bot.kill()
            return


def test_killed_between_two_tries_of_a_refusal_that_heals(fragile: World) -> None:
    admin, arn = ready_to_connect(fragile)
    fault = fragile.cloud.fault(
        "sts", "AssumeRole", code="AccessDenied", message="not authorized", status=403
    )
    connect(admin, "Production", arn)
    admin.wait_for("We keep trying until")
    fragile.bot.kill()
    fault.release()
    fragile.bot.start()
    linked_once(fragile, admin)
