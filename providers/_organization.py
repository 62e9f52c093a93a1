"""Checks of the account's place in AWS Organizations. Nothing is listed for an account that is not the manager."""

from __future__ import annotations

import time
from typing import Any

from providers import _aws_problems as aws
from providers._refusals import asking_aws
from providers._role_checks import role_of, session_of
from providers._role_setup import allow
from providers.base import Attempt

MANAGEMENT = "aws-management"  # key of the provider that links management accounts

# Source: AWS Organizations API reference, AccountState.
STATES = {
    "PENDING_ACTIVATION": "is not ready yet",
    "SUSPENDED": "is suspended",
    "PENDING_CLOSURE": "is being closed",
    "CLOSED": "is closed",
}


def is_management_account(attempt: Attempt) -> None:
    """The account is the organization's management account"""
    role, organization = role_of(attempt), describe_organization(attempt)
    if (management := organization["MasterAccountId"]) != role.account:
        raise aws.IsLinkedAccount(account=role.account, management=management)


def belongs_to_a_linked_organization(attempt: Attempt) -> None:
    """The account belongs to an organization that is linked"""
    role, organization = role_of(attempt), describe_organization(attempt)
    management = organization["MasterAccountId"]
    if management == role.account:
        raise aws.IsManagementAccount(account=role.account)
    if management not in attempt.linked.get(MANAGEMENT, ()):
        raise aws.OtherOrganization(
            account=role.account, organization=organization["Id"], management=management
        )
    attempt.facts["Management account"] = management


def describe_organization(attempt: Attempt) -> dict[str, Any]:
    """The organization as AWS describes it; every account in it may ask. Notes its id. Raises Problem."""
    role = role_of(attempt)
    policy = allow(["organizations:DescribeOrganization"])
    with (
        asking_aws(policy=policy, **role.facts),
        session_of(attempt).client("organizations") as organizations,
    ):
        organization: dict[str, Any] = organizations.describe_organization()["Organization"]
    attempt.facts["Organization"] = organization["Id"]
    if organization["FeatureSet"] == "CONSOLIDATED_BILLING":
        attempt.warnings.append(aws.OnlyConsolidatedBilling(organization=organization["Id"]))
    return organization


def accounts_are_listed(attempt: Attempt) -> None:
    """XOps can list the organization's accounts"""
    try:
        complete = _list_accounts(attempt)
    except aws.MayNotListAccounts as problem:
        attempt.warnings.append(problem)
        return
    number = f"{len(attempt.accounts):,}"
    attempt.facts["Accounts"] = number if complete else f"more than {number}"


def _list_accounts(attempt: Attempt) -> bool:
    """Note every account with what stands against choosing it; False if time ran out before the end.

    A page may be empty and still have a next one; `State` replaces `Status`, which AWS retired on
    2026-09-09 (botocore, organizations ListAccounts).
    """
    role, until = role_of(attempt), time.monotonic() + attempt.ours.check_seconds / 2
    policy = allow(["organizations:ListAccounts"])
    attempt.accounts.clear()
    with (
        asking_aws(policy=policy, **role.facts),
        session_of(attempt).client("organizations") as organizations,
    ):
        page = organizations.list_accounts()
        while True:
            attempt.accounts.extend(_account(row) for row in page["Accounts"])
            token = page.get("NextToken")
            if not token or time.monotonic() > until:
                return not token
            page = organizations.list_accounts(NextToken=token)


def _account(row: dict[str, Any]) -> dict[str, str]:
    state, blocked = row.get("State", ""), ""
    if state != "ACTIVE":
        why = STATES.get(state, f"is in the state {state or 'unknown'}")
        blocked = aws.AccountNotActive(account=row["Id"], state=why).sentence
    return {"id": row["Id"], "name": row.get("Name", ""), "state": state, "blocked": blocked}
