"""Problems every cloud can have. What only one cloud says is in that cloud's own file.

`{cloud}` is a fact: whoever raises one of these names it.
"""

from __future__ import annotations

from typing import ClassVar

from providers.base import Problem, Side


class NoAnswer(Problem):
    """{cloud} gave no answer in time."""

    hint: ClassVar[str] = "Nothing is known to be wrong with your account; check again in a few minutes."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


class Throttled(Problem):
    """{cloud} asks XOps to slow down."""

    hint: ClassVar[str] = "Nothing is wrong with your account; check again in a minute."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


class CloudHiccup(Problem):
    """{cloud} could not answer because of a fault of its own."""

    hint: ClassVar[str] = "Nothing is wrong with your account; check again in a few minutes."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


class Unreachable(Problem):
    """XOps cannot reach {cloud} over the network."""

    hint: ClassVar[str] = "Nothing in your account needs to change; check again in a few minutes."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


class UnknownRefusal(Problem):
    """{cloud} refused with a code that XOps does not know: {said}."""

    hint: ClassVar[str] = (
        "Look the code up in the cloud's documentation, or ask support and give the reference."
    )


class OurSide(Problem):
    """XOps could not do its part."""

    # We learned nothing about the customer's account, so the result is unknown.
    hint: ClassVar[str] = "Nothing in your account needs to change; the people who run XOps have to look."
    side: ClassVar[Side] = "ours"
    transient: ClassVar[bool] = True


class OurCredentials(OurSide):
    """{cloud} does not accept the credentials of XOps."""


class OurClock(OurSide):
    """{cloud} says that the clock of XOps is wrong."""


class OurMistake(OurSide):
    """XOps made a mistake while it checked."""


class OurRequest(OurSide):
    """XOps asked {cloud} in a way that it does not accept."""
