"""Sessions in customers' AWS accounts: one shared boto3 session, bounded clients, AssumeRole, who we are.

No check is here, and no refusal is worded here (`_refusals`). boto3 finds our own credentials, the region
and AWS_ENDPOINT_URL by itself.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from typing import Any

from providers._aws_problems import OurPrincipal
from providers._refusals import asking_aws
from providers._role_setup import session_policy
from providers.base import Ours

SECONDS = 900  # of a session; the least that AWS accepts, and less than any role's MaxSessionDuration

# Where each partition keeps IAM and Organizations; STS cannot be switched off there.
MAIN_REGION = {
    "aws": "us-east-1",
    "aws-cn": "cn-north-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}

_lock = threading.Lock()
_shared: dict[str, Any] = {}  # "session": boto3's; "principal": our ARN


def forget() -> None:
    """Let go of the shared session and of who we are: credentials or endpoint have changed."""
    with _lock:
        _shared.clear()


def client(service: str, region: str, **keys: str) -> AbstractContextManager[Any]:
    """A client, closed at the end of the `with`. Without keys it acts as ourselves.

    A try ends after 3 s without a connection or 5 s without an answer, and there are two tries. Making
    clients is not thread-safe, using them is.
    """
    from botocore.config import Config

    limits = Config(
        connect_timeout=3,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    with _lock:
        return closing(_session().client(service, region_name=region, config=limits, **keys))


def home_region(partition: str) -> str:
    """The region that boto3 is set to if it lies in this partition, else the partition's main region."""
    from botocore.exceptions import UnknownRegionError

    with _lock:
        session = _session()
    region = session.region_name
    try:
        if region and session.get_partition_for_region(region) == partition:
            return str(region)
    except UnknownRegionError:
        pass
    return MAIN_REGION[partition]


def principal(ours: Ours) -> str:
    """The ARN of the identity that customers trust: the configured one, else whom AWS says we are.

    AWS leaves the path out of an assumed role's ARN: an installation that runs as a role with a path has to
    configure its ARN. Raises Problem.
    """
    if ours.principal_arn:
        return ours.principal_arn
    if known := _shared.get("principal"):
        return str(known)
    with asking_aws(), client("sts", home_region(ours.partition)) as sts:
        arn = sts.get_caller_identity()["Arn"]
    if role := re.fullmatch(r"arn:([a-z-]+):sts::(\d{12}):assumed-role/([^/]+)/.+", arn, re.ASCII):
        arn = f"arn:{role[1]}:iam::{role[2]}:role/{role[3]}"
    if not re.fullmatch(r"arn:[a-z-]+:iam::\d{12}:(role|user)/.+", arn, re.ASCII):
        raise OurPrincipal(arn=arn)
    _shared["principal"] = arn
    return str(arn)


@dataclass(frozen=True)
class Role:
    """A role's ARN in its parts."""

    arn: str
    partition: str
    account: str
    name: str  # without the path

    @property
    def facts(self) -> dict[str, str]:
        """What sentences may name."""
        return {"role": self.arn, "role_name": self.name, "account": self.account}

    @staticmethod
    def of(arn: str) -> Role:
        """Take apart an ARN that a Field has accepted."""
        _, partition, _, _, account, resource = arn.split(":", 5)
        return Role(arn, partition, account, resource.rpartition("/")[2])


@dataclass(frozen=True)
class RoleSession:
    """Temporary credentials for a role; never stored, never logged."""

    region: str  # where the role was assumed
    keys: Mapping[str, str] = field(repr=False)

    def client(self, service: str) -> AbstractContextManager[Any]:
        """A client that acts as the role."""
        return client(service, self.region, **self.keys)


def assume(role: Role, region: str, external_id: str | None, facts: Mapping[str, str]) -> RoleSession:
    """Assume the role for 15 minutes, limited to the read actions.

    Raises Problem with AWS's own code; `facts` are what its sentences may name beside the role and the region.
    """
    given = {} if external_id is None else {"ExternalId": external_id}
    with asking_aws(region=region, **role.facts, **facts), client("sts", region) as sts:
        answer = sts.assume_role(
            RoleArn=role.arn,
            RoleSessionName=_session_name(role),
            DurationSeconds=SECONDS,
            Policy=session_policy(),
            **given,
        )
    keys = answer["Credentials"]
    return RoleSession(
        region,
        {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        },
    )


def _session_name(role: Role) -> str:
    """The same for each visit to a role, so that the customer finds all of them in CloudTrail."""
    return "xops-" + hashlib.sha256(role.arn.encode()).hexdigest()[:12]


def _session() -> Any:
    if "session" not in _shared:
        import boto3  # 0.2 s and 26 MB: only when a cloud is really called

        _shared["session"] = boto3.Session()
    return _shared["session"]
