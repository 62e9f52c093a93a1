"""The kinds of accounts that can be linked, in menu order, and the families they are chosen from.

A new provider is one file and one line in `ALL`. No cloud SDK is imported here or below at import time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name

from providers.base import Provider
from providers.verification import verify

__all__ = ["ALL", "FAMILIES", "Family", "Kind", "by_key", "verify"]

ALL: tuple[Provider, ...] = tuple(
    resolve_name(name)
    for name in (
        "providers.aws:MANAGEMENT",
        "providers.aws:LINKED",
        # one line per provider
    )
)


@dataclass(frozen=True)
class Kind:
    """One choice within a family. It can be chosen once a provider with its key is in `ALL`."""

    key: str
    label: str
    later: str = "Coming next."  # why it cannot be chosen while there is no such provider


@dataclass(frozen=True)
class Family:
    """A card on the first screen, and the screen behind it."""

    name: str  # as in Provider.family
    title: str  # on the card
    text: str  # on the card, one sentence
    heading: str  # of the screen where its kind is chosen
    kinds: tuple[Kind, ...]


FAMILIES: tuple[Family, ...] = (
    Family(
        "AWS",
        "AWS (Amazon Web Services)",
        "Your organization's management account and its linked accounts.",
        "Select AWS Account Type",
        (
            Kind("aws-management", "Management Account"),
            Kind("aws-linked", "Linked Account"),
        ),
    ),
    Family(
        "EKS",
        "EKS",
        "Kubernetes clusters that run on Amazon EKS.",
        "Link a New AWS Account",
        (Kind("eks", "EKS"),),
    ),
    Family(
        "Azure",
        "Azure",
        "The subscriptions of a Microsoft Azure tenant.",
        "Link a New Azure Account",
        (Kind("azure", "Azure"),),
    ),
    Family(
        "Microsoft",
        "Microsoft",
        "Microsoft 365 and Microsoft Entra ID.",
        "Link a New Microsoft Account",
        (Kind("m365", "M365"), Kind("entra", "Entra ID")),
    ),
)


def by_key(key: str) -> Provider | None:
    """The provider with this key, or nothing: a stored key may be of a provider that is not built yet."""
    return next((provider for provider in ALL if provider.key == key), None)
