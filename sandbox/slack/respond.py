"""response_url, and the messages a bot puts into its answer to a slash command."""

from __future__ import annotations

import secrets
from typing import Any

from .blockkit import check_blocks
from .errors import Refusal
from .models import Channel, Message, ResponseUrl, with_ids
from .walk import Json
from .workspace import Workspace

USES = 5
LIFETIME = 1800.0


def new_url(space: Workspace, user: str, channel: Channel, message: Message | None = None) -> str:
    """A response_url for something a person just did."""
    token = secrets.token_urlsafe(18)
    space.response_urls[token] = ResponseUrl(user, channel, message, space.now() + LIFETIME, USES)
    return f"{space.base_url}/response/{token}"


def respond(space: Workspace, token: str, body: Any) -> None:
    """One use of a response_url. Raises Refusal: used_url, expired_url, no_text, invalid_blocks, invalid_payload."""
    url = space.response_urls.get(token)
    if not url or url.left < 1:
        raise Refusal("used_url")
    if space.now() > url.expires:
        raise Refusal("expired_url")
    url.left -= 1
    say(space, url.user, url.channel, body, url.message)


def say(space: Workspace, user: str, channel: Channel, body: Any, original: Message | None = None) -> None:
    """Shows, replaces or deletes a message as a JSON answer asks for; ephemeral unless it says in_channel."""
    if not isinstance(body, dict):
        raise Refusal("invalid_payload")
    if original and body.get("delete_original"):
        original.deleted = True
        return
    text, blocks = _content(body)
    space.judge("response_url", text)
    if original and body.get("replace_original"):
        original.text, original.blocks, original.edited = text, blocks, True
    elif body.get("response_type", "ephemeral") == "in_channel":
        space.post(channel, space.bot.id, text, blocks, body.get("thread_ts"))
    else:
        space.whisper(channel, user, text, blocks)


def _content(body: Json) -> tuple[str, list[Json]]:
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not isinstance(text, str) or body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise Refusal("invalid_payload")
    wrong = check_blocks(blocks)
    if wrong:
        raise Refusal("invalid_blocks", wrong)
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    return text, with_ids(blocks)
