"""A PostgreSQL server for one run of the tests, which may be frozen or killed without hurting anybody."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from sandbox.ports import free_port


class Postgres:
    """One server on a free port, trusting everybody on the loopback, in a folder that goes with it."""

    def __init__(self) -> None:
        self.port = free_port()
        self._home = Path(tempfile.mkdtemp(prefix="xops-postgres-"))
        self._bin = _programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        if os.getuid() == 0:
            shutil.chown(self._home, "postgres", "postgres")
        self._run(
            "initdb", "-D", f"{self._home}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        command = [
            f"{self._bin}/postgres",
            "-D",
            f"{self._home}/data",
            "-p",
            str(self.port),
            "-k",
            "",
            "-h",
            "127.0.0.1",
        ]
        command += ["-c", "max_connections=300"]
        log = (self._home / "log").open("wb")
        self._process = subprocess.Popen(
            [*_as_postgres(), *command], stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self._wait()

    def database(self) -> str:
        """A new empty database; its address."""
        self._count += 1
        name = f"xops_{self._count}"
        with self._admin() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def freeze(self) -> None:
        """Stop every process of the server where it stands; connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it and remove its folder."""
        if self._process is not None:
            self._signal(signal.SIGCONT)
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
        shutil.rmtree(self._home, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        for pid in _family(self._process.pid):
            with contextlib.suppress(ProcessLookupError):  # a worker that just ended
                os.kill(pid, number)

    def _admin(self) -> sa.Connection:
        engine = sa.create_engine(
            f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres",
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
        )
        return engine.connect()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                self._admin().close()
                return
            except sa.exc.OperationalError:
                if time.monotonic() > deadline:
                    raise RuntimeError((self._home / "log").read_text()) from None
                time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*_as_postgres(), f"{self._bin}/{program}", *arguments], check=True, capture_output=True
        )


def _programs() -> str:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    path = found[-1] if found else shutil.which("postgres")
    if not path:
        raise RuntimeError("PostgreSQL's programs are missing; on Debian: apt-get install postgresql")
    return os.path.dirname(path)


def _as_postgres() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def _family(pid: int) -> list[int]:
    """The process and its children. `setpriv` becomes the server itself, so children are its workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(int(child) for child in children)]
