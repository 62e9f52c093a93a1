"""The request ledger: a request that changes something has its effect once, however often it is delivered."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.bound import Bound, insert_unless_there
from store.models import Answer


@dataclass(frozen=True)
class Saved:
    """What the first delivery answered; None is an answer too (an empty acknowledgement)."""

    answer: dict[str, Any] | None


class Ledger(Bound):
    """Exactly-once for requests."""

    def claim(self, key: str) -> Saved | None:
        """None: this delivery is the first, do the work. Otherwise the saved answer of the first one.

        A delivery that is still at work is waited for; if it rolls back, this one becomes the first.
        """
        mine = {"workspace_id": self.workspace_id, "key": key}
        if insert_unless_there(self.connection, Answer, mine, ["workspace_id", "key"]):
            return None
        answer = self._session.scalar(
            sa.select(Answer.answer).where(Answer.workspace_id == self.workspace_id, Answer.key == key)
        )
        return Saved(answer)

    def save_answer(self, key: str, answer: dict[str, Any] | None) -> None:
        """Keep the answer of a claimed request, in the transaction that claimed it; raises LookupError if none did."""
        kept = self.connection.execute(
            sa.update(Answer)
            .where(Answer.workspace_id == self.workspace_id, Answer.key == key)
            .values(answer=answer)
        )
        if kept.rowcount != 1:
            raise LookupError("This request was not claimed.")
