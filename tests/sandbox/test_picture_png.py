"""Pictures become small and show the same."""

from __future__ import annotations

import struct
import zlib

import pytest

from sandbox.slack.pictures import png

Row = list[tuple[int, int, int]]


def foretell(how: int, left: int, up: int, corner: int) -> int:
    """What a filter of PNG foretells of a byte."""
    guess = left + up - corner
    nearest = min((left, up, corner), key=lambda each: abs(guess - each))  # the first of equals
    return (0, left, up, (left + up) // 2, nearest)[how]


def filtered(how: int, row: bytes, above: bytes) -> bytes:
    before, corners = b"\0\0\0" + row, b"\0\0\0" + above
    return bytes(
        (byte - foretell(how, before[at], above[at], corners[at])) & 255 for at, byte in enumerate(row)
    )


def drawn(rows: list[Row], how: int = 0) -> bytes:
    """A PNG in eight-bit RGB, as a browser writes it."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    flat = [bytes(sum(row, ())) for row in rows]
    above = [bytes(len(flat[0])), *flat]
    data = b"".join(bytes([how]) + filtered(how, row, up) for row, up in zip(flat, above, strict=False))
    return png.SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def shown_by(picture: bytes) -> list[Row]:
    """The pixels of a PNG with a palette and no filters."""
    width, height = png.size(picture)
    parts, at = {}, len(png.SIGNATURE)
    while at < len(picture):
        length = int.from_bytes(picture[at : at + 4], "big")
        name, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert picture[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(name + data))
        parts[name], at = data, at + 12 + length
    assert parts[b"IHDR"][8:] == bytes((8, 3, 0, 0, 0))
    colours = parts[b"PLTE"]
    palette = [(colours[nth], colours[nth + 1], colours[nth + 2]) for nth in range(0, len(colours), 3)]
    rows = zlib.decompress(parts[b"IDAT"])
    assert len(rows) == height * (width + 1)
    return [
        [palette[nth] for nth in rows[start + 1 : start + 1 + width]]
        for start in range(0, len(rows), width + 1)
    ]


@pytest.mark.parametrize("how", range(5), ids=["none", "sub", "up", "average", "paeth"])
def test_the_same_is_shown_whatever_the_filter(how: int) -> None:
    rows: list[Row] = [
        [(0, 0, 0), (255, 255, 255), (9, 200, 31)],
        [(7, 7, 250), (128, 3, 77), (255, 0, 1)],
        [(7, 7, 250), (200, 199, 198), (1, 2, 3)],
    ]
    assert shown_by(png.small(drawn(rows, how))) == rows


def test_rare_colours_become_the_nearest_of_the_frequent_ones() -> None:
    greys: Row = [(level, level, level) for level in range(256)]
    assert shown_by(png.small(drawn([[*greys, (9, 9, 10)], [*greys, (0, 0, 0)]])))[0][256] == (9, 9, 9)


def test_what_is_no_picture_of_a_browser_is_refused() -> None:
    with pytest.raises(ValueError, match="no PNG"):
        png.small(b"GIF89a")
    grey = bytearray(drawn([[(0, 0, 0)]]))
    grey[25] = 0
    with pytest.raises(ValueError, match="another kind"):
        png.small(bytes(grey))
