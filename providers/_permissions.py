"""The check that the role may do all that the template lets it do. Nothing is read here for its content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers import _aws_problems as aws
from providers._assume import Role, RoleSession
from providers._refusals import DENIED, asking_aws, policy_kind, translate
from providers._role_checks import role_of, session_of
from providers._role_setup import ACCOUNT_ACTIONS, READ_ACTIONS, ROLE_ACTIONS, allow
from providers.base import Attempt, Problem

Refused = dict[str, type[Problem]]  # action -> what keeps the role from it

_NOWHERE = "xops-is-this-allowed"  # a cluster that does not exist: "not found" means "allowed to look"

# One cheap real call for each action, for roles that may not simulate.
PROBES: dict[str, tuple[str, str, Callable[[Role], dict[str, Any]]]] = {
    "organizations:DescribeOrganization": ("organizations", "describe_organization", lambda _: {}),
    "organizations:DescribeAccount": (
        "organizations",
        "describe_account",
        lambda role: {"AccountId": role.account},
    ),
    "organizations:ListAccounts": ("organizations", "list_accounts", lambda _: {"MaxResults": 1}),
    "account:ListRegions": ("account", "list_regions", lambda _: {"MaxResults": 1}),
    "ec2:DescribeRegions": ("ec2", "describe_regions", lambda _: {}),
    "iam:ListAccountAliases": ("iam", "list_account_aliases", lambda _: {"MaxItems": 1}),
    "iam:GetRole": ("iam", "get_role", lambda role: {"RoleName": role.name}),
    "eks:ListClusters": ("eks", "list_clusters", lambda _: {"maxResults": 1}),
    "eks:DescribeCluster": ("eks", "describe_cluster", lambda _: {"name": _NOWHERE}),
    "eks:DescribeAccessEntry": (
        "eks",
        "describe_access_entry",
        lambda role: {"clusterName": _NOWHERE, "principalArn": role.arn},
    ),
    "eks:ListAssociatedAccessPolicies": (
        "eks",
        "list_associated_access_policies",
        lambda role: {"clusterName": _NOWHERE, "principalArn": role.arn},
    ),
}

_BY_KIND: Refused = {
    "service control policy": aws.PermissionsForbidden,
    "resource control policy": aws.PermissionsForbidden,
    "permissions boundary": aws.PermissionsBounded,
}


def permissions(attempt: Attempt) -> None:
    """The role may read what XOps needs"""
    role = role_of(attempt)
    refused = _simulate(role, session_of(attempt))
    for kind in (aws.PermissionsMissing, aws.PermissionsForbidden, aws.PermissionsBounded):
        actions = [action for action in READ_ACTIONS if refused.get(action) is kind]
        if actions:
            attempt.warnings.append(kind(actions=", ".join(actions), policy=allow(actions), **role.facts))


def _simulate(role: Role, session: RoleSession) -> Refused:
    """Ask IAM itself, which also knows the organization's policies; where the role may not ask, try.

    Source: IAM API reference, SimulatePrincipalPolicy: it judges the role's own policies, the boundary and
    the service control policies, not the policy of the session that asks.
    """
    from botocore.exceptions import ClientError

    refused: Refused = {}
    with asking_aws(**role.facts), session.client("iam") as iam:
        pages = iam.get_paginator("simulate_principal_policy")
        for actions, resource in ((ACCOUNT_ACTIONS, "*"), (ROLE_ACTIONS, role.arn)):
            asked = {"PolicySourceArn": role.arn, "ActionNames": list(actions), "ResourceArns": [resource]}
            try:
                rows = [row for page in pages.paginate(**asked) for row in page["EvaluationResults"]]
            except ClientError as error:
                if error.response["Error"]["Code"] not in DENIED:
                    raise
                return {"iam:SimulatePrincipalPolicy": _denied_by(error), **_try_each(role, session)}
            refused |= {row["EvalActionName"]: kind for row in rows if (kind := _decision(row))}
    return refused


def _decision(row: dict[str, Any]) -> type[Problem] | None:
    if row["EvalDecision"] == "allowed":
        return None
    if row.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return aws.PermissionsForbidden
    if row.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return aws.PermissionsBounded
    return aws.PermissionsMissing


def _try_each(role: Role, session: RoleSession) -> Refused:
    tried = {
        action: _try(session, service, method, arguments(role))
        for action, (service, method, arguments) in PROBES.items()
    }
    return {action: kind for action, kind in tried.items() if kind}


def _try(session: RoleSession, service: str, method: str, arguments: dict[str, Any]) -> type[Problem] | None:
    """What keeps the role from this call, or nothing: an answer of any other kind shows that it may ask."""
    from botocore.exceptions import ClientError

    with asking_aws(), session.client(service) as client:
        try:
            getattr(client, method)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in DENIED:
                return _denied_by(error)
            if translate(error).transient:
                raise
    return None


def _denied_by(error: Exception) -> type[Problem]:
    return _BY_KIND.get(policy_kind(str(error)), aws.PermissionsMissing)
