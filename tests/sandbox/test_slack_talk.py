"""What people say and share, and the events a bot gets for it."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackServer, StoryError, TroubleConnecting
from sandbox.slack.mrkdwn import plain as shown
from tests.sandbox.block_kit import button, plain
from tests.sandbox.tiny_bot import TinyBot


def test_a_message_in_the_dm(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    said = ada.say("is a < b & c?")
    envelope = bot.heard[-1]
    event = envelope["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", ada.id)
    assert (event["ts"], event["channel"]) == (said.ts, said.channel)
    assert event["text"] == "is a &lt; b &amp; c?"
    assert said.shown == "is a < b & c?"
    assert "client_msg_id" in event
    assert (envelope["type"], envelope["team_id"], envelope["is_ext_shared_channel"]) == (
        "event_callback",
        "T0XOPS",
        False,
    )
    assert envelope["authorizations"][0]["user_id"] == "U0XOPS"
    assert envelope["event_id"].startswith("Ev")
    assert slack.requests[-1].kind == "event message"


def test_the_bot_hears_channels_it_is_in(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    slack.channel("elsewhere", [ada])
    ada.say("psst", channel="elsewhere")
    assert bot.heard == []
    for name, private, kind in (("support", False, "channel"), ("staff", True, "group")):
        slack.channel(name, [ada], bot=True, private=private)
        ada.say("hello", channel=name)
        assert bot.heard[-1]["event"]["channel_type"] == kind
    with pytest.raises(StoryError, match="not in staff"):
        slack.person("Grace").say("let me in", channel="staff")
    with pytest.raises(StoryError, match="no channel 'attic'"):
        ada.say("hello?", channel="attic")
    slack.channel("old", [ada], archived=True)
    with pytest.raises(StoryError, match="archived"):
        ada.say("hello?", channel="old")
    with pytest.raises(StoryError, match="no thread"):
        ada.say("hello?", thread="1.000000")


def test_replies_edits_and_deletions(ada: Person, bot: TinyBot) -> None:
    first = ada.say("one")
    reply = ada.say("two", thread=first)
    event = bot.heard[-1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (first.ts, ada.id)
    ada.edit(reply, "three")
    event = bot.heard[-1]["event"]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("three", "two")
    assert event["message"]["thread_ts"] == first.ts
    ada.delete(reply)
    event = bot.heard[-1]["event"]
    assert (event["subtype"], event["deleted_ts"], event["previous_message"]["text"]) == (
        "message_deleted",
        reply.ts,
        "three",
    )
    assert [message.text for message in ada.dms] == ["one"]


def test_a_shared_file(client: WebClient, ada: Person, bot: TinyBot) -> None:
    ada.upload("policy.json", b"{}", text="please look")
    event = bot.heard[-1]["event"]
    assert (event["subtype"], event["text"], event["files"][0]["name"]) == (
        "file_share",
        "please look",
        "policy.json",
    )
    assert client.files_info(file=event["files"][0]["id"])["file"]["size"] == 2


def test_mentions_and_other_bots(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    slack.person("Grace Hopper")
    said = ada.say("@Grace Hopper look, @channel!")
    assert said.text.startswith("<@U")
    assert said.text.endswith("<!channel>!")
    assert said.shown == "@Grace Hopper look, @channel!"
    robot = slack.person("Jira", bot=True)
    slack.channel("support", [robot], bot=True)
    robot.say("ticket", channel="support")
    event = bot.heard[-1]["event"]
    assert ("bot_id" in event, "subtype" in event, "client_msg_id" in event) == (True, False, False)


def test_strangers(slack: SlackServer, client: WebClient, ada: Person, bot: TinyBot) -> None:
    eve = slack.person("Eve", stranger=True)
    shared = slack.channel("shared", [ada, eve], bot=True)
    eve.say("hi", channel="shared")
    assert (bot.heard[-1]["is_ext_shared_channel"], bot.heard[-1]["event"]["user_team"]) == (
        True,
        "T0STRANGERS",
    )
    client.chat_postMessage(channel=shared.id, text="x", blocks=[button("Take it")])
    eve.click("Take it", where="#shared")
    assert (bot.heard[-1]["user"]["team_id"], bot.heard[-1]["team"]["id"]) == ("T0STRANGERS", "T0XOPS")
    assert (bot.heard[-1]["container"]["type"], bot.heard[-1]["channel"]["id"]) == ("message", shared.id)
    with pytest.raises(StoryError, match="members of the workspace"):
        eve.command("/xops")
    with pytest.raises(StoryError, match="no place"):
        eve.click("Take it", where="nowhere")


def test_changes_the_bot_is_told_of(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    ada.change(admin=False)
    assert bot.heard == []
    ada.change(owner=True, tell=True)
    assert (bot.heard[-1]["event"]["type"], bot.heard[-1]["event"]["user"]["is_owner"]) == (
        "user_change",
        True,
    )
    ada.open_home(tab="messages")
    assert bot.heard[-1]["event"]["tab"] == "messages"
    slack.uninstall()
    assert [payload["event"]["type"] for payload in bot.heard[-2:]] == ["tokens_revoked", "app_uninstalled"]


def test_answers_to_commands(slack: SlackServer, ada: Person, bot: TinyBot) -> None:
    channel = slack.channel("cloud-team", [ada])
    bot.says("plain words")
    ada.command("/xops help", channel=channel)
    bot.says({"response_type": "in_channel", "text": "to all"})
    ada.command("/xops help", channel=channel)
    assert [message.text for message in ada.ephemerals] == ["plain words"]
    assert [message.text for message in channel.messages] == ["to all"]
    bot.says({"blocks": [{"type": "header", "text": plain("x" * 151)}]})
    with pytest.raises(TroubleConnecting, match="invalid_blocks"):
        ada.command("/xops help")


@pytest.mark.parametrize(
    ("markup", "looks"),
    [
        ("*bold* _it_ ~no~ `co*d*e`", "bold it no co*d*e"),
        ("*_both_* 2*3*4 snake_case_name", "both 2*3*4 snake_case_name"),
        ("<https://x.y|Label> <https://x.y>", "Label https://x.y"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("<@U1> <#C1|general> <!here> <!subteam^S1>", "@Ada #general @here @support"),
        ("<!date^1^{date}|1 Jan 1970>", "1 Jan 1970"),
        ("```a *b* &lt;c&gt;```", "a *b* <c>"),
    ],
)
def test_markup_as_people_see_it(markup: str, looks: str) -> None:
    names = {"U1": "Ada", "S1": "support"}
    assert shown(markup, lambda name: names.get(name, name)) == looks
