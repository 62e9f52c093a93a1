"""An admin links the organization's management account, from `/xops` to "Connected"."""

from __future__ import annotations

from sandbox.slack import Person
from tests.harness.world import World


def test_link_from_the_first_screen_to_connected(world: World, admin: Person) -> None:
    management = world.organization("222222222222")

    admin.command("/xops")
    admin.wait_for("Select Your Preferred Cloud Service or Platform")
    admin.click("AWS")
    admin.wait_for("Select AWS Account Type")
    admin.click("Management Account")
    admin.wait_for("Link a New AWS Account")
    admin.click("Get the template")
    world.slack.wait_until(lambda: admin.files)
    arn = world.stack(admin, management)
    admin.fill("AWS Account Name", "Production")
    admin.fill("AWS Role ARN", arn)
    admin.submit("Connect")
    admin.wait_for("Connected")

    assert "Healthy" in admin.screen.text
    assert management in admin.screen.text
    world.slack.wait_until(lambda: [m for m in admin.dms if "Production is connected" in m.text])
    assert "Production" in world.slack.wait_until(lambda: admin.home.text and admin.home).text
