"""Whose account it is: management, linked or standalone, and the list of accounts."""

from __future__ import annotations

from providers import verify
from providers.aws import MANAGEMENT
from providers.base import Ours
from sandbox.aws import AwsCloud
from tests.providers.aws_customer import Customer, told


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
    cloud.slow("organizations", "ListAccounts", seconds=0.5)
    report = other_customer.verify(Ours(check_seconds=4.0))
    assert report.health == "healthy"
    assert report.facts["Accounts"] in {f"more than {20 * pages}" for pages in range(1, 6)}


def test_a_role_that_may_not_list_accounts_links_with_a_warning(customer: Customer, cloud: AwsCloud) -> None:
    cloud.fault("organizations", "ListAccounts", code="AccessDeniedException")
    report = customer.verify()
    (note,) = told(report)
    assert (report.health, note.kind) == ("warning", "MayNotListAccounts")
    assert "organizations:ListAccounts" in note.fix
