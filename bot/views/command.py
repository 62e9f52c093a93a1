"""The words of `/xops`: how they are read, and what help says. No I/O."""

from __future__ import annotations

from difflib import get_close_matches

from bot.views import esc

COMMANDS = {
    "": "Open XOps: your accounts, and the way to add one",
    "link [aws|eks|azure|m365|entra]": "Link a cloud account",
    "accounts": "See the linked accounts and their health",
    "rename [name]": "Change the name of a linked account",
    "delete [name]": "Delete a linked account",
    "check [name]": "Check a linked account now",
    "help": "This list",
}
WORDS = tuple(command.split()[0] for command in COMMANDS if command)
LONGEST = 500  # characters


def parse(text: object) -> tuple[str, str, str]:
    """(word, rest of the line, the word we do not know). The rest of the line is a name, so it is kept as typed."""
    line = text if isinstance(text, str) else ""
    line = line.replace("\u00a0", " ").strip(" ")
    if len(line) > LONGEST or any(c in line for c in "\t\r\n\u200b\ufeff") or not line.isprintable():
        return "help", "", line.split(" ")[0]
    first, _, rest = line.partition(" ")
    word = first.lower() if first.isascii() else first
    known = word == "" or word in WORDS
    return (word if known else "help"), rest.strip(" "), ("" if known else first)


def help_text(email: str, unknown: str = "") -> str:
    """The commands, with the nearest one first when a word was not understood. Slack markup."""
    lines = []
    if unknown:
        near = get_close_matches(unknown.lower(), WORDS, n=1, cutoff=0.5)
        meant = f" Did you mean `/xops {near[0]}`?" if near else ""
        lines += [f"XOps does not know “{esc(unknown[:50])}”.{meant}", ""]
    lines += [f"`{f'/xops {command}'.strip()}`  {text}" for command, text in COMMANDS.items()]
    lines.append(f"\nFor any challenges, please contact our support team at {esc(email)}.")
    return "\n".join(lines)
