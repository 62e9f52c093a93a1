"""Waiting in line: who came first is served first. `threading.Semaphore` lets a busy thread overtake all others."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator

from store.errors import Busy


class Turns:
    """So many may be inside at once; the others wait in the order they came."""

    def __init__(self, count: int, reason: str) -> None:
        self._reason = reason
        self._lock = threading.Lock()
        self._free = count
        self._line: deque[threading.Lock] = deque()

    @contextlib.contextmanager
    def take(self, patience: float) -> Iterator[float]:
        """Be inside; yields the seconds of patience that are left. Raises Busy when it took too long."""
        give_up = time.monotonic() + patience
        if not self._enter(max(0.0, patience)):
            raise Busy(self._reason)
        try:
            yield give_up - time.monotonic()
        finally:
            self._leave()

    def _enter(self, patience: float) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._line.append(mine)
        if mine.acquire(timeout=patience):
            return True
        with self._lock:
            if mine not in self._line:
                return True  # the turn came in the last moment
            self._line.remove(mine)
            return False

    def _leave(self) -> None:
        with self._lock:
            if self._line:
                self._line.popleft().release()
            else:
                self._free += 1
