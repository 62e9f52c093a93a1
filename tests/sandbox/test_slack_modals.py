"""Pressing, closing and submitting: what the bot is told, and what its answer does."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import ConfirmNeeded, NotOnScreen, Person, TroubleConnecting
from tests.sandbox.block_kit import CONFIRM, URL, button, choice, modal, mrkdwn, plain, typed
from tests.sandbox.test_slack_views import refused
from tests.sandbox.tiny_bot import TinyBot


def test_menus_dialogs_and_links(show: Any, ada: Person, bot: TinyBot) -> None:
    overflow = {
        "type": "overflow",
        "action_id": "o",
        "options": [choice("Rename"), {**choice("Docs"), "url": URL}],
    }
    delete = {"type": "button", "action_id": "d", "text": plain("Delete"), "value": "7", "confirm": CONFIRM}
    launch = {"type": "button", "action_id": "l", "text": plain("Launch Stack"), "url": URL}
    show(
        {"type": "section", "text": mrkdwn("Read <https://docs.example|the guide>"), "accessory": overflow},
        {"type": "actions", "elements": [delete, launch]},
    )
    ada.click("Rename")
    assert bot.heard[-1]["actions"][0]["selected_option"]["value"] == "rename"
    with pytest.raises(ConfirmNeeded, match="a dialog asks"):
        ada.click("Delete")
    heard = len(bot.heard)
    assert ada.click("Delete", confirm=False) == []
    assert len(bot.heard) == heard
    ada.click("Delete", confirm=True)
    assert bot.heard[-1]["actions"][0]["value"] == "7"
    with pytest.raises(ConfirmNeeded, match="no dialog"):
        ada.click("Launch Stack", confirm=True)
    heard = len(bot.heard)
    ada.click("Launch Stack")
    ada.click("the guide")
    assert ada.opened_urls == [URL, "https://docs.example"]
    assert len(bot.heard) == heard + 1


def test_the_button_beside_a_text(show: Any, ada: Person, bot: TinyBot) -> None:
    def row(name: str) -> dict[str, Any]:
        edit = {"type": "button", "action_id": "e", "text": plain("Edit"), "value": name}
        return {"type": "section", "text": plain(name), "accessory": edit}

    show(row("production"), row("staging"))
    with pytest.raises(NotOnScreen, match="2 things are named 'Edit'"):
        ada.click("Edit")
    ada.click("Edit", near="staging")
    assert bot.heard[-1]["actions"][0]["value"] == "staging"


def test_closing(show: Any, client: WebClient, ada: Person, bot: TinyBot) -> None:
    root = show(button("Go"), notify_on_close=True)
    ada.click("Go")
    pushed = client.views_push(trigger_id=bot.trigger, view=modal("Guide", notify_on_close=True))["view"][
        "id"
    ]
    ada.back()
    assert (bot.heard[-1]["view"]["id"], bot.heard[-1]["is_cleared"]) == (pushed, False)
    assert ada.screen.title == "Form"
    ada.click("Go")
    client.views_push(trigger_id=bot.trigger, view=modal("Guide"))
    ada.close()
    assert (bot.heard[-1]["type"], bot.heard[-1]["view"]["id"], bot.heard[-1]["is_cleared"]) == (
        "view_closed",
        root,
        True,
    )
    assert ada.screen is None
    show(button("Go"))
    ada.close()
    assert bot.heard[-1]["command"] == "/xops"
    for act in (ada.close, ada.back, ada.submit):
        with pytest.raises(NotOnScreen, match="no modal"):
            act()


def test_answers_to_a_submission(show: Any, ada: Person, bot: TinyBot, client: WebClient) -> None:
    show(typed("name", "v", initial_value="x"))
    bot.says({"response_action": "update", "view": modal("Loading", external_id="wait")})
    ada.submit()
    assert ada.screen.title == "Loading"
    client.views_update(
        external_id="wait", view=modal("Done", [typed("n", "v", initial_value="x")], submit=plain())
    )
    bot.says(
        {
            "response_action": "push",
            "view": modal("On top", [typed("n", "v", initial_value="x")], submit=plain()),
        }
    )
    ada.submit()
    assert ada.screen.title == "On top"
    bot.says("")
    ada.submit()
    assert ada.screen.title == "Done"
    bot.says(
        {
            "response_action": "push",
            "view": modal("On top", [typed("n", "v", initial_value="x")], submit=plain()),
        }
    )
    ada.submit()
    bot.says({"response_action": "clear"})
    ada.submit()
    assert ada.screen is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("not json", "not JSON"),
        ("[1]", "not an object"),
        ({"response_action": "update", "view": modal("x" * 25)}, "must be less than 25 characters"),
        ({"response_action": "update"}, "must provide an object"),
        (
            {"response_action": "errors", "errors": {"note": "No."}},
            "'note' is not the block_id of an input block",
        ),
        ({"response_action": "errors", "errors": {"name": ""}}, "has no text"),
        ({"response_action": "errors", "errors": {}}, "at least one"),
        ({"response_action": "close"}, "unknown response_action"),
        ({"text": "thanks"}, "unknown response_action"),
    ],
)
def test_answers_slack_cannot_use(show: Any, ada: Person, bot: TinyBot, answer: Any, reason: str) -> None:
    show({"type": "section", "block_id": "note", "text": plain()}, typed("name", "v", initial_value="x"))
    bot.says(answer)
    with pytest.raises(TroubleConnecting, match=reason):
        ada.submit()
    assert ada.screen.title == "Form"


def test_a_bot_that_fails_a_submission(show: Any, ada: Person, bot: TinyBot) -> None:
    show(typed("name", "v", initial_value="x"))
    bot.says("", status=500)
    with pytest.raises(TroubleConnecting, match="HTTP 500"):
        ada.submit()
    assert ada.screen.values == {"Field name": "x"}


def test_a_modal_without_submit(show: Any, ada: Person, client: WebClient) -> None:
    view = show(button("Go"))
    client.views_update(view_id=view, view=modal())
    with pytest.raises(NotOnScreen, match="no submit button"):
        ada.submit()


def test_a_modal_closed_while_the_bot_thinks_stays_closed(
    show: Any, ada: Person, bot: TinyBot, client: WebClient
) -> None:
    show(typed("name", "v", initial_value="x"))

    def closing(_payload: dict[str, Any]) -> tuple[int, Any]:
        bot.says("")
        ada.close()
        return 200, {"response_action": "update", "view": modal("Late", external_id="late")}

    bot.reply = closing
    ada.submit()
    assert ada.screen is None
    assert refused(client.views_update, external_id="late", view=modal())["error"] == "not_found"
