"""Somebody who links an AWS account."""

from __future__ import annotations

from collections.abc import Mapping

from providers import verify
from providers.aws import MANAGEMENT
from providers.base import Attempt, Note, Ours, Report
from sandbox.aws import AwsCloud


class Customer:
    """Somebody who links an account: what was prepared for them, and their role."""

    def __init__(self, cloud: AwsCloud, account: str) -> None:
        self.cloud, self.account = cloud, account
        self.prepared = MANAGEMENT.prepare(Ours())
        self.role = ""

    def create_stack(self) -> None:
        template = MANAGEMENT.file(self.prepared)
        assert template is not None
        self.role = self.cloud.create_stack(self.account, template.content)

    def trust(self, condition: Mapping[str, object], principal: str = "") -> dict[str, object]:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": principal or self.cloud.principal},
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }
        return {"Version": "2012-10-17", "Statement": [statement]}

    def attempt(self, ours: Ours | None = None) -> Attempt:
        ours = ours or Ours()
        typed = MANAGEMENT.fields[0].read(self.role, ours)
        return Attempt({"role_arn": typed}, self.prepared, ours)

    def verify(self, ours: Ours | None = None) -> Report:
        return verify(MANAGEMENT, self.attempt(ours))


def told(report: Report) -> list[Note]:
    """Everything a report says beside the labels."""
    return [note for line in report.lines for note in line.notes]


def line(report: Report, label: str) -> tuple[str, list[str]]:
    """How one check ended and what it says, by a part of its label."""
    (found,) = [line for line in report.lines if label in line.label]
    return found.status, [note.kind for note in found.notes]


def caller_identity(arn: str, account: str) -> str:
    """The answer of GetCallerIdentity."""
    return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{arn}</Arn><UserId>A</UserId><Account>{account}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
