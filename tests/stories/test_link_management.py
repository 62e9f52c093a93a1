"""An admin links the organization's management account, from `/xops` to "Connected"."""

from __future__ import annotations

import re

import pytest

from sandbox.slack import FieldRequired, Person
from tests.harness.acts import card, connect, get_stack, link, open_form
from tests.harness.world import World

EXTERNAL_ID = re.compile(r"xops-[0-9a-f]{32}")


def test_from_the_first_screen_to_connected(world: World, admin: Person) -> None:
    management = world.organization("222222222222")
    admin.command("/xops")
    admin.wait_for("Select Your Preferred Cloud Service or Platform")
    admin.click("AWS")
    admin.wait_for("Select AWS Account Type")
    admin.click("Management Account")
    admin.wait_for("Link a New AWS Account")
    arn = get_stack(world, admin, management)

    connect(admin, "Production", arn)
    screen = admin.wait_for("Production is connected to XOps")

    assert "Healthy" in screen.text
    assert management in screen.text
    told = card(world, admin, "Production is connected")
    assert "The role requires the external ID: ok" in told.text
    home = world.slack.wait_until(lambda: "Production" in admin.home.text and admin.home)
    assert "Healthy" in home.text
    assert world.rows("SELECT provider, name, health FROM account") == [
        ("aws-management", "Production", "healthy")
    ]


def test_nobody_linked_shows_what_comes_next_without_a_button(world: World, admin: Person) -> None:
    admin.command("/xops")
    screen = admin.wait_for("Select Your Preferred Cloud Service or Platform")
    for name in ("EKS", "Azure", "Microsoft"):
        assert name in screen.text
        assert name not in screen.buttons
    assert "Coming next" in screen.text
    assert "AWS" in screen.buttons
    assert "support@axiomio.com" in screen.text


def test_the_linked_account_waits_for_the_management_account(world: World, admin: Person) -> None:
    admin.command("/xops link aws")
    screen = admin.wait_for("Select AWS Account Type")
    assert "Management Account" in screen.buttons
    assert "Linked Account" in screen.text
    assert "Linked Account" not in screen.buttons
    assert "management account comes first" in screen.text


def test_with_a_management_account_only_linked_accounts_are_offered(world: World, admin: Person) -> None:
    link(world, admin)
    admin.click("Add Cloud Account")
    admin.wait_for("Select Your Preferred Cloud Service or Platform")
    admin.click("AWS")
    screen = admin.wait_for("Select AWS Account Type")
    assert "Management Account" not in screen.buttons
    assert "Linked Account" in screen.text


def test_the_guide_has_every_step_and_what_to_copy(world: World, admin: Person) -> None:
    open_form(admin)
    external_id = EXTERNAL_ID.search(admin.screen.text)[0]
    admin.click("ⓘ Information")
    guide = admin.wait_for("setup guide")
    for words in ("Sign in to the right account", "CloudFormation", "Outputs tab", "AWS Role ARN", "Connect"):
        assert words in guide.text
    assert external_id in guide.text
    admin.back()
    assert admin.wait_for("AWS Role ARN").submit_label == "Connect"


def test_closing_loses_nothing(world: World, admin: Person) -> None:
    open_form(admin)
    external_id = EXTERNAL_ID.search(admin.screen.text)[0]
    admin.close()
    admin.open_home()
    home = admin.wait_for("Setup in progress", where="home")
    assert "Resume" in home.buttons
    admin.click("Resume", where="home")
    assert external_id in admin.wait_for("AWS Role ARN").text

    admin.close()
    open_form(admin)
    assert external_id in admin.screen.text, "the same draft has the same external ID, whatever the way in"


def test_each_person_has_an_external_id_of_their_own(world: World, admin: Person) -> None:
    other = world.slack.person("Grace Hopper", owner=True)
    for person in (admin, other):
        open_form(person)
    assert EXTERNAL_ID.search(admin.screen.text)[0] != EXTERNAL_ID.search(other.screen.text)[0]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("arn:aws:iam::123456789012:user/ada", "user"),
        ("arn:aws:sts::123456789012:assumed-role/X/session", "session"),
        ("arn:aws:cloudformation:us-east-1:123456789012:stack/xops-link/1", "stack"),
        ("arn:aws:iam::123456789012:role/Xops ReadOnly", "space"),
        ('"arn:aws:iam::123456789012:role/X"', "quotation"),
        ("arn:aws-cn:iam::123456789012:role/X", "aws-cn"),
        ("arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/X", "ASCII"),
        ("XopsReadOnly", "arn:aws:iam::"),
    ],
)
def test_each_slip_in_the_arn_has_its_own_sentence(
    world: World, admin: Person, typed: str, sentence: str
) -> None:
    open_form(admin)
    connect(admin, "Production", typed)
    assert sentence in admin.screen.errors["AWS Role ARN"]
    assert admin.screen.errors["AWS Role ARN"].endswith(".")
    assert world.rows("SELECT count(*) FROM account_name") == [(0,)]


