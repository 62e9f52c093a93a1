"""Secrets at rest: they open only where they were sealed, with the right key, and are gone when destroyed."""

import base64
import hashlib
import itertools
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store import KeyProblem, Keyring, SealBroken, Store

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


PEM = "-----BEGIN PRIVATE KEY-----MIIG-the-secret-of-this-account-----END PRIVATE KEY-----"


def linked(store: Store, workspace_id: str = "T1", identity: str = "1", secret: str = PEM) -> str:
    with store.begin(workspace_id) as work:
        account = work.add_account("azure", identity, name=identity, owner_id="U1")
        work.seal_secret(account.id, {"private_key": secret})
        return account.id


def test_swapped_rows_do_not_open_and_others_do(store: Store, outside: sa.Engine) -> None:
    a, b = linked(store, "T1", "a", PEM + "a"), linked(store, "T1", "b", PEM + "b")
    c, d = linked(store, "T2", "c"), linked(store, "T1", "d")
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "azure", state="prepared", prepared={"private_key": PEM})
    with outside.begin() as connection:
        read = sa.text("SELECT sealed FROM key WHERE account_id = :i")
        write = sa.text("UPDATE key SET sealed = :s WHERE account_id = :i")
        of = {i: connection.execute(read, {"i": i}).scalar_one() for i in (a, b, c)}
        for row, sealed in ((a, of[b]), (b, of[c]), (c, of[a])):
            connection.execute(write, {"i": row, "s": sealed})
        connection.execute(sa.text("UPDATE draft SET prepared = :s"), {"s": of[a]})
        tokens = "UPDATE installation SET bot_token = (SELECT bot_token FROM installation WHERE workspace_id = 'T2')"
        connection.execute(sa.text(tokens))
        connection.execute(
            sa.text("UPDATE workspace SET audit_key = :s WHERE workspace_id = 'T1'"), {"s": of[a]}
        )
    for workspace_id, account_id in (("T1", a), ("T1", b), ("T2", c)):
        with pytest.raises(SealBroken), store.begin(workspace_id) as work:
            work.secret(account_id)
    with store.begin("T1") as work:
        assert work.secret(d) == {"private_key": PEM}
        again = work.draft(draft.id)
        assert again is not None
        with pytest.raises(SealBroken):
            work.prepared(again)
    with pytest.raises(SealBroken), store.system() as system:
        system.installation("T1")
    with pytest.raises(SealBroken), store.begin("T1") as work:
        work.audit("XL001I", "account.link")
    with pytest.raises(SealBroken):
        store.verify_audit("T1")
    with store.system() as system:
        installed = system.installation("T2")
        assert installed is not None
        assert installed.bot_token == "xoxb-T2-token"
        assert "xoxb" not in repr(installed)


def spellings(secret: str) -> list[bytes]:
    raw = secret.encode()
    wide = secret.encode("utf-16-le")
    # Base64 of a part depends on where it begins: take what all three alignments have in their middle.
    inside = [base64.b64encode(raw[skip:])[4:40] for skip in range(3)]
    return [raw, raw.hex().encode(), raw.hex().upper().encode(), wide, *inside]


def everything(engine: sa.Engine, files: list[Path]) -> bytes:
    """All bytes of a SQLite database's files, or all rows of a PostgreSQL database."""
    if engine.dialect.name == "sqlite":
        return b"".join(file.read_bytes() for file in files if file.exists())
    with engine.connect() as connection:
        rows = [
            str(connection.execute(sa.select(sa.func.json_agg(sa.table(table).table_valued()))).scalar_one())
            for table in sa.inspect(connection).get_table_names()
        ]
    return "\n".join(rows).encode()


