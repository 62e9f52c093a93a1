"""Renaming and deleting linked accounts, as the owner's document tells them."""

from __future__ import annotations

import pytest

from sandbox.slack import Person
from tests.harness.acts import card, connect, link
from tests.harness.world import World
from tests.stories.test_link_linked import manage, newest_stack, open_linked_form


@pytest.fixture
def shop(world: World, admin: Person) -> str:
    """A linked account named Shop is connected; its Role ARN."""
    member = world.account()
    manage(world, admin, member)
    open_linked_form(admin)
    arn = newest_stack(world, admin, member)
    connect(admin, "Shop", arn)
    admin.wait_for("Shop is connected to XOps")
    admin.close()
    return arn


def test_edit_name_proceed_success(world: World, admin: Person) -> None:
    link(world, admin)
    admin.close()
    admin.command("/xops")
    admin.wait_for("Integrations")
    admin.click("Edit name")
    form = admin.wait_for("AWS Account Name")
    assert "Production" in form.text
    admin.fill("AWS Account Name", "本番 R&D 🚀")
    admin.submit("Proceed")
    assert "The account name is updated" in admin.screen.text
    assert "本番 R&D 🚀" in admin.screen.text
    assert world.rows("SELECT name FROM account") == [("本番 R&D 🚀",)]


@pytest.mark.parametrize("name", ["\u202edorp", "<b>", "x" * 65])
def test_a_name_that_cannot_be_keeps_the_form(world: World, admin: Person, name: str) -> None:
    link(world, admin)
    admin.close()
    admin.command("/xops rename production")
    admin.wait_for("AWS Account Name")
    admin.fill("AWS Account Name", name)
    admin.submit("Proceed")
    assert admin.screen.errors["AWS Account Name"].endswith(".")
    admin.fill("AWS Account Name", "Better")
    admin.submit("Proceed")
    assert "The account name is updated" in admin.screen.text


def test_a_name_that_is_taken(world: World, admin: Person, shop: str) -> None:
    admin.command("/xops rename Shop")
    admin.wait_for("AWS Account Name")
    admin.fill("AWS Account Name", "ＭＡＮＡＧＥＭＥＮＴ")
    admin.submit("Proceed")
    assert "choose a different one" in admin.screen.errors["AWS Account Name"]


def test_two_people_rename_at_once_and_the_second_is_told(world: World, admin: Person) -> None:
    link(world, admin)
    admin.close()
    other = world.slack.person("Grace Hopper", admin=True)
    for person in (admin, other):
        person.command("/xops rename Production")
        person.wait_for("AWS Account Name")
    for person, name in ((admin, "First"), (other, "Second")):
        person.fill("AWS Account Name", name)
        person.submit("Proceed")
    assert "renamed this account to “First”" in other.screen.errors["AWS Account Name"]
    assert world.rows("SELECT name FROM account") == [("First",)]


def test_delete_by_typing_the_name(world: World, admin: Person, shop: str) -> None:
    admin.command("/xops delete shop")
    admin.wait_for("This cannot be undone")
    admin.fill("AWS Account Name", "Shopp")
    admin.submit("Delete Account")
    assert "Enter “Shop”" in admin.screen.errors["AWS Account Name"]
    admin.fill("AWS Account Name", "Shop")
    admin.submit("Delete Account")
    screen = admin.wait_for("Shop has been deleted")
    assert "delete the CloudFormation stack" in screen.text
    card(world, admin, "Shop has been deleted")
    assert world.rows("SELECT name FROM account") == [("Management",)]
    assert world.rows("SELECT count(*) FROM key") == [(1,)]
    world.slack.wait_until(lambda: "Shop" not in admin.home.text)
    open_linked_form(admin)  # the name is free again
    admin.close()


def test_a_management_account_is_in_no_delete_list(world: World, admin: Person, shop: str) -> None:
    admin.command("/xops")
    screen = admin.wait_for("Integrations")
    assert screen.buttons.count("Delete") == 1
    admin.close()
    admin.command("/xops delete Management")
    screen = admin.wait_for("no provision to delete")
    assert screen.submit_label == ""


def test_rights_lost_before_the_press_delete_nothing(world: World, admin: Person, shop: str) -> None:
    other = world.slack.person("Grace Hopper", admin=True)
    other.command("/xops delete Shop")
    other.wait_for("This cannot be undone")
    other.change(admin=False)  # Slack does not tell us: the job asks afresh
    other.fill("AWS Account Name", "Shop")
    other.submit("Delete Account")
    other.wait_for("You may not do this")
    assert world.rows("SELECT count(*) FROM account") == [(2,)]


def test_slack_silent_about_rights_deletes_nothing(world: World, admin: Person, shop: str) -> None:
    admin.command("/xops delete Shop")
    admin.wait_for("This cannot be undone")
    world.slack.fault("users.info", status=503, body="sorry", times=None)
    admin.fill("AWS Account Name", "Shop")
    admin.submit("Delete Account")
    admin.wait_for("we could not check your rights")
    assert world.rows("SELECT count(*) FROM account") == [(2,)]
