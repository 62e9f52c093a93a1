"""What a verification found, as data: lines, notes, health. Raising a Problem and running checks is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Side = Literal["yours", "ours", "cloud"]
Health = Literal["healthy", "warning", "failed", "unknown"]
Status = Literal["waiting", "ok", "warning", "failed", "unknown"]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into `{named}` places; braces that name no value stay as they are (JSON has many)."""
    return re.sub(r"\{([a-z_]+)\}", lambda m: values.get(m[1], m[0]), text)


@dataclass(frozen=True)
class Note:
    """A Problem as data."""

    kind: str
    sentence: str
    hint: str
    fix: str
    side: Side
    transient: bool
    heals: bool
    link: str
    code: str
    reference: str
    instead: str = ""


@dataclass(frozen=True)
class Line:
    """One check and how it ended. `waiting`: it has not run."""

    label: str
    status: Status = "waiting"
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Report:
    """What a verification found."""

    lines: tuple[Line, ...]
    facts: Mapping[str, str]
    started: float  # seconds since 1970, UTC
    took: float  # seconds

    @property
    def health(self) -> Health:
        """The whole in one word. A check that did not run or gave no answer is never green."""
        statuses = {line.status for line in self.lines}
        if "failed" in statuses:
            return "failed"
        if statuses & {"unknown", "waiting"} or not statuses:
            return "unknown"
        return "warning" if "warning" in statuses else "healthy"

    @property
    def may_heal(self) -> bool:
        """Every failure is one that time often mends, or one where there was no answer at all."""
        notes = [n for line in self.lines if line.status in ("failed", "unknown") for n in line.notes]
        return bool(notes) and all(note.heals or note.transient for note in notes)

    def hidden(self, prepared: Mapping[str, str]) -> Report:
        """For storage: what was prepared for one setup stands there by its name only."""
        return self._with_texts(lambda text: _hide(text, prepared))

    def shown_with(self, prepared: Mapping[str, str]) -> Report:
        """For a screen: the prepared values in their places again."""
        return self._with_texts(lambda text: fill(text, prepared))

    def _with_texts(self, change: Callable[[str], str]) -> Report:
        def changed(note: Note) -> Note:
            return replace(note, sentence=change(note.sentence), hint=change(note.hint), fix=change(note.fix))

        lines = tuple(replace(line, notes=tuple(map(changed, line.notes))) for line in self.lines)
        return replace(self, lines=lines)

    def and_then(self, line: Line) -> Report:
        """The same with one more line."""
        return replace(self, lines=(*self.lines, line))

    def as_json(self) -> dict[str, Any]:
        """For a JSON column; `from_json` reads it back."""
        return {
            "lines": [{**vars(line), "notes": [vars(note) for note in line.notes]} for line in self.lines],
            "facts": dict(self.facts),
            "started": self.started,
            "took": self.took,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Report:
        """The report that `as_json` wrote."""
        lines = tuple(
            Line(row["label"], row["status"], tuple(Note(**note) for note in row["notes"]))
            for row in data["lines"]
        )
        return Report(lines, data["facts"], data["started"], data["took"])


def _hide(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        if value:
            text = text.replace(value, f"{{{name}}}")
    return text
