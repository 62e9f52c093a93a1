"""The JSON and forms Slack sends to a bot. Shapes as in the reference; nothing here sends anything."""

from __future__ import annotations

import mimetypes
import secrets
from typing import Any

from . import inputs
from .models import Channel, File, Message, User, View
from .mrkdwn import unescape
from .walk import Json
from .workspace import Workspace

TOKEN = "legacy-verification-token"  # a deprecated field


def command(
    space: Workspace, user: User, line: str, channel: Channel, trigger: str, url: str
) -> dict[str, str]:
    """A slash command, form fields."""
    name, _, text = line.partition(" ")
    shown = "directmessage" if channel.person else "privategroup" if channel.private else channel.name
    return {
        "token": TOKEN,
        "team_id": space.team,
        "team_domain": space.domain,
        "channel_id": channel.id,
        "channel_name": shown,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": space.app_id,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": trigger,
    }


def _base(space: Workspace, user: User, kind: str, trigger: str = "") -> Json:
    base: Json = {
        "type": kind,
        "team": {"id": space.team, "domain": space.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "api_app_id": space.app_id,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return {**base, "trigger_id": trigger} if trigger else base


def view_json(space: Workspace, view: View) -> Json:
    """A view the way Slack shows it to bots."""
    defaults: Json = {"title": None, "close": None, "submit": None, "private_metadata": "", "callback_id": ""}
    return {
        **defaults,
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **view.payload,
        "id": view.id,
        "team_id": space.team,
        "state": {"values": inputs.state(view.blocks, view.values)},
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": space.app_id,
        "app_installed_team_id": space.team,
        "bot_id": space.bot_id,
    }


def view_action(space: Workspace, user: User, view: View, action: Json, trigger: str) -> Json:
    """block_actions from a modal or the Home tab."""
    shown = view_json(space, view)
    return {
        **_base(space, user, "block_actions", trigger),
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": shown["state"],
        "actions": [action],
    }


def message_action(
    space: Workspace, user: User, message: Message, action: Json, trigger: str, url: str
) -> Json:
    """block_actions from a message."""
    channel = space.channels[message.channel]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.seen_by),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    values = message.values.get(user.id, {})
    return {
        **_base(space, user, "block_actions", trigger),
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "message": message_json(space, message),
        "state": {"values": inputs.state(message.blocks, values)},
        "response_url": url,
        "actions": [action],
    }


def submission(space: Workspace, user: User, view: View, trigger: str) -> Json:
    """view_submission."""
    base = _base(space, user, "view_submission", trigger)
    return {**base, "view": view_json(space, view), "response_urls": []}


def closed(space: Workspace, user: User, view: View, cleared: bool) -> Json:
    """view_closed; what was typed is not in it."""
    shown = {**view_json(space, view), "state": {"values": {}}}
    return {**_base(space, user, "view_closed"), "view": shown, "is_cleared": cleared}


def suggestion(space: Workspace, user: User, view: View, block: str, action: str, query: str) -> Json:
    """block_suggestion: what may be chosen from an external_select."""
    return {
        **_base(space, user, "block_suggestion"),
        "container": {"type": "view", "view_id": view.id},
        "view": view_json(space, view),
        "block_id": block,
        "action_id": action,
        "value": query,
    }


def event(space: Workspace, inner: Json, shared: bool = False) -> Json:
    """An Events API envelope."""
    granted = {"enterprise_id": None, "team_id": space.team, "user_id": space.bot.id}
    return {
        "token": TOKEN,
        "team_id": space.team,
        "context_team_id": space.team,
        "context_enterprise_id": None,
        "api_app_id": space.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev0{secrets.token_hex(5).upper()}",
        "event_time": int(space.now()),
        "authorizations": [{**granted, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": secrets.token_urlsafe(24),
    }


def file_json(space: Workspace, file: File) -> Json:
    """A file object."""
    url = f"{space.base_url}/files-pri/{space.team}-{file.id}/{file.name}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": file.name.rpartition(".")[2],
        "size": file.length,
        "user": file.user,
        "mode": "hosted",
        "url_private": url,
        "url_private_download": url.replace("/files-pri/", "/files-pri/download/"),
        "permalink": f"https://{space.domain}.slack.com/files/{file.user}/{file.id}/{file.name}",
        "file_access": "visible",
    }


def message_json(space: Workspace, message: Message) -> Json:
    """A message as events, block_actions and conversations.* show it."""
    author = space.users.get(message.user)
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    shown["team"] = author.team if author else space.team
    if author and author.bot:
        own = author.id == space.bot.id
        shown["bot_id"] = space.bot_id if own else f"B{author.id[1:]}"
        shown["app_id"] = space.app_id if own else f"A{author.id[1:]}"
        shown["bot_profile"] = {"id": shown["bot_id"], "app_id": shown["app_id"], "name": author.name}
    shown["blocks"] = message.blocks or [_written(message)]
    extra: dict[str, Any] = {
        "thread_ts": message.thread_ts,
        "edited": {"user": message.user, "ts": message.ts} if message.edited else None,
        "files": [file_json(space, file) for file in message.files],
    }
    shown.update({name: value for name, value in extra.items() if value})
    replies = space.channels[message.channel].thread(message.ts)
    if len(replies) > 1:
        shown.update(thread_ts=message.ts, reply_count=len(replies) - 1, latest_reply=replies[-1].ts)
    return shown


def _written(message: Message) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": unescape(message.text)}]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}
