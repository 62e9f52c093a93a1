"""Setting an account up, as the person does it: begin, connect, replace, check again, change, stop.

Use-cases only: no Slack, no words for screens. What is in the database decides; Slack carries an opaque id.
What the checks lead to is in `linking`.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot import answers, names
from bot.answers import NAME
from bot.jobs import Jobs
from bot.people import Act, Groups, is_fresh, may
from bot.refusals import ComesLater, FieldErrors, Gone, NotAllowed, OnlyOne
from providers import Family
from providers.base import Ours, Provider, Report
from store import Conflict, Draft, Person, Store, Work

CLOSED = ("done", "stopped", "expired")  # what was prepared for these is destroyed
YOUNG = timedelta(seconds=5)


@dataclass(frozen=True)
class Setup:
    """A setup as it stands: the draft's row with its provider, detached from the database."""

    id: str
    workspace_id: str
    user_id: str
    provider: Provider
    state: str
    revision: int
    attempt: int
    name: str
    answers: Mapping[str, str]
    prepared: Mapping[str, str]
    report: Report | None
    screen: str
    card: tuple[str, str] | None  # channel and ts of the message that tells about it
    trying_until: datetime | None
    updated_at: datetime
    linked_as: str = ""  # the name of the linked account that is the same one
    instead: Provider | None = None  # the kind that fits what the checks found

    @property
    def is_young(self) -> bool:
        """Whether Slack may still be applying our answer to the last press."""
        return self.updated_at > datetime.now(UTC) - YOUNG


