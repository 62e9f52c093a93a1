"""What the checks of a setup lead to: an account, another try later, or the answers given back. No Slack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot import names
from bot.people import Act, Groups, may
from bot.refusals import NotAllowed, Refusal, RightsUnknown
from bot.setups import Setup, Setups
from providers import verify
from providers.base import Attempt, Line, Ours, Provider, Report
from store import Account, Draft, Person, Store, Work

Watch = Callable[[Report], None]
Count = Callable[[str, str], None]  # (provider, health)
GOOD = ("healthy", "warning")


class Linking:
    """Verifies setups and turns them into accounts."""

    def __init__(self, store: Store, setups: Setups, ours: Ours, groups: Groups, count: Count) -> None:
        self._count = count
        self._store = store
        self._setups = setups
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
            report = _refused(RightsUnknown())
        elif may(person, Act.LINK, self._groups):
            linked = self._setups.linked(setup.workspace_id)
            report = verify(setup.provider, Attempt(setup.answers, setup.prepared, self._ours, linked), watch)
            self._count(setup.provider.key, report.health)
        else:
            report = _refused(NotAllowed())
        with self._store.begin(setup.workspace_id) as work:
            draft = work.draft(setup.id, lock=True)
            if draft and draft.state == "checking" and (draft.revision, draft.attempt) == (revision, attempt):
                self._conclude(work, draft, setup.provider, report)

    def _conclude(self, work: Work, draft: Draft, provider: Provider, report: Report) -> None:
        draft.report = report.as_json()
        waits = provider.retry_after[draft.attempt :]
        if report.health in GOOD:
            self._link(work, draft, provider, report)
        elif report.may_heal and waits:
            draft.trying_until = draft.trying_until or datetime.now(UTC) + timedelta(seconds=sum(waits))
            draft.attempt += 1
            self._setups.plan(work, draft, delay=waits[0])
            self._setups.tell(work, draft)
        else:
            self._give_back(work, draft, report)

    def _give_back(self, work: Work, draft: Draft, report: Report) -> None:
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

    def _link(self, work: Work, draft: Draft, provider: Provider, report: Report) -> None:
        identity = provider.identity(draft.answers)
        account = work.account_by_identity(provider.key, identity)
        if account is None:
            account = work.add_account(provider.key, identity, name=draft.name, owner_id=draft.user_id)
        elif account.id != draft.replaces:
            self._give_back(
                work, draft, report
            )  # somebody else was quicker; Connect offers to replace the access
            return
        _take_over(work, account, draft, report)
        draft.state, draft.trying_until = "done", None
        self._setups.tell(work, draft)
        work.audit(
            "XL001I",
            "account.link",
            actor=draft.user_id,
            target=("account", account.id),
            personal={"name": draft.name},
        )


def _take_over(work: Work, account: Account, draft: Draft, report: Report) -> None:
    started = datetime.fromtimestamp(report.started, UTC)
    account.answers, account.facts, account.health = dict(draft.answers), dict(report.facts), report.health
    account.name, account.revision, account.checked_at = draft.name, account.revision + 1, started
    work.free_name(draft.id)
    work.reserve_name(names.key(draft.name), account.id)
    work.seal_secret(account.id, work.prepared(draft))
    work.add_report(
        account.id, health=report.health, data=report.as_json(), started=started, took=report.took
    )


def _refused(refusal: Refusal) -> Report:
    return Report(
        (Line("You may link accounts", "failed", (refusal.note(),)),), {}, datetime.now(UTC).timestamp(), 0
    )
