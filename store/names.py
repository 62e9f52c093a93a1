"""Account names, reserved before the account exists. How names are compared is the caller's business."""

import sqlalchemy as sa

from store.bound import Bound, insert_unless_there
from store.errors import Conflict
from store.models import AccountName


class Names(Bound):
    """Each name has one holder in the workspace (a draft or an account), each holder one name."""

    def reserve_name(self, key: str, holder: str) -> None:
        """Take a name instead of the one held so far; raises Conflict("name", who) if somebody else holds it."""
        mine = {"workspace_id": self.workspace_id, "key": key, "holder": holder}
        while not insert_unless_there(self.connection, AccountName, mine, ["workspace_id", "key"]):
            there = self.name_holder(key)
            if there == holder:
                break
            if there is not None:  # else it was freed in between: try again
                raise Conflict("name", there)
        self.connection.execute(
            sa.delete(AccountName).where(
                AccountName.workspace_id == self.workspace_id,
                AccountName.holder == holder,
                AccountName.key != key,
            )
        )

    def name_holder(self, key: str) -> str | None:
        """The id of the draft or account that holds this name."""
        return self._session.scalar(
            sa.select(AccountName.holder).where(
                AccountName.workspace_id == self.workspace_id, AccountName.key == key
            )
        )

    def move_name(self, from_holder: str, to_holder: str) -> None:
        """Hand a name on: from the draft to the account it became."""
        self.connection.execute(
            sa.update(AccountName)
            .where(AccountName.workspace_id == self.workspace_id, AccountName.holder == from_holder)
            .values(holder=to_holder)
        )

    def free_name(self, holder: str) -> None:
        """Let go of the name a holder has, if any."""
        self.connection.execute(
            sa.delete(AccountName).where(
                AccountName.workspace_id == self.workspace_id, AccountName.holder == holder
            )
        )
