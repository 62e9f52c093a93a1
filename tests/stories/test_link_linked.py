"""Linked accounts: refused before their management account, accepted after it, and the wrong kind mended by a press."""

from __future__ import annotations

from sandbox.slack import Person
from tests.harness.acts import card, connect, get_stack, open_form
from tests.harness.world import World


def open_linked_form(person: Person) -> None:
    """From the command to the form of a linked account."""
    person.command("/xops link aws")
    person.wait_for("Select AWS Account Type")
    person.click("Linked Account")
    person.wait_for("AWS Role ARN")


def manage(world: World, person: Person, *members: str) -> str:
    """Link the management account of an organization of these members; its Role ARN."""
    management = world.organization(*members)
    open_form(person)
    arn = get_stack(world, person, management)
    connect(person, "Management", arn)
    person.wait_for("Management is connected to XOps")
    person.close()
    return arn


def newest_stack(world: World, person: Person, account: str) -> str:
    """The stack of the template that came last."""
    before = len(person.files)
    person.click("Get the template")
    world.slack.wait_until(lambda: len(person.files) > before)
    return world.stack(person, account)


def test_a_linked_account_after_its_management_account(world: World, admin: Person) -> None:
    member = world.account()
    manage(world, admin, member)
    open_linked_form(admin)
    admin.click("ⓘ Information")
    assert "with the linked account" in admin.wait_for("setup guide").text
    admin.back()
    connect(admin, "Shop", newest_stack(world, admin, member))
    screen = admin.wait_for("Shop is connected to XOps")
    assert "AWS Linked Account" in screen.text
    card(world, admin, "The account belongs to an organization that is linked: ok")
    assert world.rows("SELECT provider FROM account ORDER BY name") == [("aws-management",), ("aws-linked",)]


def test_an_account_of_another_organization_is_refused(world: World, admin: Person) -> None:
    manage(world, admin, world.account())
    outsider = world.account()
    other = world.organization(outsider)
    open_linked_form(admin)
    connect(admin, "Shop", newest_stack(world, admin, outsider))
    screen = admin.wait_for("Not connected")
    assert other in screen.text, "it says which management account is missing"
    assert "not linked here" in screen.text


def test_a_standalone_account_is_explained(world: World, admin: Person) -> None:
    manage(world, admin)
    open_linked_form(admin)
    connect(admin, "Shop", newest_stack(world, admin, world.account()))
    assert "is in no organization" in admin.wait_for("Not connected").text


def test_a_management_account_chosen_as_linked_cannot_be_a_second_one(world: World, admin: Person) -> None:
    manage(world, admin)
    second = world.organization()
    open_linked_form(admin)
    connect(admin, "Second", newest_stack(world, admin, second))
    screen = admin.wait_for("Not connected")
    assert "is the organization's management account" in screen.text
    assert "Link as Management Account" not in screen.buttons


def test_a_linked_account_chosen_as_management_goes_on_by_one_press(world: World, admin: Person) -> None:
    """The form for a management account was open before somebody else linked it."""
    other = world.slack.person("Grace Hopper", admin=True)
    member = world.account()
    management = world.organization(member)
    open_form(other)
    arn = get_stack(world, other, member)
    fault = world.cloud.slow("organizations", seconds=2)
    connect(other, "Shop", arn)
    other.wait_for("Checking with AWS")
    open_form(admin)
    connect(admin, "Management", get_stack(world, admin, management))
    fault.release()
    admin.wait_for("Management is connected to XOps")

    other.wait_for("is a linked account")
    other.close()
    other.command("/xops")
    other.wait_for("Setup in progress")
    other.click("Resume")
    other.wait_for("is a linked account")
    other.click("Link as Linked Account")
    other.wait_for("Shop is connected to XOps")
    assert world.rows("SELECT provider, name FROM account ORDER BY name") == [
        ("aws-management", "Management"),
        ("aws-linked", "Shop"),
    ]
