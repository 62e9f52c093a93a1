"""Running a provider's checks. Nothing here knows a cloud, and nothing here retries."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from providers.base import Attempt, Check, Line, Problem, Provider, Report, Status
from providers.problems import NoAnswer, OurMistake

log = logging.getLogger(__name__)

Watch = Callable[[Report], None]


def verify(provider: Provider, attempt: Attempt, watch: Watch = lambda _report: None) -> Report:
    """Run the checks: stage after stage, those of one stage side by side; the result of each is a line.

    A check that raises is failed, or unknown if there was no answer to judge by; so is one that has not
    ended after `attempt.ours.check_seconds` seconds: its thread is left behind and its late answer is lost.
    A line that is failed or unknown stops the stages after it; their lines stay waiting. `watch` gets the
    report so far at the start and after each change, in the calling thread; what it raises ends verify.
    """
    run = _Run(provider, attempt, watch)
    for stage in provider.stages:
        run.stage(stage)
        if any(run.lines[check].status in ("failed", "unknown") for check in stage):
            break
    return run.report()


@dataclass(frozen=True)
class _Outcome:
    check: Check
    problem: Problem | None
    warnings: tuple[Problem, ...]

    @property
    def status(self) -> Status:
        if self.problem:
            return "unknown" if self.problem.transient else "failed"
        return "warning" if self.warnings else "ok"


class _Run:
    def __init__(self, provider: Provider, attempt: Attempt, watch: Watch) -> None:
        self.lines = {check: Line(_label(check)) for stage in provider.stages for check in stage}
        self._cloud, self._attempt, self._watch = provider.family, attempt, watch
        self._started, self._clock = time.time(), time.monotonic()
        watch(self.report())

    def report(self) -> Report:
        took = time.monotonic() - self._clock
        return Report(tuple(self.lines.values()), dict(self._attempt.facts), self._started, took)

    def stage(self, checks: tuple[Check, ...]) -> None:
        ended: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        deadline = time.monotonic() + self._attempt.ours.check_seconds
        waiting = dict.fromkeys(checks)
        for check in checks:
            work = (check, self._attempt.for_one_check(), ended)
            threading.Thread(target=_run, args=work, name=f"check: {_label(check)}", daemon=True).start()
        while waiting:
            try:
                outcome = ended.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                break
            del waiting[outcome.check]
            self._note(outcome)
        for check in waiting:
            self._note(_Outcome(check, NoAnswer(cloud=self._cloud), ()))

    def _note(self, outcome: _Outcome) -> None:
        found = (outcome.problem, *outcome.warnings) if outcome.problem else outcome.warnings
        line = self.lines[outcome.check]
        notes = tuple(problem.note() for problem in found)
        self.lines[outcome.check] = replace(line, status=outcome.status, notes=notes)
        self._watch(self.report())


def _run(check: Check, attempt: Attempt, ended: queue.SimpleQueue[_Outcome]) -> None:
    problem: Problem | None = None
    try:
        check(attempt)
    except Problem as refusal:
        problem = refusal
    except Exception as error:  # a check's mistake is one unknown line, never a lost report
        problem = OurMistake(code=type(error).__name__, reference=secrets.token_hex(6))
        log.error("check failed: %s, reference %s", _label(check), problem.reference, exc_info=error)
    ended.put(_Outcome(check, problem, tuple(attempt.warnings)))


def _label(check: Check) -> str:
    return (check.__doc__ or "").strip().partition("\n")[0]
