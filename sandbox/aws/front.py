"""The layer before MiniStack: records calls, plays faults, answers for the organization.

Requests go on as they came, with their Host, so that MiniStack still verifies their signatures.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.aws import organization, simulator
from sandbox.aws.faults import Fault
from sandbox.aws.organization import Organization
from sandbox.aws.wire import Call, denial, read, refusal

Hook = tuple[str, str, Callable[[Call], None]]  # service, action, what to run in a thread
_HOP = {"connection", "content-length", "date", "server", "transfer-encoding"}
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]


@dataclass
class Scene:
    """What is to happen and what has happened. Written by any thread, read by the front."""

    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    before: list[Hook] = field(default_factory=list)
    after: list[Hook] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    forbidden: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # (account, "eks:…") -> kind of policy
    keys: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # access key id -> (caller's ARN, role ARN)


class Front:
    """The layer as a server on 127.0.0.1 in a daemon thread."""

    def __init__(self, scene: Scene, upstream: str) -> None:
        self._scene, self._upstream = scene, upstream
        routes = [Route("/{path:path}", self._answer, methods=_VERBS)]
        app = Starlette(routes=routes, lifespan=self._lifespan)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_level="warning",
            ws="none",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="aws-front", daemon=True)

    def start(self) -> str:
        """Start it; its address. Raises RuntimeError if it does not come up."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("The layer before MiniStack did not start.")
            self._thread.join(0.01)
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """End it; hanging calls are cut off."""
        self._server.should_exit = True
        self._thread.join(10)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        async with httpx.AsyncClient(
            base_url=self._upstream, timeout=30, trust_env=False, limits=limits
        ) as self._http:
            yield

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        path = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        call = read(request.method, path, query, dict(request.headers), body)
        self._identify(call)
        self._scene.calls.append(call)
        await _run(self._scene.before, call)
        response = await self._faulty(call, request)
        if response is None and (kind := self._forbidden(call)):
            response = denial(call, f"with an explicit deny in a {kind}")
        if response is None:
            response = await self._forward(call, request, path, query, body)
        call.status = response.status_code
        await _run(self._scene.after, call)
        return response

    def _identify(self, call: Call) -> None:
        call.caller, call.role = self._scene.keys.get(call.key, ("", ""))
        call.account = call.caller.split(":")[4] if call.caller else ""
        if call.action == "AssumeRole":
            call.role = str(call.params.get("RoleArn", ""))

    async def _faulty(self, call: Call, request: Request) -> Response | None:
        fault = next((one for one in list(self._scene.faults) if one.take(call)), None)
        if fault is None:
            return None
        await asyncio.sleep(fault.seconds)
        while fault.hangs and not fault.released and not self._server.should_exit:
            await asyncio.sleep(0.02)
        if fault.resets:
            self._reset(request)
            return Response(status_code=500)
        if fault.body:
            return Response(fault.body, 200, media_type="text/xml")
        return refusal(call.service, fault.code, fault.message, fault.status) if fault.code else None

    def _reset(self, request: Request) -> None:
        client = tuple(request.client or ())
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None and transport.get_extra_info("peername") == client:
                at_once = struct.pack("ii", 1, 0)  # linger 0: the kernel sends RST instead of FIN
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                transport.abort()

    def _forbidden(self, call: Call) -> str:
        return self._scene.forbidden.get((call.account, f"{call.service}:{call.action}"), "")

    async def _forward(self, call: Call, request: Request, path: str, query: str, body: bytes) -> Response:
        url = httpx.URL(self._upstream).copy_with(raw_path=f"{path}?{query}".rstrip("?").encode("ascii"))
        headers = [(name, value) for name, value in request.headers.raw if name != b"content-length"]
        answer = await self._http.request(request.method, url, headers=headers, content=body)
        if call.action == "AssumeRole" and answer.status_code == 200:
            self._learn(call, answer.text)
        if call.service == "organizations" and call.action in organization.ANSWERED:
            if answer.status_code != 403:  # MiniStack let the caller ask
                return organization.answer(call, self._scene.organizations)
        elif call.action == "SimulatePrincipalPolicy":
            return await self._simulated(call, answer)
        kept = {"x-amzn-requestid": str(uuid.uuid4())}  # MiniStack leaves it out of some refusals
        kept |= {name: value for name, value in answer.headers.items() if name not in _HOP}
        return Response(answer.content, answer.status_code, kept)

    def _learn(self, call: Call, answer: str) -> None:
        key = re.search("<AccessKeyId>(.*?)</AccessKeyId>", answer)
        caller = re.search("<Arn>(.*?)</Arn>", answer)
        if key and caller:
            self._scene.keys[key[1]] = (caller[1], call.role)

    async def _simulated(self, call: Call, answer: httpx.Response) -> Response:
        target = str(call.params.get("PolicySourceArn", ""))
        if (
            answer.status_code == 403
            and call.role
            and await simulator.may_simulate(self._http, call.role, target)
        ):
            params = {"Action": call.action} | call.params
            answer = await simulator.as_root(self._http, call.account, params)
        forbidden = [action for account, action in self._scene.forbidden if account == call.account]
        text = simulator.with_organization(answer.text, forbidden)
        return Response(text, answer.status_code, media_type="text/xml")


async def _run(hooks: list[Hook], call: Call) -> None:
    for service, action, hook in list(hooks):
        if service == call.service and action in ("", call.action):
            await run_in_threadpool(hook, call)
