"""The audit log: one chain per workspace, written in the transaction of the effect it records.

Each entry is covered by an HMAC over the entry before it. Personal data stands apart and can be erased; the chain
holds only its hash. A cut tail is found by the head in the workspace's row; one who rewrites that too, or who has
the audit key, is found only by copies kept elsewhere.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.bound import Bound
from store.canonical import canonical
from store.columns import database_now
from store.models import Entry, EntryPerson, Workspace
from store.sealed import Keyring, Place

NOTHING = "0" * 64
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


@dataclass(frozen=True)
class Verdict:
    """Whether a chain is whole; if not, the first bad seq and the kind: order, hash, place, personal or head."""

    entries: int
    bad_seq: int | None = None
    kind: str | None = None

    @property
    def ok(self) -> bool:
        """True if nothing was found."""
        return self.kind is None


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
            "pii_sha256": _personal_hash(salt, person) if personal else None,
        }
        text = canonical(entry).decode()
        digest = _link(key, previous, text)
        mine = {"workspace_id": self.workspace_id, "seq": seq}
        connection = self.connection
        connection.execute(sa.insert(Entry).values(**mine, entry=text, hash=digest))
        if personal:
            connection.execute(sa.insert(EntryPerson).values(**mine, salt=salt, data=person))
        connection.execute(
            sa.update(Workspace)
            .where(Workspace.workspace_id == self.workspace_id)
            .values(audit_seq=seq, audit_hash=digest)
        )
        return seq

    def audit_entries(self, limit: int = 20) -> list[AuditEntry]:
        """The newest entries, newest first."""
        query = (
            _entries_of(self.workspace_id)
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


def verify_chain(connection: sa.Connection, keyring: Keyring, workspace_id: str) -> Verdict:
    """Walk one chain in a snapshot; raises LookupError for an unknown workspace, SealBroken without its key."""
    head = connection.execute(
        sa.select(Workspace.audit_seq, Workspace.audit_hash, Workspace.audit_key).where(
            Workspace.workspace_id == workspace_id
        )
    ).one_or_none()
    if head is None:
        raise LookupError("This workspace is not known.")
    key = audit_key(keyring, workspace_id, head.audit_key)
    seq, previous = 0, NOTHING
    query = _entries_of(workspace_id).add_columns(EntryPerson.salt, EntryPerson.data).order_by(Entry.seq)
    with connection.execute(query, execution_options={"yield_per": 1000}) as rows:
        for row in rows:
            kind = _fault(row, key, workspace_id, seq + 1, previous)
            if kind:
                return Verdict(seq, min(seq + 1, row.seq), kind)
            seq, previous = row.seq, row.hash
    if (seq, previous) != (head.audit_seq, head.audit_hash):
        return Verdict(seq, seq + 1, "head")
    return Verdict(seq)


def new_audit_key(keyring: Keyring, workspace_id: str) -> str:
    """A fresh audit key, sealed for the workspace's row."""
    return keyring.seal(_key_place(workspace_id), secrets.token_bytes(32))


def audit_key(keyring: Keyring, workspace_id: str, sealed: str) -> bytes:
    """The audit key of a workspace; raises SealBroken."""
    return keyring.open(_key_place(workspace_id), sealed)


def _key_place(workspace_id: str) -> Place:
    return Place(workspace_id, "workspace", workspace_id, "audit_key")


def _entries_of(workspace_id: str) -> sa.Select[int, str, str]:
    return (
        sa.select(Entry.seq, Entry.entry, Entry.hash)
        .outerjoin(
            EntryPerson,
            sa.and_(EntryPerson.workspace_id == Entry.workspace_id, EntryPerson.seq == Entry.seq),
        )
        .where(Entry.workspace_id == workspace_id)
    )


def _fault(row: sa.Row[Any], key: bytes, workspace_id: str, seq: int, previous: str) -> str | None:
    if row.seq != seq:
        return "order"
    if not hmac.compare_digest(_link(key, previous, row.entry), row.hash):
        return "hash"
    entry = json.loads(row.entry)
    if entry["workspace"] != workspace_id or entry["seq"] != seq:
        return "place"
    if row.data is not None and _personal_hash(row.salt, row.data) != entry["pii_sha256"]:
        return "personal"
    return None


def _link(key: bytes, previous: str, entry: str) -> str:
    return hmac.new(key, bytes.fromhex(previous) + entry.encode(), hashlib.sha256).hexdigest()


def _personal_hash(salt: str, person: str) -> str:
    return hashlib.sha256((salt + person).encode()).hexdigest()


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
