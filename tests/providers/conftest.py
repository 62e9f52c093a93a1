"""One AWS for all provider tests; each test brings accounts of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from providers import _assume
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer

_numbers = itertools.count(100_000_000_001)


@pytest.fixture(scope="session")
def one_cloud() -> Iterator[AwsCloud]:
    with AwsCloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def as_xops(one_cloud: AwsCloud) -> Iterator[AwsCloud]:
    """The process is the bot: its credentials and its endpoint are in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in one_cloud.credentials.items():
            patch.setenv(name, value)
        _assume.forget()
        yield one_cloud
    _assume.forget()


@pytest.fixture
def cloud(as_xops: AwsCloud) -> Iterator[AwsCloud]:
    as_xops.clear()
    yield as_xops
    as_xops.clear()


@pytest.fixture
def forgetful() -> Iterator[None]:
    """The next test starts with credentials and endpoint of its own."""
    yield
    _assume.forget()


@pytest.fixture
def account() -> str:
    """An AWS account that nobody else uses."""
    return str(next(_numbers))


@pytest.fixture
def another_account() -> str:
    return str(next(_numbers))


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
