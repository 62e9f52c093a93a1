"""Sentences said in people's messages from more than one place. Each has a `text` that says everything."""

from __future__ import annotations

from typing import Any

from bot.accounts import Linked
from bot.setups import Setup
from bot.views import OPEN_HOME, actions, button, esc, home, link, mail, manage, reports, section
from providers.base import File, Provider


def setup_card(setup: Setup) -> dict[str, Any]:
    """The one message about a Connect: where it stands, and what can be done."""
    if setup.state == "done":
        blocks = [*link.connected_blocks(setup), actions(button("See all accounts", OPEN_HOME))]
        text = f"{setup.name} is connected to XOps as {setup.provider.name}."
    else:
        blocks = link.progress(setup, setup.report, link.ways_on(setup))
        text = f"{setup.name}: {link.heading(setup)}."
    found = reports.words(setup.report)[:3000] if setup.report else ""
    said = (esc(text), link.keep_trying(setup), esc(found))
    return {"text": " ".join(part for part in said if part), "blocks": blocks}


def health(account: Linked) -> dict[str, Any]:
    """What the owner is told when the daily check found something new."""
    if account.health == "healthy":
        text = f"{account.name} works again. Nothing is left to do."
        blocks = [section(f":large_green_circle: *{esc(account.name)}* works again. Nothing is left to do.")]
        return {"text": esc(text), "blocks": blocks}
    found = reports.words(account.report)[:3000] if account.report else ""
    view = home.checked("", account, account.report, done=True)
    said = f"{account.name}: the daily check found something new. {found}"
    return {"text": esc(said), "blocks": view["blocks"]}


def deleted(account: Linked) -> dict[str, Any]:
    """What the person who deleted an account, and its owner, are told."""
    return {
        "text": f"{esc(account.name)} has been deleted. {esc(account.provider.removal)}".strip(),
        "blocks": [section(manage.deleted_text(account))],
    }


def greeting(email: str) -> dict[str, Any]:
    """The answer to a direct message that belongs to nothing."""
    text = (
        "Type /xops, or press Open XOps, to link or check a cloud account.\n"
        f"For any challenges, please contact our support team at {mail(email)}."
    )
    return {"text": text, "blocks": [section(text), actions(button("Open XOps", OPEN_HOME))]}


def file_lost() -> dict[str, Any]:
    """The answer when a file could not be sent."""
    text = "XOps could not send you the file. Open XOps, press Resume, and ask for it again."
    return {"text": text, "blocks": [section(text), actions(button("Open XOps", OPEN_HOME))]}


def file_sent(provider: Provider, file: File) -> str:
    """What is said above a file."""
    return (
        f"{file.title} ({provider.name}). Download {file.name}, then go on with the setup guide. "
        "If you closed the form, type /xops and press Resume."
    )
