"""Engines: one for our own transactions, one for the durable engine (DBOS). No tables here."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE = "xops_patience"  # execution option: seconds a transaction may wait for a lock
BEGIN = "xops_begin"  # execution option: what begins a transaction on SQLite, if not BEGIN IMMEDIATE
CONNECTIONS = 20

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_making_file = threading.Lock()


def normal_url(url: str) -> sa.URL:
    """The address with its driver; raises ValueError for anything but a SQLite file or PostgreSQL."""
    parsed = sa.make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("The database address must begin with sqlite:/// or postgresql+psycopg://.")
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("The SQLite address must name a file: sqlite:///path/to/xops.db.")
    return parsed


def domain_engine(url: sa.URL) -> sa.Engine:
    """For our own transactions: the lock is taken at BEGIN on SQLite, waits are bounded on both."""
    if url.drivername != "sqlite":
        engine = _postgresql(url, pool_size=CONNECTIONS, max_overflow=4, pool_timeout=3)
        sa.event.listen(engine, "begin", _bound_postgresql)
        return engine
    engine = sa.create_engine(
        url, hide_parameters=True, pool_timeout=3, connect_args={"isolation_level": None, "timeout": 30}
    )
    _tune(engine, url, isolation_level=None)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def jobs_engine(url: sa.URL) -> sa.Engine:
    """For DBOS, which brings its own BEGIN: on SQLite the lock is taken at the first write."""
    if url.drivername != "sqlite":
        return _postgresql(url, pool_size=CONNECTIONS, max_overflow=20)
    engine = sa.create_engine(url, pool_size=40, hide_parameters=True, connect_args={"timeout": 30})
    _tune(engine, url, isolation_level="IMMEDIATE")
    return engine


def read_only_engine(url: sa.URL) -> sa.Engine:
    """To look without leaving a trace: on SQLite not even a checkpoint. The file must exist."""
    if url.drivername != "sqlite":
        return _postgresql(url, poolclass=sa.NullPool)
    file = Path(str(url.database)).absolute().as_uri()
    address = sa.URL.create("sqlite", database=file, query={"mode": "ro", "uri": "true"})
    return sa.create_engine(address, hide_parameters=True, poolclass=sa.NullPool)


def _postgresql(url: sa.URL, **pool: Any) -> sa.Engine:
    limits = {} if "connect_timeout" in url.query else {"connect_timeout": 3}
    return sa.create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=limits, **pool)


def _bound_postgresql(connection: sa.Connection) -> None:
    seconds = connection.get_execution_options().get(PATIENCE)
    if seconds is None:
        return
    # A lock gives up before its statement does, so that the reason is told apart.
    times = {"lock": str(max(1, int(seconds * 900))), "statement": str(max(2, int(seconds * 1000)))}
    connection.exec_driver_sql(
        "SELECT set_config('lock_timeout', %(lock)s, true), set_config('statement_timeout', %(statement)s, true),"
        " set_config('idle_in_transaction_session_timeout', '60s', true)",
        times,
    )


def _begin_immediate(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(1, int(options.get(PATIENCE, 30) * 1000))}")
    if begin := options.get(BEGIN, "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(begin)


def _tune(engine: sa.Engine, url: sa.URL, isolation_level: str | None) -> None:
    file = Path(str(url.database))

    def make_private(*_: Any) -> None:
        _make_private(file)

    def tune(connection: Any, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = isolation_level
        for pragma in _PRAGMAS:
            _pragma(connection, pragma)

    sa.event.listen(engine, "do_connect", make_private)
    sa.event.listen(engine, "connect", tune)


def _pragma(connection: Any, pragma: str) -> None:
    """The switch to WAL does not wait for a lock by itself."""
    give_up = time.monotonic() + 10
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}").close()
            return
        except connection.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != 5 or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _make_private(file: Path) -> None:
    """Nobody else may read the file, not even in the moment it is made. SQLite gives -wal and -shm its mode.

    An existing file is not opened here: closing it would drop the locks SQLite holds on it in this process.
    """
    with _making_file:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        elif file.stat().st_mode & 0o077:
            file.chmod(0o600)
