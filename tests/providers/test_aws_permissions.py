"""What the role may do, asked of IAM or tried call by call."""

from __future__ import annotations

import json

import pytest

from providers._role_setup import READ_ACTIONS
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, line, told


def allow(*actions: str) -> dict[str, object]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_missing_permissions_are_named(customer: Customer) -> None:
    gone = {"eks:DescribeCluster", "ec2:DescribeRegions"}
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - gone))
    report = customer.verify()
    (note,) = told(report)
    assert (report.health, note.kind) == ("warning", "PermissionsMissing")
    assert note.sentence == "XopsReadOnly may not use ec2:DescribeRegions, eks:DescribeCluster."
    assert set(json.loads(note.fix)["Statement"][0]["Action"]) == gone


def test_what_the_role_may_not_ask_about_itself_is_named(customer: Customer) -> None:
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - {"iam:GetRole"}))
    (note,) = told(customer.verify())
    assert note.sentence == "XopsReadOnly may not use iam:GetRole."


def test_a_role_that_may_not_simulate_is_tried_call_by_call(customer: Customer, cloud: AwsCloud) -> None:
    gone = {"eks:DescribeCluster", "iam:SimulatePrincipalPolicy", "iam:GetRole"}
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - gone))
    (note,) = told(customer.verify())
    assert note.sentence == (
        "XopsReadOnly may not use eks:DescribeCluster, iam:GetRole, iam:SimulatePrincipalPolicy."
    )
    assert {f"{call.service}:{call.action}" for call in cloud.calls} >= set(READ_ACTIONS)


def test_only_the_missing_simulation_is_named_if_all_else_works(customer: Customer) -> None:
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - {"iam:SimulatePrincipalPolicy"}))
    (note,) = told(customer.verify())
    assert note.sentence == "XopsReadOnly may not use iam:SimulatePrincipalPolicy."


@pytest.mark.parametrize("simulates", [True, False])
def test_what_the_organization_forbids_is_said_apart(
    customer: Customer, cloud: AwsCloud, simulates: bool
) -> None:
    if not simulates:
        customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - {"iam:SimulatePrincipalPolicy"}))
    cloud.forbid(customer.account, "eks:ListClusters")
    notes = {note.kind: note for note in told(customer.verify())}
    assert "eks:ListClusters" in notes["PermissionsForbidden"].sentence
    assert ("PermissionsMissing" in notes) is not simulates


def test_a_permissions_boundary_is_said_apart(customer: Customer, cloud: AwsCloud) -> None:
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - {"iam:SimulatePrincipalPolicy"}))
    cloud.forbid(customer.account, "ec2:DescribeRegions", by="permissions boundary")
    assert {note.kind for note in told(customer.verify())} == {"PermissionsMissing", "PermissionsBounded"}


def test_a_throttled_try_is_unknown(customer: Customer, cloud: AwsCloud) -> None:
    customer.cloud.put_policy(customer.role, allow(*set(READ_ACTIONS) - {"iam:SimulatePrincipalPolicy"}))
    cloud.throttle("ec2", "DescribeRegions")
    assert line(customer.verify(), "may read") == ("unknown", ["Throttled"])
