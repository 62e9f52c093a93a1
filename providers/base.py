"""What a provider is: a value made of data and small check functions.

No bot, no store, no Slack and no cloud SDK here; running the checks is `providers.verify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

Side = Literal["yours", "ours", "cloud"]
Health = Literal["healthy", "warning", "failed", "unknown"]


@dataclass(frozen=True)
class Ours:
    """What is true of this installation of XOps and never comes from a customer."""

    principal_arn: str = ""  # the AWS identity that customers trust; empty: ask AWS who we are
    template_url: str = ""  # S3 address of the CloudFormation template; empty: it is sent as a file
    partition: str = "aws"
    check_seconds: float = 15.0  # a check that has not ended by then is answered with "unknown"


class Problem(Exception):
    """This did not work."""

    # The docstring is the sentence a person reads; it and the hint may name facts: "{action} is missing."
    hint: ClassVar[str] = "Check again; if it stays, ask support and give the reference below."
    side: ClassVar[Side] = "yours"
    transient: ClassVar[bool] = False  # there was no answer to judge by: the result is unknown, not failed
    heals: ClassVar[bool] = False  # a refusal that a young role, consent or certificate often outgrows
    link: ClassVar[str] = ""
    fix: ClassVar[str] = ""  # text to copy: a command or a document; may name facts
    instead: ClassVar[str] = ""  # key of the provider that fits: this account is of another kind

    def __init__(self, *, code: str = "", reference: str = "", **facts: str) -> None:
        self.code = code  # the cloud's own word for it
        self.reference = reference  # the cloud's request or correlation id
        self.facts = facts
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return fill(" ".join((type(self).__doc__ or "").split()), self.facts)

    def note(self) -> Note:
        """The problem as data, to be stored and shown later."""
        return Note(
            kind=type(self).__name__,
            sentence=self.sentence,
            hint=fill(self.hint, self.facts),
            fix=fill(self.fix, self.facts),
            side=self.side,
            transient=self.transient,
            heals=self.heals,
            link=self.link,
            code=self.code,
            reference=self.reference,
            instead=self.instead,
        )


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


class Invalid(ValueError):
    """The text in a field cannot be right; its message is the sentence shown next to the field."""


@dataclass(frozen=True)
class Field:
    """One thing a person is asked for."""

    name: str
    label: str
    example: str
    pattern: str  # ASCII, matched against the whole trimmed text
    invalid: str  # the sentence when nothing more precise can be said
    hint: str = ""
    slips: tuple[tuple[str, str], ...] = ()  # (pattern found in it, its own sentence), first match wins
    forbidden: Callable[[str, Ours], str] = lambda _text, _ours: ""  # a sentence, or nothing

    def read(self, typed: str, ours: Ours) -> str:
        """The value, trimmed. Raises Invalid with one sentence.

        Where `ours.principal_arn` is empty the caller puts the prepared principal there.
        """
        text = typed.strip(" \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff")
        for pattern, sentence in self.slips:
            if re.search(pattern, text, re.ASCII | re.IGNORECASE):
                raise Invalid(sentence)
        if not re.fullmatch(self.pattern, text, re.ASCII):
            raise Invalid(self.invalid)
        if sentence := self.forbidden(text, ours):
            raise Invalid(sentence)
        return text


@dataclass(frozen=True)
class Step:
    """One step of the guide. Texts may name prepared values: `{external_id}`."""

    title: str
    text: str
    link: str = ""
    command: str = ""
    why: str = ""
    optional: bool = False


@dataclass(frozen=True)
class File:
    """A file to send to the person. Never secret."""

    name: str
    content: str
    title: str


@dataclass
class Attempt:
    """One verification: what was answered and prepared goes in, what was found comes out."""

    answers: Mapping[str, str]
    prepared: Mapping[str, str]
    ours: Ours
    linked: Mapping[str, Collection[str]] = field(
        default_factory=dict
    )  # provider key -> identities linked here
    facts: dict[str, str] = field(default_factory=dict)  # shown to people: "AWS account" -> "123456789012"
    accounts: list[dict[str, str]] = field(default_factory=list)
    subscriptions: list[dict[str, str]] = field(default_factory=list)
    session: dict[str, Any] = field(default_factory=dict)  # credentials of this attempt; never stored
    warnings: list[Problem] = field(default_factory=list)

    def for_one_check(self) -> Attempt:
        """The same attempt with an empty list of warnings, so that each check answers for its own."""
        return replace(self, warnings=[])


Check = Callable[[Attempt], None]


@dataclass(frozen=True)
class Provider:
    """A kind of account that can be linked."""

    key: str
    name: str  # "AWS Management Account"
    family: str  # the card on the first screen: "AWS"
    kind: str  # the choice within the family: "Management Account"
    heading: str  # "Link a New AWS Account"
    name_label: str  # "AWS Account Name"
    prepare: Callable[[Ours], dict[str, str]]  # may ask the cloud; raises Problem
    guide: tuple[Step, ...]
    fields: tuple[Field, ...]
    stages: tuple[tuple[Check, ...], ...]
    identity: Callable[[Mapping[str, str]], str]  # answers -> what makes this account the same account
    retry_after: tuple[int, ...]  # seconds between tries while a refusal may heal
    shown: tuple[tuple[str, str], ...] = ()  # (prepared value, label): shown on the form to copy
    launch: Callable[[Mapping[str, str], Ours], str] = lambda _prepared, _ours: ""  # a link
    launch_label: str = ""
    file: Callable[[Mapping[str, str]], File | None] = lambda _prepared: None  # the setup as a file
    file_label: str = ""
    after: str = ""  # key of the provider that must be linked first
    after_reason: str = ""  # the sentence that says so
    single: bool = False  # at most one in a workspace
    deletable: bool = True  # else only support deletes it
    removal: str = ""  # what the customer should remove on their side after deleting, one sentence


Status = Literal["waiting", "ok", "warning", "failed", "unknown"]


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
