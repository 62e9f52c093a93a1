"""Tokens and scopes, faults on demand, hooks, the recorder, and Slack's three seconds."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import Called, OperationTimeout, Person, SlackServer, StoryError, TroubleConnecting
from tests.sandbox.block_kit import button
from tests.sandbox.test_slack_views import refused
from tests.sandbox.tiny_bot import SECRET, TOKEN, TinyBot, serving


def post(slack: SlackServer, method: str, body: bytes, **headers: str) -> tuple[int, Any, dict[str, str]]:
    """A call without an SDK: status, body and headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(slack.api_url + method, body, named), timeout=5
        ) as reply:
            return reply.status, json.loads(reply.read()), dict(reply.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_tokens(slack: SlackServer) -> None:
    assert post(slack, "auth.test", b"")[1]["error"] == "not_authed"
    assert post(slack, "auth.test", b"", Authorization="Bearer xoxb-other")[1]["error"] == "invalid_auth"
    assert post(slack, "auth.test", f"token={TOKEN}".encode())[1]["ok"]
    in_json = json.dumps({"token": TOKEN}).encode()
    assert post(slack, "auth.test", in_json, Content_Type="application/json")[1]["error"] == "not_authed"
    _, who, headers = post(slack, "auth.test", b"", Authorization=f"Bearer {TOKEN}")
    assert (who["team_id"], who["user_id"]) == ("T0XOPS", "U0XOPS")
    assert "chat:write" in headers["x-oauth-scopes"].split(",")
    assert post(slack, "chat.sing", b"", Authorization=f"Bearer {TOKEN}")[1]["error"] == "unknown_method"


def test_some_methods_read_forms_only(slack: SlackServer, ada: Person) -> None:
    head = {"Authorization": f"Bearer {TOKEN}", "Content_Type": "application/json"}
    assert (
        post(slack, "users.info", json.dumps({"user": ada.id}).encode(), **head)[1]["error"]
        == "invalid_arguments"
    )
    assert post(slack, "users.info", f"user={ada.id}".encode(), Authorization=f"Bearer {TOKEN}")[1]["ok"]


def test_missing_scopes(bot: TinyBot) -> None:
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN, scopes="channels:read") as slack:
        ada, client = slack.person("Ada"), WebClient(TOKEN, base_url=slack.api_url)
        public, private = slack.channel("open", bot=True), slack.channel("closed", bot=True, private=True)
        answer = refused(client.chat_postMessage, channel=public.id, text="x")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert refused(client.users_info, user=ada.id)["needed"] == "users:read"
        assert client.conversations_info(channel=public.id)["channel"]["is_member"]
        assert refused(client.conversations_info, channel=private.id)["needed"] == "groups:read"
        assert refused(client.conversations_history, channel=public.id)["needed"] == "channels:history"
    assert bot.heard == []


def test_a_refusal_on_demand_once(slack: SlackServer, client: WebClient, ada: Person) -> None:
    fault = slack.fault("chat.postMessage", error="not_in_channel", times=1)
    assert refused(client.chat_postMessage, channel=ada.id, text="x")["error"] == "not_in_channel"
    assert client.chat_postMessage(channel=ada.id, text="y")["ok"]
    assert (fault.hits, [message.text for message in ada.dms]) == (1, ["y"])


@pytest.mark.parametrize(("retry_after", "header"), [(30, "30"), ("soon", "soon"), (None, None)])
def test_too_many_requests(slack: SlackServer, retry_after: int | str | None, header: str | None) -> None:
    slack.fault("auth.test", status=429, retry_after=retry_after)
    status, body, headers = post(slack, "auth.test", f"token={TOKEN}".encode())
    assert (status, json.loads(body)["error"], headers.get("retry-after")) == (429, "ratelimited", header)


def test_servers_that_fail(slack: SlackServer) -> None:
    slack.fault("*", status=503)
    slack.fault("*", status=500, body="oops")
    status, body, headers = post(slack, "auth.test", b"")
    assert (status, headers["content-type"], "<html>" in body) == (503, "text/html; charset=utf-8", True)
    assert post(slack, "auth.test", b"")[:2] == (500, "oops")


def test_latency_and_hanging(slack: SlackServer, ada: Person) -> None:
    client = WebClient(TOKEN, base_url=slack.api_url, timeout=1, retry_handlers=[])
    slack.fault("chat.postMessage", latency=0.2)
    started = time.monotonic()
    client.chat_postMessage(channel=ada.id, text="late")
    assert time.monotonic() - started >= 0.2
    hanging = slack.fault("chat.postMessage", hang=True)
    caller = threading.Thread(target=client.chat_postMessage, kwargs={"channel": ada.id, "text": "held"})
    caller.start()
    slack.wait_until(lambda: hanging.hits)
    assert [message.text for message in ada.dms] == ["late"]
    hanging.release()
    caller.join(2)
    assert [message.text for message in ada.dms] == ["late", "held"]


@pytest.mark.parametrize("applied", [False, True])
def test_a_connection_reset_before_or_after_the_call_took_effect(
    slack: SlackServer, client: WebClient, ada: Person, applied: bool
) -> None:
    slack.fault("chat.postMessage", reset=True, applied=applied)
    with pytest.raises(ConnectionResetError):
        client.chat_postMessage(channel=ada.id, text="x")
    assert [message.text for message in ada.dms] == ["x"] * applied
    assert slack.calls[-1].applied is applied


def test_any_harm_can_come_after_the_effect(slack: SlackServer, client: WebClient, ada: Person) -> None:
    slack.fault("chat.postMessage", status=503, applied=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=ada.id, text="x")
    assert [message.text for message in ada.dms] == ["x"]


