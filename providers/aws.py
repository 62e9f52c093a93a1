"""AWS accounts. The checks are in `_role_checks`, `_organization` and `_permissions`.

Links in the guide lead to the console of the partition `aws`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers._assume import Role, principal
from providers._organization import MANAGEMENT as MANAGEMENT_KEY
from providers._organization import (
    accounts_are_listed,
    belongs_to_a_linked_organization,
    is_management_account,
)
from providers._permissions import permissions
from providers._role_checks import assume_role, external_id_is_required, identity_matches, new_external_id
from providers._role_setup import STACK_NAME, launch_stack, template
from providers.base import Field, Ours, Provider, Step

_STACKS = "https://us-east-1.console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks"
_COMMANDS = (
    f"aws cloudformation deploy --template-file xops-role.yaml --stack-name {STACK_NAME}"
    " --capabilities CAPABILITY_NAMED_IAM"
    " --parameter-overrides ExternalId={external_id} TrustedPrincipal={principal}\n\n"
    f'aws cloudformation describe-stacks --stack-name {STACK_NAME} --query "Stacks[0].Outputs" --output table'
)


def prepare(ours: Ours) -> dict[str, str]:
    """An external ID for this link alone, and whom the role must trust. Raises Problem if AWS does not say."""
    return {"external_id": new_external_id(), "principal": principal(ours)}


def account_id(answers: Mapping[str, str]) -> str:
    """The twelve digits that make an AWS account the same account, whatever its role is called."""
    return Role.of(answers["role_arn"]).account


def _not_here(arn: str, ours: Ours) -> str:
    role = Role.of(arn)
    if role.partition != ours.partition:
        return (
            f"Roles of the partition {role.partition} cannot be linked here, only those of {ours.partition}."
        )
    if role.account == "0" * 12:
        return "000000000000 is a placeholder. Enter the ARN with your own account number."
    if ours.principal_arn and role.account == ours.principal_arn.split(":")[4]:
        return "This role is in the account of XOps itself. Enter the ARN of a role in your own account."
    return ""


_IAM = r"^arn:[a-z-]{1,20}:iam::\d*:"

# Source of the pattern: IAM user guide, "IAM identifiers" and the quotas of names and paths.
ROLE_ARN = Field(
    name="role_arn",
    label="AWS Role ARN",
    example="arn:aws:iam::123456789012:role/XopsReadOnly",
    pattern=r"arn:(aws|aws-cn|aws-us-gov|aws-iso(?:-[bef])?|aws-eusc):iam::\d{12}:"
    r"role/((?:[\x21-\x7e]{1,510}/)?)[\w+=,.@-]{1,64}",
    invalid="This is not a Role ARN. It looks like arn:aws:iam::123456789012:role/XopsReadOnly.",
    hint="The value of RoleArn in the Outputs tab of the stack.",
    slips=(
        (r"^[\"'`“”‘’«»<]|[\"'`“”‘’«»>]$", "Enter the ARN without quotation marks."),
        (
            r"[\s\u00a0\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]",
            "The ARN has a space in it. Take it out.",
        ),
        (r"[^\x21-\x7e]", "The ARN has a letter or digit that is not plain ASCII. Copy it again from AWS."),
        (r"^https?:", "This is a link. Enter the ARN, which starts with arn:aws:iam::."),
        (
            r"^arn:[a-z-]{1,20}:sts:",
            "This is the ARN of a session. Enter the role's own: RoleArn in the Outputs tab.",
        ),
        (
            r"^arn:[a-z-]{1,20}:cloudformation:",
            "This is the stack's ARN. Enter RoleArn from its Outputs tab.",
        ),
        (
            r"^arn:[a-z-]{1,20}:(?!iam:)[a-z0-9-]+:",
            "This ARN is not IAM's. Enter RoleArn from the Outputs tab.",
        ),
        (r"^arn:[a-z-]{1,20}:iam::(?!\d{12}:)", "The account number in the ARN must have 12 digits."),
        (_IAM + "user/", "This is a user's ARN. Enter the role's: RoleArn in the stack's Outputs tab."),
        (_IAM + "(?!role/)", "This ARN is not a role's. Enter RoleArn from the stack's Outputs tab."),
        (
            r"^(?!(?-i:arn:[a-z-]+:iam::\d+:role/))arn:[a-z-]{1,20}:iam::\d{12}:role/",
            "Write arn, aws, iam and role in small letters.",
        ),
        (
            _IAM + "role/(aws-service-role|aws-reserved)/",
            "This role is reserved by AWS. Enter the stack's role.",
        ),
        (r"/(\.{0,2})/|/\.{1,2}$", "The path in the ARN has an empty part or dots. Copy it again from AWS."),
    ),
    forbidden=_not_here,
)


# From the source document, with what it leaves out: the external ID, the box to tick, what the role may do.
_STEPS = (
    Step(
        "Create the CloudFormation stack",
        "Press Launch Stack on the form. If it shows Get the template instead, download that file; then in "
        "the console: Create stack, With new resources, Upload a template file. Name the stack "
        + STACK_NAME
        + ".",
        f"{_STACKS}/create",
    ),
    Step(
        "Leave the parameters as they are",
        "They must be these, with nothing added.",
        command="ExternalId        {external_id}\nTrustedPrincipal  {principal}",
        why="With the external ID nobody else can reach your role through XOps. It is made for this link alone.",
    ),
    Step(
        "Tick the box and create",
        "Tick “I acknowledge that AWS CloudFormation might create IAM resources with custom names”, then "
        "create the stack. It makes one role, which may not create, change or delete anything.",
        why="The role may read the organization and its accounts, enabled regions, account aliases, EKS clusters "
        "and their access entries, and itself. It cannot read what your services store. Sessions last 15 "
        "minutes. Deleting the stack ends the access.",
    ),
    Step(
        "Copy the AWS Role ARN",
        "Wait until the stack says CREATE_COMPLETE, about a minute. In the stack details page, open the "
        "Outputs tab and copy the AWS Role ARN: the value of RoleArn.",
        _STACKS,
    ),
    Step(
        "Return and connect",
        "Go back to Link a New AWS Account. Enter a suitable name in AWS Account Name, paste the ARN into "
        "AWS Role ARN, and press Connect.",
        why="XOps checks the role at once and says what is missing.",
    ),
    Step(
        "From a terminal, in place of steps 2 to 5",
        "Get the template first. These commands create the stack and show the AWS Role ARN.",
        command=_COMMANDS,
        optional=True,
    ),
)


def _guide(where: str, why: str) -> tuple[Step, ...]:
    """The way to a role; `where` to be signed in, and `why` there."""
    return (Step("Sign in to the right account", where, "https://console.aws.amazon.com/", why=why), *_STEPS)


MANAGEMENT = Provider(
    key=MANAGEMENT_KEY,
    name="AWS Management Account",
    family="AWS",
    kind="Management Account",
    heading="Link a New AWS Account",
    name_label="AWS Account Name",
    prepare=prepare,
    guide=_guide(
        "Sign in to the AWS Management Console with your organization's management account. "
        "AWS shows the account number at the top right.",
        "Only the management account can see the whole organization.",
    ),
    fields=(ROLE_ARN,),
    stages=(
        (assume_role,),
        (identity_matches, external_id_is_required, is_management_account, permissions),
        (accounts_are_listed,),
    ),
    identity=account_id,
    retry_after=(3, 6, 12, 24, 45),
    shown=(("external_id", "External ID"),),
    launch=launch_stack,
    launch_label="Launch Stack",
    file=template,
    file_label="Get the template",
    single=True,
    deletable=False,
    removal=f"In AWS, delete the CloudFormation stack {STACK_NAME}, which made the role.",
)

LINKED = replace(
    MANAGEMENT,
    key="aws-linked",
    name="AWS Linked Account",
    kind="Linked Account",
    guide=_guide(
        "Sign in to the AWS Management Console with the linked account, not with the management account. "
        "AWS shows the account number at the top right.",
        "The stack makes the role in the account you are signed in to.",
    ),
    stages=(
        (assume_role,),
        (identity_matches, external_id_is_required, belongs_to_a_linked_organization, permissions),
    ),
    after=MANAGEMENT_KEY,
    after_reason="The management account comes first: link it, then its linked accounts.",
    single=False,
    deletable=True,
)
