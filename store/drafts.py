"""Connections being made. What a state means and who may move it is decided by the caller."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from store.accounts import Accounts
from store.bound import insert_unless_there
from store.columns import new_id, now
from store.errors import Conflict
from store.models import DRAFT_IS_OPEN, OPEN_STATES, Account, Draft, DraftState

LIFETIME = timedelta(days=7)


class Drafts(Accounts):
    """The drafts of a workspace. Change one by its attributes; call `expect` first when others may change it too."""

    def begin_draft(
        self,
        user_id: str,
        provider: str,
        *,
        state: DraftState = "open",
        prepared: Mapping[str, Any] | None = None,
        screen: str | None = None,
        replaces: str | None = None,
        request_key: str = "",
        expires_at: datetime | None = None,
    ) -> Draft:
        """A new draft (revision 1), or the person's open one for this provider exactly as it stands, even expired.

        `prepared` is sealed; it, like all other values, is used only for a new draft.
        """
        draft_id = new_id()
        values = {
            "workspace_id": self.workspace_id,
            "id": draft_id,
            "user_id": user_id,
            "provider": provider,
            "state": state,
            "prepared": None if prepared is None else self._seal("draft", draft_id, "prepared", prepared),
            "screen": screen,
            "replaces": replaces,
            "request_key": request_key,
            "expires_at": expires_at or now() + LIFETIME,
        }
        one_open = ["workspace_id", "user_id", "provider"]
        while True:
            insert_unless_there(self.connection, Draft, values, one_open, DRAFT_IS_OPEN)
            draft = self.open_draft(user_id, provider)
            if draft is not None:  # else it was closed by another transaction in between
                return draft

    def open_draft(self, user_id: str, provider: str) -> Draft | None:
        """The person's open draft for this provider."""
        return self._session.scalar(
            sa.select(Draft).where(
                Draft.workspace_id == self.workspace_id,
                Draft.user_id == user_id,
                Draft.provider == provider,
                Draft.state.in_(OPEN_STATES),
            )
        )

    def draft(self, draft_id: str, lock: bool = False) -> Draft | None:
        """One draft; with `lock` nobody else can change it until this transaction ends."""
        query = sa.select(Draft).where(Draft.workspace_id == self.workspace_id, Draft.id == draft_id)
        if lock:
            query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        return self._session.scalar(query)

    def drafts_of(self, user_id: str) -> list[Draft]:
        """The person's open drafts, oldest first."""
        query = (
            sa.select(Draft)
            .where(
                Draft.workspace_id == self.workspace_id,
                Draft.user_id == user_id,
                Draft.state.in_(OPEN_STATES),
            )
            .order_by(Draft.created_at, Draft.id)
        )
        return list(self._session.scalars(query))

    def close_draft(self, draft: Draft, state: DraftState) -> None:
        """End a draft now, so that another may take its place in the same transaction."""
        draft.state = state
        self._session.flush()

    def expect(self, row: Draft | Account, revision: int) -> None:
        """Lock the row and read it afresh; raises Conflict("revision") if it has moved on or is gone.

        To move it on: `row.revision += 1`.
        """
        self._session.flush()
        look = self.draft if isinstance(row, Draft) else self.account
        fresh: Draft | Account | None = look(row.id, lock=True)
        if fresh is None or fresh.revision != revision:
            raise Conflict("revision", row.id)

    def seal_prepared(self, draft: Draft, data: Mapping[str, Any] | None) -> None:
        """Keep what was prepared for this draft, sealed; None destroys it."""
        draft.prepared = None if data is None else self._seal("draft", draft.id, "prepared", data)

    def prepared(self, draft: Draft) -> dict[str, Any]:
        """What was prepared for this draft, empty if nothing was.

        Raises SealBroken if somebody touched it, LookupError if the draft is closed: then it is destroyed.
        """
        if draft.state not in OPEN_STATES:
            raise LookupError("This draft is closed; what was prepared for it is destroyed.")
        if draft.prepared is None:
            return {}
        return self._open("draft", draft.id, "prepared", draft.prepared)
