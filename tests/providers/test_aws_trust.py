"""Who may use the role: the trust policy and the external ID."""

from __future__ import annotations

import json

import pytest

from providers.aws import MANAGEMENT
from providers.base import Problem
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, caller_identity, line, told

OPEN = {
    "no condition": {},
    "StringLike *": {"StringLike": {"sts:ExternalId": "*"}},
    "StringLike xops-*": {"StringLike": {"sts:ExternalId": "xops-*"}},
    "Null": {"Null": {"sts:ExternalId": "false"}},
    "StringEqualsIfExists": {"StringEqualsIfExists": {"sts:ExternalId": "{external_id}"}},
    "StringNotEquals": {"StringNotEquals": {"sts:ExternalId": "another"}},
}


@pytest.mark.parametrize("condition", OPEN.values(), ids=OPEN)
def test_a_role_that_others_could_use_is_refused(customer: Customer, condition: dict[str, object]) -> None:
    text = json.dumps(condition).replace("{external_id}", customer.prepared["external_id"])
    customer.cloud.edit_trust(customer.role, customer.trust(json.loads(text)))
    report = customer.verify()
    assert report.health == "failed"
    assert not report.may_heal
    (note,) = told(report)
    assert note.kind == "TrustPolicyOpen"
    assert note.sentence.endswith("so others could too.")
    (statement,) = json.loads(note.fix)["Statement"]
    assert statement["Principal"] == {"AWS": customer.cloud.principal}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": customer.prepared["external_id"]}}


def test_two_statements_one_of_them_open_are_refused(customer: Customer) -> None:
    right = customer.trust({"StringEquals": {"sts:ExternalId": customer.prepared["external_id"]}})
    open_one = customer.trust({})
    both = {**right, "Statement": [*right["Statement"], *open_one["Statement"]]}  # type: ignore[misc]
    customer.cloud.edit_trust(customer.role, both)
    assert line(customer.verify(), "external ID") == ("failed", ["TrustPolicyOpen"])


def test_the_fix_mends_it(customer: Customer) -> None:
    customer.cloud.edit_trust(customer.role, customer.trust({}))
    (note,) = told(customer.verify())
    customer.cloud.edit_trust(customer.role, json.loads(note.fix))
    assert customer.verify().health == "healthy"


def test_a_trust_policy_loosened_later_is_found_by_the_next_check(customer: Customer) -> None:
    assert customer.verify().health == "healthy"
    customer.cloud.edit_trust(customer.role, customer.trust({}))
    assert customer.verify().health == "failed"


@pytest.mark.parametrize("wrong", ["external id", "principal", "no role"])
def test_a_refused_role_says_where_to_look_and_may_heal(customer: Customer, wrong: str) -> None:
    if wrong == "no role":
        customer.cloud.delete_role(customer.role)
    elif wrong == "principal":
        other = "arn:aws:iam::888888888888:root"
        customer.cloud.edit_trust(customer.role, customer.trust({}, other))
    else:
        customer.cloud.edit_trust(
            customer.role, customer.trust({"StringEquals": {"sts:ExternalId": "xops-0"}})
        )
    report = customer.verify()
    assert (report.health, report.may_heal) == ("failed", True)
    (note,) = told(report)
    assert (note.kind, note.side, note.code) == ("RoleNotAssumable", "yours", "AccessDenied")
    assert customer.account in note.sentence
    assert customer.prepared["external_id"] in note.fix
    assert customer.prepared["principal"] in note.fix
    assert note.reference
    assert [row.status for row in report.lines[1:]] == ["waiting"] * 5


def test_another_customers_role_looks_like_no_role(customer: Customer, other_customer: Customer) -> None:
    customer.role, own = other_customer.role, customer.role
    (stolen,) = told(customer.verify())
    customer.role = own.replace(customer.account, other_customer.account) + "Gone"
    (gone,) = told(customer.verify())
    assert (stolen.kind, stolen.code) == (gone.kind, gone.code)
    assert stolen.sentence == gone.sentence.replace("Gone", "")


def test_a_young_role_heals(customer: Customer, cloud: AwsCloud) -> None:
    cloud.fault("sts", "AssumeRole", role=customer.role, code="AccessDenied", status=403, times=1)
    assert customer.verify().may_heal
    assert customer.verify().health == "healthy"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"code": "Throttling"}, "Throttled"),
        ({"code": "InternalFailure", "status": 500}, "CloudHiccup"),
        ({"code": "MalformedPolicyDocument"}, "SessionPolicyRefused"),
        ({"code": "SomethingNew"}, "ExternalIdUnchecked"),
        ({"code": "RegionDisabledException", "status": 403}, "ExternalIdUnchecked"),
        (
            {"code": "AccessDenied", "status": 403, "message": "because no identity-based policy allows it"},
            "XopsMayNotAssume",
        ),
    ],
)
def test_no_clear_answer_about_the_external_id_is_unknown(
    customer: Customer, cloud: AwsCloud, fault: dict[str, object], kind: str
) -> None:
    attempt = customer.attempt()
    MANAGEMENT.stages[0][0](attempt)
    cloud.fault("sts", "AssumeRole", **fault)
    check = MANAGEMENT.stages[1][1]
    with pytest.raises(Problem) as problem:
        check(attempt)
    assert (type(problem.value).__name__, problem.value.transient) == (kind, True)


@pytest.mark.parametrize(
    ("whose", "number", "name"),
    [
        ("123123123123", "123123123123", "XopsReadOnly"),
        ("{account}", "123123123123", "XopsReadOnly"),
        ("{account}", "{account}", "AnotherRole"),
    ],
)
def test_a_session_of_another_identity_is_refused(
    customer: Customer, cloud: AwsCloud, whose: str, number: str, name: str
) -> None:
    answer = caller_identity(f"arn:aws:sts::{whose}:assumed-role/{name}/x", number)
    cloud.fault(
        "sts", "GetCallerIdentity", role=customer.role, body=answer.replace("{account}", customer.account)
    )
    report = customer.verify()
    assert line(report, "AWS confirms") == ("failed", ["AnotherIdentity"])
    assert "AWS account" not in report.facts
