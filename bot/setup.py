"""A setup in progress as it stands: the draft's row with its provider. What people do with it is in `setups`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.gates import Gates
from providers.base import Provider, Report
from store import Draft, Work

CLOSED = ("done", "stopped", "expired")  # what was prepared for these is destroyed
YOUNG = timedelta(seconds=5)


@dataclass(frozen=True)
class Setup:
    """A setup as it stands: the draft's row with its provider, detached from the database."""

    id: str
    workspace_id: str
    user_id: str
    provider: Provider
    state: str
    revision: int
    attempt: int
    name: str
    answers: Mapping[str, str]
    prepared: Mapping[str, str]
    report: Report | None
    screen: str
    card: tuple[str, str] | None  # channel and ts of the message that tells about it
    trying_until: datetime | None
    updated_at: datetime
    linked_as: str = ""  # the name of the linked account that is the same one
    may_replace: bool = False  # whether this person may replace its access
    instead: Provider | None = None  # the kind that fits what the checks found

    @property
    def is_young(self) -> bool:
        """Whether Slack may still be applying our answer to the last press."""
        return self.updated_at > datetime.now(UTC) - YOUNG


def read(work: Work, draft: Draft, provider: Provider, gates: Gates) -> Setup:
    """The row as a value."""
    prepared = {} if draft.state in CLOSED else work.prepared(draft)
    same = gates.same(work, draft)
    return Setup(
        id=draft.id,
        workspace_id=draft.workspace_id,
        user_id=draft.user_id,
        provider=provider,
        state=draft.state,
        revision=draft.revision,
        attempt=draft.attempt,
        name=draft.name,
        answers=dict(draft.answers),
        prepared=prepared,
        report=Report.from_json(draft.report).shown_with(prepared) if draft.report else None,
        screen=draft.screen or "",
        card=(draft.card_channel, draft.card_ts) if draft.card_channel and draft.card_ts else None,
        trying_until=draft.trying_until,
        updated_at=draft.updated_at,
        linked_as=same.name if same else "",
        may_replace=same is not None and gates.may_replace(work, draft.user_id, same),
        instead=gates.fitting(work, draft),
    )
