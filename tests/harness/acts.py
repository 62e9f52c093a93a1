"""What people do in more than one story."""

from __future__ import annotations

from typing import Any

from sandbox.slack import Person
from tests.harness.world import World


def open_form(person: Person) -> None:
    """From the command to the form of an AWS management account."""
    person.command("/xops link aws")
    person.wait_for("Select AWS Account Type")
    person.click("Management Account")
    person.wait_for("AWS Role ARN")


def get_stack(world: World, person: Person, account: str) -> str:
    """Have the template sent and create the stack with it; the Role ARN."""
    person.click("Get the template")
    world.slack.wait_until(lambda: person.files)
    return world.stack(person, account)


def connect(person: Person, name: str, role_arn: str) -> None:
    """Answer the questions and press Connect."""
    person.fill("AWS Account Name", name)
    person.fill("AWS Role ARN", role_arn)
    person.submit("Connect")


def link(world: World, person: Person, name: str = "Production") -> str:
    """Link a new organization's management account to the end; its Role ARN."""
    account = world.organization()
    open_form(person)
    role_arn = get_stack(world, person, account)
    connect(person, name, role_arn)
    person.wait_for("is connected to XOps")
    card(world, person, "is connected to XOps")
    return role_arn


def card(world: World, person: Person, text: str) -> Any:
    """The newest message of the bot that says this."""
    return world.slack.wait_until(lambda: [m for m in person.dms if text in m.text or text in m.blocks_text])[
        -1
    ]


def trust(principal: str, external_id: str | None) -> dict[str, Any]:
    """A trust policy for the bot, with or without the external ID."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
    }
    if external_id:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return {"Version": "2012-10-17", "Statement": [statement]}
