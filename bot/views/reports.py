"""How a verification reads: one line a check, what is wrong on whose side, and the one fix. No I/O."""

from __future__ import annotations

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


def lines(report: Report) -> list[Block]:
    """The checks of a report, each with what it found."""
    blocks: list[Block] = []
    for line in report.lines:
        blocks.append(section(f"{MARKS[line.status]} {esc(line.label)}: {WORDS[line.status]}"))
        for note in line.notes:
            blocks.extend(problem(note))
    return blocks


def problem(note: Note) -> list[Block]:
    """One problem: what happened, whose side, one fix."""
    text = f"*{esc(note.sentence)}*\n{SIDES[note.side]}: {esc(note.hint)}"
    if note.link:
        text += f" <{note.link}|Read more>"
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


def facts(found: dict[str, str]) -> str:
    """What was found about an account, one line each, as mrkdwn."""
    return "\n".join(f"*{esc(name)}:* {esc(value)}" for name, value in found.items())


def words(report: Report) -> str:
    """The report as plain sentences, for the top-level text of a message."""
    said = []
    for line in report.lines:
        said.append(_line_words(line))
    return " ".join(said)


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
