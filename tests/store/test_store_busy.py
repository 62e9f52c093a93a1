"""When the database cannot be used in time: said soon, said honestly, nothing changed."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store import Busy, Keyring, Store, Unconfirmed

Together = Callable[[int, Callable[[int], Any]], list[Any]]


sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def begun(store: Store, user_id: str = "U1") -> str:
    with store.begin("T1") as work:
        return work.begin_draft(user_id, "aws").id


@pytest.mark.parametrize("patience", [0.3, 1.2])
@sqlite
def test_sqlite_locked_by_another_process_is_busy_in_time(store: Store, file: Path, patience: float) -> None:
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys\n"
            "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()",
            str(file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with held:
        assert held.stdout is not None
        assert held.stdout.readline() == b"held\n"
        started = time.monotonic()
        with pytest.raises(Busy, match="Nothing was changed"), store.begin("T1", patience=patience):
            pass
        waited = time.monotonic() - started
        held.communicate()
    assert patience * 0.8 <= waited < patience + 0.5
    begun(store)


@sqlite
def test_waiting_threads_are_busy_in_time_too(store: Store, file: Path, together: Together) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    def wait(_: int) -> float:
        started = time.monotonic()
        with pytest.raises(Busy), store.begin("T1", patience=0.5):
            pass
        return time.monotonic() - started

    assert max(together(8, wait)) < 1.2
    holder.close()


@postgresql
def test_a_row_locked_by_another_transaction_is_busy_in_time(store: Store) -> None:
    draft_id = begun(store)
    with store.begin("T1") as work:
        work.draft(draft_id, lock=True)
        started = time.monotonic()
        with pytest.raises(Busy) as busy, store.begin("T1", patience=0.4) as other:
            other.draft(draft_id, lock=True)
        assert time.monotonic() - started < 1.0
        assert busy.value.reason == "locked"


@postgresql
def test_a_slow_statement_is_busy_in_time(store: Store) -> None:
    with pytest.raises(Busy) as busy, store.begin("T1", patience=0.3) as work:
        work.connection.exec_driver_sql("SELECT pg_sleep(5)")
    assert busy.value.reason == "too slow"


@postgresql
def test_no_free_connection_is_busy_in_time(store: Store) -> None:
    enough, release = threading.Barrier(21), threading.Event()

    def hold() -> None:
        with store.begin("T1"):
            enough.wait(20)
            release.wait(20)

    holders = [threading.Thread(target=hold) for _ in range(20)]
    for holder in holders:
        holder.start()
    enough.wait(20)
    started = time.monotonic()
    with pytest.raises(Busy) as busy, store.begin("T1", patience=0.3):
        pass
    assert time.monotonic() - started < 0.8
    assert busy.value.reason == "no free connection"
    release.set()
    for holder in holders:
        holder.join()


@postgresql
def test_a_deadlock_is_busy_for_one_and_done_for_the_other(store: Store, together: Together) -> None:
    ids = [begun(store, "U1"), begun(store, "U2")]
    both = threading.Barrier(2)

    def cross(number: int) -> str:
        try:
            with store.begin("T1") as work:
                work.draft(ids[number], lock=True)
                both.wait(10)
                work.draft(ids[1 - number], lock=True)
            return "done"
        except Busy:
            return "busy"

    assert sorted(together(2, cross)) == ["busy", "done"]


def test_an_unreachable_database_is_busy(keyring: Keyring, tmp_path: Path) -> None:
    store = Store("postgresql://nobody@127.0.0.1:9/none", keyring)
    with pytest.raises(Busy) as busy, store.begin("T1"):
        pass
    assert busy.value.reason == "unreachable"
    store.close()
    (tmp_path / "directory").mkdir()
    store = Store(f"sqlite:///{tmp_path}/directory", keyring)
    with pytest.raises(Busy), store.begin("T1"):
        pass
    store.close()


@postgresql
def test_connections_cut_by_the_server_are_replaced(store: Store, outside: sa.Engine) -> None:
    begun(store)
    with outside.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert begun(store)


@postgresql
def test_a_commit_without_an_answer_claims_nothing(store: Store, outside: sa.Engine) -> None:
    pid: list[int] = []

    def cut() -> None:
        with outside.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid[0]}, 5000)")

    def begin() -> None:
        with store.begin("T1", gate=cut) as work:
            pid.append(work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
            work.begin_draft("U1", "aws")

    with pytest.raises(Unconfirmed):
        begin()
