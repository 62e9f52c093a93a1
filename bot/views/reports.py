"""How a verification reads: one line a check, what is wrong on whose side, and the one fix. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.views import Block, context, copyable, esc, section
from providers.base import Line, Note, Report

MARKS = {
    "waiting": ":white_circle:",
    "ok": ":white_check_mark:",
    "warning": ":warning:",
    "failed": ":x:",
    "unknown": ":grey_question:",
}
WORDS = {
    "waiting": "not checked yet",
    "ok": "ok",
    "warning": "warning",
    "failed": "failed",
    "unknown": "no answer",
}
HEALTH = {
    "healthy": ":large_green_circle: Healthy",
    "warning": ":large_yellow_circle: Warning",
    "failed": ":red_circle: Failed",
    "unknown": ":white_circle: Unknown",
}
SIDES = {"yours": "On your side", "ours": "On our side", "cloud": "On the cloud's side"}


def checks(report: Report, *, running: bool = False) -> list[Block]:
    """The checks of a report, one line each. Those that wait are named only while they still come."""
    shown = [line for line in report.lines if running or line.status != "waiting"]
    said = [f"{MARKS[line.status]} {esc(line.label)}: {WORDS[line.status]}" for line in shown]
    blocks = [section("\n".join(said))] if said else []
    if left := len(report.lines) - len(shown):
        more = "1 more check follows" if left == 1 else f"{left} more checks follow"
        blocks.append(context(f"{more} once this works."))
    return blocks


def problems(report: Report) -> list[Block]:
    """Everything that is wrong: what happened, whose side, one fix."""
    return [
        block for line in report.lines for note in line.notes for block in problem(note, MARKS[line.status])
    ]


def problem(note: Note, mark: str) -> list[Block]:
    """One problem, after the mark of the check that found it."""
    text = f"{mark} *{esc(note.sentence)}*\n*{SIDES[note.side]}:* {esc(note.hint)}"
    if note.link:
        text += f" <{note.link}|{_where(note.link)}>"
    blocks = [section(text)]
    if note.fix:
        blocks.append(copyable(note.fix))
    said = [
        f"{label} {esc(value)}"
        for label, value in (("code", note.code), ("reference", note.reference))
        if value
    ]
    if said:
        blocks.append(context("Answer of the cloud: " + ", ".join(said)))
    return blocks


def _where(link: str) -> str:
    return "Read more" if link.startswith(("https://docs.", "https://learn.")) else "Open the console"


def facts(found: Mapping[str, str]) -> list[str]:
    """What was found about an account, as mrkdwn."""
    return [f"*{esc(name)}:* {esc(value)}" for name, value in found.items()]


def words(report: Report) -> str:
    """The report as plain sentences, for the top-level text of a message."""
    return " ".join(_line_words(line) for line in report.lines if line.status != "waiting")


def _line_words(line: Line) -> str:
    notes = " ".join(f"{note.sentence} {SIDES[note.side]}: {note.hint}" for note in line.notes)
    return f"{line.label}: {WORDS[line.status]}. {notes}".strip()


def clock_time(moment: datetime) -> str:
    """A time of day in the reader's own time zone, as mrkdwn."""
    moment = moment.astimezone(UTC)
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment:%H:%M} UTC>"


def date_time(moment: datetime) -> str:
    """A date and time in the reader's own time zone, as mrkdwn."""
    moment = moment.astimezone(UTC)
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"
