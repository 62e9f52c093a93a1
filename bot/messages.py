"""Sentences said in people's messages from more than one place. Each has a `text` that says everything."""

from __future__ import annotations

from typing import Any

from bot.setups import Setup
from bot.views import OPEN_HOME, actions, button, esc, link, reports, section
from providers.base import File, Provider


def setup_card(setup: Setup) -> dict[str, Any]:
    """The one message about a Connect: where it stands, and what can be done."""
    assert setup.report is not None
    if setup.state == "done":
        blocks = link.connected_blocks(setup)
        text = f"{setup.name} is connected to XOps as {setup.provider.name}."
    else:
        blocks = [*link.progress(setup, setup.report), *link.ways_on(setup)]
        text = f"{setup.name}: {link.heading(setup)}."
    return {"text": esc(f"{text} {reports.words(setup.report)}")[:3900], "blocks": blocks}


def greeting(email: str) -> dict[str, Any]:
    """The answer to a direct message that belongs to nothing."""
    text = f"Type /xops to link or check a cloud account. For any challenges, please contact {esc(email)}."
    return {"text": text, "blocks": [section(text), actions(button("Open XOps", OPEN_HOME))]}


def file_sent(provider: Provider, file: File) -> str:
    """What is said above a file."""
    return f"{file.name} for {provider.name}: {file.title}"
