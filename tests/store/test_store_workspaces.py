"""Every statement of a workspace's transaction names the workspace. A new method without a call here fails."""

import inspect
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from store import Account, Conflict, Draft, Person, Store, Work

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TELLS_NOTHING = re.compile(
    r"BEGIN|PRAGMA|SELECT set_config|SELECT pg_catalog\.version|SAVEPOINT|RELEASE|ROLLBACK"
)


class Rows:
    """What the calls work on."""

    def __init__(self, work: Work) -> None:
        self.draft: Draft = work.begin_draft("U1", "aws", prepared={"a": 1})
        self.account: Account = work.add_account("aws", "1", name="n", owner_id="U1")
        work.claim("Ev0")


CALLS: dict[str, Callable[[Work, Rows], Any]] = {
    "forget_answers": lambda work, _rows: work.forget_answers(datetime.now(UTC)),
    "forget_reports": lambda work, _rows: work.forget_reports(datetime(2000, 1, 1, tzinfo=UTC)),
    "forget_drafts": lambda work, _rows: work.forget_drafts(datetime.now(UTC)),
    "identities": lambda work, _rows: work.identities(),
    "only_account": lambda work, _rows: work.only_account("aws"),
    "overdue_drafts": lambda work, _rows: work.overdue_drafts(datetime.now(UTC)),
    "account": lambda work, rows: work.account(rows.account.id, lock=True),
    "account_by_identity": lambda work, _: work.account_by_identity("aws", "1"),
    "accounts": lambda work, _: (work.accounts(), work.accounts("aws", page=1, size=10)),
    "accounts_due": lambda work, _: work.accounts_due(NOW),
    "add_account": lambda work, _: work.add_account("aws", "2", name="n", owner_id="U1"),
    "add_report": lambda work, rows: work.add_report(rows.account.id, "healthy", {}, NOW, 1),
    "audit": lambda work, _: work.audit("X", "x", personal={"name": "n"}),
    "audit_entries": lambda work, _: work.audit_entries(),
    "begin_draft": lambda work, _: (work.begin_draft("U1", "aws"), work.begin_draft("U2", "aws")),
    "claim": lambda work, _: (work.claim("Ev1"), work.claim("Ev1")),
    "connection": lambda work, _: work.connection,
    "close_draft": lambda work, rows: work.close_draft(rows.draft, "stopped"),
    "count_accounts": lambda work, _: work.count_accounts("aws"),
    "delete_account": lambda work, rows: work.delete_account(rows.account),
    "destroy_secret": lambda work, rows: work.destroy_secret(rows.account.id),
    "draft": lambda work, rows: (work.draft(rows.draft.id), work.draft(rows.draft.id, lock=True)),
    "drafts_of": lambda work, _: work.drafts_of("U1"),
    "expect": lambda work, rows: (work.expect(rows.draft, 1), work.expect(rows.account, 1)),
    "free_name": lambda work, _: work.free_name("a"),
    "last_report": lambda work, rows: work.last_report(rows.account.id),
    "move_name": lambda work, _: work.move_name("a", "b"),
    "name_holder": lambda work, _: work.name_holder("n"),
    "open_draft": lambda work, _: work.open_draft("U1", "aws"),
    "person": lambda work, _: work.person("U1"),
    "prepared": lambda work, rows: work.prepared(rows.draft),
    "reserve_name": lambda work, _: (work.reserve_name("n", "a"), taken(work)),
    "save_answer": lambda work, _: work.save_answer("Ev0", {}),
    "save_person": lambda work, _: (
        work.save_person(Person(user_id="U1")),
        work.save_person(Person(user_id="U1")),
    ),
    "save_setting": lambda work, _: (work.save_setting("a", 1), work.save_setting("a", None)),
    "seal_prepared": lambda work, rows: work.seal_prepared(rows.draft, {"a": 1}),
    "seal_secret": lambda work, rows: work.seal_secret(rows.account.id, {"a": 1}),
    "secret": lambda work, rows: work.secret(rows.account.id),
    "setting": lambda work, _: work.setting("a"),
    "settings": lambda work, _: work.settings(),
    "workspace": lambda work, _: work.workspace(),
}


class Rollback(Exception):
    """Leave nothing behind for the next call."""


def taken(work: Work) -> None:
    with pytest.raises(Conflict):
        work.reserve_name("n", "b")


def names_the_workspace(statement: str) -> bool:
    if statement.startswith("INSERT"):
        return "workspace_id" in statement.partition("VALUES")[0]
    return bool(re.search(r"workspace_id\s*=", statement.partition("WHERE")[2]))


def test_the_guard_sees_a_statement_without_its_workspace() -> None:
    assert names_the_workspace("SELECT account.workspace_id FROM account WHERE account.workspace_id = ?")
    for statement in (
        "SELECT account.workspace_id FROM account WHERE account.id = ?",
        "SELECT account.workspace_id FROM account",
        "UPDATE account SET workspace_id = ? WHERE id = ?",
        "DELETE FROM account",
        "INSERT INTO account (id) VALUES (?)",
    ):
        assert not names_the_workspace(statement)


def test_every_method_is_walked() -> None:
    public = {name for name, _ in inspect.getmembers(Work) if not name.startswith("_")}
    assert public == set(CALLS)


def test_every_statement_names_the_workspace(store: Store) -> None:
    statements: list[str] = []
    sa.event.listen(
        store._engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
    )

    def call(name: str) -> None:
        with store.begin("T1") as work:
            rows = Rows(work)
            CALLS[name](work, rows)
            rows.draft.screen = "v"  # a change by attribute, as callers make them
            _ = work.connection
            raise Rollback

    for name in CALLS:
        with pytest.raises(Rollback):
            call(name)
    assert len(statements) > len(CALLS) * 4
    nameless = [one for one in statements if not (TELLS_NOTHING.match(one) or names_the_workspace(one))]
    assert nameless == []
