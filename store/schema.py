"""Brings the tables to the newest form. Alembic is imported only when this runs."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from store.errors import SchemaProblem

_ONE_RUNNER = 0x584F5053  # the advisory lock's number: "XOPS"

# On SQLite, DBOS keeps its tables beside ours; on PostgreSQL they have a schema of their own.
DBOS_TABLES = frozenset(
    {
        "application_versions",
        "dbos_migrations",
        "event_dispatch_kv",  # on PostgreSQL only
        "notifications",
        "operation_outputs",
        "queues",
        "streams",
        "workflow_events",
        "workflow_events_history",
        "workflow_input",
        "workflow_output",
        "workflow_schedules",
        "workflow_status",
    }
)


def include_name(name: str | None, type_: str, parent_names: Any) -> bool:
    """False for what belongs to DBOS; for Alembic's comparison."""
    if type_ == "schema":
        return name is None
    table = name if type_ == "table" else parent_names.get("table_name")
    return table not in DBOS_TABLES


def include_object(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """False for DBOS's tables; for Alembic's comparison."""
    return type_ != "table" or name not in DBOS_TABLES


def upgrade(connection: sa.Connection) -> None:
    """Run the missing migrations in the open transaction, one process at a time; raises SchemaProblem."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_RUNNER)))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SchemaProblem(
            "This database was made by a newer version of XOps in Slack. Start that version, or restore the backup "
            "made before it; nothing was changed."
        ) from error
