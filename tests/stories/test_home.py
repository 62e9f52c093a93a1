"""The command's words, the home page and the Home tab."""

from __future__ import annotations

import pytest

from sandbox.slack import Person, SlackServer
from tests.harness.acts import card, link
from tests.harness.world import World


def test_help_lists_every_command(world: World, admin: Person) -> None:
    answer = admin.command("/xops help")
    assert answer.json["response_type"] == "ephemeral"
    for command in ("/xops", "/xops link", "/xops accounts", "/xops check", "/xops help"):
        assert command in admin.ephemerals[-1].text


@pytest.mark.parametrize(("typed", "meant"), [("lnk", "link"), ("acounts", "accounts"), ("CHEK x", "check")])
def test_an_unknown_word_gets_the_nearest_command(
    world: World, admin: Person, typed: str, meant: str
) -> None:
    admin.command(f"/xops {typed}")
    assert f"Did you mean `/xops {meant}`?" in admin.ephemerals[-1].text
    assert admin.screen is None


@pytest.mark.parametrize(
    "typed", ["<!channel>", "help\ndelete prod", "x" * 600, "ｌｉｎｋ aws", "\u200blink"]
)
def test_odd_words_get_help_and_nothing_else(world: World, admin: Person, typed: str) -> None:
    answer = admin.command(f"/xops {typed}")
    assert answer.json["response_type"] == "ephemeral"
    assert "<!" not in answer.json["text"]
    assert admin.screen is None


@pytest.mark.parametrize(
    ("command", "shows"),
    [
        ("/xops LINK AWS", "Select AWS Account Type"),
        ("/xops link", "Select Your Preferred Cloud"),
        ("/xops link azure", "Coming next"),
        ("/xops link m365", "Coming next"),
        ("/xops link nonsense", "Select Your Preferred Cloud"),
        ("/xops accounts", "Select Your Preferred Cloud"),
        ("/xops check", "Select Your Preferred Cloud"),
    ],
)
def test_each_word_opens_its_screen(world: World, admin: Person, command: str, shows: str) -> None:
    admin.command(command)
    admin.wait_for(shows)


def test_the_page_after_linking(world: World, admin: Person) -> None:
    link(world, admin)
    admin.close()
    admin.command("/xops")
    screen = admin.wait_for("Integrations")
    assert "Select Your Preferred Cloud" not in screen.text
    assert "Production" in screen.text
    assert {"Add Cloud Account", "Check again"} <= set(screen.buttons)


def test_check_again_from_the_home_tab(world: World, admin: Person) -> None:
    link(world, admin)
    admin.close()
    admin.open_home()
    admin.wait_for("Production", where="home")
    asked = len(world.cloud.calls)
    admin.click("Check again", where="home")
    admin.wait_for("Healthy")
    assert len(world.cloud.calls) > asked


def test_check_by_name(world: World, admin: Person) -> None:
    link(world, admin, "Stra\u00dfe R&D")
    admin.close()
    admin.command("/xops check STRASSE r&d")
    screen = admin.wait_for("Healthy")
    assert "Stra\u00dfe R&D" in screen.text


def test_a_direct_message_is_answered_with_the_way_in(world: World, admin: Person) -> None:
    admin.say("hello?")
    card(world, admin, "Type /xops")
    admin.click("Open XOps", where="dm")
    admin.wait_for("Select Your Preferred Cloud")


def test_slack_that_opens_nothing_in_time_gets_a_way_back(
    world: World, slack: SlackServer, admin: Person
) -> None:
    slack.fault("views.open", error="expired_trigger_id")
    admin.command("/xops")
    card(world, admin, "Press Open XOps")
    admin.click("Open XOps", where="dm")
    admin.wait_for("Select Your Preferred Cloud")


def test_the_operations_port(world: World, admin: Person) -> None:
    admin.command("/xops help")
    assert world.bot.get("/healthz") == (200, "alive\n")
    assert world.bot.get("/readyz") == (200, "ready\n")
    status, numbers = world.bot.get("/metrics")
    assert status == 200
    assert 'xops_request_seconds_count{status="200"}' in numbers
    assert world.bot.get("/slack/events")[0] == 404
