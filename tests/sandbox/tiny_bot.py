"""A bot of a few lines on real HTTP: it remembers what Slack sent and answers what the test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-123-456-abcdef"

Reply = tuple[int, Any]


class TinyBot:
    """`reply` makes (status, body) out of what Slack sent; a dict is answered as JSON."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.reply: Callable[[dict[str, Any]], Reply] = lambda _payload: (200, "")

    @property
    def trigger(self) -> str:
        """The newest trigger id."""
        trigger: str = self.heard[-1]["trigger_id"]
        return trigger

    def says(self, body: Any, status: int = 200) -> None:
        """From now on answers everything with this."""
        self.reply = lambda _payload: (status, body)

    def take(self, headers: dict[str, str], body: bytes) -> Reply:
        """One request of Slack's."""
        if body.startswith(b"{"):
            payload = json.loads(body)
        else:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            payload = json.loads(form["payload"]) if "payload" in form else form
        self.heard.append(payload)
        self.headers.append(headers)
        self.bodies.append(body)
        return self.reply(payload)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


@contextmanager
def serving(take: Callable[[dict[str, str], bytes], Reply]) -> Iterator[str]:
    """Serves a bot's `take`; gives the request URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, said = take(dict(self.headers), body)
            is_json = isinstance(said, dict)
            content = (json.dumps(said) if is_json else str(said)).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if is_json else "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()
