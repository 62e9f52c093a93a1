"""A workspace with a tiny bot in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackServer
from tests.sandbox.block_kit import modal, plain
from tests.sandbox.tiny_bot import SECRET, TOKEN, TinyBot, serving


@pytest.fixture
def bot() -> TinyBot:
    return TinyBot()


@pytest.fixture
def slack(bot: TinyBot) -> Iterator[SlackServer]:
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN) as server, serving(bot.take) as url:
        server.bot_url = url
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(TOKEN, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def ada(slack: SlackServer) -> Person:
    return slack.person("Ada Lovelace", admin=True)


@pytest.fixture
def show(client: WebClient, ada: Person, bot: TinyBot) -> Any:
    """Opens a modal with these blocks before Ada."""

    def opened(*blocks: dict[str, Any], **more: Any) -> str:
        ada.command("/xops")
        view = modal("Form", list(blocks), **{"submit": plain("Save"), **more})
        return str(client.views_open(trigger_id=bot.trigger, view=view)["view"]["id"])

    return opened
