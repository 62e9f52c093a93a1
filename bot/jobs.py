"""Durable work and the clock. The only importer of dbos and apscheduler.

A job is a named function that bears a second run. It is enqueued inside the transaction that makes it necessary,
runs at least once, and does its own effects in its own transactions. No job sleeps: one that wants another try
answers with `Again`, and a new workflow is enqueued with a delay.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

from store import Store, Transaction

log = logging.getLogger(__name__)

EMBEDDED = "embedded"
BEAT_SECONDS = 5
DEAD_SECONDS = 30
KEEP_FINISHED_SECONDS = 7 * 86400
SOON = (1, 2, 5, 15, 60)  # seconds to wait after each failure; after the last one the job is given up
FOR_A_DAY = (1, 2, 5, 15, 60, 300, 900, 3600, 7200, 14400, 28800, 28800)


@dataclass(frozen=True)
class Again:
    """What a job answers when it wants to run once more."""

    seconds: float


@dataclass(frozen=True)
class Kind:
    """One kind of durable work: its name, its queue, and what it does."""

    name: str
    queue: str
    run: Callable[..., Again | None]
    waits: tuple[int, ...] = SOON
    give_up: Callable[..., object] = lambda *_args: None  # with the job's arguments, after the last failure


@dataclass(frozen=True)
class Turn:
    """One run of a job: which one, and how often it has been at work and has failed."""

    kind: str
    job: str
    key: str
    args: list[Any]
    number: int = 0
    failures: int = 0


Watch = Callable[[str, str, float], None]  # (kind, outcome, seconds)


class Jobs:
    """The queue of durable work of this process. One per process: DBOS keeps its state in the module."""

    def __init__(
        self, store: Store, url: str, me: str, watch: Watch = lambda _kind, _outcome, _seconds: None
    ) -> None:
        self._store = store
        self._url = url
        self._watch = watch
        self._kinds: dict[str, Kind] = {}
        self._client: Any = None
        self._clock = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": 30}
        )
        # A process takes the work of its own name back at once when it starts. SQLite has one process; in a
        # cluster the others take over the work of a name whose heartbeat stops.
        self.me = EMBEDDED if url.startswith("sqlite") else me

    def launch(self, kinds: Sequence[Kind], every: Mapping[str, int]) -> None:
        """Start working. Call once, after any fork, with every kind of job there is.

        `every`: kinds that the clock starts, and how many seconds lie between two of them in the whole cluster.
        """
        global _jobs
        own = (Kind("tidy", "clock", self._tidy), Kind("janitor", "clock", self._take_over))
        self._kinds = {kind.name: kind for kind in (*kinds, *own)}
        _jobs = self
        if self.me != EMBEDDED:
            self._beat()
        serializer = DBOSPortableJSONSerializer()
        DBOS(
            config={
                "name": "xops",
                "system_database_url": self._url,
                "system_database_engine": self._store.engine_for_jobs,
                "executor_id": self.me,
                "application_version": "1",  # by default a hash of the source: every deploy would strand work
                "serializer": serializer,  # the default is pickle
                "max_executor_threads": 64,
                "log_level": "WARNING",
            }
        )
        DBOS.launch()
        for queue, workers in (("verify", 32), ("tell", 8)):
            DBOS.register_queue(
                queue, worker_concurrency=workers, partition_concurrency=1, polling_interval_sec=0.25
            )
        DBOS.register_queue("clock", worker_concurrency=4, polling_interval_sec=0.5)
        self._client = DBOSClient(
            system_database_url=self._url,
            system_database_engine=self._store.engine_for_jobs,
            serializer=serializer,
            application_name="xops",
        )
        self._start_clock({"tidy": 600, **every})

    def enqueue(
        self, work: Transaction, kind: str, key: str, name: str, *args: Any, delay: float = 0
    ) -> None:
        """Enqueue a job in the caller's transaction.

        `key`: jobs of one key run one after another. `name`: the same name again is the same job and runs once.
        `delay`: seconds. Arguments are stored in clear: ids only, never secrets.
        """
        self._send(work, Turn(kind, f"{kind}:{name}", key, list(args)), delay)

    def close(self) -> None:
        """Stop taking work. What is running goes on at the next start."""
        if self._client is None:
            return
        self._clock.shutdown(wait=False)
        self._client.destroy()
        DBOS.destroy(workflow_completion_timeout_sec=2)

    def _send(self, work: Transaction, turn: Turn, delay: float) -> None:
        kind = self._kinds[turn.kind]
        options: dict[str, Any] = {
            "workflow_name": "xops.job",
            "queue_name": kind.queue,
            "workflow_id": f"{turn.job}~{turn.number}" if turn.number else turn.job,
        }
        if kind.queue != "clock":
            options["queue_partition_key"] = turn.key
        if delay:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(work.connection, options, asdict(turn))

    def run(self, turn: Turn) -> None:
        """Do one job; when it failed or wants another turn, enqueue that."""
        kind, started = self._kinds[turn.kind], time.monotonic()
        again, outcome, failures = None, "done", turn.failures
        try:
            again = kind.run(*turn.args)
            outcome = "again" if again else "done"
        except Exception:
            log.exception("job failed", extra={"job": turn.job, "failures": failures + 1})
            outcome = "failed" if failures < len(kind.waits) else "given up"
            again = Again(kind.waits[failures]) if outcome == "failed" else None
            failures += 1
        self._watch(turn.kind, outcome, time.monotonic() - started)
        if outcome == "given up":
            kind.give_up(*turn.args)
        if again:
            with self._store.system() as work:
                self._send(work, replace(turn, number=turn.number + 1, failures=failures), again.seconds)

    def _start_clock(self, every: Mapping[str, int]) -> None:
        for kind, seconds in every.items():
            self._clock.add_job(self._tick, "interval", seconds=seconds, args=[kind, seconds])
        if self.me != EMBEDDED:
            self._clock.add_job(self._beat, "interval", seconds=BEAT_SECONDS)
            self._clock.add_job(self._tick, "interval", seconds=15, args=["janitor", 15])
        self._clock.start()

    def _tick(self, kind: str, period: int) -> None:
        """Every replica computes the same name for the same period, so the job runs once in the cluster."""
        slot = int(time.time()) // period * period
        with self._store.system() as work:
            self.enqueue(work, kind, kind, str(slot))

    def _beat(self) -> None:
        with self._store.system() as work:
            work.beat(self.me)

    def _take_over(self) -> None:
        """Give the work of replicas that no longer beat back to the queue."""
        with self._store.system() as work:
            live = set(work.live_executors(DEAD_SECONDS))
        for workflow in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            if workflow.executor_id and workflow.executor_id not in live:
                DBOS.resume_workflow(workflow.workflow_id, queue_name=workflow.queue_name)

    def _tidy(self) -> None:
        """Forget finished workflows: nobody else does."""
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - KEEP_FINISHED_SECONDS))
        done = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before,
            limit=500,
            load_input=False,
            load_output=False,
        )
        if done:
            DBOS.delete_workflows([workflow.workflow_id for workflow in done])


_jobs: Jobs | None = None  # DBOS calls module-level functions by name; this is whom they work for


# `run` raises only when the next turn could not be enqueued: then the whole is done once more.
@DBOS.step(name="xops.effect", retries_allowed=True, max_attempts=10, interval_seconds=1, backoff_rate=2)
def _effect(turn: dict[str, Any]) -> None:
    assert _jobs is not None
    _jobs.run(Turn(**turn))


@DBOS.workflow(name="xops.job")
def _job(turn: dict[str, Any]) -> None:
    _effect(turn)
