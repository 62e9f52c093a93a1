"""The real bot, started as its users start it: `xops serve` and environment variables, nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from sandbox.ports import free_port

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")  # of this process's environment


class Bot:
    """One `xops serve`. It can be killed and started again on the same database."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port, self.ops_port = free_port(), free_port()
        self._environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **environment,
        }
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where Slack sends."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    def start(self, ready: bool = True) -> None:
        """Start it, and wait until it is ready (or only alive)."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "bot",
                    "serve",
                    "--port",
                    str(self.port),
                    "--ops-port",
                    str(self.ops_port),
                ],
                cwd=self.folder,  # the data directory is ./data
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait("/readyz" if ready else "/healthz")

    def wait(self, path: str = "/readyz", seconds: float = 20) -> None:
        """Wait until this page of the operations port says 200."""
        deadline = time.monotonic() + seconds
        while self.get(path)[0] != 200:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the bot is not ready ({self.get(path)}):\n{self.tail()}")
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, str]:
        """(status, text) of a page of the operations port; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9, now."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def stop(self) -> int:
        """Ask it to end, as a service manager does; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def tail(self, characters: int = 6000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""
