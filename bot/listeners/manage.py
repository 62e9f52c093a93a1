"""Linked accounts: check again."""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt import App

from bot import errors
from bot.accounts import Linked
from bot.jobs import Kind
from bot.listeners import DID_NOT_ANSWER, Desk, Draw, guarded, screen_in, value_of
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
        here = screen_in(body, context["user_id"])
        context["screen"] = here or new_screen(context["user_id"])

        def effect(work: Work, user_id: str) -> dict[str, Any]:
            desk.accounts.recheck(work, user_id, value_of(body), context["screen"])
            return {}

        ack(**desk.once(context, effect))

    def then(body: dict[str, Any], context: dict[str, Any]) -> None:
        here = screen_in(body, context["user_id"])
        desk.show(body, context, draw_account(desk, value_of(body)), "" if here else context["screen"])

    app.action(home.CHECK)(ack=ack_it, lazy=[guarded(then)])


def draw_account(desk: Desk, account_id: str) -> Draw:
    """The account: while it is checked, or what the last check found."""
    return lambda person, screen: screen_of(desk.accounts.of(person, account_id), screen)


def draw_check(desk: Desk, name: str) -> Draw:
    """Check the account of this name now; without a name, the accounts to choose from."""
    begun = False

    def draw(person: Person, screen: str) -> dict[str, Any]:
        nonlocal begun
        if not name:
            return draw_home(desk)(person, screen)
        account = desk.accounts.named(person, name)
        if not begun:
            begun = True  # drawn again it is the same check
            with desk.store.begin(person.workspace_id) as work:
                account = desk.accounts.recheck(work, person.user_id, account.id, screen)
        return screen_of(account, screen)

    return draw


def screen_of(account: Linked, screen: str) -> dict[str, Any]:
    """The one screen that fits where the account stands."""
    if account.is_checking:
        return home.checked(screen, account, None)
    return home.checked(screen, account, account.report, done=True)


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def recheck(workspace_id: str, account_id: str, revision: int, user_id: str, screen: str) -> None:
        account = desk.accounts.look(workspace_id, account_id)

        def show(report: Report) -> None:
            desk.slack.show(workspace_id, screen, home.checked(screen, account, report))

        try:
            person = desk.person(workspace_id, user_id, FRESH)
            with Painter(show) as paint:
                desk.accounts.verify(account, revision, person, paint)
        except Problem as problem:
            desk.accounts.end_check(workspace_id, account_id, revision)
            desk.record_denial(problem, workspace_id, user_id)
            show_end(desk, workspace_id, screen, errors.screen(screen, problem.note()))
            return
        done = desk.accounts.look(workspace_id, account_id)
        show_end(desk, workspace_id, screen, screen_of(done, screen))
        with contextlib.suppress(*DID_NOT_ANSWER):
            publish(desk, workspace_id, user_id)

    def give_up(workspace_id: str, account_id: str, revision: int, _user_id: str, screen: str) -> None:
        desk.accounts.end_check(workspace_id, account_id, revision)
        show_end(desk, workspace_id, screen, errors.screen(screen, errors.broken().note()))

    return (Kind("recheck", "verify", recheck, give_up=give_up),)


def show_end(desk: Desk, workspace_id: str, screen: str, view: dict[str, Any]) -> None:
    """Show how it ended, also when the modal appears only in a moment. Closed is closed."""
    with contextlib.suppress(*DID_NOT_ANSWER):
        desk.slack.show_surely(workspace_id, screen, view, appears=True)
