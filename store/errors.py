"""What can go wrong in the database, in four words. Everything not named here propagates as it came."""

from typing import Any

import sqlalchemy.exc as sa_exc

_SQLITE_REASONS = {5: "locked", 6: "locked", 13: "the disk is full", 14: "unreachable"}
_POSTGRES_REASONS = {
    "55P03": "locked",
    "40P01": "locked",
    "40001": "locked",
    "57014": "too slow",
    "57P01": "unreachable",
    "57P02": "unreachable",
    "57P03": "unreachable",
    "53300": "no free connection",
    "53100": "the disk is full",
    "25P03": "too slow",
}


class Busy(Exception):
    """The database could not be used in time. Nothing was changed; the same call may be tried again."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database could not be used in time ({reason}). Nothing was changed.")
        self.reason = reason


class Unconfirmed(Exception):
    """COMMIT was sent and no answer came: the change may or may not be there. Look before trying again."""


class Conflict(Exception):
    """Somebody else has it. `what` is name, draft, account or revision; `holder` is the id that has it."""

    def __init__(self, what: str, holder: str | None = None) -> None:
        super().__init__(f"Conflict on {what}.")
        self.what = what
        self.holder = holder


class SchemaProblem(Exception):
    """The database was migrated by a version this code does not know."""


def translated(error: sa_exc.SQLAlchemyError) -> Exception:
    """Busy where that is the truth, else the error itself."""
    if isinstance(error, sa_exc.TimeoutError):
        return Busy("no free connection")
    if not isinstance(error, sa_exc.DBAPIError):
        return error
    reason = _reason(error)
    return Busy(reason) if reason else error


def at_commit(error: sa_exc.DBAPIError) -> Exception:
    """The error of a COMMIT: only a lock or a full disk on SQLite surely changed nothing."""
    if _sqlite_code(error.orig) in (5, 6, 13):
        return translated(error)
    if isinstance(error, sa_exc.OperationalError) or error.connection_invalidated:
        return Unconfirmed("We could not confirm that the change was saved.")
    return error


def _sqlite_code(cause: Any) -> int | None:
    code = getattr(cause, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _reason(error: sa_exc.DBAPIError) -> str | None:
    code = _sqlite_code(error.orig)
    if code is not None:
        return _SQLITE_REASONS.get(code)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return "unreachable" if state.startswith("08") else _POSTGRES_REASONS.get(state)
    unreachable = isinstance(error, sa_exc.OperationalError) or error.connection_invalidated
    return "unreachable" if unreachable else None