def test_the_database_holds_no_secret_in_the_clear(store: Store, outside: sa.Engine, file: Path) -> None:
    files = [file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm")]
    account_id = linked(store)
    with store.begin("T1") as work:
        work.begin_draft("U1", "azure", state="prepared", prepared={"private_key": PEM})
        work.audit("XL001I", "account.link", target=("account", account_id))
        found = everything(outside, files)
    found += everything(outside, files)
    assert account_id.encode() in found, "the search sees what is there"
    for secret in (PEM, "xoxb-T1-token", "xoxb-T2-token"):
        for spelling in spellings(secret):
            assert spelling not in found


def test_a_destroyed_secret_is_gone(store: Store, outside: sa.Engine, file: Path) -> None:
    files = [file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm")]
    account_id = linked(store)
    kept = linked(store, identity="2")
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "azure", state="prepared", prepared={"private_key": PEM})
        assert draft.prepared is not None
    with outside.connect() as connection:
        read = sa.text("SELECT sealed FROM key WHERE account_id = :i")
        sealed = connection.execute(read, {"i": account_id}).scalar_one()
        of_kept = connection.execute(read, {"i": kept}).scalar_one()
    parts = [part.encode() for one in (sealed, draft.prepared) for part in one.split(".")[2:]]
    before = everything(outside, files)
    assert all(part[:40] in before for part in parts)
    with store.begin("T1") as work:
        account, again = work.account(account_id), work.draft(draft.id)
        assert account is not None
        assert again is not None
        assert work.delete_account(account)
        again.state = "stopped"
    assert store.checkpoint()
    after = everything(outside, files)
    for part in parts:
        for length, at in itertools.product((24,), range(0, len(part) - 24, 24)):
            assert part[at : at + length] not in after
    assert of_kept.encode()[:300] in after


@sqlite
def test_a_checkpoint_says_when_a_reader_is_in_the_way(store: Store, outside: sa.Engine) -> None:
    with outside.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM workspace").all()
        linked(store)
        assert store.checkpoint(patience=0.1) is False
    assert store.checkpoint() is True


def test_a_closed_draft_keeps_no_secret(store: Store, outside: sa.Engine) -> None:
    with store.begin("T1") as work:
        draft = work.begin_draft("U1", "azure", state="prepared", prepared={"private_key": PEM})
        assert work.prepared(draft) == {"private_key": PEM}
        work.seal_prepared(draft, {"private_key": PEM, "more": 1})
        assert work.prepared(draft)["more"] == 1
        draft.state = "done"
        with pytest.raises(LookupError):
            work.prepared(draft)
    with outside.connect() as connection:
        assert connection.exec_driver_sql("SELECT prepared FROM draft").scalar_one() is None


def digest(engine: sa.Engine, file: Path) -> str:
    files = [file.with_name(file.name + suffix) for suffix in ("", "-wal")]
    return hashlib.sha256(everything(engine, files)).hexdigest()


@pytest.mark.parametrize("crashed", [False, True])
def test_a_wrong_or_missing_key_is_refused_with_nothing_written(
    store: Store, url: str, outside: sa.Engine, file: Path, crashed: bool
) -> None:
    linked(store)
    wrong: dict[str, Any] = {
        "wrong": Keyring({"k1": b"x" * 32}),
        "missing": Keyring({"k2": b"x" * 32}),
        "new one and wrong": Keyring({"k2": b"x" * 32, "k1": b"y" * 32}),
    }
    if not crashed:  # crashed: the log still holds what the file does not
        store.close()
    before = digest(outside, file)
    for ring in wrong.values():
        for refuse in (Store.check_keys, Store.migrate):
            other = Store(url, ring)
            with pytest.raises(KeyProblem, match="nothing was changed"):
                refuse(other)
            other.close()
    assert digest(outside, file) == before
    store.check_keys()
    with store.begin("T1") as work:
        assert [work.secret(account.id)["private_key"] for account in work.accounts()] == [PEM]


def test_a_second_key_may_come_and_an_unused_one_may_go(url: str) -> None:
    k1, k2, k3 = ((name, name[1].encode() * 32) for name in ("k1", "k2", "k3"))
    unused = Store(url, Keyring(dict([k3])))
    unused.migrate()
    unused.close()
    first = Store(url, Keyring(dict([k1])))
    first.migrate()  # k3 is known but sealed nothing
    with first.system() as system:
        system.install("T1", "One", None, "B", "U", None)
    account_id = linked(first)
    first.close()
    both = Store(url, Keyring(dict([k2, k1])))
    both.check_keys()
    with both.begin("T1") as work:
        assert work.secret(account_id)["private_key"] == PEM
        work.seal_secret(account_id, {"private_key": "again"})
    both.close()
    for ring in (dict([k1]), dict([k2])):
        with pytest.raises(KeyProblem, match="missing"):
            Store(url, Keyring(ring)).check_keys()
