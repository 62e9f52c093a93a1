"""Makes a PNG small: at most 256 colours. Exact for text and lines; only rare shades of emoji move to their neighbours.

Chromium does so by itself until an emoji is on the page. Not here: interlaced pictures, 16 bits a channel.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
PALETTE = 3  # colour type
CHANNELS = {2: 3, 6: 4}  # colour type of the PNG specification -> bytes a pixel

Colour = tuple[int, int, int]


def small(picture: bytes) -> bytes:
    """The same picture with a palette; as it is when it has one already. Raises ValueError."""
    width, height = size(picture)
    kind = picture[25]
    if kind == PALETTE:
        return picture
    if kind not in CHANNELS or picture[24] != 8:
        raise ValueError(f"another kind of PNG than a browser writes: colour type {kind}, {picture[24]} bits")
    chunks = list(_chunks(picture))
    pixels = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    rows = [_colours(row, CHANNELS[kind]) for row in _rows(pixels, width * CHANNELS[kind], CHANNELS[kind])]
    palette, place = _palette(Counter(colour for row in rows for colour in row))
    body = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in rows)
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)),
            _chunk(b"IDAT", zlib.compress(body, 9)),
            _chunk(b"IEND", b""),
        )
    )


def size(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises ValueError."""
    if len(picture) < 26 or not picture.startswith(SIGNATURE):
        raise ValueError("this is no PNG")
    return int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")


def _palette(seen: Counter[Colour]) -> tuple[list[Colour], dict[Colour, int]]:
    """The most frequent colours, and for every colour the place of its nearest."""
    palette = [colour for colour, _ in seen.most_common(COLOURS)]
    place = {colour: nth for nth, colour in enumerate(palette)}
    for colour in seen.keys() - place.keys():
        place[colour] = min(range(len(palette)), key=lambda nth: _apart(palette[nth], colour))
    return palette, place


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _colours(row: bytes, step: int) -> list[Colour]:
    return list(zip(row[0::step], row[1::step], row[2::step], strict=True))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(picture):
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        yield name, picture[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(pixels: bytes, width: int, step: int) -> Iterator[bytes]:
    """The rows without their filters (PNG specification, section 9)."""
    above = bytearray(width)
    for start in range(0, len(pixels), width + 1):
        kind, row = pixels[start], bytearray(pixels[start + 1 : start + 1 + width])
        for at in range(width if kind else 0):
            left = row[at - step] if at >= step else 0
            corner = above[at - step] if at >= step else 0
            row[at] = (row[at] + _guess(kind, left, above[at], corner)) & 255
        yield bytes(row)
        above = row


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    near = left + up - corner
    return min((left, up, corner), key=lambda each: abs(near - each))
