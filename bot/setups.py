"""Setting an account up, as the person does it: begin, connect, replace, check again, change, stop.

Use-cases only: no Slack, no words for screens. What is in the database decides; Slack carries an opaque id.
What the checks lead to is in `linking`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from bot import answers, names
from bot.answers import NAME
from bot.gates import Gates, Offer
from bot.jobs import Jobs
from bot.refusals import Expired, FieldErrors, Gone, NotAllowed
from bot.setup import Setup as Setup
from bot.setup import read
from providers import Family
from providers.base import Ours, Provider
from store import Conflict, Draft, Person, Store, Work


class Setups:
    """What people do with setups in progress."""

    def __init__(
        self, store: Store, jobs: Jobs, providers: Mapping[str, Provider], ours: Ours, gates: Gates
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._providers = providers
        self._ours = ours
        self._gates = gates

    def offers(self, person: Person, family: Family) -> list[Offer]:
        """What the family holds now. Raises NotAllowed."""
        self._gates.may_link(person)
        with self._store.begin(person.workspace_id) as work:
            return self._gates.offers(work, family)

    def begin(self, person: Person, key: str, screen: str) -> Setup:
        """The person's open setup of this kind, or a new one with everything prepared.

        Raises NotAllowed, Gone, ComesLater, OnlyOne, or the Problem that stopped the preparation.
        """
        self._gates.may_link(person)
        provider = self._providers.get(key)
        if provider is None:
            raise Gone
        with self._store.begin(person.workspace_id) as work:
            self._gates.admit(work, provider)
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
        """Take the answers and start checking. Raises FieldErrors, NotAllowed, ComesLater, OnlyOne, Gone, Expired.

        With `linked_as` set nothing was started: the account is linked already, and may be replaced.
        """
        draft = mine(work, user_id, setup_id)
        self._gates.may_still_link(work, user_id)
        provider = self._providers[draft.provider]
        answered = answers.read(provider, typed, self._ours_for(work.prepared(draft)))
        draft.screen = screen
        if draft.state == "prepared":
            (draft.name, draft.answers), draft.replaces = answered, None
            draft.card_channel = draft.card_ts = None  # one card per Connect
            if self._gates.same(work, draft) is None:
                self._check(work, draft, screen)
        elif answered != (draft.name, dict(draft.answers)):  # else it was pressed twice
            raise FieldErrors(
                {NAME: "A check with other answers is under way. Close this form and press Resume."}
            )
        return self.as_setup(work, draft)

    def replace_access(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Check the new access; it takes over the linked account only when it is verified. Raises NotAllowed."""
        draft = mine(work, user_id, setup_id)
        same = self._gates.same(work, draft)
        if same is not None:
            self._gates.may_still_link(work, user_id)
            if not self._gates.may_replace(work, user_id, same):
                raise NotAllowed
            draft.replaces = same.id
            self._check(work, draft, screen)
        return self.as_setup(work, draft)

    def check_again(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Check now, with the answers as they are; without effect while a check runs."""
        draft = mine(work, user_id, setup_id)
        waits = draft.state == "prepared" or (draft.state == "checking" and draft.trying_until is not None)
        if waits and draft.answers and self._gates.same(work, draft) is None:
            self._gates.may_still_link(work, user_id)
            self._check(work, draft, screen)
        return self.as_setup(work, draft)

    def switch(self, work: Work, user_id: str, setup_id: str, screen: str) -> Setup:
        """Go on as the kind that fits what the checks found, with the same answers."""
        draft = mine(work, user_id, setup_id)
        fitting = self._gates.fitting(work, draft)
        if fitting is not None:
            self._gates.may_still_link(work, user_id)
            other = work.open_draft(user_id, fitting.key)
            if other is not None:
                work.close_draft(other, "stopped")
            draft.provider, draft.replaces = fitting.key, None
            draft.card_channel = draft.card_ts = None
            if self._gates.same(work, draft) is None:
                self._check(work, draft, screen)
        draft.screen = screen
        return self.as_setup(work, draft)

    def change(self, work: Work, user_id: str, setup_id: str) -> Setup:
        """Back to the form, with the answers kept; tries under way end without effect."""
        return self._halt(work, user_id, setup_id, "XS003I", "setup.changed")

    def stop(self, work: Work, user_id: str, setup_id: str) -> Setup:
        """Try no longer. The prepared values and the answers stay."""
        return self._halt(work, user_id, setup_id, "XS004I", "setup.stopped")

    def set_card(self, setup: Setup, card: tuple[str, str] | None) -> None:
        """Remember the message that tells about this Connect, or forget one that is gone."""
        with self._store.begin(setup.workspace_id) as work:
            draft = work.draft(setup.id, lock=True)
            if draft is not None and (draft.card_ts is None or card is None):
                draft.card_channel, draft.card_ts = card or (None, None)

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
        return read(work, draft, self._providers[draft.provider], self._gates)

    def _ours_for(self, prepared: Mapping[str, str]) -> Ours:
        """As this setup was prepared for: whom the customer trusts may have been asked of the cloud."""
        return replace(self._ours, principal_arn=self._ours.principal_arn or prepared.get("principal", ""))

    def _check(self, work: Work, draft: Draft, screen: str) -> None:
        if draft.replaces is None:
            self._gates.admit(work, self._providers[draft.provider])
            self._reserve(work, draft)
        draft.state, draft.revision, draft.attempt = "checking", draft.revision + 1, 0
        draft.trying_until, draft.report, draft.screen = None, None, screen
        self.plan(work, draft, delay=0)
        work.audit("XS002I", "setup.checking", actor=draft.user_id, target=("draft", draft.id))

    def _reserve(self, work: Work, draft: Draft) -> None:
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
    """The person's own draft, locked. Raises Gone for anybody else's too, Expired when it is over."""
    draft = work.draft(setup_id, lock=True)
    if draft is None or draft.user_id != user_id:
        raise Gone
    if draft.state in ("stopped", "expired"):
        raise Expired
    return draft


def new_screen(user_id: str) -> str:
    """A name for a modal, unique in the workspace. It says whose it is."""
    return f"xops-{user_id}-{secrets.token_urlsafe(18)}"


def is_screen_of(screen: str, user_id: str) -> bool:
    """Whether a modal of this name is this person's: nobody paints on the screen of somebody else."""
    return screen.startswith(f"xops-{user_id}-")
