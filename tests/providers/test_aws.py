"""Linking an AWS management account, against an AWS that checks signatures, trust policies and permissions."""

from __future__ import annotations

import json

import pytest

from providers import _assume
from providers._role_setup import READ_ACTIONS
from providers.aws import MANAGEMENT
from providers.base import Ours
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, line, told


def test_the_role_that_our_template_makes_links(customer: Customer) -> None:
    report = customer.verify()
    assert [(row.label, row.status) for row in report.lines] == [
        ("XOps can assume the role", "ok"),
        ("AWS confirms the role and its account", "ok"),
        ("The role requires the external ID", "ok"),
        ("The account is the organization's management account", "ok"),
        ("The role may read what XOps needs", "ok"),
        ("XOps can list the organization's accounts", "ok"),
    ]
    assert report.health == "healthy"
    assert report.facts == {
        "AWS account": customer.account,
        "Role": customer.role,
        "Partition": "aws",
        "Organization": report.facts["Organization"],
        "Accounts": "1",
    }
    assert report.facts["Organization"].startswith("o-")
    assert MANAGEMENT.identity({"role_arn": customer.role}) == customer.account


def test_sessions_are_short_limited_and_carry_only_this_links_external_id(
    customer: Customer, cloud: AwsCloud
) -> None:
    customer.verify()
    asked = [call.params for call in cloud.calls if call.action == "AssumeRole"]
    assert len(asked) == 3
    assert {params["DurationSeconds"] for params in asked} == {"900"}
    assert {params["RoleSessionName"] for params in asked} == {asked[0]["RoleSessionName"]}
    assert asked[0]["RoleSessionName"].startswith("xops-")
    for params in asked:
        (statement,) = json.loads(params["Policy"])["Statement"]
        assert statement["Action"] == list(READ_ACTIONS)
    mine = customer.prepared["external_id"]
    assert [params.get("ExternalId") for params in asked].count(mine) == 1
    assert [params.get("ExternalId") for params in asked].count(None) == 1


def test_a_cloud_that_hangs_is_unknown_within_the_limit(customer: Customer, cloud: AwsCloud) -> None:
    hang = cloud.hang("organizations", "DescribeOrganization")
    report = customer.verify(Ours(check_seconds=0.6))
    hang.release()
    assert line(report, "management account") == ("unknown", ["NoAnswer"])
    assert line(report, "external ID") == ("ok", [])
    assert report.took < 3
    assert report.may_heal


@pytest.mark.usefixtures("forgetful")
def test_a_region_that_refuses_is_a_warning_if_the_main_region_lets_us_in(
    customer: Customer, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    _assume.forget()
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="AccessDenied", status=403, times=1)
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="RegionDisabledException", status=403, times=1)
    first, second, third = customer.verify(), customer.verify(), customer.verify()
    assert [note.sentence for note in told(first)] == [
        "AWS refuses XopsReadOnly in eu-west-1 and accepts it in us-east-1."
    ]
    assert [note.sentence for note in told(second)] == [
        f"STS is switched off in eu-west-1 for account {customer.account}."
    ]
    assert [first.health, second.health, third.health] == ["warning", "warning", "healthy"]


@pytest.mark.usefixtures("forgetful")
def test_the_first_refusal_stands_if_the_main_region_refuses_too(
    customer: Customer, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    _assume.forget()
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="AccessDenied", message="first", status=403)
    cloud.fault("sts", "AssumeRole", region="us-east-1", code="Throttling", status=400)
    (note,) = told(customer.verify())
    assert note.kind == "RoleNotAssumable"
