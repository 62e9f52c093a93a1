"""The daily check of every linked account, and the message when an account's health changes. Nobody asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

from slack_sdk.errors import SlackApiError

from bot import messages, slack
from bot.jobs import FOR_A_DAY, Again, Kind
from bot.listeners import Desk
from providers.base import Report

KIND = "sweep"
EVERY = 600  # seconds between two looks at what is due


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def sweep() -> None:
        with desk.store.system() as system:
            workspaces = system.workspaces()
        for workspace_id in workspaces:
            desk.accounts.sweep(workspace_id, datetime.now(UTC))

    def swept(workspace_id: str, account_id: str, revision: int) -> None:
        desk.accounts.verify(desk.accounts.look(workspace_id, account_id), revision, None, _unseen)

    def health(workspace_id: str, account_id: str) -> Again | None:
        account = desk.accounts.look(workspace_id, account_id)
        client = desk.slack.client(workspace_id)
        try:
            client.chat_postMessage(
                channel=account.owner_id, unfurl_links=False, unfurl_media=False, **messages.health(account)
            )
        except SlackApiError as error:
            wait = slack.wait_or_give_up(error)
            return Again(wait) if wait is not None else None
        return None

    def never_made(workspace_id: str, account_id: str, revision: int) -> None:
        desk.accounts.end_check(workspace_id, account_id, revision)

    return (
        Kind(KIND, "clock", sweep),
        Kind("swept", "verify", swept, give_up=never_made),
        Kind("health", "tell", health, waits=FOR_A_DAY),
    )


def _unseen(_report: Report) -> None:
    return
