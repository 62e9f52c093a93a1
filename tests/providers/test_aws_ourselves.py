"""Who we are, and faults on our own side, which ask nothing of the user."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from providers import _assume, verify
from providers._aws_problems import OurPrincipal
from providers.aws import MANAGEMENT
from providers.base import Attempt, Ours, Problem
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, caller_identity, line, told

pytestmark = pytest.mark.usefixtures("forgetful")

AsCaller = Callable[[str], None]


@pytest.fixture
def as_caller(cloud: AwsCloud) -> AsCaller:
    """AWS says that we are somebody else."""

    def become(arn: str) -> None:
        cloud.fault("sts", "GetCallerIdentity", body=caller_identity(arn, arn.split(":")[4]))
        _assume.forget()

    return become


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
    assert line(report, "assume the role") == ("unknown", ["Unreachable"])
