"""Checks of the role itself: it lets us in, it is the role it says, and it lets in nobody else.

What the role may read is `_permissions`, whose account it is `_organization`.
"""

from __future__ import annotations

import secrets
from typing import cast

from providers import _aws_problems as aws
from providers._assume import MAIN_REGION, Role, RoleSession, assume, home_region
from providers._refusals import DENIED, asking_aws
from providers._role_setup import trust_policy
from providers.base import Attempt, Problem


def role_of(attempt: Attempt) -> Role:
    """The role that was entered."""
    return Role.of(attempt.answers["role_arn"])


def session_of(attempt: Attempt) -> RoleSession:
    """The session that `assume_role` opened."""
    return cast(RoleSession, attempt.session["aws"])


def new_external_id() -> str:
    """An external ID that has never been used: 128 random bits, so that nobody can guess another's."""
    return "xops-" + secrets.token_hex(16)


def assume_role(attempt: Attempt) -> None:
    """XOps can assume the role"""
    role, home = role_of(attempt), home_region(attempt.ours.partition)
    if role.account == attempt.prepared["principal"].split(":")[4]:
        raise aws.OwnAccount(account=role.account)
    try:
        attempt.session["aws"] = _assume(attempt, role, home, attempt.prepared["external_id"])
    except Problem as problem:
        main = MAIN_REGION[role.partition]
        if home == main or problem.code not in {*DENIED, "RegionDisabledException"}:
            raise
        attempt.session["aws"] = _assume_elsewhere(attempt, role, main, problem)


def identity_matches(attempt: Attempt) -> None:
    """AWS confirms the role and its account"""
    role = role_of(attempt)
    # Needs no permission, and no policy can deny it (STS API reference, GetCallerIdentity).
    with asking_aws(**role.facts), session_of(attempt).client("sts") as sts:
        found = sts.get_caller_identity()
    expected = f"arn:{role.partition}:sts::{role.account}:assumed-role/{role.name}/"
    if found["Account"] != role.account or not found["Arn"].startswith(expected):
        raise aws.AnotherIdentity(found=found["Arn"], **role.facts)
    attempt.facts["AWS account"] = role.account
    attempt.facts["Role"] = role.arn
    attempt.facts["Partition"] = role.partition


def external_id_is_required(attempt: Attempt) -> None:
    """The role requires the external ID"""
    role, region = role_of(attempt), session_of(attempt).region
    tries = (("without an external ID", None), ("with a wrong external ID", new_external_id()))
    for how, external_id in tries:
        try:
            _assume(attempt, role, region, external_id)
        except Problem as problem:
            if problem.transient:  # also when our own policies refused: that proves nothing about the role
                raise
            if problem.code in DENIED:
                continue
            raise aws.ExternalIdUnchecked(
                code=problem.code, reference=problem.reference, **role.facts
            ) from problem
        raise aws.TrustPolicyOpen(how=how, trust_policy=trust_policy(attempt.prepared), **role.facts)


def _assume(attempt: Attempt, role: Role, region: str, external_id: str | None) -> RoleSession:
    prepared = attempt.prepared
    facts = {
        "external_id": prepared["external_id"],
        "principal": prepared["principal"],
        "trust_policy": trust_policy(prepared),
    }
    return assume(role, region, external_id, facts)


def _assume_elsewhere(attempt: Attempt, role: Role, region: str, first: Problem) -> RoleSession:
    """Ask the partition's main region; if that one lets us in, the refusal is a warning, else it stands."""
    try:
        session = _assume(attempt, role, region, attempt.prepared["external_id"])
    except Problem:
        raise first from None
    if isinstance(first, aws.StsRegionOff):
        attempt.warnings.append(first)
    else:
        facts = {**first.facts, "other": region}
        attempt.warnings.append(aws.OneRegionRefuses(code=first.code, reference=first.reference, **facts))
    return session
