"""chat.*: what is refused, and what people see."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackServer
from tests.sandbox.block_kit import button, mrkdwn, plain
from tests.sandbox.test_slack_views import refused

SECTION = {"type": "section", "text": mrkdwn("*Linked* &amp; <https://x.y|checked>")}


def test_a_direct_message_by_user_id(client: WebClient, ada: Person, slack: SlackServer) -> None:
    answer = client.chat_postMessage(channel=ada.id, text="Linked", blocks=[SECTION])
    assert answer["channel"].startswith("D")
    assert (ada.dms[-1].text, ada.dms[-1].blocks_text) == ("Linked", "Linked & checked")
    assert slack.warnings == []


def test_no_text_is_taken_but_noted(client: WebClient, ada: Person, slack: SlackServer) -> None:
    client.api_call("chat.postMessage", json={"channel": ada.id, "blocks": [SECTION]})
    client.chat_postMessage(channel=ada.id, text="<!channel> hello")
    assert [warning.partition(": ")[2] for warning in slack.warnings] == [
        "no top-level text, which is all that screen readers read",
        "notifies the whole channel",
    ]


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({}, "not_in_channel"),
        ({"private": True}, "channel_not_found"),
        ({"bot": True, "archived": True}, "is_archived"),
    ],
)
def test_channels_that_cannot_be_posted_to(
    slack: SlackServer, client: WebClient, facts: dict[str, bool], error: str
) -> None:
    channel = slack.channel("cloud-team", **facts)
    assert refused(client.chat_postMessage, channel=channel.id, text="x")["error"] == error
    assert channel.messages == []


def test_channels_and_people_that_are_not_there(slack: SlackServer, client: WebClient) -> None:
    assert refused(client.chat_postMessage, channel="C0NOWHERE", text="x")["error"] == "channel_not_found"
    robot = slack.person("Jira", bot=True)
    gone = slack.person("Mary", deleted=True)
    assert refused(client.conversations_open, users=robot.id)["error"] == "cannot_dm_bot"
    assert refused(client.conversations_open, users=gone.id)["error"] == "user_disabled"
    assert refused(client.conversations_open, users="U0NOBODY")["error"] == "user_not_found"
    people = [slack.person("A").id, slack.person("B").id]
    assert refused(client.conversations_open, users=people)["needed"] == "mpim:write"
    assert refused(client.bots_info, bot="B0OTHER")["error"] == "bot_not_found"
    assert client.bots_info(bot=slack.workspace.bot_id)["bot"]["user_id"] == "U0XOPS"
    assert refused(client.conversations_open, users=[])["error"] == "users_list_not_supplied"
    assert refused(client.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_contents_that_are_refused(client: WebClient, ada: Person) -> None:
    assert refused(client.api_call, "chat.postMessage", json={"channel": ada.id})["error"] == "no_text"
    answer = refused(
        client.chat_postMessage,
        channel=ada.id,
        text="x",
        blocks=[{"type": "header", "text": plain("x" * 151)}],
    )
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == ["must be less than 151 characters [json-pointer:/blocks/0/text/text]"]
    assert (
        refused(client.api_call, "chat.postMessage", params={"channel": ada.id, "blocks": "[{"})["error"]
        == "invalid_blocks_format"
    )
    assert (
        refused(client.chat_postMessage, channel=ada.id, text="x", attachments=[{}] * 101)["error"]
        == "too_many_attachments"
    )
    assert (
        refused(client.chat_postMessage, channel=ada.id, text="x", metadata={"event_type": "x"})["error"]
        == "invalid_metadata_schema"
    )
    assert (
        refused(client.chat_postMessage, channel=ada.id, text="x", metadata=["x"])["error"]
        == "invalid_metadata_format"
    )
    assert ada.dms == []


def test_a_long_text_is_cut_and_cannot_be_put_into_an_update(client: WebClient, ada: Person) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="x" * 40_001)
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]
    assert len(ada.dms[-1].text) == 40_000
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert refused(client.chat_update, **where, text="y" * 4001)["error"] == "msg_too_long"
    assert client.chat_update(**where, text="y" * 4000)["text"][:1] == "y"


def test_update_and_delete_own_messages_only(client: WebClient, ada: Person, slack: SlackServer) -> None:
    posted = client.chat_postMessage(channel=ada.id, text="Checking", blocks=[button("Stop")])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (
        refused(client.chat_update, channel=ada.id, ts=posted["ts"], text="x")["error"] == "channel_not_found"
    )
    client.chat_update(**where, text="Done")
    card = ada.dms[-1]
    assert (card.text, card.blocks, card.edited) == ("Done", [], True)
    hers = ada.say("mine")
    theirs = {"channel": posted["channel"], "ts": hers.ts}
    assert refused(client.chat_update, **theirs, text="x")["error"] == "cant_update_message"
    assert refused(client.chat_delete, **theirs)["error"] == "cant_delete_message"
    assert (
        refused(client.chat_update, channel=posted["channel"], ts="1.000000", text="x")["error"]
        == "message_not_found"
    )
    client.chat_delete(**where)
    assert [message.text for message in ada.dms] == ["mine"]
    channel = slack.channel("old", bot=True)
    old = client.chat_postMessage(channel=channel.id, text="x")
    channel.archived = True
    assert refused(client.chat_update, channel=channel.id, ts=old["ts"], text="y")["error"] == "is_inactive"


def test_threads(client: WebClient, ada: Person, slack: SlackServer) -> None:
    parent = ada.say("help")
    dm = parent.channel
    reply = client.chat_postMessage(channel=dm, text="yes?", thread_ts=parent.ts)
    assert ada.dms[-1].thread_ts == parent.ts
    client.chat_postMessage(channel=dm, text="still there?", thread_ts=reply["ts"])
    assert (ada.dms[-1].thread_ts, len(slack.warnings)) == (parent.ts, 1)
    thread = client.conversations_replies(channel=dm, ts=parent.ts)["messages"]
    assert [message["text"] for message in thread] == ["help", "yes?", "still there?"]
    assert (thread[0]["reply_count"], thread[1]["bot_id"]) == (2, slack.workspace.bot_id)
    assert [message["text"] for message in client.conversations_history(channel=dm)["messages"]] == ["help"]
    assert (
        refused(client.chat_postMessage, channel=dm, text="x", thread_ts="1.000000")["error"]
        == "thread_not_found"
    )
    assert (
        refused(client.chat_postMessage, channel=dm, text="x", thread_ts=1.5)["error"] == "invalid_arguments"
    )  # type: ignore[arg-type]
    assert (
        refused(client.chat_getPermalink, channel=dm, message_ts="1.000000")["error"] == "message_not_found"
    )
    assert refused(client.conversations_replies, channel=dm, ts="1.000000")["error"] == "thread_not_found"
    link = client.chat_getPermalink(channel=dm, message_ts=reply["ts"])["permalink"]
    assert link.endswith(f"?thread_ts={parent.ts}&cid={dm}")


def test_metadata_is_given_back_when_asked_for(client: WebClient, ada: Person) -> None:
    kept = {"event_type": "request", "event_payload": {"id": "1"}}
    dm = client.chat_postMessage(channel=ada.id, text="x", metadata=kept)["channel"]
    assert "metadata" not in client.conversations_history(channel=dm)["messages"][0]
    assert (
        client.conversations_history(channel=dm, include_all_metadata=True)["messages"][0]["metadata"] == kept
    )


def test_ephemeral_messages_reach_one_member(client: WebClient, ada: Person, slack: SlackServer) -> None:
    grace = slack.person("Grace Hopper")
    channel = slack.channel("cloud-team", [ada], bot=True)
    client.chat_postEphemeral(channel=channel.id, user=ada.id, text="only you")
    assert [message.text for message in ada.ephemerals] == ["only you"]
    assert channel.messages == grace.ephemerals == []
    assert (
        refused(client.chat_postEphemeral, channel=channel.id, user=grace.id, text="x")["error"]
        == "user_not_in_channel"
    )
    long = refused(client.chat_postEphemeral, channel=channel.id, user=ada.id, text="x" * 40_001)
    assert long["error"] == "msg_too_long"
    other = slack.channel("other", [ada])
    assert (
        refused(client.chat_postEphemeral, channel=other.id, user=ada.id, text="x")["error"]
        == "not_in_channel"
    )
