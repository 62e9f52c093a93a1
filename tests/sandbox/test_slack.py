"""Stories told with a real Bolt app: what people see and do, and what the bot hears of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from sandbox.slack import NotOnScreen, Person, SlackServer, StoryError
from tests.sandbox.block_kit import button, modal, mrkdwn, plain, typed
from tests.sandbox.tiny_bot import SECRET, TOKEN, TinyBot, serving

PICKER = modal("Add Cloud Account", [button("Management Account")], callback_id="pick")
FORM = modal("Link Account", [typed("name", "v", max_length=20)], callback_id="form", submit=plain("Connect"))


def bolt(api_url: str) -> App:
    """A bot that links accounts, in twenty lines."""
    app = App(client=WebClient(TOKEN, base_url=api_url), signing_secret=SECRET, process_before_response=True)

    @app.command("/xops")
    def xops(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack(text="Working on it", response_type="ephemeral")
        client.views_open(trigger_id=body["trigger_id"], view=PICKER)

    @app.action("go")
    def picked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_update(view_id=body["view"]["id"], view=FORM)

    @app.view("form")
    def connect(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        name = view["state"]["values"]["name"]["v"]["value"]
        if name == "taken":
            return ack(response_action="errors", errors={"name": "This name is taken."})
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"{name} is connected")

    @app.event("message")
    def heard(event: dict[str, Any], client: WebClient) -> None:
        if "bot_id" not in event and not event.get("subtype"):
            client.chat_postMessage(channel=event["channel"], text="Heard you", thread_ts=event["ts"])

    return app


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN) as server:
        app = bolt(server.api_url)

        def take(headers: dict[str, str], body: bytes) -> tuple[int, Any]:
            answer = app.dispatch(BoltRequest(body=body.decode(), headers=headers))
            kind = answer.headers.get("content-type", [""])[0]
            return answer.status, json.loads(answer.body) if "json" in kind else answer.body

        with serving(take) as url:
            server.bot_url = url
            yield server


def test_linking_an_account(slack: SlackServer, ada: Person) -> None:
    slack.channel("cloud-team", members=[ada])
    assert ada.command("/xops link aws", channel="cloud-team").ok
    assert [message.text for message in ada.ephemerals] == ["Working on it"]
    screen = ada.wait_for("Add Cloud Account")
    assert (screen.buttons, screen.close_label, screen.submit_label) == (["Management Account"], "Close", "")
    ada.click("Management Account")
    assert ada.wait_for("Link Account").fields == ["Field name"]
    ada.fill("Field name", "taken")
    ada.submit("Connect")
    assert ada.screen.errors == {"Field name": "This name is taken."}
    assert ada.screen.values == {"Field name": "taken"}
    assert "This name is taken." in ada.screen
    ada.fill("Field name", "prod")
    ada.submit()
    ada.wait_closed()
    assert ada.wait_for("prod is connected", where="dm").message.text == "prod is connected"
    assert [request.kind for request in slack.requests] == [
        "command",
        "block_actions",
        "view_submission",
        "view_submission",
    ]
    assert all(request.status == 200 and request.seconds < 1 for request in slack.requests)


def test_two_people_have_modals_of_their_own(slack: SlackServer, ada: Person) -> None:
    grace = slack.person("Grace Hopper")
    for person in (ada, grace):
        person.command("/xops")
    ada.click("Management Account")
    assert (ada.screen.title, grace.screen.title) == ("Link Account", "Add Cloud Account")
    ada.fill("Field name", "hers")
    grace.close()
    assert (ada.screen.values, grace.screen) == ({"Field name": "hers"}, None)


def test_a_double_click_is_two_presses_at_once(slack: SlackServer, ada: Person) -> None:
    ada.command("/xops")
    answers = ada.click("Management Account", times=2)
    assert len(answers) == 2
    presses = [request.payload for request in slack.requests if request.kind == "block_actions"]
    assert len({press["trigger_id"] for press in presses}) == 2
    assert len({press["view"]["hash"] for press in presses}) == 1


def test_a_talk_in_a_thread(ada: Person) -> None:
    asked = ada.say("help")
    answer = ada.wait_for("Heard you", where="dm").message
    assert answer.thread_ts == asked.ts
    again = ada.say("more", thread=answer)
    assert again.thread_ts == asked.ts


def test_a_channel_named_payload(bot: TinyBot) -> None:
    """Bolt itself answers 404 here; the form must arrive as Slack sends it."""
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN) as slack, serving(bot.take) as url:
        slack.bot_url = url
        ada = slack.person("Ada Lovelace")
        channel = slack.channel("payload-ops")
        slack.channel("secret", [ada], private=True)
        ada.command("/xops rename  my account", channel="payload-ops")
        form = dict(parse_qsl(bot.bodies[-1].decode(), keep_blank_values=True))
        assert set(form) == {
            "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
            "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
        }  # fmt: skip
        assert (form["channel_name"], form["channel_id"]) == ("payload-ops", channel.id)
        assert (form["command"], form["text"], form["user_name"]) == (
            "/xops",
            "rename  my account",
            "ada.lovelace",
        )
        assert (form["is_enterprise_install"], form["team_id"]) == ("false", "T0XOPS")
        ada.command("/xops", channel="#secret")
        ada.command("/xops")
        assert [one["channel_name"] for one in bot.heard[1:]] == ["privategroup", "directmessage"]


def test_waiting_in_vain_says_what_was_there(slack: SlackServer, ada: Person) -> None:
    ada.command("/xops")
    with pytest.raises(NotOnScreen) as caught:
        ada.wait_for("Connected", timeout=0.05)
    for words in (
        "'Connected'",
        "Add Cloud Account",
        "Management Account",
        "views.open -> 200 ok",
        "command -> 200",
    ):
        assert words in str(caught.value)
    with pytest.raises(NotOnScreen, match=re.escape("['Management Account']")):
        ada.click("Linked Account")
    with pytest.raises(StoryError, match="in vain"):
        slack.wait_until(lambda: False, timeout=0.01)


def test_the_bot_hears_its_own_words_only_when_asked(bot: TinyBot) -> None:
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN, echo=True) as slack, serving(bot.take) as url:
        slack.bot_url = url
        ada = slack.person("Ada")
        WebClient(TOKEN, base_url=slack.api_url).chat_postMessage(channel=ada.id, text="hello")
        slack.wait_until(lambda: bot.heard)
        event = bot.heard[0]["event"]
        assert (event["type"], event["bot_id"], "subtype" in event) == ("message", "B0SANDBOX", False)


def test_ten_clicks_cost_little(slack: SlackServer, ada: Person) -> None:
    """The stand-in's own share; the bound is loose because machines are shared."""
    view = modal(
        "Count", [{"type": "section", "text": mrkdwn("x"), "accessory": button("Again")["elements"][0]}]
    )
    with serving(lambda _headers, _body: (200, "")) as url:
        ada.command("/xops")
        WebClient(TOKEN, base_url=slack.api_url).views_update(view_id=_open(slack, ada), view=view)
        slack.bot_url = url
        started = time.perf_counter()
        for _ in range(10):
            ada.click("Again")
            ada.wait_for("Count")
        assert time.perf_counter() - started < 0.5


def _open(slack: SlackServer, person: Person) -> str:
    return slack.stage.modals.stack(person.id)[-1].id