def test_a_rate_limit_in_earnest(slack: SlackServer) -> None:
    slack.limit("auth.test", per_minute=2)
    statuses = [post(slack, "auth.test", b"") for _ in range(3)]
    assert [status for status, *_ in statuses] == [200, 200, 429]
    assert 0 < int(statuses[-1][2]["retry-after"]) <= 60
    slack.clear_faults()
    assert post(slack, "auth.test", b"")[0] == 200


def test_hooks_see_the_call_before_and_after_it_took_effect(
    slack: SlackServer, client: WebClient, ada: Person
) -> None:
    seen: list[tuple[str, int, Any]] = []
    slack.before("chat.postMessage", lambda call: seen.append(("before", len(ada.dms), call.answer)))
    slack.after("chat.postMessage", lambda call: seen.append(("after", len(ada.dms), call.answer["ok"])))
    client.chat_postMessage(channel=ada.id, text="x")
    client.auth_test()
    assert seen == [("before", 0, None), ("after", 1, True)]


def test_the_recorder_keeps_no_token(slack: SlackServer, client: WebClient, ada: Person) -> None:
    client.chat_postMessage(channel=ada.id, text=f"my token is {TOKEN}")
    post(slack, "auth.test", f"token={TOKEN}".encode())
    first, second = slack.calls
    assert isinstance(first, Called)
    assert (first.method, first.args["text"], first.ok) == ("chat.postMessage", "my token is [token]", True)
    assert TOKEN not in repr((first, second))
    slack.forget()
    assert slack.calls == slack.calls_of("auth.test") == []


def test_everything_sent_is_signed(bot: TinyBot, ada: Person, slack: SlackServer) -> None:
    ada.command("/xops")
    ada.say("hello")
    assert slack.verify_url().ok
    for headers, body in zip(bot.headers, bot.bodies, strict=True):
        stamp = headers["X-Slack-Request-Timestamp"]
        assert abs(time.time() - int(stamp)) < 5
        mac = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        assert headers["X-Slack-Signature"] == f"v0={mac.hexdigest()}"
    assert bot.heard[-1]["type"] == "url_verification"


def test_the_bot_has_so_many_seconds(
    slack: SlackServer, client: WebClient, ada: Person, bot: TinyBot
) -> None:
    assert slack.stage.outbox.deadline == 3.0
    slack.stage.outbox.deadline = 0.1
    client.chat_postMessage(channel=ada.id, text="x", blocks=[button("Go")])
    bot.reply = lambda _payload: (time.sleep(0.2), (200, ""))[1]  # type: ignore[func-returns-value]
    for act in (lambda: ada.command("/xops"), lambda: ada.click("Go"), lambda: ada.say("hello")):
        with pytest.raises(OperationTimeout):
            act()
    assert [message.text for message in ada.ephemerals] == ['/xops failed with the error "operation_timeout"']
    assert all(request.timed_out and request.status is None for request in slack.requests)


def test_a_bot_that_dribbles_is_not_waited_for(slack: SlackServer, ada: Person) -> None:
    """Every byte comes in time, the answer as a whole does not."""
    slack.stage.outbox.deadline = 0.2
    over = threading.Event()

    def dribble(door: socket.socket) -> None:
        link, _ = door.accept()
        with link, contextlib.suppress(OSError):
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not over.wait(0.02):
                link.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as door:
        bot = threading.Thread(target=dribble, args=[door])
        bot.start()
        slack.bot_url = f"http://127.0.0.1:{door.getsockname()[1]}/"
        started = time.monotonic()
        with pytest.raises(OperationTimeout):
            ada.command("/xops")
        assert 0.2 <= time.monotonic() - started < 2
        over.set()
        bot.join()


def test_a_bot_that_is_down_or_answers_badly(
    slack: SlackServer, client: WebClient, ada: Person, bot: TinyBot
) -> None:
    client.chat_postMessage(channel=ada.id, text="x", blocks=[button("Go")])
    bot.says("", status=503)
    assert ada.command("/xops").status == 503
    with pytest.raises(TroubleConnecting, match="HTTP 503"):
        ada.click("Go")
    slack.bot_url = "http://127.0.0.1:9/"
    assert ada.command("/xops").status == 0
    failures = [message.text.rpartition(" ")[2] for message in ada.ephemerals]
    assert failures == ['"http_service_error"', '"dispatch_failed"']
    slack.bot_url = ""
    with pytest.raises(StoryError, match=r"slack\.bot_url"):
        ada.command("/xops")


def test_events_come_again_until_taken(bot: TinyBot) -> None:
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN, retries=True) as slack, serving(bot.take) as url:
        slack.bot_url = url
        slack.stage.outbox.retry_delays = (0.0, 0.01, 0.02)
        ada = slack.person("Ada")
        bot.reply = lambda _payload: (500 if len(bot.heard) < 3 else 200, "")
        ada.say("hello")
        slack.wait_until(lambda: len(slack.requests) == 3 and slack.requests[-1].status)
        assert len({payload["event_id"] for payload in bot.heard}) == 1
        tries = [
            (headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for headers in bot.headers
        ]
        assert tries == [(None, None), ("1", "http_error"), ("2", "http_error")]


def test_the_same_bytes_on_several_connections(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    ada.command("/xops")
    answers = slack.redeliver(slack.requests[-1], times=4)
    assert [answer.status for answer in answers] == [200] * 4
    assert (len(bot.bodies), len(set(bot.bodies))) == (5, 1)
    assert len({headers["X-Slack-Signature"] for headers in bot.headers}) == 1
