"""The tables. Every row belongs to a workspace (except executors and key check values), so every key begins with it.

What is sealed is a `str` here and opened only by `Work` and `System`: see `sealed.py`.
"""

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base as Base
from store.columns import Moment, new_id, now

DraftState = Literal["open", "prepared", "checking", "picking", "done", "stopped", "expired"]
Health = Literal["healthy", "warning", "failed", "unknown"]

# Literal SQL: PostgreSQL recognises a partial index only by a predicate without parameters.
DRAFT_IS_OPEN = sa.text("state IN ('open', 'prepared', 'checking', 'picking')")
OPEN_STATES: tuple[DraftState, ...] = ("open", "prepared", "checking", "picking")


def _workspace_key() -> Mapped[str]:
    return mapped_column(sa.ForeignKey("workspace.workspace_id"), primary_key=True)


def _of_account() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id", "account_id"], ["account.workspace_id", "account.id"])


def _json() -> sa.JSON:
    return sa.JSON(none_as_null=True)  # a new one each time: as_mutable tells columns apart by it


def _dict() -> Mapped[dict[str, Any]]:
    return mapped_column(MutableDict.as_mutable(_json()), default=dict)


class Workspace(Base):
    """One Slack workspace and the head of its audit chain."""

    __tablename__ = "workspace"
    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    audit_key: Mapped[str]  # sealed
    audit_seq: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    audit_hash: Mapped[str] = mapped_column(default="0" * 64)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Installation(Base):
    """The bot as Slack installed it."""

    __tablename__ = "installation"
    workspace_id: Mapped[str] = _workspace_key()
    enterprise_id: Mapped[str | None]
    bot_id: Mapped[str]
    bot_user_id: Mapped[str]
    bot_token: Mapped[str | None]  # sealed
    installed_at: Mapped[datetime] = mapped_column(Moment)


class Person(Base):
    """Somebody as Slack last described them, and the account they look at."""

    __tablename__ = "person"
    __table_args__ = (
        sa.ForeignKeyConstraint(["workspace_id", "selected_account"], ["account.workspace_id", "account.id"]),
    )
    workspace_id: Mapped[str] = _workspace_key()
    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_owner: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)
    groups: Mapped[list[str]] = mapped_column(MutableList.as_mutable(_json()), default=list)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    selected_account: Mapped[str | None]


class Setting(Base):
    """One setting of a workspace."""

    __tablename__ = "setting"
    workspace_id: Mapped[str] = _workspace_key()
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)


class Answer(Base):
    """The request ledger: one row per request that changed something, and what we answered."""

    __tablename__ = "request_ledger"
    __table_args__ = (sa.Index(None, "workspace_id", "created_at"),)
    workspace_id: Mapped[str] = _workspace_key()
    key: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(_json())
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Draft(Base):
    """A connection being made. One open draft per person and provider; a closed one keeps no secret."""

    __tablename__ = "draft"
    __table_args__ = (
        sa.Index(
            "uq_draft_open",
            "workspace_id",
            "user_id",
            "provider",
            unique=True,
            sqlite_where=DRAFT_IS_OPEN,
            postgresql_where=DRAFT_IS_OPEN,
        ),
        sa.Index(None, "workspace_id", "expires_at"),
    )
    workspace_id: Mapped[str] = _workspace_key()
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[str]
    provider: Mapped[str]
    state: Mapped[DraftState] = mapped_column(sa.String, default="open")
    revision: Mapped[int] = mapped_column(default=1)
    attempt: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = _dict()
    prepared: Mapped[str | None]  # sealed: Work.prepared, Work.seal_prepared
    report: Mapped[dict[str, Any] | None] = mapped_column(MutableDict.as_mutable(_json()))
    screen: Mapped[str | None]
    card_channel: Mapped[str | None]
    card_ts: Mapped[str | None]
    trying_until: Mapped[datetime | None] = mapped_column(Moment)
    # No foreign key: the account may go first, and then the draft has to say so.
    replaces: Mapped[str | None]
    request_key: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)


@sa.event.listens_for(Draft, "before_update")
def _destroy_prepared(_mapper: Any, _connection: sa.Connection, draft: Draft) -> None:
    """A draft that was closed has no use for its secret, whoever closed it and however."""
    if draft.state not in OPEN_STATES:
        draft.prepared = None


class AccountName(Base):
    """Who holds a name: a draft that is being checked, or an account."""

    __tablename__ = "account_name"
    __table_args__ = (sa.Index(None, "workspace_id", "holder"),)
    workspace_id: Mapped[str] = _workspace_key()
    key: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]


class Account(Base):
    """A connected cloud account."""

    __tablename__ = "account"
    __table_args__ = (
        sa.UniqueConstraint("workspace_id", "provider", "identity"),
        sa.UniqueConstraint("workspace_id", "only"),
        sa.Index(None, "workspace_id", "next_check_at"),
    )
    workspace_id: Mapped[str] = _workspace_key()
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    provider: Mapped[str]
    identity: Mapped[str]
    name: Mapped[str]
    owner_id: Mapped[str]
    answers: Mapped[dict[str, Any]] = _dict()
    facts: Mapped[dict[str, Any]] = _dict()
    health: Mapped[Health] = mapped_column(sa.String, default="unknown")
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    next_check_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=1)
    checked_revision: Mapped[int] = mapped_column(default=1)  # behind `revision` while a check is under way
    told: Mapped[Health | None] = mapped_column(sa.String)  # the health that people were last told
    only: Mapped[str | None]  # what a workspace has at most one of
    linked_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Key(Base):
    """The sealed secret of an account."""

    __tablename__ = "key"
    __table_args__ = (_of_account(),)
    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[str]


class Report(Base):
    """What one verification of an account found. `took` is in seconds."""

    __tablename__ = "report"
    __table_args__ = (_of_account(), sa.Index(None, "workspace_id", "account_id", "started"))
    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[str]
    health: Mapped[Health] = mapped_column(sa.String)
    data: Mapped[dict[str, Any]] = mapped_column(_json())
    started: Mapped[datetime] = mapped_column(Moment)
    took: Mapped[float]


class Entry(Base):
    """One link of the audit chain; `entry` is the canonical JSON that `hash` covers."""

    __tablename__ = "audit_entry"
    workspace_id: Mapped[str] = _workspace_key()
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    entry: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str]


class EntryPerson(Base):
    """The personal part of an audit entry, apart so that it can be erased."""

    __tablename__ = "audit_person"
    __table_args__ = (
        sa.ForeignKeyConstraint(["workspace_id", "seq"], ["audit_entry.workspace_id", "audit_entry.seq"]),
    )
    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[str]
    data: Mapped[str] = mapped_column(sa.Text)


class Executor(Base):
    """A replica's heartbeat, by the database's clock."""

    __tablename__ = "executor"
    id: Mapped[str] = mapped_column(primary_key=True)
    seen: Mapped[datetime] = mapped_column(Moment)


class EncryptionKey(Base):
    """Which key ids have sealed something here, and a value by which a wrong key is recognised."""

    __tablename__ = "encryption_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    check_value: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
