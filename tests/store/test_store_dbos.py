"""DBOS lives in the same database: a job is enqueued by our transaction, or not at all."""

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from store import Store
from store.models import Base
from store.schema import DBOS_TABLES

ran: list[str] = []
arrived = threading.Event()


@DBOS.workflow(name="store_test.note")
def note(what: str) -> None:
    """Remember that it ran."""
    ran.append(what)
    arrived.set()


@pytest.fixture
def client(store: Store) -> Iterator[DBOSClient]:
    """DBOS as bot/jobs.py starts it."""
    ran.clear()
    arrived.clear()
    serializer = DBOSPortableJSONSerializer()
    DBOS(
        config={
            "name": "xops",
            "system_database_url": store.url,
            "system_database_engine": store.engine_for_jobs,
            "executor_id": "embedded",
            "application_version": "1",
            "serializer": serializer,
            "max_executor_threads": 8,
            "log_level": "WARNING",
        }
    )
    DBOS.launch()
    DBOS.register_queue("notes", worker_concurrency=4, polling_interval_sec=0.1)
    client = DBOSClient(
        system_database_url=store.url,
        system_database_engine=store.engine_for_jobs,
        serializer=serializer,
        application_name="xops",
    )
    yield client
    client.destroy()
    DBOS.destroy(workflow_completion_timeout_sec=5)


def enqueue(client: DBOSClient, connection: sa.Connection, what: str) -> None:
    options = {"workflow_name": "store_test.note", "queue_name": "notes", "workflow_id": f"note:{what}"}
    client.enqueue_in_transaction(connection, options, what)


def test_commit_runs_the_job_and_rollback_leaves_nothing(store: Store, client: DBOSClient) -> None:
    def fail() -> None:
        with store.begin("T1") as work:
            work.begin_draft("U1", "aws")
            enqueue(client, work.connection, "rolled back")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin("T1", patience=1.2) as work:
        work.begin_draft("U2", "aws")
        enqueue(client, work.connection, "committed")
    assert arrived.wait(20)
    time.sleep(0.5)
    assert ran == ["committed"]
    assert DBOS.list_workflows(workflow_ids=["note:rolled back"]) == []
    with store.begin("T1") as work:
        assert work.drafts_of("U1") == []
        assert len(work.drafts_of("U2")) == 1


def test_jobs_and_transactions_of_eight_threads_all_arrive(
    store: Store, client: DBOSClient, together
) -> None:  # type: ignore[no-untyped-def]
    with store.begin("T1") as work:
        draft_id = work.begin_draft("U1", "aws").id

    def change(thread: int) -> None:
        for number in range(10):
            with store.begin("T1") as work:
                draft = work.draft(draft_id, lock=True)
                assert draft is not None
                draft.attempt += 1
                enqueue(client, work.connection, f"{thread}-{number}")

    together(8, change)
    give_up = time.monotonic() + 30
    while len(ran) < 80 and time.monotonic() < give_up:
        time.sleep(0.1)
    assert len(ran) == len(set(ran)) == 80
    with store.begin("T1") as work:
        draft = work.draft(draft_id)
        assert draft is not None
        assert draft.attempt == 80


def test_the_tables_of_dbos_are_known_and_left_alone(
    store: Store, client: DBOSClient, outside: sa.Engine
) -> None:
    schema = None if store.url.startswith("sqlite") else "dbos"
    ours = {*Base.metadata.tables, "alembic_version"}
    theirs = set(sa.inspect(outside).get_table_names(schema=schema)) - (set() if schema else ours)
    assert theirs <= DBOS_TABLES, "a new DBOS brought other tables: name them in store/schema.py"
    assert not ours & DBOS_TABLES
    with store.system() as system:
        enqueue(client, system.connection, "before")
    assert arrived.wait(20)
    store.migrate()
    assert set(sa.inspect(outside).get_table_names(schema=schema)) >= theirs
    assert DBOS.list_workflows(workflow_ids=["note:before"])
