"""Filling fields: the shapes the bot gets, and what Slack stops before the bot is told anything."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import (
    FieldInvalid,
    FieldRequired,
    NotOnScreen,
    Person,
    SlackServer,
    StoryError,
    TroubleConnecting,
)
from tests.sandbox.block_kit import choice, field, mrkdwn, plain, typed
from tests.sandbox.tiny_bot import TinyBot

CHOICES = [choice("Red"), choice("Blue"), choice("Green")]


def labelled(label: str, kind: str, **more: Any) -> dict[str, Any]:
    block = field({"type": kind, "action_id": "a", **more}, label)
    return {**block, "label": plain(label), "optional": True}


def values(bot: TinyBot) -> dict[str, Any]:
    """What the newest submission carried, by block."""
    return {block: held["a"] for block, held in bot.heard[-1]["view"]["state"]["values"].items()}


def test_every_kind_of_field(show: Any, ada: Person, bot: TinyBot, slack: SlackServer) -> None:
    channel = slack.channel("cloud-team")
    show(
        labelled("Name", "plain_text_input"),
        labelled("Number", "number_input", is_decimal_allowed=False),
        labelled("Menu", "static_select", options=CHOICES),
        labelled("Radio", "radio_buttons", options=CHOICES),
        labelled("Multi", "multi_static_select", options=CHOICES),
        labelled("Ticks", "checkboxes", options=CHOICES, initial_options=[CHOICES[0]]),
        labelled("Who", "users_select"),
        labelled("Where", "channels_select"),
        labelled("Day", "datepicker"),
        labelled("Rich", "rich_text_input"),
        labelled("File", "file_input"),
        labelled("Empty", "plain_text_input"),
        labelled("Unset", "static_select", options=CHOICES),
        labelled("Unticked", "checkboxes", options=CHOICES),
    )
    ada.fill("Name", "a <b> & c")
    ada.fill("Number", 7)
    ada.fill("Day", "2026-12-24")
    ada.fill("Rich", "hello")
    ada.choose("Menu", "Blue")
    ada.choose("Radio", "Red")
    ada.choose("Multi", ["Green", "Red"])
    with pytest.raises(NotOnScreen, match="3 fields offer 'Red'"):
        ada.uncheck("Red")
    ada.uncheck("Red", field="Ticks")
    ada.check("Green", field="Ticks")
    ada.choose("Who", "Ada Lovelace")
    ada.choose("Where", "#cloud-team")
    ada.attach("File", "key.pem", b"secret")
    assert ada.screen.values["Multi"] == "Green, Red"
    assert "☑ Green" in ada.screen
    ada.submit()
    got = values(bot)
    assert got["Name"] == {"type": "plain_text_input", "value": "a <b> & c"}
    assert got["Number"]["value"] == "7"
    assert (got["Menu"]["selected_option"], got["Radio"]["selected_option"]) == (CHOICES[1], CHOICES[0])
    assert got["Multi"]["selected_options"] == [CHOICES[2], CHOICES[0]]
    assert got["Ticks"]["selected_options"] == [CHOICES[2]]
    assert (got["Who"]["selected_user"], got["Where"]["selected_channel"]) == (ada.id, channel.id)
    assert got["Day"]["selected_date"] == "2026-12-24"
    assert got["Rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "hello"
    assert (got["File"]["files"][0]["name"], got["File"]["files"][0]["size"]) == ("key.pem", 6)
    assert (got["Empty"]["value"], got["Unset"]["selected_option"]) == (None, None)
    assert got["Unticked"]["selected_options"] == []
    assert len([one for one in bot.heard if one.get("type") == "block_actions"]) == 0


def test_slack_does_not_submit_what_is_missing_or_wrong(show: Any, ada: Person, bot: TinyBot) -> None:
    name = {**typed("name", "v", min_length=3, max_length=5), "label": plain("Name")}
    show(
        name,
        labelled("Number", "number_input", is_decimal_allowed=False, max_value="9"),
        labelled("Mail", "email_text_input"),
    )
    with pytest.raises(FieldRequired, match="Name"):
        ada.submit()
    with pytest.raises(FieldInvalid, match="only 5 characters"):
        ada.fill("Name", "toolong")
    ada.fill("Name", "ab")
    with pytest.raises(FieldInvalid, match="3 to 5"):
        ada.submit()
    ada.fill("Name", "abc")
    for label, wrong, right in (("Number", "1.5", "1"), ("Number", "10", "9"), ("Mail", "nobody", "a@b.org")):
        ada.fill(label, wrong)
        with pytest.raises(FieldInvalid, match=label):
            ada.submit()
        ada.fill(label, right)
    assert "view_submission" not in [payload.get("type") for payload in bot.heard]
    with pytest.raises(NotOnScreen, match="'Save'"):
        ada.submit("Connect")
    ada.submit("Save")
    assert ada.screen is None


def test_no_more_than_can_be_chosen(show: Any, ada: Person) -> None:
    show(labelled("Multi", "multi_static_select", options=CHOICES, max_selected_items=2))
    ada.choose("Multi", ["Red", "Blue"])
    with pytest.raises(FieldInvalid, match="at most 2"):
        ada.choose("Multi", ["Red", "Blue", "Green"])
    with pytest.raises(NotOnScreen, match="Yellow"):
        ada.choose("Multi", "Yellow")


def test_what_cannot_be_chosen(show: Any, client: WebClient, ada: Person) -> None:
    show(labelled("Menu", "static_select", options=CHOICES), labelled("Who", "users_select"))
    with pytest.raises(FieldInvalid, match="exactly one"):
        ada.choose("Menu", ["Red", "Blue"])
    with pytest.raises(NotOnScreen, match="Nobody"):
        ada.choose("Who", "Nobody")
    with pytest.raises(NotOnScreen, match="nothing can be typed"):
        ada.fill("Menu", "Red")
    with pytest.raises(NotOnScreen, match="'Purple' is not on the screen"):
        ada.check("Purple")
    with pytest.raises(NotOnScreen, match="'Colour' is not on the screen"):
        ada.choose("Colour", "Red")
    ask = {
        "type": "external_select",
        "action_id": "x",
        "placeholder": plain("Account"),
        "min_query_length": 0,
    }
    client.chat_postMessage(channel=ada.id, text="x", blocks=[{"type": "actions", "elements": [ask]}])
    with pytest.raises(StoryError, match="external menus"):
        ada.choose("Account", "prod", where="dm")


def test_elements_that_tell_the_bot_at_once(show: Any, ada: Person, bot: TinyBot) -> None:
    menu = {"type": "static_select", "action_id": "m", "placeholder": plain("Colour"), "options": CHOICES}
    live = {**labelled("Filter", "plain_text_input"), "dispatch_action": True}
    show({"type": "section", "block_id": "s", "text": mrkdwn("*Pick* one"), "accessory": menu}, live)
    ada.choose("Pick one", "Blue")
    pressed = bot.heard[-1]
    assert (pressed["type"], pressed["actions"][0]["selected_option"]) == ("block_actions", CHOICES[1])
    assert (pressed["actions"][0]["block_id"], pressed["actions"][0]["action_id"]) == ("s", "m")
    assert pressed["view"]["state"]["values"]["s"]["m"]["selected_option"] == CHOICES[1]
    ada.fill("Filter", "eu")
    assert bot.heard[-1]["actions"][0]["value"] == "eu"


def test_an_external_menu_asks_the_bot(show: Any, ada: Person, bot: TinyBot) -> None:
    show(labelled("Account", "external_select"), labelled("Any", "external_select", min_query_length=0))
    bot.says({"options": [choice("Production")]})
    heard = len(bot.heard)
    assert ada.offered("Account", "pr") == []
    assert len(bot.heard) == heard
    assert ada.offered("Account", "pro") == ["Production"]
    assert (bot.heard[-1]["type"], bot.heard[-1]["value"]) == ("block_suggestion", "pro")
    ada.choose("Any", "Production", query="")
    assert ada.screen.values["Any"] == "Production"
    bot.says({"options": [choice("x" * 76)]})
    with pytest.raises(TroubleConnecting, match="must be less than 76"):
        ada.offered("Account", "pro")
