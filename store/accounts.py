"""Connected accounts, their names, sealed secrets and verification reports."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.bound import Bound, insert_or_update, insert_unless_there
from store.columns import new_id, now
from store.errors import Conflict
from store.models import Account, AccountName, Health, Key, Person, Report

Providers = str | Collection[str] | None


class Secrets(Bound):
    """The sealed secrets of accounts."""

    def seal_secret(self, account_id: str, data: Mapping[str, Any]) -> None:
        """Keep the secret of an account, sealed; replaces the one before."""
        key = {"workspace_id": self.workspace_id, "account_id": account_id}
        insert_or_update(self.connection, Key, key, {"sealed": self._seal("key", account_id, "sealed", data)})

    def secret(self, account_id: str) -> dict[str, Any]:
        """The secret of an account, empty if it has none; raises SealBroken if somebody touched it."""
        sealed = self._session.scalar(
            sa.select(Key.sealed).where(Key.workspace_id == self.workspace_id, Key.account_id == account_id)
        )
        return {} if sealed is None else self._open("key", account_id, "sealed", sealed)

    def destroy_secret(self, account_id: str) -> bool:
        """Delete the secret of an account (then call `Store.checkpoint`). False if there was none."""
        gone = sa.delete(Key).where(Key.workspace_id == self.workspace_id, Key.account_id == account_id)
        return self.connection.execute(gone).rowcount == 1


class Reports(Bound):
    """What verifications found."""

    def add_report(
        self, account_id: str, health: Health, data: Mapping[str, Any], started: datetime, took: float
    ) -> str:
        """Keep a report; `took` is in seconds. Its id."""
        report_id = new_id()
        self.connection.execute(
            sa.insert(Report).values(
                workspace_id=self.workspace_id,
                id=report_id,
                account_id=account_id,
                health=health,
                data=dict(data),
                started=started,
                took=took,
            )
        )
        return report_id

    def last_report(self, account_id: str) -> Report | None:
        """The newest report of an account."""
        return self._session.scalar(
            sa.select(Report)
            .where(Report.workspace_id == self.workspace_id, Report.account_id == account_id)
            .order_by(Report.started.desc(), Report.id)
            .limit(1)
        )


class Accounts(Secrets, Reports):
    """The connected accounts of a workspace."""

    def add_account(
        self,
        provider: str,
        identity: str,
        *,
        name: str,
        owner_id: str,
        answers: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        health: Health = "unknown",
        checked_at: datetime | None = None,
        next_check_at: datetime | None = None,
        linked_at: datetime | None = None,
        only: str | None = None,
    ) -> Account:
        """A new account; raises Conflict("account", its id) if this identity is connected already.

        `only`: what a workspace has at most one of; raises Conflict("only", its id) if another account has it.
        """
        if (
            only
            and (first := self.only_account(only))
            and (first.provider, first.identity) != (provider, identity)
        ):
            raise Conflict("only", first.id)
        values = {
            "workspace_id": self.workspace_id,
            "id": new_id(),
            "provider": provider,
            "identity": identity,
            "name": name,
            "owner_id": owner_id,
            "answers": dict(answers or {}),
            "facts": dict(facts or {}),
            "health": health,
            "checked_at": checked_at,
            "next_check_at": next_check_at,
            "only": only,
            "linked_at": linked_at or now(),
        }
        added = insert_unless_there(self.connection, Account, values)
        account = self.account_by_identity(provider, identity)
        if account is None:
            first = self.only_account(only) if only else None
            raise Conflict("only", first.id if first else None)
        if not added:
            raise Conflict("account", account.id)
        return account

    def account(self, account_id: str, lock: bool = False) -> Account | None:
        """One account; with `lock` nobody else can change it until this transaction ends."""
        query = sa.select(Account).where(Account.workspace_id == self.workspace_id, Account.id == account_id)
        if lock:
            query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        return self._session.scalar(query)

    def account_by_identity(self, provider: str, identity: str) -> Account | None:
        """The account with this identity at the cloud."""
        return self._session.scalar(
            sa.select(Account).where(
                Account.workspace_id == self.workspace_id,
                Account.provider == provider,
                Account.identity == identity,
            )
        )

    def only_account(self, only: str) -> Account | None:
        """The one account of this workspace that has it."""
        return self._session.scalar(
            sa.select(Account).where(Account.workspace_id == self.workspace_id, Account.only == only)
        )

    def accounts(self, provider: Providers = None, page: int = 0, size: int | None = None) -> list[Account]:
        """The accounts in the order of their names: all, or one page of this size; pages begin at 0."""
        query = (
            sa.select(Account)
            .outerjoin(
                AccountName,
                sa.and_(AccountName.workspace_id == Account.workspace_id, AccountName.holder == Account.id),
            )
            .where(Account.workspace_id == self.workspace_id, _is_of(provider))
            .order_by(AccountName.key, Account.name, Account.id)
        )
        if size is not None:
            query = query.limit(size).offset(page * size)
        return list(self._session.scalars(query))

    def identities(self) -> dict[str, list[str]]:
        """The identities that are connected, by provider."""
        query = sa.select(Account.provider, Account.identity).where(Account.workspace_id == self.workspace_id)
        found: dict[str, list[str]] = {}
        for provider, identity in self._session.execute(query):
            found.setdefault(provider, []).append(identity)
        return found

    def count_accounts(self, provider: Providers = None) -> int:
        """How many accounts there are."""
        query = sa.select(sa.func.count()).select_from(Account)
        return (
            self._session.scalar(query.where(Account.workspace_id == self.workspace_id, _is_of(provider)))
            or 0
        )

    def accounts_due(self, at: datetime, limit: int = 100) -> list[Account]:
        """Accounts whose `next_check_at` has come, the longest overdue first."""
        query = (
            sa.select(Account)
            .where(Account.workspace_id == self.workspace_id, Account.next_check_at <= at)
            .order_by(Account.next_check_at, Account.id)
            .limit(limit)
        )
        return list(self._session.scalars(query))

    def delete_account(self, account: Account) -> bool:
        """Delete an account with its secret, reports and name. False if it was gone already.

        Call `Store.checkpoint` after the transaction: until then SQLite still holds the secret in its log.
        """
        self.destroy_secret(account.id)
        mine = {"workspace_id": self.workspace_id}
        connection = self.connection
        connection.execute(sa.delete(Report).filter_by(**mine, account_id=account.id))
        connection.execute(sa.delete(AccountName).filter_by(**mine, holder=account.id))
        looked_at = sa.update(Person).filter_by(**mine, selected_account=account.id)
        connection.execute(looked_at.values(selected_account=None))
        gone = connection.execute(sa.delete(Account).filter_by(**mine, id=account.id))
        if account in self._session:
            self._session.expunge(account)
        return gone.rowcount == 1


def _is_of(provider: Providers) -> sa.ColumnElement[bool]:
    if provider is None:
        return sa.true()
    return Account.provider.in_([provider] if isinstance(provider, str) else provider)
