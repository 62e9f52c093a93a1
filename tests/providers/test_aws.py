"""Linking an AWS management account, against an AWS that checks signatures, trust policies and permissions."""

from __future__ import annotations

from collections.abc import Callable

from providers.base import Note, Report

Told = Callable[[Report], list[Note]]

EVERYTHING = [
    "XOps can assume the role",
    "AWS confirms the role and its account",
    "The role requires the external ID",
    "The account is the organization's management account",
    "The role may read what XOps needs",
    "XOps can list the organization's accounts",
]
