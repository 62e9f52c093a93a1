"""The first tables. The models say what they are for; this file never changes once released."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

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
    _accounts()
    _people()
    _drafts()
    _audit()


def _text(name: str, nullable: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable, **more)


def _time(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _yes_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_workspace() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id"], ["workspace.workspace_id"])


def _of_account(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["workspace_id", column], ["account.workspace_id", "account.id"])


def _replicas_and_keys() -> None:
    op.create_table("executor", _text("id"), _time("seen"), sa.PrimaryKeyConstraint("id"))
    op.create_table(
        "encryption_key",
        _text("id"),
        _text("check_value"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )


def _workspace() -> None:
    op.create_table(
        "workspace",
        _text("workspace_id"),
        _text("name"),
        _text("audit_key"),
        sa.Column("audit_seq", sa.BigInteger(), nullable=False),
        _text("audit_hash"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("workspace_id"),
    )
    op.create_table(
        "installation",
        _text("workspace_id"),
        _text("enterprise_id", nullable=True),
        _text("bot_id"),
        _text("bot_user_id"),
        _text("bot_token", nullable=True),
        _time("installed_at"),
        sa.PrimaryKeyConstraint("workspace_id"),
        _of_workspace(),
    )
    op.create_table(
        "setting",
        _text("workspace_id"),
        _text("name"),
        _json("value"),
        sa.PrimaryKeyConstraint("workspace_id", "name"),
        _of_workspace(),
    )
    op.create_table(
        "request_ledger",
        _text("workspace_id"),
        _text("key"),
        _json("answer", nullable=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("workspace_id", "key"),
        _of_workspace(),
    )
    op.create_index(
        "ix_request_ledger_workspace_id_created_at", "request_ledger", ["workspace_id", "created_at"]
    )


def _accounts() -> None:
    op.create_table(
        "account",
        _text("workspace_id"),
        _text("id"),
        _text("provider"),
        _text("identity"),
        _text("name"),
        _text("owner_id"),
        _json("answers"),
        _json("facts"),
        _text("health"),
        _time("checked_at", nullable=True),
        _time("next_check_at", nullable=True),
        _number("revision"),
        _time("linked_at"),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
        sa.UniqueConstraint(
            "workspace_id", "provider", "identity", name="uq_account_workspace_id_provider_identity"
        ),
        _of_workspace(),
    )
    op.create_index("ix_account_workspace_id_next_check_at", "account", ["workspace_id", "next_check_at"])
    op.create_table(
        "account_name",
        _text("workspace_id"),
        _text("key"),
        _text("holder"),
        sa.PrimaryKeyConstraint("workspace_id", "key"),
        _of_workspace(),
    )
    op.create_index("ix_account_name_workspace_id_holder", "account_name", ["workspace_id", "holder"])
    op.create_table(
        "key",
        _text("workspace_id"),
        _text("account_id"),
        _text("sealed"),
        sa.PrimaryKeyConstraint("workspace_id", "account_id"),
        _of_account("account_id"),
    )
    op.create_table(
        "report",
        _text("workspace_id"),
        _text("id"),
        _text("account_id"),
        _text("health"),
        _json("data"),
        _time("started"),
        sa.Column("took", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "id"),
        _of_account("account_id"),
    )
    op.create_index(
        "ix_report_workspace_id_account_id_started", "report", ["workspace_id", "account_id", "started"]
    )


def _people() -> None:
    op.create_table(
        "person",
        _text("workspace_id"),
        _text("user_id"),
        _text("name"),
        *(_yes_no(name) for name in ("is_admin", "is_owner", "is_guest", "is_stranger", "is_bot", "deleted")),
        _json("groups"),
        _time("seen_at"),
        _text("selected_account", nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "user_id"),
        _of_workspace(),
        _of_account("selected_account"),
    )


def _drafts() -> None:
    op.create_table(
        "draft",
        *(_text(name) for name in ("workspace_id", "id", "user_id", "provider", "state")),
        _number("revision"),
        _number("attempt"),
        _text("name"),
        _text("name_key"),
        _json("answers"),
        _text("prepared", nullable=True),
        _json("report", nullable=True),
        *(_text(name, nullable=True) for name in ("screen", "card_channel", "card_ts")),
        _time("trying_until", nullable=True),
        _text("replaces", nullable=True),
        _text("request_key"),
        _time("created_at"),
        _time("updated_at"),
        _time("expires_at"),
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
        _text("workspace_id"),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        _text("hash"),
        sa.PrimaryKeyConstraint("workspace_id", "seq"),
        _of_workspace(),
    )
    op.create_table(
        "audit_person",
        _text("workspace_id"),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("salt"),
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
