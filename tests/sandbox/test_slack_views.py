"""views.*: trigger ids, stacks, hashes, external ids and input state."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import Person, SlackServer
from tests.sandbox.block_kit import button, modal, plain, typed
from tests.sandbox.tiny_bot import TinyBot


def refused(call: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """What Slack said when it refused."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    data: dict[str, Any] = caught.value.response.data
    return data


@pytest.fixture
def trigger(ada: Person, bot: TinyBot) -> str:
    ada.command("/xops")
    return bot.trigger


def test_open_shows_the_modal_to_its_person_only(
    slack: SlackServer, client: WebClient, ada: Person, trigger: str
) -> None:
    grace = slack.person("Grace Hopper")
    view = client.views_open(trigger_id=trigger, view=modal(callback_id="hi"))["view"]
    assert ada.screen.title == "Hello"
    assert ada.screen.callback_id == "hi"
    assert grace.screen is None
    assert view["root_view_id"] == view["id"]
    assert (view["previous_view_id"], view["state"], view["private_metadata"]) == (None, {"values": {}}, "")


def test_a_trigger_id_works_once(client: WebClient, trigger: str) -> None:
    client.views_open(trigger_id=trigger, view=modal())
    assert refused(client.views_open, trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"


def test_a_trigger_id_lives_three_seconds(
    slack: SlackServer, client: WebClient, ada: Person, trigger: str
) -> None:
    slack.advance(3.1)
    assert refused(client.views_open, trigger_id=trigger, view=modal())["error"] == "expired_trigger_id"
    assert ada.screen is None


def test_a_trigger_id_is_good_just_before_three_seconds(
    slack: SlackServer, client: WebClient, trigger: str
) -> None:
    slack.advance(2.8)
    assert client.views_open(trigger_id=trigger, view=modal())["ok"]


def test_a_made_up_trigger_id(client: WebClient) -> None:
    assert refused(client.views_open, trigger_id="1.2.3", view=modal())["error"] == "invalid_trigger_id"


def test_trigger_and_pointer_exclude_each_other(client: WebClient, trigger: str) -> None:
    answer = refused(client.views_open, trigger_id=trigger, interactivity_pointer=trigger, view=modal())
    assert answer["error"] == "invalid_arguments"


def test_an_invalid_view_is_refused_with_a_pointer_and_does_not_use_up_the_trigger(
    client: WebClient, trigger: str
) -> None:
    answer = refused(client.views_open, trigger_id=trigger, view=modal("x" * 25))
    assert answer["error"] == "invalid_arguments"
    messages = ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]
    assert answer["response_metadata"]["messages"] == messages
    assert client.views_open(trigger_id=trigger, view=modal())["ok"]


def test_home_views_cannot_be_opened(client: WebClient, trigger: str) -> None:
    assert (
        refused(client.views_open, trigger_id=trigger, view={"type": "home", "blocks": []})["error"]
        == "invalid_arguments"
    )


def test_a_view_over_250_kb(client: WebClient, trigger: str) -> None:
    text = {"type": "section", "fields": [plain("x" * 2000)] * 2}
    assert (
        refused(client.views_open, trigger_id=trigger, view=modal(blocks=[text] * 70))["error"]
        == "view_too_large"
    )


def test_three_views_on_the_stack_at_most(client: WebClient, ada: Person, bot: TinyBot, trigger: str) -> None:
    root = client.views_open(trigger_id=trigger, view=modal(blocks=[button("Go")]))["view"]["id"]
    for _ in range(2):
        ada.click("Go")
        pushed = client.views_push(trigger_id=bot.trigger, view=modal(blocks=[button("Go")]))["view"]
        assert pushed["root_view_id"] == root
    ada.click("Go")
    assert refused(client.views_push, trigger_id=bot.trigger, view=modal())["error"] == "push_limit_reached"


def test_push_needs_a_trigger_from_inside_the_modal(
    client: WebClient, ada: Person, bot: TinyBot, trigger: str
) -> None:
    assert refused(client.views_push, trigger_id=trigger, view=modal())["error"] == "not_found"
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [button("Go")]})
    ada.click("Go", where="home")
    answer = refused(client.views_push, trigger_id=bot.trigger, view=modal())
    assert "must match the `type` of the root view" in answer["response_metadata"]["messages"][0]


