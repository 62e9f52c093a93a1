"""Requests as nobody's client library would send them: signed or not, byte by byte, many at once."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from sandbox.ports import free_port
from sandbox.slack import Request, TroubleConnecting
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
    headers: dict[str, str | bytes]

    def again(self, **headers: str | bytes) -> Raw:
        """The same bytes with some headers more, or others."""
        return Raw(self.body, {**self.headers, **headers})

    def without(self, header: str) -> Raw:
        """The same bytes with one header less."""
        return Raw(self.body, {name: value for name, value in self.headers.items() if name != header})


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


def unseen(world: World, act: Callable[[], object]) -> Raw:
    """What Slack signed for this act and could not deliver: the bot has never seen it."""
    address, world.slack.bot_url = world.slack.bot_url, f"http://127.0.0.1:{free_port()}/slack/events"
    with suppress(TroubleConnecting):
        act()
    world.slack.bot_url = address
    request: Request = world.slack.requests[-1]
    assert request.status == 0
    return Raw(request.body, request.headers)


def talk(world: World, text: bytes) -> Said:
    """Send bytes that no library would, and read what comes until the connection ends or the answer is whole."""
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", world.bot.port), 5) as link:
        link.sendall(text)
        answer = b""
        while not _is_whole(answer) and (more := link.recv(65536)):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    return Said(int(head.split()[1]) if head else 0, body, time.monotonic() - started)


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.I)
    return bool(found and length and len(body) >= int(length[1]))


# Not here: what the bot writes by itself from time to time.
TABLES = (
    "person",
    "setting",
    "request_ledger",
    "draft",
    "account_name",
    "account",
    "key",
    "report",
    "audit_entry",
    "audit_person",
)


def everything(world: World) -> dict[str, list[str]]:
    """Every row that requests lead to, and the jobs they lead to."""
    schema = "" if world.database.startswith("sqlite") else "dbos."
    jobs = f"SELECT workflow_uuid FROM {schema}workflow_status WHERE queue_name <> 'clock'"
    queries = {**{table: f"SELECT * FROM {table}" for table in TABLES}, "jobs": jobs}
    with world.engine.connect() as connection:
        return {name: sorted(map(str, connection.execute(sa.text(query)))) for name, query in queries.items()}


def spoken(world: World) -> str:
    """The whole log."""
    return world.bot.tail(10**9)
