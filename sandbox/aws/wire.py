"""AWS on the wire: what a signed request asks for, and how each protocol says that something is wrong.

Nothing is verified here; MiniStack checks signatures.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from starlette.responses import Response

_SECRETS = {"TokenCode", "WebIdentityToken", "SAMLAssertion", "SecretAccessKey", "Password"}
_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d+/([^/,\s]+)/([^/,\s]+)/aws4_request")


@dataclass
class Call:
    """One request as it was recorded. Neither signatures nor secrets are kept."""

    service: str
    action: str
    params: dict[str, Any]
    region: str
    key: str = field(repr=False)  # the access key id: only who, never the secret
    caller: str = ""  # ARN of the user or session that asks
    account: str = ""  # of the caller
    role: str = ""  # the ARN asked for by AssumeRole, else the role whose session this is
    status: int | None = None  # None while it hangs, or when the connection was reset
    at: float = field(default_factory=time.time)  # seconds since 1970


def read(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> Call:
    """What a request asks for; service and action are empty where it is not a signed AWS call."""
    scope = _SCOPE.search(headers.get("authorization", ""))
    key, region, service = scope.groups() if scope else ("", "", "")
    action, params = _asked(service, method, path, query, headers, body)
    kept = {name: value for name, value in params.items() if name not in _SECRETS}
    return Call(service, action, kept, region, key)


def _asked(
    service: str, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> tuple[str, dict[str, Any]]:
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2], _json(body)
    if protocol(service) in ("query", "ec2"):
        text = body.decode("utf-8", "replace") or query
        params: dict[str, Any] = {name: values[-1] for name, values in parse_qs(text).items()}
        return params.pop("Action", ""), params
    for name, verb, pattern in _routes(service):
        if verb == method and (found := pattern.fullmatch(path)):
            return name, _json(body) | {key: unquote(value) for key, value in found.groupdict().items()}
    return "", {}


def protocol(service: str) -> str:
    """The service's protocol as botocore models it: query, ec2, json, rest-json, …; empty if unknown."""
    model = _model(service)
    return str(model.metadata["protocol"]) if model else ""


def refusal(service: str, code: str, message: str, status: int) -> Response:
    """An error answer as the service would give it."""
    request_id = str(uuid.uuid4())
    kind, headers = protocol(service), {"x-amzn-requestid": request_id}
    if kind in ("query", "ec2"):
        error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        if kind == "ec2":
            text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        else:
            fault = "Sender" if status < 500 else "Receiver"
            text = f"<Error><Type>{fault}</Type>{error}</Error><RequestId>{request_id}</RequestId>"
            text = f"<ErrorResponse>{text}</ErrorResponse>"
        return Response(text, status, headers, "text/xml")
    document = json.dumps({"__type": code, "message": message})
    return Response(document, status, headers | {"x-amzn-errortype": code}, "application/x-amz-json-1.1")


def denial(call: Call, reason: str) -> Response:
    """Access denied, in the service's own code, with AWS's words for the kind of policy that denied."""
    codes = {"query": "AccessDenied", "ec2": "UnauthorizedOperation"}
    message = f"User: {call.caller} is not authorized to perform: {call.service}:{call.action} {reason}"
    return refusal(call.service, codes.get(protocol(call.service), "AccessDeniedException"), message, 403)


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


@cache
def _model(service: str) -> Any:
    from botocore.exceptions import UnknownServiceError
    from botocore.session import Session

    if not service:
        return None
    try:
        return Session().get_service_model(service)
    except UnknownServiceError:
        return None


@cache
def _routes(service: str) -> list[tuple[str, str, re.Pattern[str]]]:
    """Operation, HTTP method and path of a REST service."""
    routes = []
    for name in model.operation_names if (model := _model(service)) else ():
        http = model.operation_model(name).http
        path = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"].partition("?")[0]))
        routes.append((name, http["method"], re.compile(path)))
    return routes
