"""How checks are run, with checks that need no cloud."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

import pytest

from providers import verify
from providers.aws import MANAGEMENT
from providers.base import Attempt, Check, Ours, Problem, Provider, Report
from providers.problems import NoAnswer, OurMistake, Throttled


class Broken(Problem):
    """{thing} is broken."""

    hint = "Mend it."


def fine(_attempt: Attempt) -> None:
    """All is well"""


def refused(_attempt: Attempt) -> None:
    """The door opens"""
    raise Broken(thing="The door", code="E1", reference="r-1")


def busy(_attempt: Attempt) -> None:
    """There is room"""
    raise Throttled(cloud="AWS")


def worn(attempt: Attempt) -> None:
    """The hinge is new"""
    attempt.warnings.append(Broken(thing="The hinge"))


def mistaken(attempt: Attempt) -> None:
    """The count is right"""
    attempt.warnings.append(Broken(thing="The scale"))
    raise ZeroDivisionError


def provider(*stages: tuple[Check, ...]) -> Provider:
    return replace(MANAGEMENT, stages=stages)


def attempt(seconds: float = 5.0) -> Attempt:
    return Attempt({}, {}, Ours(check_seconds=seconds))


def states(report: Report) -> dict[str, str]:
    return {line.label: line.status for line in report.lines}


def test_each_check_is_a_line_with_its_docstring_as_label() -> None:
    report = verify(provider((fine, worn)), attempt())
    assert states(report) == {"All is well": "ok", "The hinge is new": "warning"}
    assert report.health == "warning"
    assert report.lines[1].notes[0].sentence == "The hinge is broken."


@pytest.mark.parametrize(
    ("check", "status", "health"), [(refused, "failed", "failed"), (busy, "unknown", "unknown")]
)
def test_a_stage_that_does_not_pass_stops_the_next(check: Check, status: str, health: str) -> None:
    def never(_attempt: Attempt) -> None:
        """Later"""
        pytest.fail("it ran")

    report = verify(provider((fine, check), (never,)), attempt())
    assert [line.status for line in report.lines] == ["ok", status, "waiting"]
    assert report.health == health


def test_a_problem_keeps_the_clouds_code_and_reference() -> None:
    (note,) = verify(provider((refused,)), attempt()).lines[0].notes
    assert (note.kind, note.code, note.reference, note.hint) == ("Broken", "E1", "r-1", "Mend it.")


def test_the_checks_of_one_stage_run_side_by_side() -> None:
    together = threading.Barrier(3)

    def one(_attempt: Attempt) -> None:
        """One"""
        together.wait(5)

    def two(_attempt: Attempt) -> None:
        """Two"""
        together.wait(5)

    def three(_attempt: Attempt) -> None:
        """Three"""
        together.wait(5)

    assert verify(provider((one, two, three)), attempt()).health == "healthy"


def test_a_check_without_an_end_is_unknown_and_others_go_on() -> None:
    release = threading.Event()

    def endless(_attempt: Attempt) -> None:
        """It answers"""
        release.wait(30)

    report = verify(provider((endless, fine)), attempt(seconds=0.2))
    release.set()
    assert states(report) == {"It answers": "unknown", "All is well": "ok"}
    assert report.lines[0].notes[0].kind == NoAnswer.__name__
    assert 0.2 <= report.took < 2
    assert report.may_heal


def test_the_limit_counts_from_the_start_of_the_stage() -> None:
    release = threading.Event()

    def endless(_attempt: Attempt) -> None:
        """It answers"""
        release.wait(30)

    def slow(_attempt: Attempt) -> None:
        """It takes its time"""
        time.sleep(0.8)

    report = verify(provider((slow, endless)), attempt(seconds=1.0))
    release.set()
    assert [line.status for line in report.lines] == ["ok", "unknown"]
    assert report.took < 1.6


def test_a_late_answer_changes_nothing() -> None:
    release, ended = threading.Event(), threading.Event()

    def late(attempt: Attempt) -> None:
        """It answers"""
        release.wait(30)
        attempt.facts["late"] = "yes"
        ended.set()

    report = verify(provider((late,)), attempt(seconds=0.05))
    release.set()
    assert ended.wait(5)
    assert (report.lines[0].status, dict(report.facts)) == ("unknown", {})


def test_a_mistake_of_ours_is_unknown_with_a_reference_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        report = verify(provider((mistaken, fine)), attempt())
    line = report.lines[0]
    assert (line.status, report.lines[1].status) == ("unknown", "ok")
    mistake, warning = line.notes
    assert (mistake.kind, mistake.side, warning.sentence) == (
        OurMistake.__name__,
        "ours",
        "The scale is broken.",
    )
    assert mistake.reference
    assert mistake.reference in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_watch_sees_every_change_and_never_two_at_once() -> None:
    seen: list[list[str]] = []
    inside = threading.Lock()

    def watch(report: Report) -> None:
        assert inside.acquire(blocking=False)
        time.sleep(0.01)
        seen.append([line.status for line in report.lines])
        inside.release()

    report = verify(provider((fine, worn, refused), (busy,)), attempt(), watch)
    assert seen[0] == ["waiting"] * 4
    assert len(seen) == 4
    assert seen[-1] == [line.status for line in report.lines] == ["ok", "warning", "failed", "waiting"]


def test_a_report_survives_json() -> None:
    report = verify(provider((worn, refused)), attempt())
    assert Report.from_json(report.as_json()) == report


def test_each_check_answers_for_its_own_warnings_and_shares_what_it_found() -> None:
    def finds(attempt: Attempt) -> None:
        """It finds"""
        attempt.facts["found"] = "1"
        attempt.session["key"] = "k"

    def uses(attempt: Attempt) -> None:
        """It uses"""
        assert attempt.session["key"] == "k"

    report = verify(provider((worn, finds), (uses,)), attempt())
    assert (report.health, dict(report.facts)) == ("warning", {"found": "1"})
    assert [len(line.notes) for line in report.lines] == [1, 0, 0]
