"""Slack's Web API as this bot uses it: clients with limits, and which of its errors mean what. No words here."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

PERSISTENCE = 5.0  # seconds a screen is tried to be shown
OPENING = 1  # seconds for views.open: the trigger lives 3 and the person waits
PATIENT = 10  # seconds for everything else

CLOSED = {"not_found", "view_not_found"}  # the person closed the modal
LATE = {  # the trigger is of no use any more, or never was
    "expired_trigger_id",
    "exchanged_trigger_id",
    "invalid_trigger_id",
    "invalid_trigger",
    "trigger_expired",
    "trigger_exchanged",
}
FINAL = {  # asking again will not help
    "account_inactive",
    "token_revoked",
    "invalid_auth",
    "channel_not_found",
    "user_not_found",
    "is_archived",
    "not_in_channel",
    "cannot_dm_bot",
    "user_disabled",
    "missing_scope",
    "restricted_action",
    "message_not_found",
    "cant_update_message",
}


class Slack:
    """Makes clients for workspaces. Nothing is retried inside: a retried post is posted twice."""

    def __init__(self, api_url: str, token_of: Callable[[str], str]) -> None:
        self._api_url = api_url
        self._token_of = token_of

    def client(self, workspace_id: str, seconds: int = PATIENT) -> WebClient:
        """A client that speaks for the bot in this workspace and waits at most so long."""
        return WebClient(
            token=self._token_of(workspace_id), base_url=self._api_url, timeout=seconds, retry_handlers=[]
        )

    def show_surely(
        self, workspace_id: str, screen: str, view: dict[str, Any], appears: bool = False
    ) -> bool:
        """Replace the modal of this name, if need be after a few tries. False when it is not open.

        `appears`: it may be opened only in a moment.
        """
        client = self.client(workspace_id)
        return patiently(lambda: client.views_update(external_id=screen, view=view), appears)

    def show(self, workspace_id: str, screen: str, view: dict[str, Any]) -> bool:
        """Replace the modal of this name, once. False when nobody has it open any more."""
        try:
            self.client(workspace_id).views_update(external_id=screen, view=view)
        except SlackApiError as error:
            if code(error) not in CLOSED:
                raise
            return False
        return True


def patiently(call: Callable[[], object], appears: bool) -> bool:
    """Make an idempotent call for a few seconds until Slack takes it: the same view again does no harm.

    False when the view is not there; with `appears`, also not a moment later. Raises what stays wrong, and at
    once what asking again will not change.
    """
    until = time.monotonic() + PERSISTENCE
    while True:
        wait = 0.3
        try:
            call()
            return True
        except SlackApiError as error:
            is_closed, asked = code(error) in CLOSED, retry_after(error)
            if is_closed and (not appears or time.monotonic() > until):
                return False
            if not is_closed and asked is None and error.response.status_code < 500:
                raise
            wait = max(wait, asked or 0)
            if time.monotonic() + wait > until and not is_closed:
                raise
        except (OSError, HTTPException):
            if time.monotonic() + wait > until:
                raise
        time.sleep(wait)


def code(error: SlackApiError) -> str:
    """Slack's own word for the error."""
    return str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""


def is_passing(error: BaseException) -> bool:
    """Whether the trouble is the network's, Slack's own or the person's pace: nothing of ours to mend."""
    if not isinstance(error, SlackApiError):
        return isinstance(error, OSError)
    status = int(error.response.status_code)
    return status == 429 or status >= 500 or code(error) in LATE | CLOSED


def wait_or_give_up(error: SlackApiError) -> float | None:
    """Seconds until another try, or None when asking again will not help. Raises what is neither."""
    wait = retry_after(error)
    if wait is None and code(error) not in FINAL:
        raise error
    if wait is None:
        log.warning("Slack refused for good", extra={"error": code(error)})
    return wait


def retry_after(error: SlackApiError) -> float | None:
    """Seconds Slack asks us to wait, or None when waiting is not the answer."""
    if error.response.status_code == 429 or code(error) in ("ratelimited", "rate_limited"):
        value = str(error.response.headers.get("Retry-After", ""))
        return min(float(value), 3600.0) if value.isdigit() else 30.0
    return None
