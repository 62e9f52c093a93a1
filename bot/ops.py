"""The operations port: alive, ready, and numbers. Never reachable from where Slack is; fixed texts only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0)  # seconds


class Metrics:
    """What is counted. Labels hold kinds and outcomes, never people or accounts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "xops_request_seconds", "Answering Slack", ["status"], buckets=STEPS, registry=self.registry
        )
        self._jobs = Histogram(
            "xops_job_seconds", "Background work", ["kind", "outcome"], buckets=STEPS, registry=self.registry
        )
        self._checks = Counter(
            "xops_checks_total", "Verifications by result", ["provider", "health"], registry=self.registry
        )

    def request(self, status: str, seconds: float) -> None:
        """A request of Slack was answered."""
        self._requests.labels(status).observe(seconds)

    def job(self, kind: str, outcome: str, seconds: float) -> None:
        """A job ended: done, again or failed."""
        self._jobs.labels(kind, outcome).observe(seconds)

    def check(self, provider: str, health: str) -> None:
        """A verification ended."""
        self._checks.labels(provider, health).inc()


class Ops:
    """A WSGI application for operators. `ready` answers with what is missing, or nothing."""

    def __init__(self, metrics: Metrics, ready: Callable[[], str]) -> None:
        self._metrics = metrics
        self._ready = ready
        self._started = time.time()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, kind, body = self._answer(environ["PATH_INFO"])
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, path: str) -> tuple[str, str, bytes]:
        plain = "text/plain; charset=utf-8"
        if path == "/healthz":
            return "200 OK", plain, b"alive\n"
        if path == "/readyz":
            missing = self._ready()
            return (
                ("503 Service Unavailable", plain, missing.encode())
                if missing
                else ("200 OK", plain, b"ready\n")
            )
        if path == "/metrics":
            return (
                "200 OK",
                "text/plain; version=0.0.4; charset=utf-8",
                generate_latest(self._metrics.registry),
            )
        return "404 Not Found", plain, b"not found\n"
