"""Requests as nobody's client library would send them: signed or not, byte by byte, many at once."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.slack.sender import FORM, sign
from tests.harness.world import SECRET, World

JSON = "application/json"


@dataclass(frozen=True)
class Said:
    """What came back, as the client saw it; status 0 when the connection ended without an answer."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Raw:
    """One request to be sent as it is."""

    body: bytes
    headers: dict[str, str]

    def again(self, **headers: str) -> Raw:
        """The same bytes with some headers more, or others."""
        return Raw(self.body, {**self.headers, **headers})


def signed(body: bytes, kind: str = FORM, ago: int = 0, secret: str = SECRET) -> Raw:
    """A body with Slack's headers; `ago`: seconds it was signed before now."""
    at = int(time.time()) - ago
    return Raw(
        body,
        {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": str(at),
            "X-Slack-Signature": sign(secret, body, at),
        },
    )


def interaction(payload: Any) -> Raw:
    """An interaction, signed."""
    return signed(urlencode({"payload": json.dumps(payload)}).encode())


def event(payload: Any) -> Raw:
    """An event, signed."""
    return signed(json.dumps(payload).encode(), JSON)


def form(fields: dict[str, str]) -> Raw:
    """A slash command, signed."""
    return signed(urlencode(fields).encode())


def send(
    world: World, request: Raw, *, method: str = "POST", path: str = "/slack/events", patience: float = 10
) -> Said:
    """Send it on a connection of its own."""
    link = http.client.HTTPConnection("127.0.0.1", world.bot.port, timeout=patience)
    started = time.monotonic()
    try:
        link.request(method, path, request.body, request.headers)
        answer = link.getresponse()
        return Said(answer.status, answer.read(), time.monotonic() - started)
    except (OSError, http.client.HTTPException):
        return Said(0, b"", time.monotonic() - started)
    finally:
        link.close()


def together(world: World, requests: Sequence[Raw]) -> list[Said]:
    """Send all of them at the same moment."""
    start = threading.Barrier(len(requests))

    def one(request: Raw) -> Said:
        start.wait()
        return send(world, request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(one, requests))
