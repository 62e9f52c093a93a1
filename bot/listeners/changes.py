"""Renaming and deleting linked accounts."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import Any

from slack_bolt import App

from bot import errors, messages
from bot.accounts import Linked
from bot.answers import NAME
from bot.jobs import Kind
from bot.listeners import DID_NOT_ANSWER, Desk, Draw, guarded, value_of
from bot.listeners.home import publish
from bot.listeners.manage import show_end
from bot.setups import new_screen
from bot.views import manage, typed
from providers.base import Problem
from store import Person, Work

AFRESH = timedelta(0)  # rights to destroy something are asked of Slack at that moment


def register(app: App, desk: Desk) -> None:
    """Listen to Edit name, Proceed, Delete and Delete Account."""

    def edit(body: dict[str, Any], context: dict[str, Any]) -> None:
        desk.show(body, context, _form(desk, value_of(body), manage.rename_form))

    def remove(body: dict[str, Any], context: dict[str, Any]) -> None:
        desk.show(body, context, _form(desk, value_of(body), _delete_form))

    def look_again(_body: dict[str, Any], context: dict[str, Any]) -> None:
        desk.person(context["team_id"], context["user_id"])  # for the press after "once more in a moment"

    app.action(manage.EDIT)(ack=lambda ack: ack(), lazy=[guarded(edit)])
    app.action(manage.REMOVE)(ack=lambda ack: ack(), lazy=[guarded(remove)])

    def rename(ack: Any, view: dict[str, Any], context: dict[str, Any]) -> None:
        def effect(work: Work, user_id: str) -> dict[str, Any]:
            account_id, was = manage.seen(view["private_metadata"])
            account = desk.changes.rename(work, user_id, account_id, was, typed(view).get(NAME, ""))
            return _update(manage.renamed(new_screen(user_id), account))

        ack(**desk.once(context, effect))

    def delete(ack: Any, view: dict[str, Any], context: dict[str, Any]) -> None:
        def effect(work: Work, user_id: str) -> dict[str, Any]:
            screen, name = new_screen(user_id), typed(view).get(NAME, "")
            account = desk.changes.ask_to_delete(work, user_id, view["private_metadata"], name, screen)
            return _update(manage.deleting(screen, account))

        ack(**desk.once(context, effect))

    app.view(manage.RENAME)(ack=rename, lazy=[guarded(look_again)])
    app.view(manage.DELETE)(delete)


def draw_rename_named(desk: Desk, name: str) -> Draw:
    """The form to rename the account of this name."""
    return _named(desk, name, manage.rename_form)


def draw_delete_named(desk: Desk, name: str) -> Draw:
    """The form to delete the account of this name."""
    return _named(desk, name, _delete_form)


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def delete(workspace_id: str, account_id: str, user_id: str, screen: str) -> None:
        account = desk.accounts.look(workspace_id, account_id)
        try:
            desk.changes.delete(account, desk.person(workspace_id, user_id, AFRESH))
        except Problem as problem:
            desk.record_denial(problem, workspace_id, user_id)
            show_end(desk, workspace_id, screen, errors.screen(screen, problem.note()))
            return
        show_end(desk, workspace_id, screen, manage.deleted(screen, account))
        with contextlib.suppress(*DID_NOT_ANSWER):
            publish(desk, workspace_id, user_id)
            client = desk.slack.client(workspace_id)
            for told in {user_id, account.owner_id}:
                client.chat_postMessage(channel=told, **messages.deleted(account))

    return (Kind("delete", "verify", delete),)


def _form(desk: Desk, account_id: str, form: Any) -> Draw:
    return _drawn_once(lambda person, screen: form(screen, desk.accounts.of(person, account_id), desk.email))


def _named(desk: Desk, name: str, form: Any) -> Draw:
    return _drawn_once(lambda person, screen: form(screen, desk.accounts.named(person, name), desk.email))


def _drawn_once(draw: Draw) -> Draw:
    """A form stays as the person saw it: what changes under it is told when they submit."""
    drawn: dict[str, Any] = {}

    def run(person: Person, screen: str) -> dict[str, Any]:
        if not drawn:
            drawn.update(draw(person, screen))
        return drawn

    return run


def _delete_form(screen: str, account: Linked, email: str) -> dict[str, Any]:
    form = manage.delete_form if account.provider.deletable else manage.not_deletable
    return form(screen, account, email)


def _update(view: dict[str, Any]) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