class Setups:
    """What people do with setups in progress."""

    def __init__(
        self, store: Store, jobs: Jobs, providers: Mapping[str, Provider], ours: Ours, groups: Groups
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._providers = providers
        self._ours = ours
        self._groups = groups

    def offers(self, person: Person, family: Family) -> list[tuple[str, str, str]]:
        """What the family holds now: (label, provider key or "", why it cannot be chosen). Raises NotAllowed."""
        self._may_link(person)
        with self._store.begin(person.workspace_id) as work:
            found = []
            for kind in family.kinds:
                provider = self._providers.get(kind.key)
                if provider is None:
                    found.append((kind.label, "", kind.later))
                elif provider.single and work.count_accounts(kind.key):
                    continue
                elif provider.after and not work.count_accounts(provider.after):
                    found.append((kind.label, "", provider.after_reason))
                else:
                    found.append((kind.label, kind.key, ""))
            return found

    def begin(self, person: Person, key: str, screen: str) -> Setup:
        """The person's open setup of this kind, or a new one with everything prepared.

        Raises NotAllowed, Gone, ComesLater, OnlyOne, or the Problem that stopped the preparation.
        """
        self._may_link(person)
        provider = self._providers.get(key)
        if provider is None:
            raise Gone
        with self._store.begin(person.workspace_id) as work:
            self._admit(work, provider)
            draft = work.open_draft(person.user_id, key)
            if draft is not None:
                draft.screen = screen
                return self.as_setup(work, draft)
        prepared = provider.prepare(self._ours)
        with self._store.begin(person.workspace_id) as work:
            before = work.open_draft(person.user_id, key)  # another window may have been quicker
            draft = before or work.begin_draft(person.user_id, key, state="prepared", prepared=prepared)
            draft.screen = screen
            if before is None:
                work.audit("XS001I", "setup.begun", actor=person.user_id, target=("draft", draft.id))
            return self.as_setup(work, draft)

    def resume(self, person: Person, setup_id: str, screen: str) -> Setup:
        """The setup as it stands, from now on shown in this screen. Raises Gone."""
        with self._store.begin(person.workspace_id) as work:
            draft = mine(work, person.user_id, setup_id)
            draft.screen = screen
            return self.as_setup(work, draft)

    def look(self, workspace_id: str, setup_id: str, user_id: str = "") -> Setup:
        """The setup as it stands, of this person if one is named. Raises Gone."""
        with self._store.begin(workspace_id) as work:
            draft = work.draft(setup_id)
            if draft is None or (user_id and draft.user_id != user_id):
                raise Gone
            return self.as_setup(work, draft)

    def open_of(self, work: Work, user_id: str) -> list[Setup]:
        """The person's setups in progress."""
        return [self.as_setup(work, draft) for draft in work.drafts_of(user_id)]

    def ask_for_file(self, work: Work, user_id: str, setup_id: str, request_key: str) -> None:
        """Have the setup's file sent to the person's messages. Raises Gone."""
        draft = mine(work, user_id, setup_id)
        self._jobs.enqueue(work, "file", draft.id, request_key, work.workspace_id, draft.id)

    def connect(
        self, work: Work, user_id: str, setup_id: str, typed: Mapping[str, str], screen: str
    ) -> Setup:
        """Take the answers and start checking. Raises FieldErrors, NotAllowed, OnlyOne, Gone.

        With `linked_as` set nothing was started: the account is linked already, and may be replaced.
        """
        draft = mine(work, user_id, setup_id)
        if draft.state == "prepared":  # else it was pressed twice, or in another window
            self._may_still_link(work, user_id)
            provider = self._providers[draft.provider]
            draft.name, draft.answers = answers.read(provider, typed, self._ours_for(work.prepared(draft)))
            same = work.account_by_identity(provider.key, provider.identity(draft.answers))
            if same is not None:
                draft.screen = screen
                return replace(self.as_setup(work, draft), linked_as=same.name)
            self._admit(work, provider)
            draft.replaces = draft.card_channel = draft.card_ts = None  # one card per Connect
            self._check(work, draft, screen)
        draft.screen = screen
        return self.as_setup(work, draft)

    def replace_access(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Check the new access; it takes over the linked account only when it is verified."""
        draft = mine(work, user_id, setup_id)
        if draft.state == "prepared" and draft.answers:
            self._may_still_link(work, user_id)
            provider = self._providers[draft.provider]
            same = work.account_by_identity(provider.key, provider.identity(draft.answers))
            draft.replaces = same.id if same else None
            self._check(work, draft, screen)
        return self.as_setup(work, draft)

    def check_again(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Check now, with the answers as they are; without effect while a check runs."""
        draft = mine(work, user_id, setup_id)
        waits = draft.state == "prepared" or (draft.state == "checking" and draft.trying_until is not None)
        if waits and draft.answers:
            self._may_still_link(work, user_id)
            self._check(work, draft, screen)
        return self.as_setup(work, draft)

    def switch(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Go on as the kind that fits what the checks found, with the same answers."""
        draft = mine(work, user_id, setup_id)
        fitting = self._fitting(work, draft)
        if draft.state == "prepared" and fitting is not None:
            self._may_still_link(work, user_id)
            other = work.open_draft(user_id, fitting.key)
            if other is not None:
                work.close_draft(other, "stopped")
            draft.provider, draft.replaces = fitting.key, None
            draft.card_channel = draft.card_ts = None
            self._check(work, draft, screen)
        draft.screen = screen
        return self.as_setup(work, draft)

    def change(self, work: Work, user_id: str, setup_id: str) -> Setup:
        """Back to the form, with the answers kept; tries under way end without effect."""
        return self._halt(work, user_id, setup_id, "XS003I", "setup.changed")

    def stop(self, work: Work, user_id: str, setup_id: str) -> Setup:
        """Try no longer. The prepared values and the answers stay."""
        return self._halt(work, user_id, setup_id, "XS004I", "setup.stopped")

    def set_card(self, setup: Setup, channel: str, ts: str) -> None:
        """Remember the message that tells about this Connect."""
        with self._store.begin(setup.workspace_id) as work:
            draft = work.draft(setup.id, lock=True)
            if draft is not None and draft.card_ts is None:
                draft.card_channel, draft.card_ts = channel, ts

    def plan(self, work: Work, draft: Draft, delay: float) -> None:
        """Enqueue the next attempt; `delay` in seconds."""
        name = f"{draft.id}:{draft.revision}:{draft.attempt}"
        args = (draft.workspace_id, draft.id, draft.revision, draft.attempt)
        self._jobs.enqueue(work, "verify", draft.id, name, *args, delay=delay)

    def tell(self, work: Work, draft: Draft) -> None:
        """Enqueue the message about where the setup stands."""
        name = f"{draft.id}:{draft.revision}:{draft.attempt}:{draft.state}"
        self._jobs.enqueue(work, "tell", draft.id, name, draft.workspace_id, draft.id)

    def as_setup(self, work: Work, draft: Draft) -> Setup:
        """The row as a value."""
        return Setup(
            id=draft.id,
            workspace_id=draft.workspace_id,
            user_id=draft.user_id,
            provider=self._providers[draft.provider],
            state=draft.state,
            revision=draft.revision,
            attempt=draft.attempt,
            name=draft.name,
            answers=dict(draft.answers),
            prepared={} if draft.state in CLOSED else work.prepared(draft),
            report=Report.from_json(draft.report) if draft.report else None,
            screen=draft.screen or "",
            card=(draft.card_channel, draft.card_ts) if draft.card_channel and draft.card_ts else None,
            trying_until=draft.trying_until,
            updated_at=draft.updated_at,
            instead=self._fitting(work, draft),
        )

    def linked(self, workspace_id: str) -> dict[str, list[str]]:
        """The identities that are linked, by provider."""
        with self._store.begin(workspace_id) as work:
            found: dict[str, list[str]] = {}
            for account in work.accounts():
                found.setdefault(account.provider, []).append(account.identity)
            return found

    def _admit(self, work: Work, provider: Provider) -> None:
        if provider.after and not work.count_accounts(provider.after):
            raise ComesLater(reason=provider.after_reason)
        if provider.single and (linked := work.accounts(provider.key)):
            raise OnlyOne(name=provider.name, linked=linked[0].name)

    def _fitting(self, work: Work, draft: Draft) -> Provider | None:
        """The kind that the checks found to fit, if it can be linked now."""
        if draft.state != "prepared" or not draft.report:
            return None
        notes = [note for line in Report.from_json(draft.report).lines for note in line.notes]
        provider = next((self._providers.get(note.instead) for note in notes if note.instead), None)
        if provider is None or provider.family != self._providers[draft.provider].family:
            return None
        with contextlib.suppress(ComesLater, OnlyOne):
            self._admit(work, provider)
            return provider
        return None

    def _may_link(self, person: Person) -> None:
        if not may(person, Act.LINK, self._groups):
            raise NotAllowed

    def _may_still_link(self, work: Work, user_id: str) -> None:
        """What is known of the person decides if it is fresh; otherwise the job asks Slack and decides."""
        person = work.person(user_id)
        if person is not None and is_fresh(person):
            self._may_link(person)

    def _ours_for(self, prepared: Mapping[str, str]) -> Ours:
        """As this setup was prepared for: whom the customer trusts may have been asked of the cloud."""
        return replace(self._ours, principal_arn=self._ours.principal_arn or prepared.get("principal", ""))

    def _check(self, work: Work, draft: Draft, screen: str) -> None:
        self._reserve(work, draft)
        draft.state, draft.revision, draft.attempt = "checking", draft.revision + 1, 0
        draft.trying_until, draft.report, draft.screen = None, None, screen
        self.plan(work, draft, delay=0)
        work.audit("XS002I", "setup.checking", actor=draft.user_id, target=("draft", draft.id))

    def _reserve(self, work: Work, draft: Draft) -> None:
        replaced = work.account(draft.replaces) if draft.replaces else None
        if replaced and names.key(replaced.name) == names.key(draft.name):
            return
        try:
            work.reserve_name(names.key(draft.name), draft.id)
        except Conflict:
            raise FieldErrors({NAME: "Another account has this name; choose a different one."}) from None

    def _halt(self, work: Work, user_id: str, setup_id: str, code: str, action: str) -> Setup:
        draft = mine(work, user_id, setup_id)
        if draft.state == "checking":
            draft.state, draft.revision, draft.trying_until = "prepared", draft.revision + 1, None
            work.free_name(draft.id)
            self.tell(work, draft)
            work.audit(code, action, actor=user_id, target=("draft", draft.id))
        return self.as_setup(work, draft)


def mine(work: Work, user_id: str, setup_id: str) -> Draft:
    """The person's own draft, locked. Raises Gone for anybody else's too."""
    draft = work.draft(setup_id, lock=True)
    if draft is None or draft.user_id != user_id:
        raise Gone
    return draft


def new_screen() -> str:
    """A name for a modal, unique in the workspace."""
    return "xops-" + secrets.token_urlsafe(18)
