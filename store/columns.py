"""What all tables share on both databases: their base, column types, the clock. No tables here."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """An opaque id: 128 random bits, safe in a URL."""
    return secrets.token_urlsafe(16)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time: aware in and out on both databases. Naive datetimes raise ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("This time has no time zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of ours; DBOS's stand beside them and are never touched."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class database_now(FunctionElement[datetime]):
    """The database's own clock, so that replicas agree; `minus` seconds."""

    name = "database_now"
    type = Moment()
    inherit_cache = True

    def __init__(self, minus: float = 0) -> None:
        super().__init__(sa.literal(-float(minus), sa.Float))


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **kw)}))"


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    # The text form of a DateTime on SQLite has six digits after the second; %f gives three.
    return (
        f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({compiler.process(element.clauses, **kw)}) || ' seconds')"
    )
