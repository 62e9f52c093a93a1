"""files.*: upload in three steps, and looking one up. The bytes themselves come and go in api.py."""

from __future__ import annotations

import secrets
from typing import Any

from ..call import Call
from ..desk import Desk
from ..errors import Refusal
from ..models import Channel, File
from ..payloads import file_json
from ..walk import Json
from . import chat

ALT_TEXT = 1_000
CHANNELS = 100


def get_upload_url(desk: Desk, call: Call) -> Json:
    """files.getUploadURLExternal."""
    length = call.number("length", 0)
    if length < 1:
        raise Refusal("missing_argument")
    alt = call.text("alt_txt")
    if len(alt) > ALT_TEXT:
        raise Refusal("alt_txt_too_large")
    file = File(desk.space.new_id("F"), call.need("filename"), "", desk.space.bot.id, length, alt_text=alt)
    ticket = secrets.token_urlsafe(24)
    desk.space.files[file.id] = file
    desk.space.uploads[ticket] = file.id
    return {"upload_url": f"{desk.space.base_url}/upload/v1/{ticket}", "file_id": file.id}


def complete(desk: Desk, call: Call) -> Json:
    """files.completeUploadExternal: shares what was uploaded; without a channel it stays private."""
    files = [_finished(desk, each) for each in call.json("files") or []]
    if not files:
        raise Refusal("invalid_arguments", ["missing required field: files"])
    channels = _channels(desk, call)
    blocks = None
    if not call.text("initial_comment") and call.json("blocks"):
        _, blocks = chat.content(call)
    for channel in channels:
        thread = chat.thread_of(desk, channel, call)
        comment = call.text("initial_comment")
        desk.space.post(channel, desk.space.bot.id, comment, blocks, thread).files = files
    for file in files:
        file.shared = True
    return {"files": [file_json(desk.space, file) for file in files]}


def _finished(desk: Desk, each: Any) -> File:
    if not isinstance(each, dict) or "id" not in each:
        raise Refusal("invalid_arguments", ["missing required field: id [json-pointer:/files/0]"])
    unknown = set(each) - {"id", "title", "highlight_type"}
    if unknown:
        raise Refusal(
            "invalid_arguments", [f"invalid additional property: {min(unknown)} [json-pointer:/files/0]"]
        )
    file = desk.space.files.get(each["id"])
    if not file or not file.uploaded or file.shared:
        raise Refusal("file_not_found")
    file.title = each.get("title") or file.name
    return file


def _channels(desk: Desk, call: Call) -> list[Channel]:
    ids = [call.text("channel_id"), *call.text("channels").split(",")]
    wanted = [name for name in ids if name]
    if len(wanted) > CHANNELS:
        raise Refusal("channels_limit_exceeded")
    if call.text("thread_ts") and len(wanted) != 1:
        raise Refusal("invalid_arguments", ["thread_ts needs exactly one channel"])
    for name in wanted:
        if name not in desk.space.channels:  # a user id will not do here, unlike in chat.postMessage
            raise Refusal("channel_not_found")
    return [desk.post_to(Call({"channel": name})) for name in wanted]


def info(desk: Desk, call: Call) -> Json:
    """files.info."""
    file = desk.space.files.get(call.need("file"))
    if not file or not file.uploaded:
        raise Refusal("file_not_found")
    return {"file": file_json(desk.space, file), "comments": [], "response_metadata": {"next_cursor": ""}}
