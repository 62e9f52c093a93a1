"""A fresh, migrated database per test, on SQLite and on PostgreSQL, with the workspaces T1 and T2."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store import Keyring, Store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/data/xops.db"
        return
    address = sa.make_url(request.getfixturevalue("postgres").database())
    yield address.render_as_string(hide_password=False)
    server = address.set(database="postgres")
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {address.database} WITH (FORCE)")


@pytest.fixture
def file(url: str) -> Path:
    """The database file, on SQLite."""
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """One key, in a file."""
    return Keyring.from_file(tmp_path / "keys" / "key")


@pytest.fixture
def store(url: str, keyring: Keyring) -> Iterator[Store]:
    """A migrated database with two workspaces."""
    made = Store(url, keyring)
    made.migrate()
    with made.system() as system:
        for team in ("T1", "T2"):
            system.install(team, f"Team {team}", None, "B1", "U0", f"xoxb-{team}-token")
    yield made
    made.close()


@pytest.fixture
def outside(url: str) -> Iterator[sa.Engine]:
    """Somebody else's connection to the same database: the operator with a SQL shell, or an attacker."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def together() -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """Run a function in n threads that start at the same moment; their results, or the first exception."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        start = threading.Barrier(count)

        def one(number: int) -> Any:
            start.wait()
            return work(number)

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run
