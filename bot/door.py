"""The HTTP front before Bolt: checks the signature over the raw bytes, then parses, then keeps the deadline.

No Bolt and no database here. Bolt parses before it verifies and answers some malformed requests with 500, so it
only ever sees a body that was signed and is a JSON object.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot import shapes

log = logging.getLogger(__name__)

MAX_BODY = 1 << 20  # bytes
WINDOW = 300  # seconds a signed request may be old, or ahead
ANSWER_WITHIN = 2.0  # seconds; Slack gives up after 3
THREADS = 32


class TooLate(Exception):
    """The door has already answered for this request; its effect must not be committed."""


class Deadline:
    """Decides once, between a request's thread and the door, whether the effect may still be committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._committing = False
        self._closed = False

    def commit(self) -> None:
        """Called right before COMMIT. Raises TooLate when the door has answered."""
        with self._lock:
            if self._closed:
                raise TooLate
            self._committing = True

    @property
    def is_over(self) -> bool:
        """Whether the door has answered: nothing more is to be done about this request."""
        return self._closed

    def close(self) -> bool:
        """No commit may begin from now on. True: one had begun, and its end is not known."""
        with self._lock:
            self._closed = True
            return self._committing


@dataclass(frozen=True)
class Request:
    """One signed request of Slack."""

    body: dict[str, Any]
    key: str  # the same for every delivery of the same request
    deadline: Deadline = field(default_factory=Deadline)

    def __deepcopy__(self, _memo: Any) -> Request:
        return self  # Bolt copies its context for lazy listeners


@dataclass(frozen=True)
class Answer:
    """What goes back to Slack."""

    status: int = 200
    content: str | dict[str, Any] = ""

    @property
    def bytes(self) -> bytes:
        """The body as sent."""
        text = self.content if isinstance(self.content, str) else json.dumps(self.content)
        return text.encode(errors="replace")  # JSON may hold half a surrogate pair

    @property
    def content_type(self) -> str:
        """JSON for an object, plain text otherwise."""
        return "application/json" if isinstance(self.content, dict) else "text/plain; charset=utf-8"


class Refused(Exception):
    """The request is not one of Slack's, or cannot be read: (status, reason)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


Handle = Callable[[Request], Answer]
LateAnswer = Callable[[dict[str, Any], bool], Answer]  # (body, a commit had begun)
Watch = Callable[[str, float], None]  # (outcome, seconds)


class Door:
    """A WSGI application that lets signed requests through to `handle`, and answers by itself when it is late."""

    def __init__(
        self, secret: str, handle: Handle, late: LateAnswer, watch: Watch = lambda _outcome, _seconds: None
    ) -> None:
        if len(secret) < 16:
            raise ValueError("a signing secret has 16 characters or more")
        self._secret = secret.encode()
        self._handle = handle
        self._late = late
        self._watch = watch
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.monotonic()
        try:
            answer = self._admit(self._read(environ), started)
        except Refused as refusal:
            log.info("refused a request", extra={"status": refusal.status, "reason": str(refusal)})
            answer = Answer(refusal.status, str(refusal))
        self._watch(str(answer.status), time.monotonic() - started)
        body = answer.bytes
        headers = [("Content-Type", answer.content_type), ("Content-Length", str(len(body)))]
        start_response(f"{answer.status} {'OK' if answer.status == 200 else 'Refused'}", headers)
        return [body]

    def close(self) -> None:
        """Take no more requests."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _read(self, environ: dict[str, Any]) -> Request:
        if environ["PATH_INFO"] != "/slack/events":
            raise Refused(404, "not found")
        if environ["REQUEST_METHOD"] != "POST":
            raise Refused(405, "use POST")
        length = environ.get("CONTENT_LENGTH") or "0"
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MAX_BODY:
            raise Refused(413, "too large")
        raw = environ["wsgi.input"].read(int(length))
        check_signature(
            self._secret,
            environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""),
            environ.get("HTTP_X_SLACK_SIGNATURE", ""),
            raw,
        )
        return parse(raw, environ.get("CONTENT_TYPE", ""))

    def _admit(self, request: Request, started: float) -> Answer:
        if request.body.get("type") == "url_verification":
            return Answer(200, str(request.body.get("challenge", ""))[:256])
        if "ssl_check" in request.body:
            return Answer(200)
        future = self._pool.submit(self._handle, request)
        try:
            return future.result(max(0.0, ANSWER_WITHIN - (time.monotonic() - started)))
        except FutureTimeout:
            future.cancel()
            begun = request.deadline.close()
            log.warning("answered without a result", extra={"commit_had_begun": begun})
            return self._late(request.body, begun)


def check_signature(secret: bytes, timestamp: str, signature: str, raw: bytes) -> None:
    """Raises Refused unless Slack signed these bytes within the last five minutes.

    Source: Slack, "Verifying requests from Slack" (v0, HMAC-SHA256 over `v0:timestamp:body`).
    """
    if not re.fullmatch(r"[0-9]{1,12}", timestamp, re.ASCII) or not re.fullmatch(
        r"v0=[0-9a-f]{64}", signature, re.ASCII
    ):
        raise Refused(401, "not signed")
    expected = "v0=" + hmac.new(secret, b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise Refused(401, "wrong signature")
    if abs(time.time() - int(timestamp)) > WINDOW:
        raise Refused(401, "too old or too new")


def parse(raw: bytes, content_type: str) -> Request:
    """The signed body as one JSON object. Raises Refused with 400."""
    try:
        text = raw.decode()
        if content_type.split(";")[0].strip().lower() == "application/json":
            body = json.loads(text)
        else:
            body = _form(text)
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(body, dict):
        raise Refused(400, "not an object")
    if not shapes.fits(body):
        raise Refused(400, "not of Slack's shape")
    event_id = body.get("event_id")
    known = isinstance(event_id, str) and re.fullmatch(r"[!-~]{1,64}", event_id)
    return Request(body, f"event:{event_id}" if known else "body:" + hashlib.sha256(raw).hexdigest())


def _form(text: str) -> Any:
    """A slash command as it is, or what its `payload` field holds."""
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100, errors="strict")
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refused(400, "a field is repeated")
    return json.loads(fields["payload"]) if "payload" in fields else fields
