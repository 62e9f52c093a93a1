"""Secrets at rest: AES-256-GCM envelopes that open only in the place they were sealed for. No database here.

Format: `v1.<key id>.<wrapped data key>.<secret>`, each part base64url of nonce and ciphertext. Both are bound to
the place and to the key id by the associated data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.canonical import canonical

_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


class KeyProblem(Exception):
    """An encryption key is missing, malformed or not the one this database was sealed with."""


class SealBroken(Exception):
    """A sealed value was changed, moved from its place, or sealed with a key that is not here."""


class Place(NamedTuple):
    """Where a secret lives; it opens nowhere else."""

    workspace: str
    table: str
    row: str
    column: str


class Keyring:
    """The encryption keys, current one first. Never shows them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise KeyProblem("There is no encryption key.")
        self._keys = dict(keys)
        self.current = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.ids)})"

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, current one first."""
        return tuple(self._keys)

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read `id:base64key[,id:base64key]`; raises KeyProblem with a plain sentence."""
        keys: dict[str, bytes] = {}
        for part in text.strip().split(","):
            key_id, key = _parse_key(part.strip())
            if key_id in keys:
                raise KeyProblem(f"The encryption key id {key_id} appears twice.")
            keys[key_id] = key
        return cls(keys)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Keyring:
        """Read the key file, or make it (0600) with a fresh key; raises KeyProblem if others may read it."""
        file = Path(path)
        if not file.exists():
            _create_key_file(file)
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            raise KeyProblem(f"Others may read the key file {file} (mode {mode:04o}). Run: chmod 600 {file}")
        return cls.parse(file.read_text(encoding="utf-8"))

    def check_value(self, key_id: str) -> str:
        """By which a key is recognised without showing it; raises KeyError for an id that is not here."""
        return hmac.new(self._keys[key_id], b"xops-key-check-v1", hashlib.sha256).hexdigest()

    def seal(self, place: Place, secret: bytes) -> str:
        """Encrypt for one place with a fresh data key, wrapped by the current key."""
        bound = _associated_data(self.current, place)
        data_key = AESGCM.generate_key(bit_length=256)
        wrapped = _encrypt(self._keys[self.current], data_key, bound)
        return f"v1.{self.current}.{wrapped}.{_encrypt(data_key, secret, bound)}"

    def open(self, place: Place, sealed: str) -> bytes:
        """Decrypt; raises SealBroken if it is not exactly what was sealed for this place."""
        try:
            version, key_id, wrapped, body = sealed.split(".")
            if version != "v1":
                raise SealBroken(f"A sealed value in {place.table}.{place.column} has an unknown format.")
            bound = _associated_data(key_id, place)
            return _decrypt(_decrypt(self._keys[key_id], wrapped, bound), body, bound)
        except (ValueError, KeyError, InvalidTag) as error:
            raise SealBroken(
                f"A sealed value in {place.table}.{place.column} does not open: it was changed or moved, "
                "or its key is missing."
            ) from error


def _parse_key(part: str) -> tuple[str, bytes]:
    key_id, colon, encoded = part.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise KeyProblem(
            "An encryption key must look like id:base64key; the id has 1-32 letters, digits, - or _."
        )
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(f"The encryption key {key_id} is not valid base64.") from None
    if len(key) != _KEY_BYTES:
        raise KeyProblem(f"The encryption key {key_id} must have 32 bytes; it has {len(key)}.")
    return key_id, key


def _create_key_file(file: Path) -> None:
    """Appears complete or not at all, and never replaces the file another process made meanwhile."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"k1:{base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(temporary, file)
        except FileExistsError:
            return
        directory = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        os.unlink(temporary)


def _associated_data(key_id: str, place: Place) -> bytes:
    return canonical(["xops", 1, key_id, *place])


def _encrypt(key: bytes, secret: bytes, bound: bytes) -> str:
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, secret, bound)).decode().rstrip("=")


def _decrypt(key: bytes, text: str, bound: bytes) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    return AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], bound)
