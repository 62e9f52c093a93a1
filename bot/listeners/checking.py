"""While the checks run: what the person sees, the buttons of a refusal, and the message that tells the end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot import errors, messages, people, slack
from bot.jobs import FOR_A_DAY, Again, Kind
from bot.listeners import DID_NOT_ANSWER, Desk, guarded, screen_in, value_of
from bot.listeners.home import publish
from bot.listeners.link import draw_form, draw_setup, screen_of
from bot.painter import Painter
from bot.refusals import RightsUnknown
from bot.setups import Setup, new_screen
from bot.views import link
from providers.base import Report
from store import Work

log = logging.getLogger(__name__)


def register(app: App, desk: Desk) -> None:
    """Listen to Check again, Change the answers, Stop and Replace the role."""

    def press(action: str, effect: Callable[[Work, str, str, str], Setup], draw: Any = draw_setup) -> None:
        def ack_it(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
            def once(work: Work, user_id: str) -> dict[str, Any]:
                effect(work, user_id, value_of(body), screen_in(body, user_id) or new_screen(user_id))
                return {}

            ack(**desk.once(context, once))

        def then(body: dict[str, Any], context: dict[str, Any]) -> None:
            desk.show(body, context, draw(desk, value_of(body)))

        app.action(action)(ack=ack_it, lazy=[guarded(then)])

    press(link.CHECK_AGAIN, desk.setups.check_again)
    press(link.REPLACE, desk.setups.replace_access)
    press(link.SWITCH, desk.setups.switch)
    press(link.CHANGE, lambda work, user, setup, _screen: desk.setups.change(work, user, setup), draw_form)
    press(link.STOP, lambda work, user, setup, _screen: desk.setups.stop(work, user, setup))


def kinds(desk: Desk) -> tuple[Kind, ...]:
    """The background work of this flow."""

    def verify(workspace_id: str, setup_id: str, revision: int, attempt: int) -> None:
        setup = desk.setups.look(workspace_id, setup_id)
        try:
            person = desk.person(workspace_id, setup.user_id, people.FRESH)
        except RightsUnknown:
            person = None
        # A later try shows only its result.
        with Painter((lambda report: _paint(desk, setup, report)) if attempt == 0 else _unseen) as paint:
            desk.linking.attempt(setup, revision, attempt, person, paint)
        _show_result(desk, setup)

    def tell(workspace_id: str, setup_id: str) -> Again | None:
        return _tell(desk, workspace_id, setup_id)

    def give_up(workspace_id: str, setup_id: str, revision: int, _attempt: int) -> None:
        desk.linking.give_up(workspace_id, setup_id, revision, errors.broken())

    def lost_file(workspace_id: str, setup_id: str) -> None:
        setup = desk.setups.look(workspace_id, setup_id)
        desk.slack.client(workspace_id).chat_postMessage(channel=setup.user_id, **messages.file_lost())

    return (
        Kind("verify", "verify", verify, give_up=give_up),
        Kind("tell", "tell", tell, waits=FOR_A_DAY),
        Kind("file", "tell", partial(_send_file, desk), give_up=lost_file),
    )


def _send_file(desk: Desk, workspace_id: str, setup_id: str) -> None:
    setup = desk.setups.look(workspace_id, setup_id)
    file = setup.provider.file(setup.prepared)
    if file is None:
        return
    client = desk.slack.client(workspace_id)
    channel = client.conversations_open(users=setup.user_id)["channel"]["id"]
    client.files_upload_v2(
        channel=channel,
        filename=file.name,
        content=file.content,
        title=file.title,
        initial_comment=messages.file_sent(setup.provider, file),
    )


def _unseen(_report: Report) -> None:
    return


def _paint(desk: Desk, setup: Setup, report: Report) -> None:
    """Show the lines so far, unless the person went on to another screen."""
    if desk.setups.look(setup.workspace_id, setup.id).revision == setup.revision:
        desk.slack.show(setup.workspace_id, setup.screen, link.checking(setup.screen, setup, report))


def _show_result(desk: Desk, before: Setup) -> None:
    """Show where the setup stands in its modal, if that is still open. A lost view is no loss: the card tells it.

    Right after a press Slack may still be applying our answer to it, so the modal may appear only in a moment.
    """
    setup = desk.setups.look(before.workspace_id, before.id)
    if setup.revision != before.revision:
        return  # the person went on to another screen
    try:
        view = screen_of(desk, setup, setup.screen)
        desk.slack.show_surely(setup.workspace_id, setup.screen, view, appears=before.is_young)
    except DID_NOT_ANSWER as error:
        log.info("could not show the result", extra={"error": type(error).__name__})


def _tell(desk: Desk, workspace_id: str, setup_id: str) -> Again | None:
    """Post the card of this setup, or bring it up to date."""
    setup = desk.setups.look(workspace_id, setup_id)
    client = desk.slack.client(workspace_id)
    try:
        if setup.card:
            channel, ts = setup.card
            client.chat_update(channel=channel, ts=ts, **messages.setup_card(setup))
        elif setup.report:
            posted = client.chat_postMessage(
                channel=setup.user_id, unfurl_links=False, unfurl_media=False, **messages.setup_card(setup)
            )
            desk.setups.set_card(setup, (posted["channel"], posted["ts"]))
        publish(desk, workspace_id, setup.user_id)
    except SlackApiError as error:
        if slack.code(error) == "message_not_found":
            desk.setups.set_card(setup, None)  # somebody deleted it: tell it anew
            return Again(0.1)
        wait = slack.wait_or_give_up(error)
        return Again(wait) if wait is not None else None
    return None
