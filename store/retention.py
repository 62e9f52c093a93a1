"""What is deleted because it is over. How long things are kept is decided by the caller."""

from datetime import datetime

import sqlalchemy as sa

from store.bound import Bound
from store.models import OPEN_STATES, Answer, Draft, Report


class Retention(Bound):
    """Deletes what nobody needs any more."""

    def forget_answers(self, before: datetime) -> int:
        """Delete answers to requests that came before this time; how many."""
        old = sa.delete(Answer).where(Answer.workspace_id == self.workspace_id, Answer.created_at < before)
        return self.connection.execute(old).rowcount

    def forget_reports(self, before: datetime) -> int:
        """Delete reports of verifications that started before this time; how many."""
        old = sa.delete(Report).where(Report.workspace_id == self.workspace_id, Report.started < before)
        return self.connection.execute(old).rowcount

    def forget_drafts(self, before: datetime) -> int:
        """Delete closed drafts that were last touched before this time; how many."""
        old = sa.delete(Draft).where(
            Draft.workspace_id == self.workspace_id,
            Draft.state.not_in(OPEN_STATES),
            Draft.updated_at < before,
        )
        return self.connection.execute(old).rowcount

    def overdue_drafts(self, at: datetime, limit: int = 100) -> list[Draft]:
        """Open drafts past their `expires_at`, locked, oldest first."""
        query = (
            sa.select(Draft)
            .where(
                Draft.workspace_id == self.workspace_id,
                Draft.state.in_(OPEN_STATES),
                Draft.expires_at <= at,
            )
            .order_by(Draft.expires_at, Draft.id)
            .limit(limit)
            .with_for_update(key_share=True)
        )
        return list(self._session.scalars(query))
