"""Waiting in line for the one writer of SQLite, or for one of PostgreSQL's connections."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from store import Busy
from store.turns import Turns

Together = Callable[[int, Callable[[int], Any]], list[Any]]


def wait_until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.001)


def test_who_came_first_is_served_first() -> None:
    turns, served = Turns(1, "locked"), []

    def wait(number: int) -> None:
        with turns.take(10):
            served.append(number)

    threads = [threading.Thread(target=wait, args=[number]) for number in range(6)]
    with turns.take(1):
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda expected=number + 1: len(turns._line) == expected)  # type: ignore[misc]
        with pytest.raises(Busy) as busy, turns.take(0.05):
            pass
        assert busy.value.reason == "locked"
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4, 5]
    with turns.take(0) as left:
        assert left <= 0


def test_never_more_inside_than_there_is_room_and_no_place_is_lost(together: Together) -> None:
    turns, inside, most = Turns(3, "x"), [], []

    def come_and_go(number: int) -> None:
        for _ in range(200):
            try:
                with turns.take(0.0005 * (number % 3)):
                    inside.append(number)
                    most.append(len(inside))
                    inside.remove(number)
            except Busy:
                pass

    together(12, come_and_go)
    assert max(most) <= 3
    assert (turns._free, len(turns._line)) == (3, 0)
