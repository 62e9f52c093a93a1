"""From Slack's payloads to one use-case and one screen. No sentences here.

`Desk` is what every listener and every background job works with.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot import errors, people, slack, views
from bot.accounts import Accounts
from bot.changes import Changes
from bot.door import Request
from bot.gates import Gates
from bot.jobs import Again, Jobs, Kind
from bot.linking import Linking
from bot.people import Groups
from bot.refusals import Gone, NotAllowed, RightsUnknown
from bot.setups import Setups, is_screen_of, new_screen
from bot.slack import Slack
from providers import Family
from providers.base import Ours, Provider
from store import Busy, Person, Store, Work

log = logging.getLogger(__name__)

BEFORE_ACK = 1.2  # seconds a transaction waits for a lock while Slack waits for us
RECENT = timedelta(minutes=1)  # a person seen since then is not looked up again to draw a screen
REDRAWN = 4  # times at most that a screen is brought up to date at once
DID_NOT_ANSWER = (SlackApiError, OSError, HTTPException)

Draw = Callable[[Person, str], dict[str, Any]]  # (who looks, name of the screen) -> view


@dataclass(frozen=True)
class Desk:
    """The use-cases and what belongs to this installation."""

    store: Store
    jobs: Jobs
    slack: Slack
    gates: Gates
    setups: Setups
    linking: Linking
    accounts: Accounts
    changes: Changes
    families: Sequence[Family]
    providers: Mapping[str, Provider]
    ours: Ours
    groups: Groups
    email: str

    def once(
        self, context: Mapping[str, Any], effect: Callable[[Work, str], dict[str, Any]]
    ) -> dict[str, Any]:
        """Do the effect of a request exactly once, however often Slack delivers it; the answer is the same each time.

        `effect` gets the transaction and the person's id, and answers with what `ack` is called with.
        """
        request: Request = context["request"]
        with self.store.begin(context["team_id"], patience=BEFORE_ACK, gate=request.deadline.commit) as work:
            saved = work.claim(request.key)
            if saved is not None:
                return dict(saved.answer or {})
            answer = effect(work, context.get("user_id", ""))
            work.save_answer(request.key, answer)
            return answer

    def person(self, workspace_id: str, user_id: str, age: timedelta = RECENT) -> Person:
        """The person, looked up in Slack when what we know is older than `age`. Raises RightsUnknown.

        When Slack does not answer, what we know serves for ten minutes, but never for an `age` of nothing.
        """
        with self.store.begin(workspace_id) as work:
            known = work.person(user_id)
        if known is not None and known.seen_at > datetime.now(UTC) - age:
            return known
        try:
            found = people.look_up(self.slack.client(workspace_id), workspace_id, user_id, self.groups)
        except DID_NOT_ANSWER:
            if age and known is not None and people.is_fresh(known):
                return known
            raise RightsUnknown from None
        with self.store.begin(workspace_id) as work:
            work.save_person(found)
        return found

    def show(self, body: Mapping[str, Any], context: Mapping[str, Any], draw: Draw, screen: str = "") -> None:
        """Draw a screen for the person: in place of the modal the request came from, or in a new one."""
        workspace_id, user_id = context["team_id"], context["user_id"]
        here = screen_in(body, user_id)
        is_there = bool(here) and not screen
        screen = here if is_there else screen or new_screen(user_id)
        try:
            certain = is_there or self._open(workspace_id, body["trigger_id"], screen)
            shown = self._keep_true(context, draw, screen, appears=not certain)
        except DID_NOT_ANSWER as error:
            if isinstance(error, SlackApiError) and slack.code(error) not in slack.LATE:
                raise
            shown = False
            certain = False
        if not shown and not certain:  # else the person closed it
            self.slack.client(workspace_id).chat_postMessage(channel=user_id, **views.came_too_late())

    def push(self, context: Mapping[str, Any], trigger_id: str, view: dict[str, Any]) -> None:
        """Put a screen on top of the modal; when the trigger is too old, a message offers the way in again."""
        workspace_id, user_id = context["team_id"], context["user_id"]
        try:
            self.slack.client(workspace_id).views_push(trigger_id=trigger_id, view=view)
        except SlackApiError as error:
            if slack.code(error) not in slack.LATE:
                raise
            self.slack.client(workspace_id).chat_postMessage(channel=user_id, **views.came_too_late())

    def _keep_true(self, context: Mapping[str, Any], draw: Draw, screen: str, appears: bool) -> bool:
        """Show the screen, and again if things changed while Slack took its time. False when it is not open."""
        workspace_id, user_id = context["team_id"], context["user_id"]
        trouble, shown = context.get("trouble"), None
        for _ in range(REDRAWN):
            view = (
                errors.screen(screen, trouble) if trouble else self._draw(draw, workspace_id, user_id, screen)
            )
            if view == shown:
                return True
            try:
                there = self.slack.show_surely(workspace_id, screen, view, appears)
            except SlackApiError as error:  # a view Slack refuses must not leave the loading screen there
                sorry = errors.screen(screen, errors.as_note(error))
                return self.slack.show_surely(workspace_id, screen, sorry)
            if not there:
                return False
            shown = view
            if errors.is_screen(view):
                return True  # drawn again it would be refused, and recorded, again
        return True

    def _draw(self, draw: Draw, workspace_id: str, user_id: str, screen: str) -> dict[str, Any]:
        try:
            return draw(self.person(workspace_id, user_id), screen)
        except Exception as error:  # noqa: BLE001 - the loading screen must not stay
            self.record_denial(error, workspace_id, user_id)
            return errors.screen(screen, errors.as_note(error))

    def record_denial(self, error: Exception, workspace_id: str, user_id: str) -> None:
        """Who tried what they may not stands in the audit log."""
        if isinstance(error, NotAllowed):
            with contextlib.suppress(Busy), self.store.begin(workspace_id, patience=BEFORE_ACK / 4) as work:
                work.audit("XA001E", "denied", actor=user_id, result="refused", reason=type(error).__name__)

    def _open(self, workspace_id: str, trigger_id: str, screen: str) -> bool:
        """Open the loading screen. False when Slack's answer was lost: it may be open all the same."""
        try:
            client = self.slack.client(workspace_id, seconds=slack.OPENING)
            client.views_open(trigger_id=trigger_id, view=views.loading(screen))
        except (OSError, HTTPException) as error:
            log.warning("views.open: no answer", extra={"error": type(error).__name__})
            return False
        return True


