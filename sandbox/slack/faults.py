"""Slack in a bad mood: faults on demand, and rate limits, per Web API method."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, JSONResponse, Response

UNAVAILABLE = "<!DOCTYPE html><html><head><title>Server Error</title></head><body>Slack is down</body></html>"


@dataclass(slots=True, eq=False)
class Fault:
    """One ordered fault. With `applied` the call takes effect first and then goes wrong for the caller."""

    method: str
    error: str = ""
    status: int = 0
    retry_after: int | str | None = None
    body: str | None = None
    latency: float = 0.0
    hang: bool = False
    reset: bool = False
    applied: bool = False
    left: int | None = 1  # None: until cancelled
    hits: int = 0
    _released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Lets calls that hang go on."""
        self._released.set()

    def cancel(self) -> None:
        """Ends the fault and lets calls that hang go on."""
        self.left = 0
        self.release()

    async def strike(self, transport: asyncio.Transport) -> Response | None:
        """Does the harm; returns the answer to give instead of the real one, if any."""
        if self.latency:
            await asyncio.sleep(self.latency)
        while self.hang and not self._released.is_set():
            await asyncio.sleep(0.005)
        if self.reset:
            return await reset(transport)
        return self._answer()

    def _answer(self) -> Response | None:
        if self.error:
            return JSONResponse({"ok": False, "error": self.error})
        if self.status == 429:
            return too_many(self.retry_after)
        if self.body is not None or self.status:
            return HTMLResponse(UNAVAILABLE if self.body is None else self.body, self.status or 200)
        return None


def too_many(retry_after: int | str | None) -> Response:
    """HTTP 429; `retry_after` None leaves the header out."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)


async def reset(transport: asyncio.Transport) -> Response:
    """Ends the connection with a TCP reset instead of an answer."""
    link = transport.get_extra_info("socket")
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0)  # the protocol learns of it, so that the answer below is dropped
    return Response(status_code=500)


class Faults:
    """The faults in force and the rates enforced."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._rates: dict[str, tuple[int, deque[float]]] = {}
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Puts a fault into force; several for one method happen in the order they were ordered."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def limit(self, method: str, per_minute: int) -> None:
        """Enforces a rate; Slack's are 1, 20, 50 and 100 a minute (tiers 1 to 4)."""
        self._rates[method] = (per_minute, deque())

    def clear(self) -> None:
        """Ends all faults and rates."""
        with self._lock:
            for fault in self._faults:
                fault.cancel()
            self._faults.clear()
            self._rates.clear()

    def take(self, method: str) -> Fault | None:
        """The fault for this call, if one is in force."""
        with self._lock:
            for fault in self._faults:
                if fault.method in (method, "*") and fault.left != 0:
                    fault.hits += 1
                    fault.left = None if fault.left is None else fault.left - 1
                    return fault
        return None

    def over_rate(self, method: str) -> int | None:
        """Seconds to wait when the method is over its rate."""
        if method not in self._rates:
            return None
        most, calls = self._rates[method]
        now = time.monotonic()
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= most:
            return int(60 - (now - calls[0])) + 1
        calls.append(now)
        return None
