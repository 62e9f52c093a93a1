"""Small shapes that JSON must have, with Slack's own words when it has not (those of hack-json-schema)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

Shape = Callable[[object, str], Iterator[str]]


def said(message: str, at: str) -> str:
    """One complaint the way Slack writes it."""
    return f"{message} [json-pointer:{at}]"


def string(high: int, low: int = 1, pattern: str = "") -> Shape:
    """A string of `low` to `high` characters."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield said("must provide a string", at)
        elif len(value) > high:
            yield said(f"must be less than {high + 1} characters", at)
        elif len(value) < low:
            yield said(f"must be more than {low - 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value, re.ASCII | re.DOTALL):
            yield said(f"must match regular expression pattern: {pattern}", at)

    return check


def integer(low: int, high: int) -> Shape:
    """A whole number from `low` to `high`."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield said("must provide an integer", at)
        elif value > high:
            yield said(f"must be less than {high + 1}", at)
        elif value < low:
            yield said(f"must be more than {low - 1}", at)

    return check


def boolean(value: object, at: str) -> Iterator[str]:
    """True or false; Slack takes no "true" here."""
    if not isinstance(value, bool):
        yield said("must be a boolean", at)


def enum(*allowed: str) -> Shape:
    """One of a few words."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield said("must provide a string", at)
        elif value not in allowed:
            yield said("must be a valid enum value", at)

    return check


def array(of: Shape, high: int, low: int = 1) -> Shape:
    """A list of `low` to `high` items of one shape."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield said("must provide an array", at)
            return
        if len(value) > high:
            yield said(f"no more than {high} items allowed", at)
        if len(value) < low:
            yield said(f"must provide at least {low} items", at)
        for index, item in enumerate(value):
            yield from of(item, f"{at}/{index}")

    return check


def thing(
    required: Mapping[str, Shape],
    optional: Mapping[str, Shape] | None = None,
    one_of: tuple[str, ...] = (),
    some_of: tuple[str, ...] = (),
) -> Shape:
    """An object with exactly these properties; of `one_of` exactly one, of `some_of` one or more."""
    known = {**required, **(optional or {})}

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield said("must provide an object", at)
            return
        yield from (said(f"missing required field: {name}", at) for name in required if name not in value)
        if (one_of or some_of) and not any(name in value for name in one_of + some_of):
            yield said(f"missing required field: {(one_of + some_of)[0]}", at)
        if sum(name in value for name in one_of) > 1:
            yield said(f"only one of {', '.join(one_of)} is allowed", at)
        for name, item in value.items():
            if name in known:
                yield from known[name](item, f"{at}/{name}")
            else:
                yield said(f"invalid additional property: {name}", at)

    return check


def typed(shapes: Mapping[str, Shape]) -> Shape:
    """An object whose `type` decides which shape it must have."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield said("must provide an object", at)
        elif "type" not in value:
            yield said("missing required field: type", at)
        elif not isinstance(value["type"], str) or value["type"] not in shapes:
            yield said(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            rest = {name: item for name, item in value.items() if name != "type"}
            yield from shapes[value["type"]](rest, at)

    return check


def only(kind: str, shape: Shape) -> Shape:
    """An object of one type."""
    return typed({kind: shape})


ID = string(255)
URL = string(3000, pattern=r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
