"""What a provider is: a value made of data and small check functions.

No bot, no store, no Slack and no cloud SDK here; running the checks is `providers.verify`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from providers.report import Health as Health
from providers.report import Line as Line
from providers.report import Note as Note
from providers.report import Report as Report
from providers.report import Side as Side
from providers.report import Status as Status
from providers.report import fill as fill


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
