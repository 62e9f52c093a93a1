"""The two ports. They are taken before anything else starts, so that two processes never believe to be the same one,
and so that a request which comes while we start waits instead of being refused."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from waitress.server import create_server

from bot.door import MAX_BODY

THREADS = 256  # each only waits for an answer: fifty requests a second, two seconds each, and room to spare
BODY_SECONDS = 10  # a client that sends nothing for so long is hung up on
CONNECTIONS = 2000  # clients that are slow or silent must not keep Slack out

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PortTaken(Exception):
    """Somebody else listens there already."""


@dataclass
class Later:
    """A WSGI application that is known only after its port was taken."""

    application: Wsgi | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        assert self.application is not None, "served before it was built"
        return self.application(environ, start_response)


class Ports:
    """Where Slack and operators reach this process. Raises PortTaken."""

    def __init__(self, host: str, port: int, ops_host: str, ops_port: int) -> None:
        self._door, self._ops = Later(), Later()
        self._door_server = _listen(
            self._door,
            host,
            port,
            threads=THREADS,
            max_request_body_size=MAX_BODY + 1,  # the first size that is too large
            channel_timeout=BODY_SECONDS,
            cleanup_interval=BODY_SECONDS // 2,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,  # select() knows 1,024 of them
        )
        self._ops_server = _listen(self._ops, ops_host, ops_port, threads=2)
        # The same again after a restart in place, another one for every other process.
        self.me = f"{socket.gethostname()}:{port}"

    def serve(self, door: Wsgi, ops: Wsgi) -> None:
        """Answer until SIGTERM or SIGINT; what is under way ends first."""
        self._door.application, self._ops.application = door, ops
        threading.Thread(target=self._ops_server.run, name="ops", daemon=True).start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        self._door_server.run()


def _listen(application: Later, host: str, port: int, **limits: Any) -> Any:
    try:
        return create_server(application, host=host, port=port, ident=None, map={}, **limits)
    except OSError as error:
        raise PortTaken(f"{host}:{port} cannot be listened on: {error.strerror}.") from error


def _stop(*_: object) -> None:
    raise SystemExit(0)  # waitress closes the port and lets requests under way end