def test_a_modal_from_elsewhere_replaces_the_open_one(
    client: WebClient, ada: Person, bot: TinyBot, trigger: str
) -> None:
    first = client.views_open(trigger_id=trigger, view=modal("One"))["view"]["id"]
    ada.command("/xops")
    client.views_open(trigger_id=bot.trigger, view=modal("Two"))
    assert ada.screen.title == "Two"
    assert refused(client.views_update, view_id=first, view=modal())["error"] == "not_found"


def test_update_by_either_id_until_the_person_closes(client: WebClient, ada: Person, trigger: str) -> None:
    opened = client.views_open(trigger_id=trigger, view=modal(external_id="mine"))["view"]
    updated = client.views_update(external_id="mine", view=modal("Two", external_id="mine"))["view"]
    assert (updated["id"], ada.screen.title) == (opened["id"], "Two")
    assert updated["hash"] != opened["hash"]
    ada.close()
    for name in ({"external_id": "mine"}, {"view_id": opened["id"]}):
        assert refused(client.views_update, view=modal(), **name)["error"] == "not_found"
    assert refused(client.api_call, "views.update", json={"view": modal()})["error"] == "invalid_arguments"


def test_a_stale_hash(client: WebClient, ada: Person, trigger: str) -> None:
    opened = client.views_open(trigger_id=trigger, view=modal())["view"]
    client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Two"))
    answer = refused(client.views_update, view_id=opened["id"], hash=opened["hash"], view=modal("Three"))
    assert (answer["error"], ada.screen.title) == ("hash_conflict", "Two")


def test_an_external_id_is_taken_while_its_view_is_open(
    slack: SlackServer, client: WebClient, ada: Person, bot: TinyBot, trigger: str
) -> None:
    client.views_open(trigger_id=trigger, view=modal(external_id="mine"))
    grace = slack.person("Grace Hopper")
    grace.command("/xops")
    assert (
        refused(client.views_open, trigger_id=bot.trigger, view=modal(external_id="mine"))["error"]
        == "duplicate_external_id"
    )
    ada.close()
    assert client.views_open(trigger_id=bot.trigger, view=modal(external_id="mine"))["ok"]


def test_typing_survives_an_update_only_if_both_ids_stay(
    client: WebClient, ada: Person, trigger: str
) -> None:
    fields = [typed(block, "a") for block in ("keep", "block", "action")]
    view = client.views_open(trigger_id=trigger, view=modal(blocks=fields, submit=plain()))["view"]["id"]
    for label in ("Field keep", "Field block", "Field action"):
        ada.fill(label, "typed")
    after = [
        typed("keep", "a", initial_value="other"),
        {**typed("new", "a"), "label": plain("Field block")},
        typed("action", "b"),
    ]
    client.views_update(view_id=view, view=modal(blocks=after, submit=plain()))
    assert ada.screen.values == {"Field keep": "typed", "Field block": "", "Field action": ""}


def test_blocks_without_ids_get_new_ones_with_each_update(
    client: WebClient, ada: Person, trigger: str
) -> None:
    nameless = typed("x", "a")
    del nameless["block_id"]
    view = client.views_open(trigger_id=trigger, view=modal(blocks=[nameless], submit=plain()))["view"]["id"]
    ada.fill("Field x", "typed")
    client.views_update(view_id=view, view=modal(blocks=[nameless], submit=plain()))
    assert ada.screen.values == {"Field x": ""}


def test_home_tab(client: WebClient, ada: Person, bot: TinyBot) -> None:
    assert ada.home.text == ""
    ada.open_home()
    assert (bot.heard[-1]["event"]["tab"], "view" in bot.heard[-1]["event"]) == ("home", False)
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Integrations")}]}
    first = client.views_publish(user_id=ada.id, view=home)["view"]
    assert ada.open_home().text == "Integrations"
    assert bot.heard[-1]["event"]["view"]["hash"] == first["hash"]
    second = client.views_publish(user_id=ada.id, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert (
        refused(client.views_publish, user_id=ada.id, view=home, hash=first["hash"])["error"]
        == "hash_conflict"
    )
    assert refused(client.views_publish, user_id="U0NOBODY", view=home)["error"] == "invalid_arguments"
    assert refused(client.views_publish, user_id=ada.id, view=modal())["error"] == "invalid_arguments"
