"""Renaming and deleting linked accounts. Use-cases only: no Slack, no words for screens."""

from __future__ import annotations

from bot import names
from bot.accounts import Accounts, Linked
from bot.answers import NAME
from bot.jobs import Jobs
from bot.people import Act, Groups, is_fresh, may
from bot.refusals import FieldErrors, Gone, NotAllowed, NotDeletable
from providers.base import Invalid
from store import Account, Conflict, Person, Store, Work


class Changes:
    """What people change about linked accounts."""

    def __init__(self, store: Store, jobs: Jobs, accounts: Accounts, groups: Groups) -> None:
        self._store = store
        self._jobs = jobs
        self._accounts = accounts
        self._groups = groups

    def rename(self, work: Work, user_id: str, account_id: str, was: str, typed: str) -> Linked:
        """Give the account a new name. `was`: the name the person saw. Raises FieldErrors, Gone, NotAllowed."""
        row = self._locked(work, account_id)
        person = work.person(user_id)
        if person is None or not is_fresh(person):
            raise FieldErrors(
                {NAME: "We are checking your rights again. Press Proceed once more in a moment."}
            )
        self._may(person, Act.RENAME, row)
        try:
            name = names.read(typed)
        except Invalid as invalid:
            raise FieldErrors({NAME: str(invalid)}) from None
        if row.name != was and name != row.name:
            raise FieldErrors(
                {NAME: f"Somebody else has renamed this account to “{row.name}”. Open it again to go on."}
            )
        try:
            work.reserve_name(names.key(name), row.id)
        except Conflict:
            raise FieldErrors({NAME: "Another account has this name; choose a different one."}) from None
        if name != row.name:
            before, row.name = row.name, name
            personal = {"before": before, "name": name}
            work.audit(
                "XL003I", "account.rename", actor=user_id, target=("account", row.id), personal=personal
            )
        return self._accounts.as_linked(work, row)

    def ask_to_delete(self, work: Work, user_id: str, account_id: str, typed: str, screen: str) -> Linked:
        """Have the account deleted, once Slack says afresh who the person is. Raises FieldErrors, Gone, NotAllowed."""
        row = self._locked(work, account_id)
        account = self._accounts.as_linked(work, row)
        if not account.provider.deletable:
            raise NotDeletable(name=account.provider.name)
        person = work.person(user_id)
        if person is not None and is_fresh(person):
            self._may(person, Act.DELETE, row)
        if " ".join(typed.split()) != row.name:
            raise FieldErrors({NAME: f"This is not its name. Enter “{row.name}” to delete it."})
        self._jobs.enqueue(
            work, "delete", row.id, f"{row.id}:{screen}", work.workspace_id, row.id, user_id, screen
        )
        work.audit("XL004I", "account.delete.asked", actor=user_id, target=("account", row.id))
        return account

    def delete(self, account: Linked, person: Person) -> None:
        """Delete the account and destroy its sealed values. `person`: as Slack knows them now. Raises NotAllowed."""
        with self._store.begin(account.workspace_id) as work:
            row = self._locked(work, account.id)
            self._may(person, Act.DELETE, row)
            work.delete_account(row)
            work.audit(
                "XL005I",
                "account.delete",
                actor=person.user_id,
                target=("account", account.id),
                personal={"name": account.name},
            )
        self._store.checkpoint()  # what was destroyed leaves SQLite's log too

    def _locked(self, work: Work, account_id: str) -> Account:
        row = work.account(account_id, lock=True)
        if row is None:
            raise Gone
        return row

    def _may(self, person: Person, act: Act, row: Account) -> None:
        if not may(person, act, self._groups, owns=row.owner_id == person.user_id):
            raise NotAllowed
