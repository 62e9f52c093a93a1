"""What an account may be called. No I/O."""

from __future__ import annotations

import unicodedata

from providers.base import Invalid

LONGEST = 64  # characters
EDGES = "\u00a0\u200b\u200c\u200d\u2060\ufeff"
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = set("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u2800\u3164\uffa0\u115f\u1160")
JOINERS = set("\u200c\u200d")  # needed inside emoji and some scripts, invisible after a Latin letter
JOINABLE = {"So", "Sk", "Lo", "Mn", "Mc"}


def read(typed: str) -> str:
    """The name as it will be stored and shown. Raises Invalid with one sentence for the field."""
    if len(typed) > 4 * LONGEST:
        raise Invalid(f"This name is too long; use at most {LONGEST} characters.")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in typed):
        raise Invalid("This name holds a broken character; type it again.")
    name = " ".join(_trimmed(unicodedata.normalize("NFC", typed)).split(" "))
    name = " ".join(part for part in name.replace("\u00a0", " ").replace("\u3000", " ").split(" ") if part)
    if not name:
        raise Invalid("Give the account a name.")
    if len(name) > LONGEST:
        raise Invalid(f"This name is too long; use at most {LONGEST} characters.")
    for before, character in zip(" " + name, name, strict=False):
        _refuse(before, character)
    if _marks_in_a_row(name) > 4:
        raise Invalid("This name has too many marks on one letter; remove some.")
    if not any(unicodedata.category(c)[0] in "LN" or unicodedata.category(c) == "So" for c in name):
        raise Invalid("Use at least one letter, digit or emoji in the name.")
    return name


def key(name: str) -> str:
    """Two names with the same key are the same name."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(c for c in folded if c not in JOINERS)


def _trimmed(text: str) -> str:
    previous = None
    while previous != text:
        previous, text = text, text.strip().strip(EDGES)
    return text


def _refuse(before: str, character: str) -> None:
    category = unicodedata.category(character)
    joins = character in JOINERS and unicodedata.category(before) in JOINABLE
    if character in "<>":
        raise Invalid("A name cannot contain < or >; leave them out.")
    if character in BIDI:
        raise Invalid("This name holds a character that turns the direction of text; type the name again.")
    if category in ("Cc", "Zl", "Zp"):
        raise Invalid("A name is one line of text without tabs or control characters.")
    if character in INVISIBLE or (category == "Cf" and not joins):
        raise Invalid("This name holds an invisible character; type the name again.")
    if category in ("Cn", "Co"):
        raise Invalid("This name holds a character that has no meaning everywhere; choose another.")


def _marks_in_a_row(name: str) -> int:
    longest = run = 0
    for character in name:
        run = run + 1 if unicodedata.category(character) == "Mn" else 0
        longest = max(longest, run)
    return longest
