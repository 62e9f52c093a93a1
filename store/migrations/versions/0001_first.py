"""The first tables. The models say what they are for; this file never changes once released."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OPEN = sa.text("state IN ('open', 'prepared', 'checking', 'picking')")

_SQLITE_APPEND_ONLY = """
CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry
BEGIN SELECT RAISE(ABORT, 'The audit log only grows.'); END
"""

_POSTGRESQL_REFUSE = """
CREATE FUNCTION xops_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The audit log only grows.'; END $$
"""

_POSTGRESQL_APPEND_ONLY = """
CREATE TRIGGER audit_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION xops_audit_only_grows()
"""


def upgrade() -> None:
    """Make all tables."""
    _replicas_and_keys()
    _workspace()
    _ledger()
    _accounts()
    _secrets_and_reports()
    _people()
    _drafts()
    _audit()


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def _jsons(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON(), nullable=nullable) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _seq(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _of_workspace() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"])


def _of_account(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id", column], ["account.workspace_id", "account.id"])


def _replicas_and_keys() -> None:
    op.create_table("executor", *_texts("id"), *_times("seen"), sa.PrimaryKeyConstraint("id"))
    op.create_table(
        "encryption_key",
        *_texts("id", "check_value"),
        *_times("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )


def _workspace() -> None:
    op.create_table(
        "workspace",
        *_texts("workspace_id", "name", "audit_key", "audit_hash"),
        _seq("audit_seq"),
        *_times("created_at"),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "installation",
        *_texts("workspace_id", "bot_id", "bot_user_id"),
        *_texts("enterprise_id", "bot_token", nullable=True),
        *_times("installed_at"),
        sa.PrimaryKeyConstraint("workspace_id"),
        _of_workspace(),
    )
    op.create_table(
        "setting",
        *_texts("workspace_id", "name"),
        *_jsons("value"),
        sa.PrimaryKeyConstraint("workspace_id", "name"),
        _of_workspace(),
    )


def _ledger() -> None:
    op.create_table(
        "request_ledger",
        *_texts("workspace_id", "key"),
        *_jsons("answer", nullable=True),
        *_times("created_at"),
        sa.PrimaryKeyConstraint("workspace_id", "key"),
        _of_workspace(),
    )
    op.create_index(
        "ix_request_ledger_workspace_id_created_at", "request_ledger", ["workspace_id", "created_at"]
    )


def _accounts() -> None:
    op.create_table(
        "account",
        *_texts("workspace_id", "id", "provider", "identity", "name", "owner_id", "health"),
        *_jsons("answers", "facts"),
        *_times("checked_at", "next_check_at", nullable=True),
        *_numbers("revision", "checked_revision"),
        *_texts("told", "only", nullable=True),
        *_times("linked_at"),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
        sa.UniqueConstraint(
            "workspace_id", "provider", "identity", name="uq_account_workspace_id_provider_identity"
        ),
        sa.UniqueConstraint("workspace_id", "only", name="uq_account_workspace_id_only"),
        _of_workspace(),
    )
    op.create_index("ix_account_workspace_id_next_check_at", "account", ["workspace_id", "next_check_at"])
    op.create_table(
        "account_name",
        *_texts("workspace_id", "key", "holder"),
        sa.PrimaryKeyConstraint("workspace_id", "key"),
        _of_workspace(),
    )
    op.create_index("ix_account_name_workspace_id_holder", "account_name", ["workspace_id", "holder"])


def _secrets_and_reports() -> None:
    op.create_table(
        "key",
        *_texts("workspace_id", "account_id", "sealed"),
        sa.PrimaryKeyConstraint("workspace_id", "account_id"),
        _of_account("account_id"),
    )
    op.create_table(
        "report",
        *_texts("workspace_id", "id", "account_id", "health"),
        *_jsons("data"),
        *_times("started"),
        sa.Column("took", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
        _of_account("account_id"),
    )
    op.create_index(
        "ix_report_workspace_id_account_id_started", "report", ["workspace_id", "account_id", "started"]
    )


def _people() -> None:
    known = ("is_admin", "is_owner", "is_guest", "is_stranger", "is_bot", "deleted")
    op.create_table(
        "person",
        *_texts("workspace_id", "user_id", "name"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in known),
        *_jsons("groups"),
        *_times("seen_at"),
        *_texts("selected_account", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "user_id"),
        _of_workspace(),
        _of_account("selected_account"),
    )


def _drafts() -> None:
    op.create_table(
        "draft",
        *_texts("workspace_id", "id", "user_id", "provider", "state", "name", "name_key", "request_key"),
        *_numbers("revision", "attempt"),
        *_jsons("answers"),
        *_jsons("report", nullable=True),
        *_texts("prepared", "screen", "card_channel", "card_ts", "replaces", nullable=True),
        *_times("trying_until", nullable=True),
        *_times("created_at", "updated_at", "expires_at"),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
        _of_workspace(),
    )
    op.create_index("ix_draft_workspace_id_expires_at", "draft", ["workspace_id", "expires_at"])
    op.create_index(
        "uq_draft_open",
        "draft",
        ["workspace_id", "user_id", "provider"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
        *_texts("workspace_id"),
        _seq("seq"),
        sa.Column("entry", sa.Text(), nullable=False),
        *_texts("hash"),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
        _of_workspace(),
    )
    op.create_table(
        "audit_person",
        *_texts("workspace_id"),
        _seq("seq"),
        *_texts("salt"),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
        sa.ForeignKeyConstraint(["workspace_id", "seq"], ["audit_entry.workspace_id", "audit_entry.seq"]),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE_APPEND_ONLY.format(verb=verb))
    else:
        op.execute(_POSTGRESQL_REFUSE)
        op.execute(_POSTGRESQL_APPEND_ONLY)
