"""MiniStack as a child process: only on 127.0.0.1, checking signatures and policies, its files in a temp dir."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_START_SECONDS = 30.0  # it needs 0.4 s; a loaded machine more


class MiniStack:
    """One MiniStack. `address` is set while it runs."""

    def __init__(self) -> None:
        self.address = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._files: tempfile.TemporaryDirectory[str] | None = None

    def start(self) -> None:
        """Start it and wait until it listens. Raises RuntimeError with its log if it does not."""
        self._files = tempfile.TemporaryDirectory(prefix="xops-ministack-")
        log = Path(self._files.name) / "log"
        for _ in range(3):  # another process may take the free port before MiniStack does
            port = _free_port()
            with log.open("wb") as out:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "ministack"],
                    env=_environment(port, self._files.name),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            if self._listens(port):
                self.address = f"http://127.0.0.1:{port}"
                return
        text = log.read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"MiniStack did not start:\n{text}")

    def stop(self) -> None:
        """End it and remove its files. Does nothing if it does not run."""
        self.address = ""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._files is not None:
            self._files.cleanup()
            self._files = None

    def _listens(self, port: int) -> bool:
        assert self._process is not None
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            time.sleep(0.02)
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int, directory: str) -> dict[str, str]:
    """Nothing of ours but the way to Python: no AWS_*, and no Docker, whose containers it would tidy up."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return kept | {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",  # its default is every interface
        "DOCKER_HOST": f"unix://{directory}/no-docker",
        "GATEWAY_PORT": str(port),
        "HOME": directory,
        "IOT_MTLS_ENABLED": "0",  # else it opens port 8883 on every interface
        "LOG_LEVEL": "WARNING",
        "S3_DATA_DIR": f"{directory}/s3",
        "SFTP_ENABLED": "0",
        "STATE_DIR": f"{directory}/state",
        "TMPDIR": directory,
    }