def test_a_wrong_arn_corrected_in_the_same_view_is_accepted(world: World, admin: Person) -> None:
    management = world.organization()
    open_form(admin)
    arn = get_stack(world, admin, management)
    connect(admin, "本番 R&D 🚀", arn.replace(":role/", ":user/"))
    assert "AWS Role ARN" in admin.screen.errors

    admin.fill("AWS Role ARN", f"  {arn}\u200b\n")
    admin.submit("Connect")
    admin.wait_for("本番 R&D 🚀 is connected to XOps")
    told = card(world, admin, "is connected").text
    assert told.startswith("本番 R&amp;D 🚀 is connected"), "the text is mrkdwn: escaped once"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("<!channel>", "< or >"),
        ("\u202edorp", "direction"),
        ("pro\u00add", "invisible"),
        ("x" * 65, "64"),
        ("...", "letter"),
    ],
)
def test_a_name_that_cannot_be_is_refused_at_the_field(
    world: World, admin: Person, name: str, sentence: str
) -> None:
    open_form(admin)
    connect(admin, name, "arn:aws:iam::123456789012:role/X")
    assert sentence in admin.screen.errors["AWS Account Name"]


def test_an_empty_form_is_not_sent(world: World, admin: Person) -> None:
    open_form(admin)
    with pytest.raises(FieldRequired):
        admin.submit("Connect")


def test_a_name_that_is_taken_is_refused_at_the_field(world: World, admin: Person) -> None:
    other = world.slack.person("Grace Hopper", admin=True)
    open_form(other)  # before the first one is linked
    role = get_stack(world, other, world.organization())
    fault = world.cloud.hang("sts", "AssumeRole")
    open_form(admin)
    connect(admin, "ｐｒｏｄ", get_stack(world, admin, world.organization()))
    admin.wait_for("Checking")
    connect(other, "PROD", role)
    assert "choose a different" in other.screen.errors["AWS Account Name"]
    fault.release()


def test_two_admins_link_the_same_account_and_one_is_told(world: World, admin: Person) -> None:
    other = world.slack.person("Grace Hopper", admin=True)
    management = world.organization()
    open_form(admin)
    open_form(other)
    first = get_stack(world, admin, management)
    connect(admin, "Production", first)
    admin.wait_for("is connected to XOps")

    other.click("Get the template")
    world.slack.wait_until(lambda: other.files)
    second = world.cloud.create_stack(
        management, other.files[-1].content.decode(), {"RoleName": "XopsSecond"}, name="xops-second"
    )
    connect(other, "Copy", second)
    screen = other.wait_for("already connected")
    assert "Production" in screen.text
    other.click("Replace the role")
    other.wait_for("is connected to XOps")
    assert world.rows("SELECT count(*) FROM account") == [(1,)]
    assert "XopsSecond" in str(world.rows("SELECT answers FROM account"))


def test_the_checks_tick_while_they_run(world: World, admin: Person) -> None:
    management = world.organization()
    open_form(admin)
    arn = get_stack(world, admin, management)
    slow = world.cloud.slow("iam", seconds=2.5)
    connect(admin, "Production", arn)
    screen = admin.wait_for("The role requires the external ID: ok")
    assert "Checking with AWS" in screen.text
    assert "The role may read what XOps needs: not checked yet" in screen.text
    slow.release()
    admin.wait_for("is connected to XOps")
    screen = admin.screen.json["external_id"]
    updates = [call for call in world.slack.calls_of("views.update") if screen in str(call.args)]
    assert len(updates) <= 6, "at most one update a second, and the result"


def test_linking_leaves_a_chain_of_entries_that_verifies(world: World, admin: Person) -> None:
    link(world, admin)
    store = world.store()
    with store.begin(world.slack.workspace.team) as work:
        entries = [entry for entry in work.audit_entries(10) if admin.id in str(entry.actor)]
    assert [entry.code for entry in reversed(entries)] == ["XS001I", "XS002I", "XL001I"]
    assert store.verify_audit(world.slack.workspace.team).ok
    store.close()
