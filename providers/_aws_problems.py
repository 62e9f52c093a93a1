"""What can be wrong with a role, an organization or its permissions, in the words a person reads.

One class for each row of the AWS catalogue; `_refusals` says which of AWS's codes means which.
Facts that may be named: {role} {role_name} {account} {region} {external_id} {principal} {trust_policy}.
"""

from __future__ import annotations

from typing import ClassVar

from providers.base import Problem, Side
from providers.problems import OurRequest, OurSide

_UPDATE = "Update the stack from our template, or add the policy below to {role_name}; then check again."

# --- Assuming the role (STS)


class RoleNotAssumable(Problem):
    """AWS does not let XOps use {role_name} in account {account}."""

    # AWS gives no reason across accounts: the causes, cheapest look first.
    hint: ClassVar[str] = (
        "Wait a minute if the role is new. Else compare the ARN with the stack's Outputs tab, "
        "then the stack's parameters with those below."
    )
    heals: ClassVar[bool] = True
    link: ClassVar[str] = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html"
    fix: ClassVar[str] = "ExternalId        {external_id}\nTrustedPrincipal  {principal}"


class TrustPolicyRefuses(Problem):
    """The trust policy of {role_name} does not let XOps in."""

    hint: ClassVar[str] = (
        "In IAM, open {role_name}, Trust relationships, Edit trust policy. Paste the text below over it, then check again."
    )
    heals: ClassVar[bool] = True  # an edited policy needs some seconds to spread
    link: ClassVar[str] = "https://console.aws.amazon.com/iam/home#/roles"
    fix: ClassVar[str] = "{trust_policy}"


class ResourceControlPolicyDenies(Problem):
    """A resource control policy of your organization keeps XOps out of {role_name}."""

    hint: ClassVar[str] = "Ask your organization's administrator to exempt {principal} from that policy."
    link: ClassVar[str] = (
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"
    )


class XopsMayNotAssume(OurSide):
    """The identity of XOps is not allowed to assume {role_name}."""


class ServiceControlPolicyDenies(OurSide):
    """A service control policy forbids XOps to assume {role_name}."""

    # Service control policies bind the caller, and the caller is ours (AWS Organizations user guide).
    hint: ClassVar[str] = (
        "The administrator of the organization that XOps runs in has to exempt {role}; your role can stay."
    )


class BoundaryForbids(OurSide):
    """A permissions boundary forbids XOps to assume {role_name}."""


class SessionPolicyForbids(OurSide):
    """A session policy forbids XOps to assume {role_name}."""


class EndpointPolicyForbids(OurSide):
    """The policy of a VPC endpoint forbids XOps to assume {role_name}."""


class SessionPolicyRefused(OurRequest):
    """AWS does not accept the session policy of XOps."""


class OurPrincipal(OurSide):
    """XOps runs as {arn}, which no trust policy should name."""


class OneRegionRefuses(Problem):
    """AWS refuses {role_name} in {region} and accepts it in {other}."""

    hint: ClassVar[str] = (
        "Look for a policy that limits regions and exempt {region}; a new role can need a minute to get there."
    )
    heals: ClassVar[bool] = True


class StsRegionOff(Problem):
    """STS is switched off in {region} for account {account}."""

    hint: ClassVar[str] = "Activate {region} in the IAM console: Account settings, Security Token Service."
    link: ClassVar[str] = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html"
    )


class RequestMalformed(Problem):
    """AWS does not accept the request for {role_name} as it is written."""

    hint: ClassVar[str] = "Compare the ARN with the stack's Outputs tab. AWS says: “{said}”."


class OwnAccount(Problem):
    """Account {account} is the account of XOps itself."""

    hint: ClassVar[str] = "Enter the ARN of a role in your own account."


class AnotherIdentity(Problem):
    """AWS says that this role is {found}, which is not {role}."""

    hint: ClassVar[str] = "Copy RoleArn from the stack's Outputs tab once more, then check again."


class TrustPolicyOpen(Problem):
    """XOps got into {role_name} {how}, so others could too."""

    hint: ClassVar[str] = (
        "In IAM, open {role_name}, Trust relationships, Edit trust policy. Paste the text below over it, then check again."
    )
    link: ClassVar[str] = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
    fix: ClassVar[str] = "{trust_policy}"


class ExternalIdUnchecked(Problem):
    """AWS gave no clear answer on whether {role_name} requires the external ID."""

    hint: ClassVar[str] = "Check again in a minute."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


# --- The organization


class StandaloneAccount(Problem):
    """Account {account} is in no organization."""

    hint: ClassVar[str] = "Create an organization in it, or link the account that manages your organization."
    link: ClassVar[str] = "https://console.aws.amazon.com/organizations/v2/home"


class IsLinkedAccount(Problem):
    """Account {account} is a linked account; its management account is {management}."""

    hint: ClassVar[str] = "Link {management} as the Management Account, then {account} as a Linked Account."
    instead: ClassVar[str] = "aws-linked"


class IsManagementAccount(Problem):
    """Account {account} is the organization's management account, not a linked account."""

    hint: ClassVar[str] = "Link it as the Management Account."
    instead: ClassVar[str] = "aws-management"


class OtherOrganization(Problem):
    """Account {account} belongs to {organization}, whose management account {management} is not linked here."""

    hint: ClassVar[str] = (
        "Link {management} as the Management Account first, or use a role of your own organization."
    )


class OnlyConsolidatedBilling(Problem):
    """The organization {organization} has consolidated billing only, not all features."""

    hint: ClassVar[str] = (
        "Enable all features in AWS Organizations to roll out roles to many accounts at once."
    )
    link: ClassVar[str] = (
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html"
    )


class MayNotDescribeOrganization(Problem):
    """{role_name} may not read which organization account {account} is in."""

    hint: ClassVar[str] = _UPDATE
    heals: ClassVar[bool] = True
    fix: ClassVar[str] = "{policy}"


class MayNotListAccounts(Problem):
    """{role_name} may not list the accounts of the organization."""

    hint: ClassVar[str] = _UPDATE
    heals: ClassVar[bool] = True
    fix: ClassVar[str] = "{policy}"


class NotInOrganization(Problem):
    """AWS finds no account {account} in the organization."""

    hint: ClassVar[str] = "Check the account number, and that the account has joined the organization."


class OrganizationBusy(Problem):
    """The organization is being changed at this moment."""

    hint: ClassVar[str] = "Check again in a minute."
    side: ClassVar[Side] = "cloud"
    transient: ClassVar[bool] = True


class OrganizationsRequest(OurRequest):
    """AWS Organizations does not accept what XOps asked for."""


class AccountNotActive(Problem):
    """Account {account} {state}."""

    hint: ClassVar[str] = "Choose another account, or bring this one back to the state ACTIVE first."


# --- The role's permissions (IAM)


class RoleGone(Problem):
    """The role {role_name} is no longer in account {account}."""

    hint: ClassVar[str] = "Create the stack again, then link the new role."
    link: ClassVar[str] = "https://console.aws.amazon.com/cloudformation/home"


class PermissionsMissing(Problem):
    """{role_name} may not use {actions}."""

    hint: ClassVar[str] = _UPDATE
    fix: ClassVar[str] = "{policy}"


class PermissionsForbidden(Problem):
    """A policy of your organization forbids {role_name} to use {actions}."""

    hint: ClassVar[str] = "Ask your organization's administrator to exempt {role} from that policy."


class PermissionsBounded(Problem):
    """The permissions boundary of {role_name} does not include {actions}."""

    hint: ClassVar[str] = "Add these actions to the permissions boundary of {role_name}, then check again."
