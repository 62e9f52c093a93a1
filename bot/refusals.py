"""Why we do not do what was asked. Like a cloud's problems: the docstring is the sentence, the hint the way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from providers.base import Problem, Side


class Refusal(Problem):
    """This was not done."""

    side: ClassVar[Side] = "ours"
    hint: ClassVar[str] = "Open /xops and try again."


class NotAllowed(Refusal):
    """You may not do this in this workspace."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Workspace admins may; ask one of them to do it."


class RightsUnknown(Refusal):
    """Not changed: we could not check your rights, because Slack did not answer."""

    hint: ClassVar[str] = "Try again in a minute."


class Gone(Refusal):
    """This is no longer there."""

    hint: ClassVar[str] = "Open /xops to see what is there now."


class ComesLater(Refusal):
    """{reason}"""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Open /xops to go on."


class OnlyOne(Refusal):
    """Another {name} is already connected."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "A workspace has one; open /xops to see it."


class Starting(Refusal):
    """XOps has just started and does not know this workspace yet."""

    hint: ClassVar[str] = "Try again in a minute."


class AlreadyConnected(Refusal):
    """Somebody else has connected this account meanwhile."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Open /xops to see it."


class NotDeletable(Refusal):
    """There is currently no provision to delete {name}s from XOps."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Ask our support team, and give the account details and the reason."


class Expired(Refusal):
    """This setup is over."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Open /xops and begin again."


class Unfit(Refusal):
    """{reason}"""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Open /xops and change the answers."


class NotHere(Refusal):
    """XOps is not installed in this workspace."""

    side: ClassVar[Side] = "yours"
    hint: ClassVar[str] = "Ask a workspace admin to install it."


class Busy(Refusal):
    """Nothing was changed: our database is busy."""

    hint: ClassVar[str] = "Try again in a minute."


class Unconfirmed(Refusal):
    """We could not confirm this in time."""

    hint: ClassVar[str] = "Open /xops before trying again."


class FieldErrors(Exception):
    """What is wrong with a form: a sentence for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)
