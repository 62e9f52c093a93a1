"""The audit log: no action without its record, and no change to the record unseen."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from store import Store
from store.canonical import canonical
from store.chain import verify_chain

Together = Callable[[int, Callable[[int], Any]], list[Any]]


ENTRIES = 12


def write(store: Store, workspace_id: str = "T1", count: int = ENTRIES) -> None:
    for number in range(count):
        with store.begin(workspace_id) as work:
            work.audit(
                "XL001I",
                "account.link",
                actor="U1",
                target=("account", f"a{number}"),
                personal={"name": f"Ann {number}"} if number % 2 else None,
                request_key=f"Ev{number}",
            )


def test_an_entry_says_who_did_what_to_what(store: Store) -> None:
    write(store)
    with store.begin("T1") as work:
        newest = work.audit_entries(limit=2)
        assert [entry.seq for entry in newest] == [12, 11]
        assert (newest[0].code, newest[0].action, newest[0].actor) == ("XL001I", "account.link", "U1")
        assert newest[0].target == ("account", "a11")
        assert (newest[0].result, newest[0].reason, newest[0].request_key) == ("ok", "", "Ev11")
        assert newest[0].personal == {"name": "Ann 11"}
        assert newest[1].personal is None
        assert newest[0].at.utcoffset() is not None
        assert work.audit("XL001E", "account.link", result="refused", reason="ExternalIdNotRequired") == 13
        assert work.audit_entries(limit=1)[0].actor == "system"
    verdict = store.verify_audit("T1")
    assert verdict.ok
    assert verdict.entries == 13


def test_an_entry_holds_its_personal_part_only_as_a_hash(store: Store, outside: sa.Engine) -> None:
    write(store, count=2)
    with outside.connect() as connection:
        text = connection.exec_driver_sql("SELECT entry FROM audit_entry WHERE seq = 2").scalar_one()
        salt, data = connection.exec_driver_sql("SELECT salt, data FROM audit_person WHERE seq = 2").one()
    entry = json.loads(text)
    assert text == canonical(entry).decode()
    assert "Ann" not in text
    assert entry["actor"] == {"team": "T1", "user": "U1"}
    assert entry["workspace"] == "T1"
    assert entry["pii_sha256"] == hashlib.sha256((salt + data).encode()).hexdigest()


def test_an_empty_chain_is_whole_and_an_unknown_workspace_is_not_known(store: Store) -> None:
    assert store.verify_audit("T1").ok
    with pytest.raises(LookupError):
        store.verify_audit("T3")


def test_the_record_rolls_back_with_its_effect(store: Store) -> None:
    write(store, count=1)

    def fail() -> None:
        with store.begin("T1") as work:
            work.save_setting("a", 1)
            work.audit("XS001I", "setting.changed", personal={"name": "x"})
            raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            fail()
    write(store, count=1)
    verdict = store.verify_audit("T1")
    assert verdict.ok
    assert verdict.entries == 2


def test_no_effect_without_its_record(store: Store, outside: sa.Engine) -> None:
    """The audit table cannot be written: nothing is done."""
    if outside.dialect.name == "sqlite":
        guard = "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'no'); END"
    else:
        guard = "ALTER TABLE audit_entry ADD CONSTRAINT full_up CHECK (seq < 0)"
    with outside.begin() as connection:
        connection.exec_driver_sql(guard)

    def act() -> None:
        with store.begin("T1") as work:
            work.save_setting("a", 1)
            work.audit("XS001I", "setting.changed")

    with pytest.raises(sa.exc.IntegrityError):
        act()
    with store.begin("T1") as work:
        assert work.setting("a") is None


def test_eight_threads_make_one_chain(store: Store, together: Together) -> None:
    def append(thread: int) -> None:
        for number in range(15):
            with store.begin("T1" if number % 5 else "T2") as work:
                # A claim holds a share of the workspace's row: the head must not wait for it.
                work.claim(f"{thread}-{number}")
                work.audit("XS001I", "setting.changed", actor=f"U{thread}", personal={"n": number})

    together(8, append)
    for workspace_id, entries in (("T1", 96), ("T2", 24)):
        verdict = store.verify_audit(workspace_id)
        assert verdict.ok, verdict
        assert verdict.entries == entries


def test_the_log_only_grows(store: Store, outside: sa.Engine) -> None:
    write(store, count=2)
    for statement in (
        "UPDATE audit_entry SET hash = 'x' WHERE seq = 1",
        "DELETE FROM audit_entry WHERE seq = 2",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), outside.begin() as connection:
            connection.exec_driver_sql(statement)
    assert store.verify_audit("T1").ok


def test_erased_personal_data_leaves_the_chain_whole(store: Store, outside: sa.Engine) -> None:
    write(store)
    with outside.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_person WHERE seq = 4")
    assert store.verify_audit("T1").ok
    with store.begin("T1") as work:
        assert [entry.personal for entry in work.audit_entries() if entry.seq == 4] == [None]


def test_verifying_keeps_nobody_waiting_and_sees_one_moment(store: Store) -> None:
    write(store)
    options: dict[str, Any] = {"xops_begin": "BEGIN"}
    if store.url.startswith("postgresql"):
        options["isolation_level"] = "REPEATABLE READ"
    with store._engine.connect() as connection:
        snapshot = connection.execution_options(**options)
        assert verify_chain(snapshot, store._keyring, "T1").entries == ENTRIES
        write(store, count=3)
        assert verify_chain(snapshot, store._keyring, "T1").ok
    assert store.verify_audit("T1").entries == ENTRIES + 3
