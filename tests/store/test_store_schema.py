"""The tables: migrated once, by one process, equal to the models, in a file nobody else may read."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from store import KeyProblem, Keyring, SchemaProblem, Store
from store.models import Base
from store.schema import include_name, include_object

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

MIGRATE = """
import sys
from store import Keyring, Store
store = Store(sys.argv[1], Keyring.from_file(sys.argv[2]))
sys.stdin.readline()
store.migrate()
with store.system() as system:
    system.beat(sys.argv[3])
store.close()
"""


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


@pytest.mark.usefixtures("store")
def test_the_migrations_make_exactly_the_models(outside: sa.Engine) -> None:
    with outside.begin() as connection:
        # As DBOS has it on SQLite: tables of others beside ours.
        connection.exec_driver_sql(
            "CREATE TABLE workflow_status (workflow_uuid TEXT PRIMARY KEY, status TEXT)"
        )
        connection.exec_driver_sql("CREATE INDEX workflow_status_status ON workflow_status (status)")
        context = MigrationContext.configure(
            connection,
            opts={"include_name": include_name, "include_object": include_object, "compare_type": True},
        )
        assert compare_metadata(context, Base.metadata) == []
    predicates = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'uq_draft_open'",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'uq_draft_open'",
    }
    with outside.begin() as connection:
        made = connection.exec_driver_sql(predicates[outside.dialect.name]).scalar_one()
    assert "WHERE" in made, "Alembic does not compare predicates"
    assert all(state in made for state in ("open", "prepared", "checking", "picking"))


def test_migrating_twice_changes_nothing(store: Store, outside: sa.Engine) -> None:
    before = tables(outside)
    with store.begin("T1") as work:
        work.save_setting("kept", True)
    store.migrate()
    assert tables(outside) == before
    with store.begin("T1") as work:
        assert work.setting("kept") is True


@pytest.mark.parametrize("attempt", range(3))
def test_two_processes_migrate_at_once(url: str, outside: sa.Engine, tmp_path: Path, attempt: int) -> None:
    key = tmp_path / "keys" / "key"
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", MIGRATE, url, str(key), f"{attempt}-{number}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(2)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    errors = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    with outside.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM executor").scalar_one() == 2
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar_one() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM encryption_key").scalar_one() == 1


def test_a_newer_database_is_refused_in_plain_words(store: Store, outside: sa.Engine) -> None:
    with outside.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaProblem, match="newer version"):
        store.migrate()


@sqlite
def test_nobody_else_may_read_the_files(store: Store, file: Path) -> None:
    with store.begin("T1") as work:
        work.save_setting("a", 1)
        for suffix in ("", "-wal", "-shm"):
            made = file.with_name(file.name + suffix)
            assert stat.S_IMODE(made.stat().st_mode) == 0o600, made
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    store.close()
    file.chmod(0o644)
    with store.begin("T1"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@sqlite
def test_a_wide_umask_does_not_open_the_file(url: str, file: Path, keyring: Keyring) -> None:
    before = os.umask(0)
    try:
        store = Store(url, keyring)
        with store.engine_for_jobs.connect():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        store.close()
    finally:
        os.umask(before)


@sqlite
def test_sqlite_keeps_what_was_committed(store: Store) -> None:
    for engine in (store._engine, store.engine_for_jobs):
        with engine.connect() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
        assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_addresses_it_cannot_keep_anything_at_are_refused(keyring: Keyring) -> None:
    for address in ("sqlite://", "sqlite:///:memory:", "mysql://root@127.0.0.1/x"):
        with pytest.raises(ValueError, match="address"):
            Store(address, keyring)


def test_nothing_is_made_before_it_is_needed(tmp_path: Path, keyring: Keyring) -> None:
    store = Store(f"sqlite:///{tmp_path}/later/xops.db", keyring)
    store.check_keys()
    store.close()
    assert not (tmp_path / "later").exists()
    assert "password" not in repr(Store("postgresql://me:password@127.0.0.1/x", keyring))


def test_alembic_is_imported_only_to_migrate() -> None:
    look = "import sys, store; sys.exit('alembic' in sys.modules or 'dbos' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


@pytest.mark.usefixtures("store")
def test_a_wrong_key_is_refused_before_the_tables_are_touched(url: str, outside: sa.Engine) -> None:
    with outside.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(KeyProblem):
        Store(url, Keyring({"k1": bytes(32)})).migrate()
