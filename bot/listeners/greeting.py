"""What Slack tells about people, and what people tell the bot outside of threads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot import messages, slack
from bot.jobs import Again, Kind
from bot.listeners import Desk
from store import Person, Work

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # too long to decide anything


def register(app: App, desk: Desk) -> None:
    """Listen to changes of people and to direct messages."""

    def changed(ack: Any, context: dict[str, Any]) -> None:
        def effect(work: Work, user_id: str) -> dict[str, Any]:
            if work.person(user_id):
                work.save_person(Person(workspace_id=work.workspace_id, user_id=user_id, seen_at=LONG_AGO))
            return {}

        ack(**desk.once(context, effect))

    def said(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        event = body["event"]
        if (
            event.get("channel_type") != "im"
            or event.get("bot_id")
            or not context.get("user_id")
            or event.get("subtype") not in (None, "file_share")
        ):
            ack()
            return

        def effect(work: Work, user_id: str) -> dict[str, Any]:
            desk.jobs.enqueue(work, "greet", user_id, context["request"].key, work.workspace_id, user_id)
            return {}

        ack(**desk.once(context, effect))

    app.event("user_change")(changed)
    app.event("message")(said)


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def greet(workspace_id: str, user_id: str) -> Again | None:
        client = desk.slack.client(workspace_id)
        try:
            client.chat_postMessage(channel=user_id, **messages.greeting(desk.email))
        except SlackApiError as error:
            wait = slack.wait_or_give_up(error)
            return Again(wait) if wait is not None else None
        return None

    return (Kind("greet", "tell", greet),)
