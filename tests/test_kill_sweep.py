"""kill -9 at every call that linking makes, one after the other. Slow: for CI."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness.acts import connect
from tests.harness.world import World
from tests.test_kill import killer, linked_once, ready_to_connect, told

Hook = Callable[[object], None]
Listen = Callable[[World, str, Hook], None]

pytestmark = pytest.mark.slow


def aws(world: World, when: str, hook: Hook) -> None:
    """Every call of the bot to AWS, of whatever service."""
    for service in ("sts", "iam", "organizations"):
        (world.cloud.before if when == "before" else world.cloud.after)(service, "", hook)


def slack(world: World, when: str, hook: Hook) -> None:
    """Every call of the bot to Slack."""
    (world.slack.before if when == "before" else world.slack.after)("*", hook)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("peer", "number"),
    [*((aws, number) for number in range(1, 9)), *((slack, number) for number in range(1, 5))],
    ids=lambda value: str(getattr(value, "__name__", value)),
)
def test_killed_at_the_call_of_this_number(fragile: World, peer: Listen, number: int, when: str) -> None:
    admin, arn = ready_to_connect(fragile)
    hook, died = killer(fragile, number)
    linking = [True]
    peer(fragile, when, lambda call: hook(call) if linking else None)
    connect(admin, "Production", arn)
    # How many calls a linking makes depends on how fast it is: it may have ended before this one.
    fragile.slack.wait_until(lambda: died.is_set() or told(admin), 25)
    linking.clear()
    if not fragile.bot.is_running:
        fragile.bot.start()
    linked_once(fragile, admin)
