"""Everything Slack sends to the bot: recorded, one or many at once, again, and (events) retried."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from . import sender
from .errors import OperationTimeout
from .sender import DEADLINE, Answer, Request, Sender
from .walk import Json

RETRY_DELAYS = (0.0, 60.0, 300.0)


class Outbox:
    """The way to the bot."""

    def __init__(self, secret: str, way: Sender, retries: bool, wake: Callable[[], object]) -> None:
        self.secret = secret
        self.way = way
        self.retries = retries
        self.retry_delays = RETRY_DELAYS
        self.deadline = DEADLINE
        self.requests: list[Request] = []
        self._wake = wake
        self._over = threading.Event()

    def deliver(self, request: Request) -> Answer:
        """Sends and records one request. Raises OperationTimeout when the bot takes too long."""
        self.requests.append(request)
        try:
            request.answer = self.way.send(request, self.deadline)
        except OperationTimeout:
            request.timed_out = True
            raise
        finally:
            self._wake()
        return request.answer

    def together(self, requests: list[Request]) -> list[Answer]:
        """Sends several requests at the same moment. Raises OperationTimeout if any of them met it."""
        if len(requests) == 1:
            return [self.deliver(requests[0])]
        start = threading.Barrier(len(requests))

        def send(request: Request) -> Answer:
            start.wait()
            return self.deliver(request)

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(send, requests))

    def again(self, request: Request, times: int) -> list[Answer]:
        """Sends the same signed bytes again, on several connections at once."""
        return self.together([replace(request, answer=None, timed_out=False) for _ in range(times)])

    def event(self, payload: Json) -> Request:
        """Sends an event; with `retries` a failed one comes again in the background, else a time-out is raised."""
        request = sender.event(payload, self.secret)
        if not self.retries:
            self.deliver(request)
        elif self._failed(request):
            threading.Thread(target=self._retry, args=[payload, request], daemon=True).start()
        return request

    def later(self, payload: Json) -> None:
        """Sends an event in the background, whatever comes of it."""
        request = sender.event(payload, self.secret)
        threading.Thread(target=self._failed, args=[request], daemon=True).start()

    def stop(self) -> None:
        """No more retries."""
        self._over.set()

    def _retry(self, payload: Json, request: Request) -> None:
        for number, delay in enumerate(self.retry_delays, 1):
            if self._over.wait(delay):
                return
            reason = (
                "http_timeout"
                if request.timed_out
                else "http_error"
                if request.status
                else "connection_failed"
            )
            request = sender.event(payload, self.secret)
            request.headers.update({"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason})
            if not self._failed(request):
                return

    def _failed(self, request: Request) -> bool:
        try:
            answer = self.deliver(request)
        except OperationTimeout:
            return True
        declined = {name.lower(): value for name, value in answer.headers.items()}.get(
            "x-slack-no-retry"
        ) == "1"
        return not 200 <= answer.status < 300 and not declined
