"""What belongs to no workspace: installations and replicas."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from store.bound import Transaction, insert_or_update
from store.chain import new_audit_key
from store.columns import database_now, now
from store.models import Executor, Installation, Workspace
from store.sealed import Place


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


def _token_place(workspace_id: str) -> Place:
    return Place(workspace_id, "installation", workspace_id, "bot_token")
