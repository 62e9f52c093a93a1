"""chat.*: messages."""

from __future__ import annotations

from typing import Any

from ..blockkit import check_blocks
from ..call import Call
from ..desk import Desk
from ..errors import Refusal
from ..models import Channel, Message, with_ids
from ..payloads import message_json
from ..walk import Json

TEXT_KEPT = 40_000
TEXT_UPDATED = 4_000
ATTACHMENTS = 100


def content(call: Call) -> tuple[str, list[Json] | None]:
    """The text and the blocks of a message (None: not given), checked."""
    text = call.text("text")
    blocks = call.json("blocks", broken="invalid_blocks_format")
    if blocks is not None:
        wrong = check_blocks(blocks)
        if wrong:
            raise Refusal("invalid_blocks", wrong)
        with_ids(blocks)
    attachments = call.json("attachments") or []
    if len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")
    if not text.strip() and not blocks and not attachments:
        raise Refusal("no_text")
    return text, blocks


def _metadata(call: Call) -> Json | None:
    given: Any = call.json("metadata", broken="invalid_metadata_format")
    if not given:
        return None
    if not isinstance(given, dict):
        raise Refusal("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not isinstance(given.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    return given


def thread_of(desk: Desk, channel: Channel, call: Call) -> str | None:
    """The parent's timestamp; a reply's own is taken for its parent's, with a warning."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.find(ts)
    if not parent:
        raise Refusal("thread_not_found")
    if parent.thread_ts:
        desk.space.warnings.append("thread_ts is a reply's timestamp, not its parent's")
    return parent.thread_ts or ts


def _own(desk: Desk, channel: Channel, ts: str, refusal: str) -> Message:
    message = channel.find(ts)
    if not message:
        raise Refusal("message_not_found")
    if message.user != desk.space.bot.id:
        raise Refusal(refusal)
    return message


def post_message(desk: Desk, call: Call) -> Json:
    """chat.postMessage."""
    channel = desk.post_to(call)
    text, blocks = content(call)
    metadata = _metadata(call)
    thread = thread_of(desk, channel, call)
    desk.space.judge(f"chat.postMessage to {channel.name}", text)
    message = desk.space.post(channel, desk.space.bot.id, text[:TEXT_KEPT], blocks, thread)
    message.metadata = metadata
    answer: Json = {"channel": channel.id, "ts": message.ts, "message": message_json(desk.space, message)}
    if len(text) > TEXT_KEPT:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return answer


def update(desk: Desk, call: Call) -> Json:
    """chat.update. Text without blocks removes the blocks; without text they stay."""
    channel = desk.channel(call)
    message = _own(desk, channel, call.need("ts"), "cant_update_message")
    if channel.archived:
        raise Refusal("is_inactive")
    text, blocks = content(call)
    if len(text) > TEXT_UPDATED:
        raise Refusal("msg_too_long")
    metadata = _metadata(call)
    desk.space.judge(f"chat.update in {channel.name}", text)
    message.text, message.blocks, message.edited = text, blocks or [], True
    message.metadata = metadata or message.metadata
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": message_json(desk.space, message),
    }


def delete(desk: Desk, call: Call) -> Json:
    """chat.delete."""
    channel = desk.channel(call)
    message = _own(desk, channel, call.need("ts"), "cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(desk: Desk, call: Call) -> Json:
    """chat.postEphemeral."""
    user = call.need("user")
    channel = desk.channel(call)
    if desk.space.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = content(call)
    if len(text) > TEXT_KEPT:
        raise Refusal("msg_too_long")
    desk.space.judge(f"chat.postEphemeral in {channel.name}", text)
    return {"message_ts": desk.space.whisper(channel, user, text, blocks).ts}


def get_permalink(desk: Desk, call: Call) -> Json:
    """chat.getPermalink."""
    channel = desk.channel(call)
    message = channel.find(call.need("message_ts"))
    if not message:
        raise Refusal("message_not_found")
    link = f"https://{desk.space.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
