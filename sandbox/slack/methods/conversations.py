"""conversations.* and users.conversations: which channels there are, who is in them, what was said."""

from __future__ import annotations

from ..call import Call
from ..desk import Desk, page
from ..errors import Refusal
from ..models import Channel, Message
from ..payloads import message_json
from ..walk import Json

_TYPES = {"channels": "public_channel", "groups": "private_channel", "im": "im"}


def _shown(desk: Desk, channel: Channel) -> Json:
    shown: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_im": channel.kind == "im",
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_ext_shared": channel.shared,
        "context_team_id": desk.space.team,
    }
    if channel.person:
        return {**shown, "user": channel.person}
    return {**shown, "name": channel.name, "is_member": desk.space.bot.id in channel.members}


def open_(desk: Desk, call: Call) -> Json:
    """conversations.open with one person, or by the id of direct messages."""
    if call.text("channel"):
        return {"channel": {"id": desk.channel(call).id}}
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise Refusal("missing_scope", needed="mpim:write", provided=",".join(sorted(call.scopes)))
    return {"channel": {"id": desk.dm(users[0]).id}}


def info(desk: Desk, call: Call) -> Json:
    """conversations.info."""
    channel = desk.channel(call)
    call.allow(f"{channel.kind}:read")
    return {"channel": _shown(desk, channel)}


def members(desk: Desk, call: Call) -> Json:
    """conversations.members."""
    channel = desk.channel(call)
    call.allow(f"{channel.kind}:read")
    found, metadata = page(call, sorted(channel.members))
    return {"members": found, "response_metadata": metadata}


def _readable(desk: Desk, call: Call) -> Channel:
    channel = desk.channel(call)
    call.allow(f"{channel.kind}:history")
    if desk.space.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest, inclusive = call.text("oldest"), call.text("latest"), call.flag("inclusive")
    try:
        low, high = float(oldest or 0), float(latest or "inf")
    except ValueError:
        raise Refusal("invalid_ts_oldest") from None
    inside = [message for message in messages if low < float(message.ts) < high]
    edges = [message for message in messages if inclusive and message.ts in (oldest, latest)]
    return sorted(inside + edges, key=lambda message: message.ts)


def _listed(desk: Desk, call: Call, messages: list[Message]) -> Json:
    found, metadata = page(call, messages)
    shown = [message_json(desk.space, message) for message in found]
    if call.flag("include_all_metadata"):
        for json, message in zip(shown, found, strict=True):
            json.update({"metadata": message.metadata} if message.metadata else {})
    more = bool(metadata["next_cursor"])
    return {"messages": shown, "has_more": more, **({"response_metadata": metadata} if more else {})}


def history(desk: Desk, call: Call) -> Json:
    """conversations.history: newest first, without replies."""
    channel = _readable(desk, call)
    found = _between(call, [message for message in channel.visible if not message.thread_ts])
    return _listed(desk, call, found[::-1])


def replies(desk: Desk, call: Call) -> Json:
    """conversations.replies: the parent first."""
    channel = _readable(desk, call)
    message = channel.find(call.need("ts"))
    if not message:
        raise Refusal("thread_not_found")
    return _listed(desk, call, _between(call, channel.thread(message.thread_ts or message.ts)))


def of_user(desk: Desk, call: Call) -> Json:
    """users.conversations: of the bot, or those it shares with a person."""
    user = desk.space.user(call.text("user") or desk.space.bot.id).id
    types = (call.text("types") or "public_channel").split(",")
    found = []
    for kind, name in _TYPES.items():
        if name in types:
            call.allow(f"{kind}:read")
            found += [one for one in desk.space.channels.values() if one.kind == kind and user in one.members]
    visible = [one for one in found if not one.private or desk.space.bot.id in one.members]
    kept = [one for one in visible if not (call.flag("exclude_archived") and one.archived)]
    shown, metadata = page(call, [_shown(desk, channel) for channel in kept])
    return {"channels": shown, "response_metadata": metadata}
