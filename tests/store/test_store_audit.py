"""The audit log: no action without its record, and no change to the record unseen."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from store import Store
from store.audit import verify_chain
from store.canonical import canonical

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


def tamper(outside: sa.Engine, *statements: str) -> None:
    """As somebody who owns the database: the guard of the table goes first."""
    with outside.begin() as connection:
        if outside.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_entry_no_UPDATE")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_entry_no_DELETE")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement)


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


OF_T1 = "WHERE workspace_id = 'T1' AND"
TAMPERED = {
    "edit": ([f"UPDATE audit_entry SET entry = replace(entry, 'a4', 'a9') {OF_T1} seq = 5"], 5, "hash"),
    "edit the hash": ([f"UPDATE audit_entry SET hash = '{'0' * 64}' {OF_T1} seq = 5"], 5, "hash"),
    "delete the first": ([f"DELETE FROM audit_entry {OF_T1} seq = 1"], 1, "order"),
    "delete": ([f"DELETE FROM audit_entry {OF_T1} seq = 5"], 5, "order"),
    "delete and close the gap": (
        [
            f"DELETE FROM audit_entry {OF_T1} seq = 5",
            *(f"UPDATE audit_entry SET seq = {n - 1} {OF_T1} seq = {n}" for n in range(6, ENTRIES + 1)),
        ],
        5,
        "hash",
    ),
    "swap": (
        [
            f"UPDATE audit_entry SET seq = 99 {OF_T1} seq = 5",
            f"UPDATE audit_entry SET seq = 5 {OF_T1} seq = 6",
            f"UPDATE audit_entry SET seq = 6 {OF_T1} seq = 99",
        ],
        5,
        "hash",
    ),
    "insert": (
        [
            "INSERT INTO audit_entry (workspace_id, seq, entry, hash)"
            f" SELECT 'T1', 13, entry, hash FROM audit_entry {OF_T1} seq = 5"
        ],
        13,
        "hash",
    ),
    "insert before the first": (
        [
            "INSERT INTO audit_entry (workspace_id, seq, entry, hash)"
            f" SELECT 'T1', 0, entry, hash FROM audit_entry {OF_T1} seq = 5"
        ],
        0,
        "order",
    ),
    "an entry of another workspace": (
        [
            "UPDATE audit_entry SET entry = (SELECT entry FROM audit_entry WHERE workspace_id = 'T2' AND seq = 5),"
            f" hash = (SELECT hash FROM audit_entry WHERE workspace_id = 'T2' AND seq = 5) {OF_T1} seq = 5"
        ],
        5,
        "hash",
    ),
    "personal data": (["UPDATE audit_person SET data = replace(data, 'Ann', 'Bob') WHERE workspace_id = 'T1' AND seq = 6"], 6, "personal"),
    "personal data of another entry": (
        ["UPDATE audit_person SET data = (SELECT data FROM audit_person WHERE workspace_id = 'T1' AND seq = 8),"
         " salt = (SELECT salt FROM audit_person WHERE workspace_id = 'T1' AND seq = 8) WHERE workspace_id = 'T1' AND seq = 6"],
        6,
        "personal",
    ),
    "personal data where none was": (
        [
            "INSERT INTO audit_person (workspace_id, seq, salt, data)"
            " SELECT 'T1', 5, salt, data FROM audit_person WHERE workspace_id = 'T1' AND seq = 6"
        ],
        5,
        "personal",
    ),
    "cut the tail": ([f"DELETE FROM audit_entry {OF_T1} seq > 9"], 10, "head"),
    "empty the log": (["DELETE FROM audit_entry WHERE workspace_id = 'T1'"], 1, "head"),
    "turn back the head": (["UPDATE workspace SET audit_seq = 5 WHERE workspace_id = 'T1'"], 13, "head"),
}  # fmt: skip


def test_tampering_is_found(store: Store, outside: sa.Engine) -> None:
    expected, found = {}, {}
    write(store, "T2")
    for number, (how, (statements, bad_seq, kind)) in enumerate(TAMPERED.items()):
        victim = f"V{number}"
        with store.system() as system:
            system.install(victim, how, None, "B1", "U0", None)
        write(store, victim)
        tamper(outside, *(statement.replace("'T1'", f"'{victim}'") for statement in statements))
        verdict = store.verify_audit(victim)
        assert not verdict.ok
        found[how], expected[how] = (verdict.bad_seq, verdict.kind), (bad_seq, kind)
    assert found == expected
    assert store.verify_audit("T2").ok


def test_a_chain_made_anew_without_the_key_is_found(store: Store, outside: sa.Engine) -> None:
    write(store)
    with outside.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT seq, entry FROM audit_entry WHERE workspace_id = 'T1' ORDER BY seq"
        ).all()
    statements, previous = [], "0" * 64
    for seq, text in rows:
        entry = json.loads(text)
        if seq == 5:
            entry["actor"]["user"] = "U9"
        changed = canonical(entry).decode()
        digest = hmac.new(b"a guess", bytes.fromhex(previous) + changed.encode(), hashlib.sha256).hexdigest()
        values = f"entry = '{changed}', hash = '{digest}'"
        statements.append(f"UPDATE audit_entry SET {values} WHERE workspace_id = 'T1' AND seq = {seq}")
        previous = digest
    head = f"UPDATE workspace SET audit_hash = '{previous}' WHERE workspace_id = 'T1'"
    tamper(outside, *(statement.replace("%", "%%") for statement in statements), head)
    verdict = store.verify_audit("T1")
    assert (verdict.bad_seq, verdict.kind) == (1, "hash")


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
