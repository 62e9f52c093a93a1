"""One AWS for all provider tests; each test brings accounts of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

import pytest

from providers import _assume, verify
from providers.aws import MANAGEMENT
from providers.base import Attempt, Note, Ours, Report
from sandbox.aws import AwsCloud

_numbers = itertools.count(100_000_000_001)


@pytest.fixture(scope="session")
def one_cloud() -> Iterator[AwsCloud]:
    with AwsCloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def as_xops(one_cloud: AwsCloud) -> Iterator[None]:
    """The process is the bot: its credentials and its endpoint are in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in one_cloud.credentials.items():
            patch.setenv(name, value)
        _assume.forget()
        yield
    _assume.forget()


@pytest.fixture
def cloud(one_cloud: AwsCloud, as_xops: None) -> Iterator[AwsCloud]:
    one_cloud.clear()
    yield one_cloud
    one_cloud.clear()


@pytest.fixture
def account() -> str:
    """An AWS account that nobody else uses."""
    return str(next(_numbers))


@pytest.fixture
def another_account() -> str:
    return str(next(_numbers))


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


@pytest.fixture
def customer(cloud: AwsCloud, account: str) -> Customer:
    """The owner of a management account who has created the stack from our template."""
    customer = Customer(cloud, account)
    customer.create_stack()
    cloud.organization(account)
    return customer


@pytest.fixture
def other_customer(cloud: AwsCloud, another_account: str) -> Customer:
    """The same in another account, in no organization."""
    customer = Customer(cloud, another_account)
    customer.create_stack()
    return customer


@pytest.fixture
def told() -> Callable[[Report], list[Note]]:
    """Everything a report says beside the labels."""
    return lambda report: [note for line in report.lines for note in line.notes]
