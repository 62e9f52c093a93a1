"""Linking an account: choose, read the guide, answer, connect. The checks themselves run in `checking`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import App

from bot.listeners import Desk, Draw, guarded, value_of
from bot.refusals import Gone
from bot.setups import Setup, new_screen
from bot.views import link, typed
from providers import Family
from store import Person, Work


def register(app: App, desk: Desk) -> None:
    """Listen to everything from the picker to Connect."""

    def screen(action: str, draw: Any) -> None:
        """A button that only opens or replaces a screen: nothing is written before the acknowledgement."""

        def lazy(body: dict[str, Any], context: dict[str, Any]) -> None:
            desk.show(body, context, draw(value_of(body)))

        app.action(action)(ack=lambda ack: ack(), lazy=[guarded(lazy)])

    families = {family.name: family for family in desk.families}
    screen(link.LINK_MORE, lambda _value: draw_picker(desk))
    screen(link.CHOOSE_FAMILY, lambda value: draw_family(desk, families.get(value)))
    screen(link.CHOOSE_PROVIDER, lambda value: draw_begin(desk, value))
    screen(link.RESUME, lambda value: draw_setup(desk, value))

    def open_guide(body: dict[str, Any], context: dict[str, Any]) -> None:
        setup = desk.setups.look(context["team_id"], value_of(body), context["user_id"])
        view = link.guide(new_screen(context["user_id"]), setup, desk.email)
        desk.push(context, body["trigger_id"], view)

    app.action(link.GUIDE)(ack=lambda ack: ack(), lazy=[guarded(open_guide)])
    app.action(link.LAUNCH)(lambda ack: ack())
    _files(app, desk)
    _connect(app, desk)


def _files(app: App, desk: Desk) -> None:
    def ask(ack: Any, body: dict[str, Any], context: dict[str, Any]) -> None:
        def effect(work: Work, user_id: str) -> dict[str, Any]:
            desk.setups.ask_for_file(work, user_id, value_of(body), context["request"].key)
            return {}

        ack(**desk.once(context, effect))

    def say(body: dict[str, Any], context: dict[str, Any]) -> None:
        desk.show(body, context, draw_form(desk, value_of(body), sent=True))

    app.action(link.SEND_FILE)(ack=ask, lazy=[guarded(say)])


def _connect(app: App, desk: Desk) -> None:
    @app.view(link.FORM)
    def connect(ack: Any, view: dict[str, Any], context: dict[str, Any]) -> None:
        def effect(work: Work, user_id: str) -> dict[str, Any]:
            screen = new_screen(user_id)
            setup = desk.setups.connect(work, user_id, view["private_metadata"], typed(view), screen)
            return {"response_action": "update", "view": screen_of(desk, setup, screen)}

        ack(**desk.once(context, effect))


def draw_picker(desk: Desk) -> Draw:
    """Select Your Preferred Cloud Service or Platform."""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        desk.gates.may_link(person)
        return link.picker(screen, desk.families, desk.providers, desk.email)

    return draw


def draw_family(desk: Desk, family: Family | None) -> Draw:
    """The choice within a family; a family of one kind goes straight to its form."""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        if family is None:
            raise Gone
        offers = desk.setups.offers(person, family)
        if len(family.kinds) == 1 and offers[0][1]:
            return draw_begin(desk, offers[0][1])(person, screen)
        return link.kinds(screen, family, offers, desk.email)

    return draw


def draw_begin(desk: Desk, key: str) -> Draw:
    """The form of this provider, with everything prepared."""
    begin = partial(_begin, desk, key)
    return _claiming(desk, begin, lambda setup, screen: screen_of(desk, setup, screen))


def draw_setup(desk: Desk, setup_id: str) -> Draw:
    """The setup where it stands."""
    resume = partial(_resume, desk, setup_id)
    return _claiming(desk, resume, lambda setup, screen: screen_of(desk, setup, screen))


def draw_form(desk: Desk, setup_id: str, *, sent: bool = False) -> Draw:
    """The form of a setup, also after a refusal; a check under way is shown instead."""

    def form(setup: Setup, screen: str) -> dict[str, Any]:
        if setup.state == "prepared":
            return link.form(screen, setup, desk.ours, desk.email, sent=sent)
        return screen_of(desk, setup, screen)

    return _claiming(desk, partial(_resume, desk, setup_id), form)


def _begin(desk: Desk, key: str, person: Person, screen: str) -> Setup:
    return desk.setups.begin(person, key, screen)


def _resume(desk: Desk, setup_id: str, person: Person, screen: str) -> Setup:
    return desk.setups.resume(person, setup_id, screen)


def _claiming(
    desk: Desk,
    claim: Callable[[Person, str], Setup],
    view: Callable[[Setup, str], dict[str, Any]],
) -> Draw:
    """The first drawing makes this the setup's screen. Drawn again it only looks: the setup may have gone on to another."""
    setup_id = ""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        nonlocal setup_id
        if setup_id:
            setup = desk.setups.look(person.workspace_id, setup_id, person.user_id)
        else:
            setup = claim(person, screen)
            setup_id = setup.id
        return view(setup, screen)

    return draw


def screen_of(desk: Desk, setup: Setup, screen: str) -> dict[str, Any]:
    """The one screen that fits where the setup stands."""
    if setup.linked_as:
        return link.already_linked(screen, setup)
    if setup.state == "done":
        return link.connected(screen, setup)
    if setup.state == "checking" or setup.report:
        return link.checking(screen, setup, setup.report)
    return link.form(screen, setup, desk.ours, desk.email)
