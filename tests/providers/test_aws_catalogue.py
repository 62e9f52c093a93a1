"""Every refusal of AWS that we know, said over the wire: which Problem it becomes, whose it is, what it leads to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from providers.base import Side
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, line, told

WHO = "User: arn:aws:iam::999999999999:user/xops is not authorized to perform: sts:AssumeRole on resource: arn:x"


@dataclass(frozen=True)
class Row:
    call: str
    code: str
    kind: str
    side: Side = "yours"
    transient: bool = False
    heals: bool = False
    message: str = "AWS says so"
    status: int = 400

    def __str__(self) -> str:
        return f"{self.call} {self.code} {self.kind}"


def denied(reason: str, kind: str, side: Side = "yours", heals: bool = False) -> Row:
    return Row("sts:AssumeRole", "AccessDenied", kind, side, side == "ours", heals, f"{WHO} {reason}", 403)


def ours(call: str, code: str, kind: str, status: int = 400) -> Row:
    return Row(call, code, kind, "ours", transient=True, status=status)


def cloud_side(call: str, code: str, kind: str, status: int = 400) -> Row:
    return Row(call, code, kind, "cloud", transient=True, status=status)


ASSUME, DESCRIBE = "sts:AssumeRole", "organizations:DescribeOrganization"
SIMULATE = "iam:SimulatePrincipalPolicy"

ROWS = [
    denied("", "RoleNotAssumable", heals=True),
    denied("because no identity-based policy allows the sts:AssumeRole action", "XopsMayNotAssume", "ours"),
    denied("with an explicit deny in an identity-based policy", "XopsMayNotAssume", "ours"),
    denied(
        "because no resource-based policy allows the sts:AssumeRole action", "TrustPolicyRefuses", heals=True
    ),
    denied("with an explicit deny in a service control policy", "ServiceControlPolicyDenies", "ours"),
    denied("because no service control policy allows it", "ServiceControlPolicyDenies", "ours"),
    denied("with an explicit deny in a resource control policy", "ResourceControlPolicyDenies"),
    denied("because no permissions boundary allows it", "BoundaryForbids", "ours"),
    denied("because no session policy allows it", "SessionPolicyForbids", "ours"),
    denied("because no VPC endpoint policy allows it", "EndpointPolicyForbids", "ours"),
    Row(ASSUME, "RegionDisabledException", "StsRegionOff", status=403),
    Row(ASSUME, "ValidationError", "RequestMalformed", message="1 validation error detected: 'roleArn'."),
    Row(
        ASSUME,
        "ValidationError",
        "RequestMalformed",
        message="The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ),
    ours(ASSUME, "MalformedPolicyDocument", "SessionPolicyRefused"),
    ours(ASSUME, "PackedPolicyTooLarge", "SessionPolicyRefused"),
    ours(ASSUME, "InvalidClientTokenId", "OurCredentials", 403),
    ours(ASSUME, "SignatureDoesNotMatch", "OurCredentials", 403),
    ours(ASSUME, "ExpiredToken", "OurCredentials", 403),
    ours(ASSUME, "ExpiredTokenException", "OurCredentials"),
    ours(ASSUME, "RequestExpired", "OurClock"),
    Row(ASSUME, "NeverHeardOf", "UnknownRefusal"),
    cloud_side(ASSUME, "Throttling", "Throttled"),
    cloud_side(ASSUME, "RequestLimitExceeded", "Throttled", 503),
    cloud_side(ASSUME, "NeverHeardOf", "CloudHiccup", 502),
    cloud_side(ASSUME, "NeverHeardOf", "Throttled", 429),
    cloud_side(ASSUME, "ServiceUnavailable", "CloudHiccup", 503),
    Row(DESCRIBE, "AWSOrganizationsNotInUseException", "StandaloneAccount"),
    Row(DESCRIBE, "AccessDeniedException", "MayNotDescribeOrganization", heals=True),
    Row(DESCRIBE, "AccountNotFoundException", "NotInOrganization"),
    cloud_side(DESCRIBE, "ConcurrentModificationException", "OrganizationBusy"),
    ours(DESCRIBE, "InvalidInputException", "OrganizationsRequest"),
    ours(DESCRIBE, "ConstraintViolationException", "OrganizationsRequest"),
    ours(DESCRIBE, "UnsupportedAPIEndpointException", "OrganizationsRequest"),
    ours(DESCRIBE, "UnrecognizedClientException", "OurCredentials", 403),
    cloud_side(DESCRIBE, "TooManyRequestsException", "Throttled"),
    cloud_side(DESCRIBE, "ServiceException", "CloudHiccup", 500),
    Row(SIMULATE, "NoSuchEntity", "RoleGone", status=404),
    cloud_side(SIMULATE, "PolicyEvaluation", "CloudHiccup", 500),
    cloud_side(SIMULATE, "ServerException", "CloudHiccup", 500),
]

LINES = {ASSUME: "assume the role", DESCRIBE: "management account", SIMULATE: "may read"}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_refusal_over_the_wire(customer: Customer, cloud: AwsCloud, row: Row) -> None:
    service, action = row.call.split(":")
    cloud.fault(service, action, code=row.code, message=row.message, status=row.status)
    report = customer.verify()
    status = "unknown" if row.transient else "failed"
    assert line(report, LINES[row.call]) == (status, [row.kind])
    (note,) = told(report)
    assert (note.side, note.transient, note.heals) == (row.side, row.transient, row.heals)
    assert (note.code, bool(note.reference)) == (row.code, True)
    assert report.may_heal == (row.transient or row.heals)
    assert_words(note.sentence, note.hint)
    assert "{" not in note.fix or note.fix.startswith("{\n")


def assert_words(*texts: str) -> None:
    for text in texts:
        assert text.endswith(".")
        assert "{" not in text
        assert ".." not in text


def test_an_unknown_code_is_named(customer: Customer, cloud: AwsCloud) -> None:
    cloud.fault("sts", "AssumeRole", code="NeverHeardOf")
    (note,) = told(customer.verify())
    assert note.sentence == "AWS refused with a code that XOps does not know: NeverHeardOf."


def test_the_point_of_a_malformed_request_is_shown(customer: Customer, cloud: AwsCloud) -> None:
    cloud.fault("sts", "AssumeRole", code="ValidationError", message="Value 'x' at 'roleArn' is wrong.")
    (note,) = told(customer.verify())
    assert "“Value 'x' at 'roleArn' is wrong”" in note.hint


def test_a_cut_connection_and_an_unreadable_answer_are_unknown(customer: Customer, cloud: AwsCloud) -> None:
    reset = cloud.reset("sts", "AssumeRole")
    assert line(customer.verify(), "assume the role") == ("unknown", ["Unreachable"])
    reset.release()
    cloud.fault("sts", "AssumeRole", body="<html>Log in to the hotel's network</html")
    assert line(customer.verify(), "assume the role") == ("unknown", ["CloudHiccup"])


def test_one_hiccup_is_not_noticed(customer: Customer, cloud: AwsCloud) -> None:
    cloud.reset("sts", "AssumeRole", times=1)
    cloud.fault("organizations", "DescribeOrganization", code="ServiceException", status=500, times=1)
    assert customer.verify().health == "healthy"
