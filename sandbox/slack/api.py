"""Slack's side over HTTP: the Web API, uploads, downloads and response_url. Every call passes `Counter.serve`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from .call import Call, Called, redacted
from .desk import Desk
from .errors import Refusal
from .faults import Faults, too_many
from .methods import METHODS, Method
from .respond import respond
from .walk import Json

Hook = Callable[[Called], object]
SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"
)


class Counter:
    """Where all calls of the bot come in: recorded, disturbed by faults, dealt with, shown to hooks."""

    def __init__(self, desk: Desk, tokens: dict[str, frozenset[str]], calls: list[Called]) -> None:
        self._desk = desk
        self._tokens = tokens
        self.faults = Faults()
        self.calls = calls
        self.hooks: list[tuple[str, str, Hook]] = []
        self.app = Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["GET", "POST"]),
                Route("/upload/v1/{ticket}", self._upload, methods=["POST"]),
                Route("/files-pri/{path:path}", self._download),
                Route("/response/{token}", self._respond, methods=["POST"]),
            ]
        )

    async def serve(self, request: Request, called: Called, apply: Callable[[], Response]) -> Response:
        """One call from its arrival to its answer."""
        self.calls.append(called)
        await self._run_hooks("before", called)
        limited = self.faults.over_rate(called.method)
        if limited is not None:
            return self._answered(called, too_many(limited))
        fault = self.faults.take(called.method)
        transport = request.scope["transport"]
        if fault and not fault.applied:
            harmed = await fault.strike(transport)
            if harmed is not None:
                return self._answered(called, harmed)
        with self._desk.space.changing():
            answer = self._noted(called, apply())
        called.applied = True
        await self._run_hooks("after", called)
        if fault and fault.applied:
            answer = await fault.strike(transport) or answer
        return self._answered(called, answer)

    def _answered(self, called: Called, response: Response) -> Response:
        with self._desk.space.changing():  # wakes whoever waits for this call
            return self._noted(called, response)

    def _noted(self, called: Called, response: Response) -> Response:
        called.status = response.status_code
        body = bytes(response.body)
        kind = response.media_type
        called.answer = (
            redacted(json.loads(body)) if kind == "application/json" else body.decode("utf-8", "replace")
        )
        return response

    async def _run_hooks(self, when: str, called: Called) -> None:
        for moment, method, hook in list(self.hooks):
            if moment == when and method in (called.method, "*"):
                await asyncio.to_thread(hook, called)

    def _called(self, method: str, args: Json) -> Called:
        return Called(method, redacted(args), self._desk.space.now())

    async def _api(self, request: Request) -> Response:
        name = request.path_params["method"]
        args, is_json = await _arguments(request)
        token = _bearer(request) or ("" if is_json else str(args.pop("token", "")))
        return await self.serve(
            request, self._called(name, args), lambda: self._method(name, args, token, is_json)
        )

    def _method(self, name: str, args: Json, token: str, is_json: bool) -> Response:
        method, scopes = METHODS.get(name), self._tokens.get(token)
        headers = {} if scopes is None or not method else _scope_headers(scopes, method)
        try:
            if method is None:
                raise Refusal("unknown_method", req_method=name)
            if scopes is None:
                raise Refusal("invalid_auth" if token else "not_authed")
            call = Call({} if is_json and not method.json else args, scopes)
            call.allow(method.scope)
            return JSONResponse({"ok": True, **method.run(self._desk, call)}, headers=headers)
        except Refusal as refusal:
            return JSONResponse(refusal.answer(), headers=headers)

    async def _upload(self, request: Request) -> Response:
        content = await request.body()
        if request.headers.get("content-type", "").startswith("multipart/"):
            content = next(iter(_parts(request, content).values()), b"")
        ticket = request.path_params["ticket"]
        called = self._called("files.upload", {"length": len(content)})
        return await self.serve(request, called, lambda: self._take_file(ticket, content))

    def _take_file(self, ticket: str, content: bytes) -> Response:
        file = self._desk.space.files.get(self._desk.space.uploads.get(ticket, ""))
        if not file:
            return PlainTextResponse("invalid upload ticket", 404)
        if len(content) != file.length:
            return PlainTextResponse("length does not match", 400)
        file.content, file.uploaded = content, True
        return PlainTextResponse(f"OK - {len(content)}")

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["path"].partition("-")[2].partition("/")[0]
        called = self._called("files.download", {"file": file_id})
        return await self.serve(request, called, lambda: self._give_file(file_id, _bearer(request)))

    def _give_file(self, file_id: str, token: str) -> Response:
        file = self._desk.space.files.get(file_id)
        if "files:read" not in self._tokens.get(token, ()):
            return HTMLResponse(SIGN_IN)  # status 200: Slack's trap for those who forget the token
        if not file or not file.uploaded:
            return PlainTextResponse("not found", 404)
        return Response(file.content, media_type="application/octet-stream")

    async def _respond(self, request: Request) -> Response:
        body = json.loads(await request.body() or b"null")
        called = self._called("response_url", body if isinstance(body, dict) else {})
        return await self.serve(
            request, called, lambda: self._take_response(request.path_params["token"], body)
        )

    def _take_response(self, token: str, body: Any) -> Response:
        try:
            respond(self._desk.space, token, body)
        except Refusal as refusal:
            gone = refusal.error in ("used_url", "expired_url")
            return JSONResponse(refusal.answer(), 404 if gone else 400)
        return PlainTextResponse("ok")


def _scope_headers(scopes: frozenset[str], method: Method) -> dict[str, str]:
    return {"x-oauth-scopes": ",".join(sorted(scopes)), "x-accepted-oauth-scopes": method.scope}


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _arguments(request: Request) -> tuple[Json, bool]:
    query = dict(request.query_params)
    body, kind = await request.body(), request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            given = {}
        return {**query, **(given if isinstance(given, dict) else {})}, True
    if kind.startswith("multipart/"):
        return {**query, **{name: value.decode() for name, value in _parts(request, body).items()}}, False
    return {**query, **dict(parse_qsl(body.decode(), keep_blank_values=True))}, False


def _parts(request: Request, body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + body).get_payload()
    found = {}
    for part in parts if isinstance(parts, list) else []:
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        found[str(name)] = bytes(part.get_payload(decode=True))  # type: ignore[union-attr]
    return found
