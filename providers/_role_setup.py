"""What the customer sets up for an AWS link: one role, its trust policy, its read actions, the template.

Pure data and text; no call is made here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from urllib.parse import quote

from providers.base import File, Ours

STACK_NAME = "xops-link"

# The same as in templates/xops-role.yaml; a test compares them.
ACCOUNT_ACTIONS = (
    "organizations:DescribeOrganization",
    "organizations:DescribeAccount",
    "organizations:ListAccounts",
    "account:ListRegions",
    "ec2:DescribeRegions",
    "iam:ListAccountAliases",
    "eks:ListClusters",
    "eks:DescribeCluster",
    "eks:DescribeAccessEntry",
    "eks:ListAssociatedAccessPolicies",
)
ROLE_ACTIONS = ("iam:GetRole", "iam:SimulatePrincipalPolicy")  # on the role itself and nothing else
READ_ACTIONS = ACCOUNT_ACTIONS + ROLE_ACTIONS

# Console host and the region where IAM and Organizations live. Other partitions get the file, not the link.
_CONSOLES = {
    "aws": ("us-east-1.console.aws.amazon.com", "us-east-1"),
    "aws-cn": ("cn-north-1.console.amazonaws.cn", "cn-north-1"),
    "aws-us-gov": ("us-gov-west-1.console.amazonaws-us-gov.com", "us-gov-west-1"),
}


def template(prepared: Mapping[str, str]) -> File:
    """The CloudFormation template with this link's values as defaults, so that nothing has to be typed."""
    text = files("providers").joinpath("templates/xops-role.yaml").read_text(encoding="utf-8")
    for parameter, value in _parameters(prepared).items():
        text = text.replace(f"  {parameter}:\n", f"  {parameter}:\n    Default: {json.dumps(value)}\n", 1)
    return File("xops-role.yaml", text, "CloudFormation template for XOps")


def launch_stack(prepared: Mapping[str, str], ours: Ours) -> str:
    """The quick-create link, or nothing without a template in S3.

    Source: AWS CloudFormation user guide, "Create quick-create links for stacks". What stands after the #
    never reaches a server.
    """
    if not ours.template_url or ours.partition not in _CONSOLES:
        return ""
    host, region = _CONSOLES[ours.partition]
    values = {"templateURL": ours.template_url, "stackName": STACK_NAME}
    values |= {f"param_{name}": value for name, value in _parameters(prepared).items()}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    return f"https://{host}/cloudformation/home?region={region}#/stacks/quickcreate?{query}"


def trust_policy(prepared: Mapping[str, str]) -> str:
    """The trust policy as it has to be, as JSON to paste."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": prepared["principal"]},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": prepared["external_id"]}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def allow(actions: Iterable[str]) -> str:
    """A policy that allows these actions, as JSON to paste."""
    return json.dumps(_policy(actions), indent=2)


def session_policy() -> str:
    """What a session of ours may do at most, whatever the role may do."""
    return json.dumps(_policy(READ_ACTIONS), separators=(",", ":"))


def _policy(actions: Iterable[str]) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _parameters(prepared: Mapping[str, str]) -> dict[str, str]:
    return {"ExternalId": prepared["external_id"], "TrustedPrincipal": prepared["principal"]}
