"""What Slack's requests look like, as far as Bolt and the listeners rely on it. No meaning is checked here.

A signature says who sent a request, not that every part of it is of the kind we expect. What people typed is not
looked at: that is for the fields of a form to refuse, in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

Id = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]
Opaque = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,3000}$")]  # what we gave to Slack ourselves
Object = dict[str, object]
DEEPEST = 64  # levels; the parser bears more, what copies and walks the result does not


class _Whose(TypedDict):
    id: Id
    team_id: NotRequired[Id | None]


class _Block(TypedDict):
    type: Id
    block_id: Id


class _State(TypedDict):
    # Slack writes an empty object as a list in places.
    values: dict[Opaque, dict[Opaque, Object]] | Annotated[list[object], Field(max_length=0)]


class _View(TypedDict):
    id: Id
    type: Id
    blocks: list[_Block]
    callback_id: Opaque
    external_id: Opaque
    private_metadata: Opaque
    state: NotRequired[_State]
    app_installed_team_id: NotRequired[Id | None]


class _Action(TypedDict):
    type: Id
    action_id: Id
    block_id: Id


class _Given(TypedDict):
    user: _Whose
    team: NotRequired[_Whose | None]  # null where the app is installed for a whole organization
    enterprise: NotRequired[Object | None]
    channel: NotRequired[Object | None]
    message: NotRequired[Object | None]
    response_urls: NotRequired[list[Object]]


class _Press(_Given):
    actions: Annotated[list[_Action], Field(min_length=1)]
    trigger_id: Id
    view: NotRequired[_View | None]  # else it was in a message


class _Submission(_Given):
    view: _View


class _Other(_Given):
    view: NotRequired[_View | None]


class _Happened(TypedDict):
    type: Id
    user: NotRequired[Id | _Whose | None]


class _Event(TypedDict):
    team_id: Id
    event: _Happened
    authorizations: NotRequired[list[Object] | None]


class _Command(TypedDict):
    command: Opaque
    team_id: Id
    user_id: Id
    trigger_id: Id
    text: NotRequired[str]


_COMMAND: TypeAdapter[Any] = TypeAdapter(_Command)
_OTHER: TypeAdapter[Any] = TypeAdapter(_Other)
_BY_TYPE: dict[object, TypeAdapter[Any]] = {
    "event_callback": TypeAdapter(_Event),
    "block_actions": TypeAdapter(_Press),
    "view_submission": TypeAdapter(_Submission),
    "view_closed": TypeAdapter(_Submission),
    "block_suggestion": _OTHER,
    "shortcut": _OTHER,
    "message_action": _OTHER,
}


def fits(body: Mapping[str, Any]) -> bool:
    """Whether the parts we rely on are of the right kind. What we do not know is nobody's business and fits."""
    kind = body.get("type")
    if not isinstance(kind, str | None) or _is_deeper(body, DEEPEST):
        return False
    shape = _COMMAND if "command" in body else _BY_TYPE.get(kind)
    if shape is None:
        return True
    try:
        shape.validate_python(body, strict=True)
    except ValidationError:
        return False
    return True


def _is_deeper(body: object, levels: int) -> bool:
    level: list[Any] = [body]
    for _ in range(levels):
        parts = (part for node in level for part in (node.values() if isinstance(node, dict) else node))
        level = [part for part in parts if isinstance(part, dict | list)]
        if not level:
            return False
    return True
