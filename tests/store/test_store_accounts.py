"""Accounts with their names, secrets and reports."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from store import Conflict, Store

Together = Callable[[int, Callable[[int], Any]], list[Any]]


NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)


def test_a_name_has_one_holder_and_a_holder_one_name(store: Store) -> None:
    with store.begin("T1") as work:
        work.reserve_name("prod", "d1")
        work.reserve_name("prod", "d1")
        with pytest.raises(Conflict) as conflict:
            work.reserve_name("prod", "d2")
        assert (conflict.value.what, conflict.value.holder) == ("name", "d1")
        work.reserve_name("test", "d2")  # the transaction goes on after a conflict
        with pytest.raises(Conflict):
            work.reserve_name("prod", "d2")
        assert work.name_holder("test") == "d2", "what was refused costs nothing"
        work.reserve_name("production", "d1")
        assert work.name_holder("prod") is None
        work.move_name("d1", "a1")
        assert work.name_holder("production") == "a1"
        work.free_name("a1")
        work.free_name("nobody")
        work.reserve_name("production", "d2")
        assert work.name_holder("test") is None
    with store.begin("T2") as work:
        work.reserve_name("production", "x")


def test_eight_threads_want_one_name_and_one_gets_it(store: Store, together: Together) -> None:
    def reserve(number: int) -> str:
        try:
            with store.begin("T1") as work:
                work.reserve_name("prod", f"d{number}")
            return "got it"
        except Conflict:
            return "taken"

    assert sorted(together(8, reserve)) == ["got it", *["taken"] * 7]


def test_an_identity_is_connected_once(store: Store, together: Together) -> None:
    def add(number: int) -> str:
        with store.begin("T1") as work:
            try:
                return work.add_account("aws", "123", name=f"n{number}", owner_id="U1").id
            except Conflict as conflict:
                assert conflict.what == "account"  # noqa: PT017
                assert conflict.holder is not None  # noqa: PT017
                return conflict.holder

    assert len(set(together(8, add))) == 1
    with store.begin("T1") as work:
        assert work.count_accounts() == 1
        work.add_account("eks", "123", name="n", owner_id="U1")
    with store.begin("T2") as work:
        work.add_account("aws", "123", name="n", owner_id="U1")


def test_accounts_come_in_pages_in_the_order_of_their_names(store: Store) -> None:
    with store.begin("T1") as work:
        for number in range(25):
            name = f"account {(number * 7) % 25:02}"
            provider = ("aws", "eks", "azure")[number % 3]
            account = work.add_account(provider, str(number), name=name.upper(), owner_id="U1")
            work.reserve_name(name, account.id)
        expected = [f"ACCOUNT {number:02}" for number in range(25)]
        assert [account.name for account in work.accounts()] == expected
        pages = [[account.name for account in work.accounts(page=page, size=10)] for page in range(4)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        assert [name for page in pages for name in page] == expected
        assert len(work.accounts("aws")) == work.count_accounts("aws") == 9
        assert len(work.accounts(["eks", "azure"])) == work.count_accounts(["eks", "azure"]) == 16
        assert work.accounts([]) == []
        assert work.count_accounts() == 25


def test_an_account_keeps_what_it_was_given(store: Store) -> None:
    with store.begin("T1") as work:
        account = work.add_account(
            "azure",
            "t/a",
            name="Ω prod",
            owner_id="U1",
            answers={"tenant": "t"},
            facts={"subscriptions": [1]},
            health="warning",
            checked_at=NOW,
            next_check_at=NOW + timedelta(days=1),
            linked_at=NOW,
        )
    with store.begin("T1") as work:
        kept = work.account(account.id, lock=True)
        assert kept is not None
        assert work.account_by_identity("azure", "t/a") is kept
        assert (kept.name, kept.owner_id, kept.health, kept.revision) == ("Ω prod", "U1", "warning", 1)
        assert (dict(kept.answers), dict(kept.facts)) == ({"tenant": "t"}, {"subscriptions": [1]})
        assert (kept.checked_at, kept.linked_at) == (NOW, NOW)
        assert work.accounts_due(NOW) == []
        assert work.accounts_due(NOW + timedelta(days=1)) == [kept]
        kept.next_check_at = None
        assert work.accounts_due(NOW + timedelta(days=2)) == []


def test_a_deleted_account_leaves_nothing(store: Store, outside: sa.Engine) -> None:
    with store.begin("T1") as work:
        account = work.add_account("azure", "1", name="n", owner_id="U1")
        work.reserve_name("n", account.id)
        work.seal_secret(account.id, {"pem": "x"})
        work.add_report(account.id, "healthy", {"checks": []}, NOW, 1.5)
    with store.begin("T1") as work:
        there = work.account(account.id)
        assert there is not None
        assert work.delete_account(there) is True
        assert work.account(account.id) is None
        assert work.delete_account(there) is False
        work.reserve_name("n", "another")
    with outside.connect() as connection:
        for table in ("account", "key", "report"):
            count = sa.select(sa.func.count()).select_from(sa.table(table))
            assert connection.execute(count).scalar_one() == 0


def test_the_secret_of_an_account_is_replaced_and_destroyed(store: Store) -> None:
    with store.begin("T1") as work:
        account = work.add_account("azure", "1", name="n", owner_id="U1")
        assert work.secret(account.id) == {}
        work.seal_secret(account.id, {"pem": "x", "n": [1, None]})
        work.seal_secret(account.id, {"pem": "y"})
        assert work.secret(account.id) == {"pem": "y"}
        assert work.destroy_secret(account.id) is True
        assert work.destroy_secret(account.id) is False
        assert work.secret(account.id) == {}


def test_the_last_report_is_the_newest(store: Store) -> None:
    with store.begin("T1") as work:
        account = work.add_account("azure", "1", name="n", owner_id="U1")
        assert work.last_report(account.id) is None
        for minutes, health in ((1, "healthy"), (3, "failed"), (2, "warning")):
            work.add_report(account.id, health, {"m": minutes}, NOW + timedelta(minutes=minutes), 0.25)
        last = work.last_report(account.id)
        assert last is not None
        assert (last.health, last.data, last.took) == ("failed", {"m": 3}, 0.25)
        assert last.started == NOW + timedelta(minutes=3)
