"""An HTTP server in a thread of its own: ready at once, gone at once, and able to reset a connection."""

from __future__ import annotations

import asyncio
import socket
import threading

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

BACKLOG = 1024


class _Protocol(H11Protocol):
    """Shows the application the transport, which a fault needs for a TCP reset."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "transport": transport}, receive, send)

        self.app = with_transport


class Wire:
    """Serves one ASGI application on 127.0.0.1."""

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        # IPPROTO_TCP spelled out: asyncio sets TCP_NODELAY only then, and without it answers take 40 ms more.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen(BACKLOG)
        self.port: int = self._socket.getsockname()[1]
        self._config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, proxy_headers=False, ws="none"
        )
        self._config.load()
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="sandbox-slack", daemon=True
        )

    def start(self) -> None:
        """Starts serving."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Drops every connection and ends the thread."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        state = ServerState()
        server = await self._loop.create_server(
            lambda: _Protocol(self._config, state, {}), sock=self._socket, backlog=BACKLOG
        )
        self._ready.set()
        await self._over.wait()
        server.close()
        for connection in list(state.connections):
            if connection.transport:
                connection.transport.abort()
        for task in list(state.tasks):
            task.cancel()
        await asyncio.gather(*state.tasks, return_exceptions=True)