def register(app: App, desk: Desk) -> None:
    """Listen to everything Slack sends."""
    from bot.listeners import changes, checking, command, greeting, home, link, manage

    for flow in (command, home, link, checking, manage, changes, greeting):
        flow.register(app, desk)


def kinds(desk: Desk) -> list[Kind]:
    """All background work."""
    from bot.listeners import changes, checking, greeting, manage, sweep

    return [
        replace(kind, run=_unless_gone(kind.run))
        for flow in (checking, manage, changes, greeting, sweep)
        for kind in flow.kinds(desk)
    ]


def _unless_gone(run: Callable[..., Again | None]) -> Callable[..., Again | None]:
    """Work about something that is no longer there is done."""

    def run_it(*args: Any) -> Again | None:
        with contextlib.suppress(Gone):
            return run(*args)
        return None

    return run_it


def screen_in(body: Mapping[str, Any], user_id: str) -> str:
    """The name of the person's own modal that the request came from; empty when it came from elsewhere."""
    view = body.get("view") or {}
    name = str(view.get("external_id"))
    return name if view.get("type") == "modal" and is_screen_of(name, user_id) else ""


def value_of(body: Mapping[str, Any]) -> str:
    """The opaque id behind the pressed button; empty for anything that is not one of ours."""
    value = body["actions"][0].get("value")
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ""


def guarded(lazy: Callable[..., None]) -> Callable[..., None]:
    """A lazy function whose errors are logged: Bolt's error handler never sees them."""

    def run(body: dict[str, Any], context: dict[str, Any]) -> None:
        try:
            lazy(body, context)
        except Exception as error:  # noqa: BLE001 - Bolt would swallow it
            if slack.is_passing(error):
                log.warning("Slack did not take a screen", extra={"error": type(error).__name__})
            else:
                errors.as_problem(error)

    run.__name__ = f"{lazy.__module__}.{lazy.__qualname__}".replace("<locals>.", "")
    return run
