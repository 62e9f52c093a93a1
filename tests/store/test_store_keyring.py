"""Keys and envelopes, without a database."""

import base64
import multiprocessing
import os
from pathlib import Path

import pytest

from store import KeyProblem, Keyring, Place, SealBroken

K1, K2 = base64.b64encode(b"1" * 32).decode(), base64.b64encode(b"2" * 32).decode()


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
