"""What is forgotten when: answers to old requests, and setups nobody finished. No Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.jobs import Kind
from store import Store

KIND = "forget"
EVERY = 600  # seconds
ANSWERS = timedelta(hours=48)  # Slack delivers again for minutes only
REPORTS = timedelta(days=90)
DRAFTS = timedelta(days=30)  # closed ones; the message about them says what is needed


def kind(store: Store) -> Kind:
    """The background work."""
    return Kind(KIND, "clock", lambda: forget(store, datetime.now(UTC)))


def forget(store: Store, now: datetime) -> None:
    """Forget what is over in every workspace."""
    with store.system() as system:
        workspaces = system.workspaces()
    for workspace_id in workspaces:
        with store.begin(workspace_id) as work:
            work.forget_answers(now - ANSWERS)
            work.forget_reports(now - REPORTS)
            work.forget_drafts(now - DRAFTS)
            for draft in work.overdue_drafts(now):
                draft.state, draft.revision = "expired", draft.revision + 1
                work.seal_prepared(draft, None)
                work.free_name(draft.id)
                work.audit("XS005I", "setup.expired", target=("draft", draft.id))
    store.checkpoint()  # what was destroyed leaves SQLite's log too
