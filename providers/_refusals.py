"""Which Problem each of AWS's refusals is: one table, keyed by code, with an honest default.

The only words read are those by which AWS names the kind of policy that denied: there is no code for it.
Source of the codes: the service models in botocore, and `knowledge/onboarding.md` 3.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from providers import _aws_problems as aws
from providers.base import Problem
from providers.problems import (
    CloudHiccup,
    NoAnswer,
    OurClock,
    OurCredentials,
    OurRequest,
    Throttled,
    UnknownRefusal,
    Unreachable,
)

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})

# "… because no {kind} allows the {action} action", "… with an explicit deny in a {kind}".
# Source: IAM user guide, "Troubleshoot access denied error messages".
POLICY_KINDS = (
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "resource-based policy",
    "identity-based policy",
)


def _each(problem: type[Problem], *codes: str) -> dict[tuple[str, ...], type[Problem]]:
    return {(code,): problem for code in codes}


# (operation, code, kind of policy), (operation, code), (code,) or (name of a botocore error,).
REFUSALS: dict[tuple[str, ...], type[Problem]] = {
    ("AssumeRole", "AccessDenied"): aws.RoleNotAssumable,
    ("AssumeRole", "AccessDenied", "identity-based policy"): aws.XopsMayNotAssume,
    ("AssumeRole", "AccessDenied", "resource-based policy"): aws.TrustPolicyRefuses,
    ("AssumeRole", "AccessDenied", "service control policy"): aws.ServiceControlPolicyDenies,
    ("AssumeRole", "AccessDenied", "resource control policy"): aws.ResourceControlPolicyDenies,
    ("AssumeRole", "AccessDenied", "permissions boundary"): aws.BoundaryForbids,
    ("AssumeRole", "AccessDenied", "session policy"): aws.SessionPolicyForbids,
    ("AssumeRole", "AccessDenied", "VPC endpoint policy"): aws.EndpointPolicyForbids,
    ("AssumeRole", "ValidationError"): aws.RequestMalformed,
    **_each(aws.StsRegionOff, "RegionDisabledException"),
    **_each(aws.SessionPolicyRefused, "MalformedPolicyDocument", "PackedPolicyTooLarge"),
    **_each(aws.StandaloneAccount, "AWSOrganizationsNotInUseException"),
    ("DescribeOrganization", "AccessDeniedException"): aws.MayNotDescribeOrganization,
    ("ListAccounts", "AccessDeniedException"): aws.MayNotListAccounts,
    **_each(aws.NotInOrganization, "AccountNotFoundException"),
    **_each(aws.OrganizationBusy, "ConcurrentModificationException"),
    **_each(
        aws.OrganizationsRequest,
        "InvalidInputException",
        "ConstraintViolationException",
        "UnsupportedAPIEndpointException",
    ),
    **_each(aws.RoleGone, "NoSuchEntity"),
    **_each(
        OurCredentials,
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "CredentialRetrievalError",
        "LoginError",
        "MetadataRetrievalError",
        "NoAuthTokenError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "SSOError",
        "TokenRetrievalError",
    ),
    **_each(OurClock, "RequestExpired", "RequestTimeTooSkewed"),
    **_each(OurRequest, "MissingParameter", "ParamValidationError", "NoRegionError", "ValidationError"),
    **_each(
        Throttled,
        "EC2ThrottledException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "HTTP 429",
    ),
    **_each(
        CloudHiccup,
        "InternalError",
        "InternalFailure",
        "InternalServerException",
        "PolicyEvaluation",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServerException",
        "ServiceException",
        "ServiceFailure",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "HTTP 5xx",
        "IncompleteReadError",
        "ResponseParserError",
    ),
    **_each(NoAnswer, "ReadTimeoutError"),
    **_each(Unreachable, "ConnectionError", "HTTPClientError"),
}


@contextmanager
def asking_aws(**facts: str) -> Iterator[None]:
    """Turn what botocore raises inside into a Problem. Everything else goes through as it is."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        raise translate(error, **facts) from error


def translate(error: Exception, **facts: str) -> Problem:
    """The Problem that a botocore error is, with AWS's own code and request id."""
    answer: dict[str, Any] = getattr(error, "response", None) or {}
    if "Error" not in answer:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        found = next((REFUSALS[(kind,)] for kind in kinds if (kind,) in REFUSALS), UnknownRefusal)
        return found(code=kinds[0], cloud="AWS", said=kinds[0], **facts)
    code, message = str(answer["Error"].get("Code", "")), str(answer["Error"].get("Message", ""))
    meta = answer.get("ResponseMetadata", {})
    operation = str(getattr(error, "operation_name", ""))
    found = _look_up(operation, code, message, int(meta.get("HTTPStatusCode", 0)))
    said = code if found is UnknownRefusal else message[:300].rstrip(".")
    return found(code=code, reference=str(meta.get("RequestId", "")), cloud="AWS", said=said, **facts)


def policy_kind(message: str) -> str:
    """The kind of policy that AWS names in an access denied message, or nothing."""
    return next((kind for kind in POLICY_KINDS if kind in message), "")


def _look_up(operation: str, code: str, message: str, status: int) -> type[Problem]:
    status_code = "HTTP 5xx" if status >= 500 else f"HTTP {status}"
    keys = [(operation, code, policy_kind(message)), (operation, code), (code,), (status_code,)]
    return next((REFUSALS[key] for key in keys if key in REFUSALS), UnknownRefusal)
