"""Whatever is done to the audit log behind our back is found."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from store import Store
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
