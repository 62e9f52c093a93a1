"""Sending to the bot: signed as Slack signs, with Slack's three seconds.

`Sender` is the seam: `SignedHttp` posts to a request URL; a Socket Mode sender would hand the same `Request` to a
web socket and make an `Answer` of the acknowledgement.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from .errors import OperationTimeout
from .walk import Json

FORM = "application/x-www-form-urlencoded"
DEADLINE = 3.0


@dataclass(slots=True)
class Answer:
    """What the bot answered; status 0 when it could not be reached."""

    status: int
    text: str
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """True for HTTP 200, the only status Slack takes for an acknowledgement."""
        return self.status == 200

    @property
    def json(self) -> Any:
        """The body as JSON, None when it is empty."""
        return json.loads(self.text) if self.text.strip() else None


@dataclass(slots=True)
class Request:
    """Something sent to the bot: what it was, the signed bytes, and what came of it."""

    kind: str
    body: bytes
    headers: dict[str, str] = field(repr=False)
    payload: Json
    at: float
    answer: Answer | None = None
    timed_out: bool = False

    @property
    def status(self) -> int | None:
        """The HTTP status, None while there is no answer."""
        return self.answer.status if self.answer else None

    @property
    def seconds(self) -> float | None:
        """How long the bot took."""
        return self.answer.seconds if self.answer else None

    def __str__(self) -> str:
        outcome = (
            "no answer in time" if self.timed_out else f"{self.status} {self.answer and self.answer.text!r}"
        )
        return f"{self.kind} -> {outcome}"


class Sender(Protocol):
    """Brings a request to the bot; raises OperationTimeout after `deadline` seconds."""

    def send(self, request: Request, deadline: float) -> Answer: ...


def sign(secret: str, body: bytes, at: int) -> str:
    """Slack's signature v0 over timestamp and raw body."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


def form(kind: str, fields: dict[str, str], secret: str) -> Request:
    """A slash command."""
    return _request(kind, urlencode(fields).encode(), FORM, dict(fields), secret)


def interaction(payload: Json, secret: str) -> Request:
    """An interaction: JSON in the form field `payload`."""
    body = urlencode({"payload": json.dumps(payload, separators=(",", ":"))}).encode()
    return _request(payload["type"], body, FORM, payload, secret)


def event(payload: Json, secret: str) -> Request:
    """An event (or url_verification): a JSON body."""
    inner = payload.get("event", {}).get("type", payload["type"])
    body = json.dumps(payload, separators=(",", ":")).encode()
    return _request(f"event {inner}", body, "application/json", payload, secret)


def _request(kind: str, body: bytes, content_type: str, payload: Json, secret: str) -> Request:
    at = int(time.time())
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept": "application/json,*/*",
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": sign(secret, body, at),
    }
    return Request(kind, body, headers, payload, time.time())


class SignedHttp:
    """Posts requests to the bot's request URL, each on a connection of its own."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url

    def send(self, request: Request, deadline: float) -> Answer:
        """One POST. Raises OperationTimeout; an unreachable bot is an Answer with status 0."""
        url = urlsplit(self._url())
        started = time.monotonic()
        link = http.client.HTTPConnection(url.hostname or "", url.port or 80, timeout=deadline)
        guard = threading.Timer(deadline, lambda: None)
        try:
            link.connect()
            # A socket's time limit starts anew with every byte; this one is for the whole answer.
            guard = threading.Timer(deadline, _hang_up, [link.sock])
            guard.daemon = True
            guard.start()
            link.request("POST", url.path or "/", request.body, request.headers)
            reply = link.getresponse()
            text = reply.read().decode("utf-8", "replace")
            answer = Answer(reply.status, text, time.monotonic() - started, dict(reply.getheaders()))
        except (OSError, http.client.HTTPException) as fault:
            answer = Answer(0, str(fault), time.monotonic() - started)
        finally:
            guard.cancel()
            link.close()
        if answer.seconds >= deadline:
            raise OperationTimeout(f"{request.kind}: the bot did not answer within {deadline} s")
        return answer


def _hang_up(link: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the answer came at the same moment
        link.shutdown(socket.SHUT_RDWR)
