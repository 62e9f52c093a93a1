"""The workspace, its people and its settings. Who may do what is not decided here."""

from typing import Any

import sqlalchemy as sa

from store.bound import Bound, insert_or_update
from store.models import Person, Setting, Workspace


class People(Bound):
    """The workspace, its people and its settings."""

    def workspace(self) -> Workspace | None:
        """The workspace's row; None before the bot is installed there."""
        return self._session.scalar(sa.select(Workspace).where(Workspace.workspace_id == self.workspace_id))

    def person(self, user_id: str) -> Person | None:
        """Somebody as last seen; None if never."""
        return self._session.scalar(
            sa.select(Person).where(Person.workspace_id == self.workspace_id, Person.user_id == user_id)
        )

    def save_person(self, person: Person) -> Person:
        """Store what Slack says now. Fields that were not set on `person` keep their stored value."""
        if person.workspace_id not in (None, self.workspace_id):
            raise ValueError("This person belongs to another workspace.")
        fields = {name for name in sa.inspect(Person).columns.keys() if name in sa.inspect(person).dict}  # noqa: SIM118
        values = {name: getattr(person, name) for name in fields - {"workspace_id", "user_id"}}
        insert_or_update(
            self.connection, Person, {"workspace_id": self.workspace_id, "user_id": person.user_id}, values
        )
        saved = self._session.scalar(
            sa.select(Person)
            .where(Person.workspace_id == self.workspace_id, Person.user_id == person.user_id)
            .execution_options(populate_existing=True)
        )
        assert saved is not None
        return saved

    def setting(self, name: str) -> Any:
        """The value of one setting; None if unset."""
        return self._session.scalar(
            sa.select(Setting.value).where(Setting.workspace_id == self.workspace_id, Setting.name == name)
        )

    def settings(self) -> dict[str, Any]:
        """All settings of the workspace."""
        rows = self._session.execute(
            sa.select(Setting.name, Setting.value).where(Setting.workspace_id == self.workspace_id)
        )
        return {name: value for name, value in rows}

    def save_setting(self, name: str, value: Any) -> None:
        """Set one setting to any JSON value; None unsets it."""
        if value is None:
            gone = sa.delete(Setting).where(Setting.workspace_id == self.workspace_id, Setting.name == name)
            self.connection.execute(gone)
            return
        key = {"workspace_id": self.workspace_id, "name": name}
        insert_or_update(self.connection, Setting, key, {"value": value})
