"""The Web API methods there are; every other one is `unknown_method`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..call import Call
from ..desk import Desk
from ..walk import Json
from . import chat, conversations, files, users, views


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, the scope it needs, and whether it reads a JSON body (some read forms only)."""

    run: Callable[[Desk, Call], Json]
    scope: str = ""
    json: bool = True


METHODS: dict[str, Method] = {
    "auth.test": Method(users.auth_test),
    "bots.info": Method(users.bot_info, "users:read", json=False),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, json=False),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    # The four below also need the scope for their kind of conversation; they ask for it themselves.
    "conversations.history": Method(conversations.history, json=False),
    "conversations.info": Method(conversations.info, json=False),
    "conversations.members": Method(conversations.members, json=False),
    "conversations.replies": Method(conversations.replies, json=False),
    "conversations.open": Method(conversations.open_, "im:write"),
    "files.completeUploadExternal": Method(files.complete, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write", json=False),
    "files.info": Method(files.info, "files:read", json=False),
    "usergroups.list": Method(users.groups, "usergroups:read", json=False),
    "usergroups.users.list": Method(users.group_users, "usergroups:read", json=False),
    "users.conversations": Method(conversations.of_user, json=False),
    "users.info": Method(users.info, "users:read", json=False),
    "views.open": Method(views.open_),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}
