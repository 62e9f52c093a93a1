"""The sandbox's AWS refuses what AWS refuses, and does what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from sandbox.aws import AwsCloud, Call
from tests.providers.aws_customer import Customer


def as_bot(cloud: AwsCloud, service: str, **more: Any) -> Any:
    keys = cloud.credentials
    given = {
        "aws_access_key_id": keys["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": keys["AWS_SECRET_ACCESS_KEY"],
        **more,
    }
    once = Config(retries={"total_max_attempts": 1})
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=cloud.endpoint_url, config=once, **given
    )


def as_role(customer: Customer, service: str) -> Any:
    keys = as_bot(customer.cloud, "sts").assume_role(
        RoleArn=customer.role, RoleSessionName="test", ExternalId=customer.prepared["external_id"]
    )["Credentials"]
    return as_bot(
        customer.cloud,
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_it_checks_signatures_and_permissions(cloud: AwsCloud) -> None:
    assert as_bot(cloud, "sts").get_caller_identity()["Arn"] == cloud.principal
    with pytest.raises(ClientError) as wrong:
        as_bot(cloud, "sts", aws_secret_access_key="wrong").get_caller_identity()
    assert code(wrong) == "SignatureDoesNotMatch"
    with pytest.raises(ClientError) as refused:
        as_bot(cloud, "iam").list_users()
    assert code(refused) == "AccessDenied"


def test_the_role_reads_and_does_not_write(customer: Customer) -> None:
    assert as_role(customer, "eks").list_clusters()["clusters"] == []
    calls: list[tuple[str, Callable[[Any], Any]]] = [
        ("iam", lambda iam: iam.create_user(UserName="x")),
        ("iam", lambda iam: iam.list_users()),
        ("iam", lambda iam: iam.get_role(RoleName="AnotherRole")),
        ("ec2", lambda ec2: ec2.describe_vpcs()),
        ("s3", lambda s3: s3.list_buckets()),
        ("organizations", lambda organizations: organizations.list_roots()),
    ]
    for service, call in calls:
        with pytest.raises(ClientError) as refused:
            call(as_role(customer, service))
        assert code(refused) in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")


def test_a_role_may_simulate_itself_alone(customer: Customer, other_customer: Customer) -> None:
    iam = as_role(customer, "iam")
    asked = {"ActionNames": ["eks:ListClusters", "iam:CreateUser"]}
    rows = iam.simulate_principal_policy(PolicySourceArn=customer.role, **asked)["EvaluationResults"]
    assert [row["EvalDecision"] for row in rows] == ["allowed", "implicitDeny"]
    with pytest.raises(ClientError) as refused:
        iam.simulate_principal_policy(PolicySourceArn=other_customer.role, **asked)
    assert code(refused) == "AccessDenied"


def test_only_the_management_account_sees_the_accounts(
    customer: Customer, other_customer: Customer, cloud: AwsCloud
) -> None:
    organization = cloud.organization(customer.account, {other_customer.account: "shop-prod"})
    management, member = (as_role(who, "organizations") for who in (customer, other_customer))
    for one in (management, member):
        described = one.describe_organization()["Organization"]
        assert (described["Id"], described["MasterAccountId"]) == (organization.id, customer.account)
    (_, shop) = management.list_accounts()["Accounts"]
    assert (shop["Name"], shop["State"], "Status" in shop) == ("shop-prod", "ACTIVE", False)
    assert management.describe_account(AccountId=other_customer.account)["Account"] == shop
    with pytest.raises(ClientError) as unknown:
        management.describe_account(AccountId="404404404404")
    assert code(unknown) == "AccountNotFoundException"
    with pytest.raises(ClientError) as refused:
        member.list_accounts()
    assert code(refused) == "AccessDeniedException"


def test_the_organization_answers_only_whom_a_policy_lets_ask(customer: Customer, cloud: AwsCloud) -> None:
    nothing = {"Effect": "Allow", "Action": "eks:ListClusters", "Resource": "*"}
    cloud.put_policy(customer.role, {"Version": "2012-10-17", "Statement": [nothing]})
    with pytest.raises(ClientError) as refused:
        as_role(customer, "organizations").describe_organization()
    assert code(refused) == "AccessDeniedException"


def test_calls_are_recorded_without_signatures(customer: Customer, cloud: AwsCloud) -> None:
    with pytest.raises(ClientError):
        as_role(customer, "eks").describe_access_entry(clusterName="none", principalArn=customer.role)
    call = cloud.calls[-1]
    assert (call.service, call.action, call.account, call.role, call.status) == (
        "eks",
        "DescribeAccessEntry",
        customer.account,
        customer.role,
        404,
    )
    assert call.params == {"name": "none", "principalArn": customer.role}
    recorded = json.dumps([vars(call) for call in cloud.calls])
    assert cloud.credentials["AWS_SECRET_ACCESS_KEY"] not in recorded
    assert abs(call.at - time.time()) < 10


@pytest.mark.parametrize("service", ["sts", "organizations", "eks", "ec2", "account"])
def test_a_fault_speaks_the_services_protocol(customer: Customer, cloud: AwsCloud, service: str) -> None:
    asked = {
        "sts": "get_caller_identity",
        "organizations": "describe_organization",
        "eks": "list_clusters",
        "ec2": "describe_regions",
        "account": "list_regions",
    }
    client = as_role(customer, service)
    cloud.fault(service, code="Odd", message="A < B & C", status=418, times=1)
    with pytest.raises(ClientError) as odd:
        getattr(client, asked[service])()
    answer = odd.value.response
    assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("Odd", "A < B & C")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 418
    assert answer["ResponseMetadata"]["RequestId"]
    getattr(client, asked[service])()


def test_faults_can_be_for_one_role(customer: Customer, other_customer: Customer, cloud: AwsCloud) -> None:
    busy_with = cloud.throttle("sts", "AssumeRole", account=other_customer.account)
    as_role(customer, "eks")
    with pytest.raises(ClientError) as busy:
        as_role(other_customer, "eks")
    assert code(busy) == "Throttling"
    busy_with.release()
    cloud.fault("eks", role=customer.role, code="Odd")
    as_role(other_customer, "eks").list_clusters()
    with pytest.raises(ClientError) as odd:
        as_role(customer, "eks").list_clusters()
    assert code(odd) == "Odd"


def test_hanging_ends_with_release(cloud: AwsCloud) -> None:
    hang = cloud.hang("sts", "GetCallerIdentity")
    answers: list[str] = []
    ask = threading.Thread(target=lambda: answers.append(as_bot(cloud, "sts").get_caller_identity()["Arn"]))
    ask.start()
    ask.join(0.3)
    assert (answers, cloud.calls[-1].status) == ([], None)
    hang.release()
    ask.join(5)
    assert answers == [cloud.principal]


def test_a_reset_cuts_the_connection_and_latency_delays(cloud: AwsCloud) -> None:
    cloud.reset("sts", times=1)
    with pytest.raises(ConnectionClosedError):
        as_bot(cloud, "sts").get_caller_identity()
    cloud.slow("sts", seconds=0.3, times=1)
    started = time.monotonic()
    as_bot(cloud, "sts").get_caller_identity()
    assert time.monotonic() - started >= 0.3


def test_hooks_run_before_and_after_and_may_ask_aws_themselves(customer: Customer, cloud: AwsCloud) -> None:
    seen: list[tuple[str, int | None]] = []
    cloud.before("eks", "ListClusters", lambda call: seen.append((call.action, call.status)))

    def close(call: Call) -> None:
        cloud.delete_role(customer.role)
        seen.append((call.action, call.status))

    cloud.after("sts", "AssumeRole", close)
    with pytest.raises(ClientError):
        as_role(customer, "eks").list_clusters()
    assert seen == [("AssumeRole", 200), ("ListClusters", None)]


def test_a_new_story_starts_without_the_old_ones_stack(customer: Customer, cloud: AwsCloud) -> None:
    cloud.clear()
    assert cloud.calls == []
    first = customer.role
    customer.create_stack()
    assert customer.role == first


def test_a_template_needs_its_values_and_the_tick(cloud: AwsCloud, account: str) -> None:
    customer = Customer(cloud, account)
    customer.prepared = {**customer.prepared, "external_id": "chosen-by-me"}
    with pytest.raises(ClientError) as invalid:
        customer.create_stack()
    assert code(invalid) == "ValidationError"


def test_nothing_listens_beyond_this_machine(cloud: AwsCloud) -> None:
    assert cloud.endpoint_url.startswith("http://127.0.0.1:")


def test_it_stops_and_starts_again() -> None:
    cloud = AwsCloud()
    for _ in range(2):
        with cloud:
            assert as_bot(cloud, "sts").get_caller_identity()["Arn"] == cloud.principal
    cloud.stop()
