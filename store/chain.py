"""The chain of the audit log: how entries hang together, and the walk that finds tampering. Nothing is written here.

Each entry is covered by an HMAC over the entry before it. Personal data stands apart and can be erased; the chain
holds only its hash. A cut tail is found by the head in the workspace's row; one who rewrites that too, or who has
the audit key, is found only by copies kept elsewhere.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.models import Entry, EntryPerson, Workspace
from store.sealed import Keyring, Place

NOTHING = "0" * 64


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
    query = entries_of(workspace_id).add_columns(EntryPerson.salt, EntryPerson.data).order_by(Entry.seq)
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


def entries_of(workspace_id: str) -> sa.Select[int, str, str]:
    """Seq, entry and hash of one chain, with its personal parts at hand."""
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
    if not hmac.compare_digest(link(key, previous, row.entry), row.hash):
        return "hash"
    entry = json.loads(row.entry)
    if entry["workspace"] != workspace_id or entry["seq"] != seq:
        return "place"
    if row.data is not None and personal_hash(row.salt, row.data) != entry["pii_sha256"]:
        return "personal"
    return None


def link(key: bytes, previous: str, entry: str) -> str:
    """The hash of an entry, which covers all entries before it."""
    return hmac.new(key, bytes.fromhex(previous) + entry.encode(), hashlib.sha256).hexdigest()


def personal_hash(salt: str, person: str) -> str:
    """By which an entry knows its personal part."""
    return hashlib.sha256((salt + person).encode()).hexdigest()
