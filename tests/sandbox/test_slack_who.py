"""users.*, usergroups.*, conversations.*: who is who, who is where, what was said when."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient

from sandbox.slack import Person, SlackServer
from tests.sandbox.test_slack_views import refused
from tests.sandbox.tiny_bot import TinyBot


def test_members_come_in_pages(client: WebClient, slack: SlackServer) -> None:
    people = [slack.person(f"Person {number}") for number in range(5)]
    channel = slack.channel("big", people)
    found, cursor = [], ""
    while True:
        answer = client.conversations_members(channel=channel.id, limit=2, cursor=cursor)
        found += answer["members"]
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == sorted(person.id for person in people)
    assert (
        refused(client.conversations_members, channel=channel.id, cursor="zzz")["error"] == "invalid_cursor"
    )
    assert refused(client.conversations_members, channel=channel.id, limit=0)["error"] == "invalid_limit"
    many = refused(client.api_call, "conversations.members", params={"channel": channel.id, "limit": "many"})
    assert many["error"] == "invalid_arguments"


def test_what_was_said_when(client: WebClient, ada: Person, slack: SlackServer) -> None:
    said = [ada.say(word) for word in ("one", "two", "three")]
    dm = said[0].channel

    def heard(**span: Any) -> list[str]:
        return [message["text"] for message in client.conversations_history(channel=dm, **span)["messages"]]

    assert heard() == ["three", "two", "one"]
    assert heard(oldest=said[0].ts) == ["three", "two"]
    assert heard(oldest=said[0].ts, latest=said[1].ts, inclusive=True) == ["two", "one"]
    assert heard(limit=1) == ["three"]
    assert (
        refused(client.conversations_history, channel=dm, oldest="long ago")["error"] == "invalid_ts_oldest"
    )
    elsewhere = slack.channel("elsewhere")
    assert refused(client.conversations_history, channel=elsewhere.id)["error"] == "not_in_channel"


def test_what_slack_knows_about_people(client: WebClient, ada: Person, slack: SlackServer) -> None:
    def flags(person: Person) -> set[str]:
        user = client.users_info(user=person.id)["user"]
        return {name for name, value in user.items() if name.startswith(("is_", "deleted")) and value}

    assert flags(ada) == {"is_admin"}
    ada.change(admin=False)
    assert flags(ada) == set()
    assert flags(slack.person("O", owner=True)) == {"is_admin", "is_owner"}
    assert flags(slack.person("G", guest=True)) == {"is_restricted"}
    assert flags(slack.person("S", single_channel_guest=True)) == {"is_restricted", "is_ultra_restricted"}
    assert flags(slack.person("D", deleted=True)) == {"deleted"}
    assert flags(slack.person("X", stranger=True)) == {"is_stranger"}
    assert "email" not in client.users_info(user=ada.id)["user"]["profile"]


def test_user_groups(client: WebClient, ada: Person, bot: TinyBot, slack: SlackServer) -> None:
    group = slack.usergroup("support", [ada])
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == [ada.id]
    assert client.usergroups_users_list(usergroup=group.id)["users"] == [ada.id]
    slack.regroup(group, [])
    assert bot.heard[-1]["event"]["removed_users"] == [ada.id]
    assert refused(client.usergroups_users_list, usergroup="S0NONE")["error"] == "no_such_subteam"


def test_channels_of_the_bot(client: WebClient, slack: SlackServer) -> None:
    slack.channel("open", bot=True)
    slack.channel("closed", bot=True, private=True)
    slack.channel("elsewhere")
    assert [one["name"] for one in client.users_conversations()["channels"]] == ["open"]
    names = {
        one["name"] for one in client.users_conversations(types="public_channel,private_channel")["channels"]
    }
    assert names == {"open", "closed"}
