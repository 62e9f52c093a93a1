"""What belongs to no workspace: installations, replicas, and forgetting what is over everywhere."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.audit import new_audit_key
from store.bound import Transaction, insert_or_update
from store.columns import database_now, now
from store.models import OPEN_STATES, AccountName, Answer, Draft, Executor, Installation, Report, Workspace
from store.sealed import Place

ANSWERS_KEPT = timedelta(hours=48)
REPORTS_KEPT = timedelta(days=90)
DRAFTS_KEPT = timedelta(days=7)  # after they were closed


@dataclass(frozen=True)
class Installed:
    """An installation with its token open (None when the token lives in the settings)."""

    workspace_id: str
    name: str
    enterprise_id: str | None
    bot_id: str
    bot_user_id: str
    installed_at: datetime
    bot_token: str | None = field(repr=False)


class System(Transaction):
    """A transaction of no workspace: installations and replicas."""

    def install(
        self,
        workspace_id: str,
        name: str,
        enterprise_id: str | None,
        bot_id: str,
        bot_user_id: str,
        bot_token: str | None,
    ) -> None:
        """Store an installation or the one that replaces it; the token is sealed."""
        connection = self.connection
        insert_or_update(
            connection,
            Workspace,
            {"workspace_id": workspace_id},
            {"name": name},
            first={"audit_key": new_audit_key(self._keyring, workspace_id)},
        )
        sealed = bot_token and self._keyring.seal(_token_place(workspace_id), bot_token.encode())
        insert_or_update(
            connection,
            Installation,
            {"workspace_id": workspace_id},
            {
                "enterprise_id": enterprise_id,
                "bot_id": bot_id,
                "bot_user_id": bot_user_id,
                "bot_token": sealed or None,
                "installed_at": now(),
            },
        )

    def installation(self, workspace_id: str) -> Installed | None:
        """The installation of a workspace; raises SealBroken if its token was touched."""
        found = self._session.execute(
            sa.select(Installation, Workspace.name)
            .join(Workspace, Workspace.workspace_id == Installation.workspace_id)
            .where(Installation.workspace_id == workspace_id)
        ).one_or_none()
        if found is None:
            return None
        row, name = found
        token = row.bot_token and self._keyring.open(_token_place(workspace_id), row.bot_token).decode()
        return Installed(
            workspace_id, name, row.enterprise_id, row.bot_id, row.bot_user_id, row.installed_at, token
        )

    def workspaces(self) -> list[str]:
        """The ids of all workspaces with an installation."""
        return list(
            self._session.scalars(sa.select(Installation.workspace_id).order_by(Installation.workspace_id))
        )

    def beat(self, me: str) -> None:
        """This replica lives."""
        insert_or_update(self.connection, Executor, {"id": me}, {"seen": database_now()})

    def live_executors(self, dead_after_s: float) -> set[str]:
        """The replicas that beat within so many seconds, by the database's clock."""
        alive = sa.select(Executor.id).where(Executor.seen > database_now(minus=dead_after_s))
        return set(self._session.scalars(alive))

    def purge(self, at: datetime | None = None) -> None:
        """Forget what is over, in all workspaces: old answers and reports, and the drafts nobody finished."""
        at = at or now()
        connection = self.connection
        connection.execute(sa.delete(Answer).where(Answer.created_at < at - ANSWERS_KEPT))
        connection.execute(sa.delete(Report).where(Report.started < at - REPORTS_KEPT))
        late = sa.and_(Draft.state.in_(OPEN_STATES), Draft.expires_at <= at)
        names = sa.exists().where(
            Draft.workspace_id == AccountName.workspace_id, Draft.id == AccountName.holder, late
        )
        connection.execute(sa.delete(AccountName).where(names))
        # The revision moves on, so that an attempt under way ends without effect.
        expired = {"state": "expired", "prepared": None, "revision": Draft.revision + 1, "updated_at": at}
        connection.execute(sa.update(Draft).where(late).values(**expired))
        connection.execute(
            sa.delete(Draft).where(Draft.state.not_in(OPEN_STATES), Draft.updated_at < at - DRAFTS_KEPT)
        )


def _token_place(workspace_id: str) -> Place:
    return Place(workspace_id, "installation", workspace_id, "bot_token")
