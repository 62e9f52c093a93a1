"""What Web API methods work on: the workspace, its modals, and the checks every conversation method makes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from .call import Call
from .errors import Refusal
from .modals import Modals
from .models import Channel
from .walk import Json
from .workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the bot's calls are dealt with."""

    space: Workspace
    modals: Modals

    def channel(self, call: Call, name: str = "channel") -> Channel:
        """The conversation a call is about; a private one the bot is not in does not exist for it."""
        channel = self.space.channels.get(call.need(name))
        if not channel or (channel.private and self.space.bot.id not in channel.members):
            raise Refusal("channel_not_found")
        return channel

    def post_to(self, call: Call, name: str = "channel") -> Channel:
        """The conversation to post to; a user id means the direct messages with that person."""
        target = call.need(name)
        if target in self.space.users:
            return self.dm(target)
        channel = self.channel(call, name)
        if self.space.bot.id not in channel.members:
            raise Refusal("not_in_channel")
        if channel.archived:
            raise Refusal("is_archived")
        return channel

    def dm(self, user_id: str) -> Channel:
        """The direct messages with a person."""
        user = self.space.user(user_id)
        if user.bot:
            raise Refusal("cannot_dm_bot")
        if user.deleted:
            raise Refusal("user_disabled")
        return self.space.dm(user.id)


def page(call: Call, items: Sequence[T], default: int = 100, most: int = 1000) -> tuple[list[T], Json]:
    """One page of a list by `cursor` and `limit`, with the `response_metadata` that leads to the next."""
    start = 0
    if cursor := call.text("cursor"):
        try:
            start = int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise Refusal("invalid_cursor") from None
    limit = min(call.number("limit", default), most)
    if limit < 1:
        raise Refusal("invalid_limit")
    following = start + limit
    further = base64.b64encode(f"next:{following}".encode()).decode() if following < len(items) else ""
    return list(items[start:following]), {"next_cursor": further}
