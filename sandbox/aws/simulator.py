"""What MiniStack's SimulatePrincipalPolicy lacks: the permission on the simulated role itself, and the
organization's say. Its own evaluator decides all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import urlencode

import httpx

ASK = "iam:SimulatePrincipalPolicy"


async def may_simulate(http: httpx.AsyncClient, role: str, target: str) -> bool:
    """Whether the role's policies let it simulate the target.

    MiniStack judges the call by the resource "*" and so refuses a role that may simulate itself alone.
    """
    asked = {
        "PolicySourceArn": role,
        "ActionNames.member.1": ASK,
        "ResourceArns.member.1": target,
    }
    answer = await as_root(http, role.split(":")[4], {**asked, "Action": "SimulatePrincipalPolicy"})
    return "<EvalDecision>allowed</EvalDecision>" in answer.text


async def as_root(http: httpx.AsyncClient, account: str, params: Mapping[str, str]) -> httpx.Response:
    """An IAM call as the root user of an account."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    body = urlencode({**params, "Version": "2010-05-08"})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", str(http.base_url), headers, body)
    SigV4Auth(Credentials(account, "test"), "iam", "us-east-1").add_auth(request)
    return await http.post("/", content=body, headers=dict(request.headers.items()))


def with_organization(answer: str, forbidden: Collection[str]) -> str:
    """The simulation's answer with what the organization's policies forbid."""

    def decided(member: re.Match[str]) -> str:
        name = re.search("<EvalActionName>(.*?)</EvalActionName>", member[0])
        if name is None or name[1] not in forbidden:
            return member[0]
        text = re.sub(
            "<EvalDecision>.*?</EvalDecision>", "<EvalDecision>explicitDeny</EvalDecision>", member[0]
        )
        detail = "<AllowedByOrganizations>false</AllowedByOrganizations>"
        detail = f"<OrganizationsDecisionDetail>{detail}</OrganizationsDecisionDetail>"
        return text.replace("</member>", f"{detail}</member>")

    return re.sub("<member>.*?</member>", decided, answer, flags=re.DOTALL)
