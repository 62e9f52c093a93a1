"""The audit log: one chain per workspace, written in the transaction of the effect it records. See `chain.py`."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.bound import Bound
from store.canonical import canonical
from store.chain import audit_key, entries_of, link, personal_hash
from store.columns import database_now
from store.models import Entry, EntryPerson, Workspace

SYSTEM = "system"


@dataclass(frozen=True)
class AuditEntry:
    """One entry as people read it; `personal` is None when there is none or it was erased."""

    seq: int
    at: datetime
    code: str
    action: str
    actor: str
    target: tuple[str, str] | None
    result: str
    reason: str
    request_key: str
    personal: dict[str, Any] | None


class Audit(Bound):
    """Append to the chain of this workspace, and read it."""

    def audit(
        self,
        code: str,
        action: str,
        *,
        actor: str = SYSTEM,
        target: tuple[str, str] | None = None,
        result: str = "ok",
        reason: str = "",
        personal: dict[str, Any] | None = None,
        request_key: str = "",
    ) -> int:
        """Record an action; its seq. Holds the workspace's chain until the transaction ends: call it last.

        `actor` is a user id or "system", `target` (kind, id). Names and other personal data go into `personal`.
        """
        seq, previous, key, at = self._head()
        salt, person = secrets.token_hex(16), canonical(personal or {}).decode()
        entry = {
            "v": 1,
            "workspace": self.workspace_id,
            "seq": seq,
            "ts": at.isoformat(timespec="milliseconds"),
            "code": code,
            "action": action,
            "actor": actor if actor == SYSTEM else {"team": self.workspace_id, "user": actor},
            "target": {"kind": target[0], "id": target[1]} if target else None,
            "result": result,
            "reason": reason,
            "request_key": request_key,
            "pii_sha256": personal_hash(salt, person) if personal else None,
        }
        self._append(seq, entry, previous, key)
        if personal:
            mine = {"workspace_id": self.workspace_id, "seq": seq}
            self.connection.execute(sa.insert(EntryPerson).values(**mine, salt=salt, data=person))
        return seq

    def audit_entries(self, limit: int = 20) -> list[AuditEntry]:
        """The newest entries, newest first."""
        query = (
            entries_of(self.workspace_id)
            .add_columns(EntryPerson.data)
            .order_by(Entry.seq.desc())
            .limit(limit)
        )
        return [_readable(row.entry, row.data) for row in self._session.execute(query)]

    def _head(self) -> tuple[int, str, bytes, datetime]:
        """Lock the chain: the next seq, the hash before it, the key and the database's time."""
        row = self._session.execute(
            sa.select(
                Workspace.audit_seq, Workspace.audit_hash, Workspace.audit_key, database_now().label("at")
            )
            .where(Workspace.workspace_id == self.workspace_id)
            .with_for_update(key_share=True)
        ).one()
        return (
            row.audit_seq + 1,
            row.audit_hash,
            audit_key(self._keyring, self.workspace_id, row.audit_key),
            row.at,
        )

    def _append(self, seq: int, entry: dict[str, Any], previous: str, key: bytes) -> None:
        text = canonical(entry).decode()
        digest = link(key, previous, text)
        mine = {"workspace_id": self.workspace_id, "seq": seq}
        self.connection.execute(sa.insert(Entry).values(**mine, entry=text, hash=digest))
        self.connection.execute(
            sa.update(Workspace)
            .where(Workspace.workspace_id == self.workspace_id)
            .values(audit_seq=seq, audit_hash=digest)
        )


def _readable(text: str, personal: str | None) -> AuditEntry:
    entry = json.loads(text)
    actor, target = entry["actor"], entry["target"]
    return AuditEntry(
        seq=entry["seq"],
        at=datetime.fromisoformat(entry["ts"]),
        code=entry["code"],
        action=entry["action"],
        actor=actor if isinstance(actor, str) else actor["user"],
        target=(target["kind"], target["id"]) if target else None,
        result=entry["result"],
        reason=entry["reason"],
        request_key=entry["request_key"],
        personal=json.loads(personal) if personal else None,
    )
