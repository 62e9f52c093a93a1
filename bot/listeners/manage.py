"""Linked accounts: check again."""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt import App

from bot import errors
from bot.accounts import Linked
from bot.jobs import Kind
from bot.listeners import DID_NOT_ANSWER, Desk, Draw, guarded, value_of
from bot.listeners.home import draw_home, publish
from bot.painter import Painter
from bot.people import FRESH
from bot.setups import new_screen
from bot.views import home
from providers.base import Problem, Report
from store import Person, Work


def register(app: App, desk: Desk) -> None:
    """Listen to Check again on a linked account."""

    def ack_it(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        context["screen"] = (body.get("view") or {}).get("external_id") or new_screen()

        def effect(work: Work, user_id: str) -> dict[str, Any]:
            desk.accounts.recheck(work, user_id, value_of(body), context["screen"])
            return {}

        ack(**desk.once(context, effect))

    def then(body: dict[str, Any], context: dict[str, Any]) -> None:
        is_modal = (body.get("view") or {}).get("type") == "modal"
        desk.show(body, context, draw_running(desk, value_of(body)), "" if is_modal else context["screen"])

    app.action(home.CHECK)(ack=ack_it, lazy=[guarded(then)])


def draw_running(desk: Desk, account_id: str) -> Draw:
    """The account while it is checked; the job shows the result in the same screen."""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        return home.checked(screen, desk.accounts.of(person, account_id), None)

    return draw


def draw_check(desk: Desk, name: str) -> Draw:
    """Check the account of this name now; without a name, the accounts to choose from."""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        if not name:
            return draw_home(desk)(person, screen)
        account = desk.accounts.named(person, name)
        with desk.store.begin(person.workspace_id) as work:
            desk.accounts.recheck(work, person.user_id, account.id, screen)
        return home.checked(screen, account, None)

    return draw


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def recheck(workspace_id: str, account_id: str, revision: int, user_id: str, screen: str) -> None:
        try:
            account = desk.accounts.look(workspace_id, account_id)
            person = desk.person(workspace_id, user_id, FRESH)
        except Problem as problem:
            _show_problem(desk, workspace_id, screen, problem)
            return

        def show(report: Report) -> None:
            desk.slack.show(workspace_id, screen, home.checked(screen, account, report))

        try:
            with Painter(show) as paint:
                done = desk.accounts.verify(workspace_id, account_id, revision, person, paint)
        except Problem as problem:
            _show_problem(desk, workspace_id, screen, problem)
            return
        if done is not None:
            _show_result(desk, done, user_id, screen)

    return (Kind("recheck", "verify", recheck),)


def _show_result(desk: Desk, account: Linked, user_id: str, screen: str) -> None:
    with contextlib.suppress(*DID_NOT_ANSWER):
        desk.slack.show(
            account.workspace_id, screen, home.checked(screen, account, account.report, done=True)
        )
        publish(desk, account.workspace_id, user_id)


def _show_problem(desk: Desk, workspace_id: str, screen: str, problem: Problem) -> None:
    with contextlib.suppress(*DID_NOT_ANSWER):
        desk.slack.show(workspace_id, screen, errors.screen(screen, problem.note()))
