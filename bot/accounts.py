"""Linked accounts: what there is, and whether it still works. Use-cases only: no Slack, no words for screens.

Getting an account linked is in `setups`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import names
from bot.checks import Count, Watch, a_day_from
from bot.jobs import Jobs
from bot.people import Act, Groups, is_fresh, may
from bot.refusals import Gone, NotAllowed
from bot.setups import Setup, Setups
from providers import verify
from providers.base import Attempt, Health, Ours, Provider, Report
from store import Account, Person, Store, Work

PAGE = 10  # accounts on one page


@dataclass(frozen=True)
class Linked:
    """A linked account as it stands, detached from the database."""

    id: str
    workspace_id: str
    provider: Provider
    name: str
    owner_id: str
    facts: Mapping[str, str]
    health: Health
    checked_at: datetime | None
    linked_at: datetime
    revision: int
    is_checking: bool
    report: Report | None


@dataclass(frozen=True)
class Overview:
    """What one person sees of the workspace."""

    person: Person
    may_link: bool
    any_linked: bool  # in the workspace, whether or not this person may see it
    accounts: Sequence[Linked]
    setups: Sequence[Setup]


class Accounts:
    """What can be done with linked accounts."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        providers: Mapping[str, Provider],
        ours: Ours,
        groups: Groups,
        setups: Setups,
        count: Count,
    ) -> None:
        self._count = count
        self._store = store
        self._jobs = jobs
        self._providers = providers
        self._ours = ours
        self._groups = groups
        self._setups = setups

    def overview(self, person: Person) -> Overview:
        """The home page of this person: the accounts they may see, and their setups in progress."""
        with self._store.begin(person.workspace_id) as work:
            rows = work.accounts(size=None)
            seen = [row for row in rows if self._may(person, Act.SEE, row)]
            return Overview(
                person=person,
                may_link=may(person, Act.LINK, self._groups),
                any_linked=bool(rows),
                accounts=[self.as_linked(work, row) for row in seen[:PAGE]],
                setups=self._setups.open_of(work, person.user_id),
            )

    def named(self, person: Person, name: str) -> Linked:
        """The account of this name, if the person may see it. Raises Gone."""
        with self._store.begin(person.workspace_id) as work:
            for row in work.accounts(size=None):
                if names.key(row.name) == names.key(name) and self._may(person, Act.SEE, row):
                    return self.as_linked(work, row)
        raise Gone

    def look(self, workspace_id: str, account_id: str) -> Linked:
        """The account as it stands. Raises Gone."""
        with self._store.begin(workspace_id) as work:
            row = work.account(account_id)
            if row is None:
                raise Gone
            return self.as_linked(work, row)

    def of(self, person: Person, account_id: str) -> Linked:
        """The account, if the person may see it. Raises Gone, for others' accounts too."""
        with self._store.begin(person.workspace_id) as work:
            row = work.account(account_id)
            if row is None or not self._may(person, Act.SEE, row):
                raise Gone
            return self.as_linked(work, row)

    def recheck(self, work: Work, user_id: str, account_id: str, screen: str) -> Linked:
        """Check the account now and show it in this screen. Raises Gone, NotAllowed.

        While a check is under way no second one is begun; its result is shown in this screen too.
        """
        row = work.account(account_id, lock=True)
        if row is None:
            raise Gone
        person = work.person(user_id)
        if person is not None and is_fresh(person) and not self._may(person, Act.CHECK, row):
            raise NotAllowed
        if row.checked_revision == row.revision:
            row.revision += 1
        args = (work.workspace_id, row.id, row.revision, user_id, screen)
        self._jobs.enqueue(work, "recheck", row.id, f"{row.id}:{row.revision}:{screen}", *args)
        return self.as_linked(work, row)

    def verify(self, account: Linked, revision: int, person: Person | None, watch: Watch) -> None:
        """Check a linked account against the cloud and remember what was found. Raises NotAllowed, Gone.

        Without effect when this revision has been checked. `person`: who asked, nobody for the daily sweep.
        """
        with self._store.begin(account.workspace_id) as work:
            row = work.account(account.id, lock=True)
            if row is None or row.checked_revision >= revision:
                return
            if person is not None and not self._may(person, Act.CHECK, row):
                raise NotAllowed
            answers, prepared = dict(row.answers), work.secret(account.id)
            linked = work.identities()
        attempted = Attempt(answers, prepared, self._ours, linked)
        report = verify(account.provider, attempted, watch).hidden(prepared)
        self._count(account.provider.key, report.health)
        with self._store.begin(account.workspace_id) as work:
            row = work.account(account.id, lock=True)
            if row is not None and dict(row.answers) == answers:  # else its access was replaced meanwhile
                self._remember(work, row, revision, report, person)

    def sweep(self, workspace_id: str, now: datetime) -> None:
        """Have every account checked whose day is over; nobody has to ask."""
        with self._store.begin(workspace_id) as work:
            for row in work.accounts_due(now):
                row.next_check_at = a_day_from(now)
                if row.checked_revision == row.revision:
                    row.revision += 1
                name = f"{row.id}:{row.revision}:sweep"
                self._jobs.enqueue(work, "swept", row.id, name, workspace_id, row.id, row.revision)

    def end_check(self, workspace_id: str, account_id: str, revision: int) -> None:
        """This check will not be made; the next press begins a new one."""
        with self._store.begin(workspace_id) as work:
            row = work.account(account_id, lock=True)
            if row is not None:
                row.checked_revision = max(row.checked_revision, revision)

    def _remember(
        self, work: Work, row: Account, revision: int, report: Report, person: Person | None
    ) -> None:
        before, now = row.health, datetime.now(UTC)
        row.health, row.checked_at, row.next_check_at = report.health, now, a_day_from(now)
        row.checked_revision = max(row.checked_revision, revision)
        if report.facts:
            row.facts = dict(report.facts)
        work.add_report(row.id, health=report.health, data=report.as_json(), started=now, took=report.took)
        # No answer is no news: an outage of the cloud alarms nobody.
        if report.health not in ("unknown", row.told):
            row.told = report.health
            if person is None:
                name = f"{row.id}:{revision}"
                self._jobs.enqueue(work, "health", row.id, name, work.workspace_id, row.id)
        if before != report.health:
            work.audit(
                "XL002I",
                "account.health",
                actor=person.user_id if person else "system",
                target=("account", row.id),
                reason=f"{before}->{report.health}",
            )

    def _may(self, person: Person, act: Act, row: Account) -> bool:
        return may(person, act, self._groups, owns=row.owner_id == person.user_id)

    def as_linked(self, work: Work, row: Account) -> Linked:
        """The row as a value."""
        last = work.last_report(row.id)
        return Linked(
            id=row.id,
            workspace_id=row.workspace_id,
            provider=self._providers[row.provider],
            name=row.name,
            owner_id=row.owner_id,
            facts=dict(row.facts),
            health=row.health,
            checked_at=row.checked_at,
            linked_at=row.linked_at,
            revision=row.revision,
            is_checking=row.checked_revision < row.revision,
            report=Report.from_json(last.data).shown_with(work.secret(row.id)) if last else None,
        )
