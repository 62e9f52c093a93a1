"""The home page, as a modal and as the Home tab."""

from __future__ import annotations

from typing import Any

from slack_bolt import App

from bot.listeners import Desk, Draw, guarded
from bot.refusals import RightsUnknown
from bot.views import home
from store import Person


def register(app: App, desk: Desk) -> None:
    """Listen to the Home tab and to the button that opens the page."""

    def opened(body: dict[str, Any], context: dict[str, Any]) -> None:
        if body["event"].get("tab") == "home" and context.get("user_id"):
            publish(desk, context["team_id"], context["user_id"])

    def open_page(body: dict[str, Any], context: dict[str, Any]) -> None:
        desk.show(body, context, draw_home(desk))

    app.event("app_home_opened")(ack=lambda ack: ack(), lazy=[guarded(opened)])
    app.action(home.OPEN)(ack=lambda ack: ack(), lazy=[guarded(open_page)])


def draw_home(desk: Desk) -> Draw:
    """The page as a modal."""

    def draw(person: Person, screen: str) -> dict[str, Any]:
        overview = desk.accounts.overview(person)
        return home.modal_page(screen, overview, desk.families, desk.providers, desk.email)

    return draw


def publish(desk: Desk, workspace_id: str, user_id: str) -> None:
    """Draw the person's Home tab anew."""
    try:
        overview = desk.accounts.overview(desk.person(workspace_id, user_id))
        view = home.tab(overview, desk.families, desk.providers, desk.email)
    except RightsUnknown as problem:
        view = home.sorry(problem.note(), desk.email)
    desk.slack.client(workspace_id).views_publish(user_id=user_id, view=view)
