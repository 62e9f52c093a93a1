"""What the checks of a setup lead to: an account, another try later, or the answers given back. No Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot import names
from bot.checks import Count, Watch, a_day_from
from bot.gates import Gates
from bot.people import Act, Groups, may
from bot.refusals import AlreadyConnected, NotAllowed, OnlyOne, Refusal, RightsUnknown
from bot.setups import Setup, Setups
from providers import verify
from providers.base import Attempt, Line, Ours, Problem, Provider, Report
from store import Account, Conflict, Draft, Person, Store, Work

GOOD = ("healthy", "warning")
MAY_LINK = "You may link accounts"  # lines of reports that are ours, not a provider's
STILL_POSSIBLE = "The account can still be connected"
NOT_CHECKED = "XOps can check the account"


class Linking:
    """Verifies setups and turns them into accounts."""

    def __init__(
        self, store: Store, setups: Setups, gates: Gates, ours: Ours, groups: Groups, count: Count
    ) -> None:
        self._count = count
        self._store = store
        self._setups = setups
        self._gates = gates
        self._ours = ours
        self._groups = groups

    def attempt(self, setup: Setup, revision: int, attempt: int, person: Person | None, watch: Watch) -> None:
        """Check the answers against the cloud and draw the consequence.

        Without effect when the setup has moved on since this attempt was planned. `person`: who set it up, as
        Slack knows them now; None when Slack gave no answer.
        """
        if setup.state != "checking" or (setup.revision, setup.attempt) != (revision, attempt):
            return
        if person is None:
            report = _only(MAY_LINK, RightsUnknown())
        elif may(person, Act.LINK, self._groups):
            linked = self._linked(setup.workspace_id)
            attempted = Attempt(setup.answers, setup.prepared, self._ours, linked)
            report = verify(setup.provider, attempted, watch).hidden(setup.prepared)
            self._count(setup.provider.key, report.health)
        else:
            report = _only(MAY_LINK, NotAllowed())
        with self._store.begin(setup.workspace_id) as work:
            draft = work.draft(setup.id, lock=True)
            if draft and draft.state == "checking" and (draft.revision, draft.attempt) == (revision, attempt):
                self._conclude(work, draft, setup.provider, report, person)

    def _linked(self, workspace_id: str) -> dict[str, list[str]]:
        with self._store.begin(workspace_id) as work:
            return work.identities()

    def give_up(self, workspace_id: str, setup_id: str, revision: int, problem: Problem) -> None:
        """The attempt could not be made, however often it was tried: give the answers back with what is wrong."""
        with self._store.begin(workspace_id) as work:
            draft = work.draft(setup_id, lock=True)
            if draft and draft.state == "checking" and draft.revision == revision:
                self._give_back(work, draft, _only(NOT_CHECKED, problem))

    def _conclude(
        self, work: Work, draft: Draft, provider: Provider, report: Report, person: Person | None
    ) -> None:
        waits = provider.retry_after[draft.attempt :]
        if report.health in GOOD:
            self._link(work, draft, provider, report, person)
        elif report.may_heal and waits:
            self._keep(draft, report)
            draft.trying_until = draft.trying_until or datetime.now(UTC) + timedelta(seconds=sum(waits))
            draft.attempt += 1
            self._setups.plan(work, draft, delay=waits[0])
            self._setups.tell(work, draft)
        else:
            self._give_back(work, draft, report)

    def _keep(self, draft: Draft, report: Report) -> None:
        draft.report = report.as_json()

    def _give_back(self, work: Work, draft: Draft, report: Report) -> None:
        self._keep(draft, report)
        draft.state, draft.trying_until = "prepared", None
        work.free_name(draft.id)
        self._setups.tell(work, draft)
        reasons = sorted({note.kind for line in report.lines for note in line.notes})
        work.audit(
            "XL001E",
            "account.link",
            actor=draft.user_id,
            target=("draft", draft.id),
            result="refused",
            reason=",".join(reasons),
        )

    def _link(
        self, work: Work, draft: Draft, provider: Provider, report: Report, person: Person | None
    ) -> None:
        try:
            account = self._account_for(work, draft, provider, person)
        except Refusal as refusal:  # somebody else was quicker
            self._give_back(work, draft, report.and_then(Line(STILL_POSSIBLE, "failed", (refusal.note(),))))
            return
        self._keep(draft, report)
        _take_over(work, account, draft, report)
        draft.state, draft.trying_until = "done", None
        self._setups.tell(work, draft)
        work.audit(
            "XL001I",
            "account.link",
            actor=draft.user_id,
            target=("account", account.id),
            personal={"name": account.name},
        )

    def _account_for(self, work: Work, draft: Draft, provider: Provider, person: Person | None) -> Account:
        """The account this draft becomes: a new one, or the one whose access it replaces. Raises Refusal."""
        identity = provider.identity(draft.answers)
        account = work.account_by_identity(provider.key, identity)
        if account is None:
            self._gates.admit(work, provider)
            only = provider.key if provider.single else None
            try:
                account = work.add_account(
                    provider.key, identity, name=draft.name, owner_id=draft.user_id, only=only
                )
            except Conflict as conflict:
                raise OnlyOne(name=provider.name) if conflict.what == "only" else AlreadyConnected from None
            work.free_name(draft.id)
            work.reserve_name(names.key(draft.name), account.id)
            return account
        if account.id != draft.replaces:
            raise AlreadyConnected
        owns = account.owner_id == draft.user_id
        if person is None or not may(person, Act.REPLACE, self._groups, owns=owns):
            raise NotAllowed
        return account


def _take_over(work: Work, account: Account, draft: Draft, report: Report) -> None:
    """The account lives by this access from now on. Its name and its owner stay."""
    started = datetime.fromtimestamp(report.started, UTC)
    account.answers, account.facts, account.health = dict(draft.answers), dict(report.facts), report.health
    account.told, account.next_check_at = report.health, a_day_from(datetime.now(UTC))
    account.revision += 1
    account.checked_revision, account.checked_at = account.revision, started
    work.seal_secret(account.id, work.prepared(draft))
    work.add_report(
        account.id, health=report.health, data=report.as_json(), started=started, took=report.took
    )


def _only(label: str, problem: Problem) -> Report:
    """A report of one line: what kept us from checking at all."""
    return Report((Line(label, "failed", (problem.note(),)),), {}, datetime.now(UTC).timestamp(), 0)
