"""What every part of `Work` stands on: one open transaction. No queries of its own."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.canonical import canonical
from store.models import Base
from store.sealed import Keyring, Place


class Transaction:
    """One open transaction, of a workspace (`Work`) or of none (`System`)."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        self._session = session
        self._keyring = keyring

    @property
    def connection(self) -> sa.Connection:
        """The transaction itself, to enqueue jobs in it. What was changed so far is already sent."""
        self._session.flush()
        return self._session.connection()


class Bound(Transaction):
    """One open transaction, bound to one workspace."""

    def __init__(self, session: Session, keyring: Keyring, workspace_id: str) -> None:
        super().__init__(session, keyring)
        self.workspace_id = workspace_id

    def _seal(self, table: str, row: str, column: str, data: Mapping[str, Any]) -> str:
        return self._keyring.seal(Place(self.workspace_id, table, row, column), canonical(dict(data)))

    def _open(self, table: str, row: str, column: str, sealed: str) -> dict[str, Any]:
        place = Place(self.workspace_id, table, row, column)
        opened: dict[str, Any] = json.loads(self._keyring.open(place, sealed))
        return opened


def insert_unless_there(
    connection: sa.Connection,
    model: type[Base],
    values: Mapping[str, Any],
    unique: list[str] | None = None,
    where: sa.TextClause | None = None,
) -> bool:
    """Insert a row unless its unique key exists; a concurrent insert is waited for. True if it was inserted.

    `unique`: the key that may exist; any of them if none is named.
    """
    insert = _insert(connection, model).values(**values)
    insert = insert.on_conflict_do_nothing(index_elements=unique, index_where=where)
    # An INSERT's rowcount is not kept on PostgreSQL.
    return connection.execute(insert.returning(sa.literal_column("1"))).first() is not None


def insert_or_update(
    connection: sa.Connection,
    model: type[Base],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    first: Mapping[str, Any] | None = None,
) -> None:
    """Insert a row or give the existing one these values; `first` is only for the insert."""
    insert = _insert(connection, model).values(**key, **values, **(first or {}))
    if values:
        insert = insert.on_conflict_do_update(index_elements=list(key), set_=dict(values))
    else:
        insert = insert.on_conflict_do_nothing(index_elements=list(key))
    connection.execute(insert)


def _insert(connection: sa.Connection, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
