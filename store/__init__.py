"""The only door to the database. No Slack, no clouds, no durable engine: those get a connection and stay outside.

store = Store(url, keyring)
store.migrate()
with store.begin(workspace_id, patience=1.2) as work:
    ...  # all of it is committed together, or none of it
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from store import engine as engines
from store import keycheck, schema
from store.audit import AuditEntry
from store.bound import Transaction
from store.chain import Verdict, verify_chain
from store.errors import Busy, Conflict, SchemaProblem, Unconfirmed, at_commit, translated
from store.ledger import Saved
from store.models import Account, Draft, DraftState, Health, Person, Report, Workspace
from store.sealed import KeyProblem, Keyring, Place, SealBroken
from store.system import Installed, System
from store.turns import Turns
from store.work import Work

__all__ = [
    "Account",
    "AuditEntry",
    "Busy",
    "Conflict",
    "Draft",
    "DraftState",
    "Health",
    "Installed",
    "KeyProblem",
    "Keyring",
    "Person",
    "Place",
    "Report",
    "Saved",
    "SchemaProblem",
    "SealBroken",
    "Store",
    "System",
    "Transaction",
    "Unconfirmed",
    "Verdict",
    "Work",
    "Workspace",
]

Gate = Callable[[], object]


class Store:
    """One database. Connects when first used; safe to share between threads."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self._url = engines.normal_url(url)
        self._keyring = keyring
        self._engine = engines.domain_engine(self._url)
        # SQLite has one writer: in line here the slowest waits a sixth of what polling its lock costs it.
        if self._is_sqlite:
            self._turns = Turns(1, "locked")
        else:
            self._turns = Turns(engines.CONNECTIONS, "no free connection")

    def __repr__(self) -> str:
        return f"Store({self._url.render_as_string()})"

    @property
    def url(self) -> str:
        """The address with its driver, and with its password: never log it."""
        return self._url.render_as_string(hide_password=False)

    @cached_property
    def engine_for_jobs(self) -> sa.Engine:
        """The durable engine's own connections to the same database."""
        return engines.jobs_engine(self._url)

    @contextlib.contextmanager
    def begin(self, workspace_id: str, patience: float = 30.0, gate: Gate | None = None) -> Iterator[Work]:
        """One transaction of one workspace: committed at the end, rolled back on any exception. Never nest it.

        `patience`: seconds to wait for a lock; then Busy, and nothing was changed. `gate` is called as the last
        thing before COMMIT and may raise to roll back. If COMMIT itself gets no answer: Unconfirmed.
        """
        with self._transaction(patience, gate) as session:
            yield Work(session, self._keyring, workspace_id)

    @contextlib.contextmanager
    def system(self, patience: float = 30.0, gate: Gate | None = None) -> Iterator[System]:
        """As `begin`, for the few things that belong to no workspace."""
        with self._transaction(patience, gate) as session:
            yield System(session, self._keyring)

    def migrate(self, patience: float = 60.0) -> None:
        """Check the keys, then bring the tables to the newest form; raises KeyProblem or SchemaProblem."""
        self._look_at_keys()
        with self._transaction(patience, None) as session:
            schema.upgrade(session.connection())
            keycheck.register(session.connection(), self._keyring)

    def check_keys(self) -> None:
        """Raise KeyProblem if the keys are not this database's; otherwise remember the current one."""
        if self._look_at_keys():
            with self._transaction(30.0, None) as session:
                keycheck.register(session.connection(), self._keyring)

    def verify_audit(self, workspace_id: str) -> Verdict:
        """Walk a workspace's audit chain without keeping writers waiting; raises LookupError, SealBroken or Busy."""
        options: dict[str, object] = {engines.BEGIN: "BEGIN"}
        if not self._is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        with _plain_errors(), self._engine.connect() as connection:
            return verify_chain(connection.execution_options(**options), self._keyring, workspace_id)

    def checkpoint(self, patience: float = 5.0) -> bool:
        """After a secret was destroyed: wipe it from SQLite's log too. False if a reader was in the way.

        On PostgreSQL nothing can be done from here: old row versions go with VACUUM and the WAL's own recycling.
        """
        if not self._is_sqlite:
            return True
        options = {engines.BEGIN: "", engines.PATIENCE: patience}
        with _plain_errors(), self._engine.connect() as connection:
            outside = connection.execution_options(**options)
            return bool(outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0)

    def close(self) -> None:
        """Let go of all connections, also of those for jobs."""
        self._engine.dispose()
        if "engine_for_jobs" in self.__dict__:
            self.engine_for_jobs.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._url.drivername == "sqlite"

    def _look_at_keys(self) -> bool:
        """False if there is no database yet."""
        if self._is_sqlite and not Path(str(self._url.database)).exists():
            return False
        looking = engines.read_only_engine(self._url)
        with _plain_errors(), looking.connect() as connection:
            return keycheck.check(connection, self._keyring)

    @contextlib.contextmanager
    def _transaction(self, patience: float, gate: Gate | None) -> Iterator[Session]:
        with _plain_errors(), self._turns.take(patience) as left, self._engine.connect() as connection:
            connection = connection.execution_options(**{engines.PATIENCE: max(0.05, left)})
            connection.begin()
            with Session(connection, expire_on_commit=False) as session:
                yield session
                session.flush()
                session.expunge_all()
                if gate:
                    gate()
                try:
                    connection.commit()
                except sa.exc.DBAPIError as error:
                    raise at_commit(error) from error.orig


@contextlib.contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        plain = translated(error)
        if plain is error:
            raise
        raise plain from error
