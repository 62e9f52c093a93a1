"""Secrets at rest: they open only where they were sealed, with the right key, and are gone when destroyed."""

import base64
import hashlib
import itertools
import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store import KeyProblem, Keyring, Place, SealBroken, Store

sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

K1, K2 = base64.b64encode(b"1" * 32).decode(), base64.b64encode(b"2" * 32).decode()
PEM = "-----BEGIN PRIVATE KEY-----MIIG-the-secret-of-this-account-----END PRIVATE KEY-----"
HERE = Place("T1", "key", "a1", "sealed")


def test_a_secret_opens_only_in_its_place() -> None:
    ring = Keyring.parse(f"k1:{K1}")
    sealed = ring.seal(HERE, b"secret")
    assert sealed.startswith("v1.k1.")
    assert ring.open(HERE, sealed) == b"secret"
    assert ring.seal(HERE, b"secret") != sealed
    for place in (
        HERE._replace(workspace="T2"),
        HERE._replace(table="draft"),
        HERE._replace(row="a2"),
        HERE._replace(column="other"),
    ):
        with pytest.raises(SealBroken):
            ring.open(place, sealed)


def test_a_changed_secret_does_not_open() -> None:
    ring = Keyring.parse(f"k1:{K1},k2:{K2}")
    parts = ring.seal(HERE, b"secret").split(".")
    other = ring.seal(HERE, b"other").split(".")
    forged = [
        ".".join([parts[0], "k2", *parts[2:]]),
        ".".join([parts[0], "k3", *parts[2:]]),
        ".".join(["v2", *parts[1:]]),
        ".".join([*parts[:3], other[3]]),
        ".".join([*parts[:2], other[2], parts[3]]),
        ".".join(parts[:3]),
        ".".join([*parts, "x"]),
        ".".join([*parts[:3], parts[3][:-4]]),
        ".".join([*parts[:3], "é" + parts[3][1:]]),
        ".".join([*parts[:3], ""]),
        "",
        "secret",
    ]
    for sealed in forged:
        with pytest.raises(SealBroken):
            ring.open(HERE, sealed)
    flipped = bytearray(".".join(parts).encode())
    for at in range(len("v1.k1."), len(flipped) - 4, 7):
        changed = flipped.copy()
        changed[at] = ord("A") if changed[at] != ord("A") else ord("B")
        with pytest.raises(SealBroken):
            ring.open(HERE, changed.decode())


def test_the_first_key_seals_and_all_open() -> None:
    old, new = Keyring.parse(f"k1:{K1}"), Keyring.parse(f" k2:{K2} , k1:{K1}\n")
    assert new.current == "k2"
    assert new.ids == ("k2", "k1")
    assert new.open(HERE, old.seal(HERE, b"x")) == b"x"
    with pytest.raises(SealBroken):
        old.open(HERE, new.seal(HERE, b"x"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        f"{K1}",
        f":{K1}",
        f"k 1:{K1}",
        f"k.1:{K1}",
        f"{'k' * 33}:{K1}",
        f"ключ:{K1}",
        "k1:",
        "k1:AAAA",
        f"k1:{base64.b64encode(b'1' * 31).decode()}",
        f"k1:{base64.b64encode(b'1' * 33).decode()}",
        f"k1:{K1[:-1]}",
        f"k1:*{K1}",
        f"k1:{K1},",
        f"k1:{K1},k1:{K2}",
    ],
)
def test_malformed_keys_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(KeyProblem) as problem:
        Keyring.parse(text)
    said = str(problem.value)
    assert said.endswith(".")
    assert K1[:8] not in said


def test_keys_are_never_shown() -> None:
    ring = Keyring.parse(f"k1:{K1}")
    for shown in (repr(ring), str(ring), f"{ring}"):
        assert shown == "Keyring(k1)"


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "new" / "key"
        first = Keyring.from_file(path)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert os.listdir(path.parent) == ["key"]
    finally:
        os.umask(before)
    assert Keyring.from_file(path).check_value("k1") == first.check_value("k1")
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(KeyProblem, match="chmod 600"):
            Keyring.from_file(path)
    path.chmod(0o400)
    Keyring.from_file(path)


def _make(path: str) -> str:
    return Keyring.from_file(path).check_value("k1")


def test_processes_that_make_the_key_file_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for number in range(5):
            assert len(set(pool.map(_make, [str(tmp_path / f"key{number}")] * 4, chunksize=1))) == 1


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
