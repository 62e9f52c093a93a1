"""One call of the bot on Slack's side: its arguments, its rights, and what the recorder keeps of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .errors import Refusal
from .walk import Json

_TOKENS = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")


@dataclass(slots=True)
class Called:
    """A recorded call. `answer` is None while it is under way and when the caller never got one."""

    method: str
    args: Json
    at: float
    answer: Any = None
    status: int = 0
    applied: bool = False

    @property
    def ok(self) -> bool:
        """True when the bot was told `ok`."""
        return isinstance(self.answer, dict) and self.answer.get("ok") is True

    def __str__(self) -> str:
        return f"{self.method} -> {self.status or 'no answer'} {'ok' if self.ok else self.answer}"


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments of a Web API call, from a form or from JSON."""

    args: Json
    scopes: frozenset[str] = field(default_factory=frozenset)

    def text(self, name: str) -> str:
        """A string argument, empty when it is not there; numbers are refused where JSON would spoil them."""
        value = self.args.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Refusal("invalid_arguments", [f"must provide a string [json-pointer:/{name}]"])
        return value

    def need(self, name: str) -> str:
        """A string argument that must be there."""
        value = self.text(name)
        if not value:
            raise Refusal("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A boolean argument; forms carry it as 1, 0, true or false."""
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """A whole number argument."""
        value = self.args.get(name, default)
        if not re.fullmatch(r"-?\d{1,9}", str(value)):
            raise Refusal("invalid_arguments", [f"must provide a number [json-pointer:/{name}]"])
        return int(value)

    def json(self, name: str, broken: str = "invalid_arguments") -> Any:
        """An argument that is JSON: an object in a JSON body, a string of JSON in a form."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(broken) from None

    def allow(self, scope: str) -> None:
        """Raises Refusal("missing_scope") unless the token has the scope."""
        if scope and scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))


def redacted(value: Any) -> Any:
    """The same without tokens."""
    if isinstance(value, str):
        return _TOKENS.sub("[token]", value)
    if isinstance(value, dict):
        return {name: "[token]" if name == "token" else redacted(item) for name, item in value.items()}
    if isinstance(value, list):
        return [redacted(item) for item in value]
    return value
