"""Recognises a wrong or missing encryption key before anything is written with it."""

import sqlalchemy as sa

from store.bound import insert_unless_there
from store.models import Draft, EncryptionKey, Installation, Key, Workspace
from store.sealed import KeyProblem, Keyring

_SEALED = (Draft.prepared, Key.sealed, Installation.bot_token, Workspace.audit_key)


def check(connection: sa.Connection, keyring: Keyring) -> bool:
    """Only reads; False if there are no tables yet. Raises KeyProblem if a key is not the one known here, or a key that sealed something is missing."""
    if not sa.inspect(connection).has_table(EncryptionKey.__tablename__):
        return False
    known = connection.execute(sa.select(EncryptionKey.id, EncryptionKey.check_value))
    for key_id, value in known:
        if key_id in keyring.ids:
            if keyring.check_value(key_id) != value:
                raise KeyProblem(
                    f"The encryption key {key_id} is not the one this database was sealed with. "
                    "Give back the old key; nothing was changed."
                )
        elif _in_use(connection, key_id):
            raise KeyProblem(
                f"This database holds secrets sealed with the encryption key {key_id}, which is missing. "
                "Add it to the keys; nothing was changed."
            )
    return True


def register(connection: sa.Connection, keyring: Keyring) -> None:
    """Remember the current key, the only one that seals."""
    values = {"id": keyring.current, "check_value": keyring.check_value(keyring.current)}
    insert_unless_there(connection, EncryptionKey, values, ["id"])


def _in_use(connection: sa.Connection, key_id: str) -> bool:
    columns = (
        sa.select(sa.literal(1)).where(column.startswith(f"v1.{key_id}.", autoescape=True))
        for column in _SEALED
    )
    return connection.execute(sa.union_all(*columns).limit(1)).first() is not None
