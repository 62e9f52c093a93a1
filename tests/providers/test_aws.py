"""Linking an AWS management account, against an AWS that checks signatures, trust policies and permissions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from providers import _assume, verify
from providers._aws_problems import OurPrincipal
from providers._role_setup import READ_ACTIONS
from providers.aws import MANAGEMENT
from providers.base import Attempt, Ours, Problem
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


# --- The trust policy

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
    assert customer.prepared["external_id"] in note.hint
    assert customer.prepared["principal"] in note.hint
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


def test_a_session_of_another_account_is_refused(customer: Customer, cloud: AwsCloud) -> None:
    answer = caller_identity("arn:aws:sts::123123123123:assumed-role/XopsReadOnly/x", "123123123123")
    cloud.fault("sts", "GetCallerIdentity", role=customer.role, body=answer)
    status, kinds = line(report := customer.verify(), "AWS confirms")
    assert (status, kinds) == ("failed", ["AnotherIdentity"])
    assert "AWS account" not in report.facts


# --- The organization


def test_a_linked_account_is_told_apart_and_its_management_account_named(
    other_customer: Customer, cloud: AwsCloud
) -> None:
    cloud.organization("123412341234", {other_customer.account: "shop-prod"})
    report = other_customer.verify()
    assert report.health == "failed"
    (note,) = told(report)
    assert (note.kind, note.instead) == ("IsLinkedAccount", "aws-linked")
    assert "123412341234" in note.sentence
    assert report.lines[-1].status == "waiting"
    assert not report.may_heal


def test_a_standalone_account_is_told(other_customer: Customer) -> None:
    (note,) = told(other_customer.verify())
    assert (note.kind, note.code) == ("StandaloneAccount", "AWSOrganizationsNotInUseException")
    assert other_customer.account in note.sentence


def test_consolidated_billing_is_a_warning(other_customer: Customer, cloud: AwsCloud) -> None:
    cloud.organization(other_customer.account, feature_set="CONSOLIDATED_BILLING")
    report = other_customer.verify()
    assert (report.health, [note.kind for note in told(report)]) == ("warning", ["OnlyConsolidatedBilling"])


def test_all_accounts_are_listed_over_pages_even_empty_ones(
    other_customer: Customer, cloud: AwsCloud
) -> None:
    members = {f"{n:012}": f"team-{n}" for n in range(500_000_000_000, 500_000_000_045)}
    states = {"500000000001": "SUSPENDED", "500000000002": "PENDING_CLOSURE", "500000000003": "CLOSED"}
    states |= {"500000000004": "PENDING_ACTIVATION", "500000000005": "MOVED"}
    cloud.organization(other_customer.account, members, states=states, empty_pages={0, 2})
    attempt = other_customer.attempt()
    report = verify(MANAGEMENT, attempt)
    assert (report.health, report.facts["Accounts"]) == ("healthy", "46")
    assert sum(call.action == "ListAccounts" for call in cloud.calls) == 5
    rows = {row["id"]: row for row in attempt.accounts}
    assert rows.keys() == {other_customer.account, *members}
    assert rows["500000000000"] == {
        "id": "500000000000",
        "name": "team-0".replace("0", "500000000000"),
        "state": "ACTIVE",
        "blocked": "",
    }
    assert {row["blocked"] for row in rows.values()} - {""} == {
        "Account 500000000001 is suspended.",
        "Account 500000000002 is being closed.",
        "Account 500000000003 is closed.",
        "Account 500000000004 is not ready yet.",
        "Account 500000000005 is in the state MOVED.",
    }


def test_a_huge_organization_is_listed_in_part(other_customer: Customer, cloud: AwsCloud) -> None:
    cloud.organization(other_customer.account, {f"{n:012}": "x" for n in range(300)})
    cloud.slow("organizations", "ListAccounts", seconds=0.2)
    report = other_customer.verify(Ours(check_seconds=1.0))
    assert (report.health, report.facts["Accounts"]) == ("healthy", "more than 60")


def test_a_role_that_may_not_list_accounts_links_with_a_warning(customer: Customer, cloud: AwsCloud) -> None:
    cloud.fault("organizations", "ListAccounts", code="AccessDeniedException")
    report = customer.verify()
    (note,) = told(report)
    assert (report.health, note.kind) == ("warning", "MayNotListAccounts")
    assert "organizations:ListAccounts" in note.fix


# --- What the role may do


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


# --- Time and regions


def test_a_cloud_that_hangs_is_unknown_within_the_limit(customer: Customer, cloud: AwsCloud) -> None:
    hang = cloud.hang("organizations", "DescribeOrganization")
    report = customer.verify(Ours(check_seconds=0.6))
    hang.release()
    assert line(report, "management account") == ("unknown", ["NoAnswer"])
    assert line(report, "external ID") == ("ok", [])
    assert report.took < 3
    assert report.may_heal


def test_a_region_that_refuses_is_a_warning_if_the_main_region_lets_us_in(
    customer: Customer, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    _assume.forget()
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="AccessDenied", status=403, times=1)
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="RegionDisabledException", status=403, times=1)
    first, second, third = customer.verify(), customer.verify(), customer.verify()
    _assume.forget()
    assert [note.sentence for note in told(first)] == [
        "AWS refuses XopsReadOnly in eu-west-1 and accepts it in us-east-1."
    ]
    assert [note.sentence for note in told(second)] == [
        f"STS is switched off in eu-west-1 for account {customer.account}."
    ]
    assert [first.health, second.health, third.health] == ["warning", "warning", "healthy"]


def test_the_first_refusal_stands_if_the_main_region_refuses_too(
    customer: Customer, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    _assume.forget()
    cloud.fault("sts", "AssumeRole", region="eu-west-1", code="AccessDenied", message="first", status=403)
    cloud.fault("sts", "AssumeRole", region="us-east-1", code="Throttling", status=400)
    (note,) = told(customer.verify())
    _assume.forget()
    assert note.kind == "RoleNotAssumable"


# --- Ourselves

AsCaller = Callable[[str], None]


@pytest.fixture
def as_caller(cloud: AwsCloud) -> Iterator[AsCaller]:
    """AWS says that we are somebody else."""

    def become(arn: str) -> None:
        cloud.fault("sts", "GetCallerIdentity", body=caller_identity(arn, arn.split(":")[4]))
        _assume.forget()

    yield become
    _assume.forget()


def caller_identity(arn: str, account: str) -> str:
    return (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        f"<Arn>{arn}</Arn><UserId>A</UserId><Account>{account}</Account>"
        "</GetCallerIdentityResult></GetCallerIdentityResponse>"
    )


def test_who_we_are_is_asked_once(cloud: AwsCloud) -> None:
    _assume.forget()
    assert {_assume.principal(Ours()) for _ in range(3)} == {cloud.principal}
    assert sum(call.action == "GetCallerIdentity" for call in cloud.calls) == 1
    assert _assume.principal(Ours(principal_arn="arn:aws:iam::1:role/x")) == "arn:aws:iam::1:role/x"


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        ("arn:aws:sts::555555555555:assumed-role/Bot/i-0123", "arn:aws:iam::555555555555:role/Bot"),
        ("arn:aws:iam::555555555555:user/team/bot", "arn:aws:iam::555555555555:user/team/bot"),
    ],
)
def test_a_session_of_ours_is_named_by_its_role(as_caller: AsCaller, arn: str, principal: str) -> None:
    as_caller(arn)
    assert MANAGEMENT.prepare(Ours())["principal"] == principal


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::555555555555:root", "arn:aws:sts::555555555555:federated-user/bot"]
)
def test_what_no_role_should_trust_is_not_handed_out(as_caller: AsCaller, arn: str) -> None:
    as_caller(arn)
    with pytest.raises(OurPrincipal) as problem:
        MANAGEMENT.prepare(Ours())
    assert arn in problem.value.sentence


@pytest.mark.parametrize("credentials", [None, ("AKIAAAAAAAAAAAAAAAAA", "x"), ("", "wrong")])
def test_wrong_credentials_of_ours_ask_nothing_of_the_user(
    customer: Customer, cloud: AwsCloud, monkeypatch: pytest.MonkeyPatch, credentials: tuple[str, str] | None
) -> None:
    if credentials is None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    else:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", credentials[0] or cloud.credentials["AWS_ACCESS_KEY_ID"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", credentials[1])
    _assume.forget()
    report = customer.verify()
    with pytest.raises(Problem):
        _assume.principal(Ours())
    _assume.forget()
    (note,) = told(report)
    assert (report.health, note.kind, note.side) == ("unknown", "OurCredentials", "ours")
    assert note.hint.startswith("Nothing in your account needs to change")


def test_a_role_in_our_own_account_is_never_tried(customer: Customer, cloud: AwsCloud) -> None:
    customer.role = "arn:aws:iam::999999999999:role/Admin"
    (note,) = told(customer.verify())
    assert note.kind == "OwnAccount"
    assert "AssumeRole" not in {call.action for call in cloud.calls}


def test_no_network_is_nobodys_fault(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = Attempt({"role_arn": customer.role}, customer.prepared, Ours())
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    _assume.forget()
    report = verify(MANAGEMENT, attempt)
    _assume.forget()
    assert line(report, "assume the role") == ("unknown", ["Unreachable"])
