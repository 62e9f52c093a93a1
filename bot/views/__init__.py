"""What all screens share: the blocks, the escaping, and the screens that belong to no flow. No I/O.

User text goes into plain_text and rich_text elements, which are literal, or through `esc` into mrkdwn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]

APP = "XOps"
OPEN_HOME = "home.open"  # the button that opens the home page, from anywhere
SECTION = 3000  # characters Slack takes in one section


def esc(text: str) -> str:
    """Text that mrkdwn shows as it is: no mention, link or date can come out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> dict[str, Any]:
    """A literal text object."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: str) -> dict[str, Any]:
    """A text object in Slack's markup. What comes from people must have gone through `esc`."""
    # Verbatim: an address or a #channel in a name is text, not a link.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """A heading; the owner's words that are longer than Slack's titles go here."""
    return {"type": "header", "text": plain(text[:150])}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph, with a button beside it if given."""
    block: Block = {"type": "section", "text": mrkdwn(cut(text, SECTION))}
    if accessory:
        block["accessory"] = accessory
    return block


def context(*texts: str) -> Block:
    """Small grey text; several stand beside each other, ten at most."""
    return {"type": "context", "elements": [mrkdwn(cut(text, SECTION)) for text in texts[:10]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(label: str, action: str, value: str = "", **more: Any) -> Block:
    """A button. `value` is an opaque id, never a right or a fact."""
    block: Block = {"type": "button", "text": plain(label), "action_id": action, **more}
    if value:
        block["value"] = value
    return block


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def copyable(text: str) -> Block:
    """Text to copy, exactly as it is: long ones scroll, nothing in it is markup."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def text_input(
    block_id: str, label: str, *, hint: str = "", example: str = "", value: str = "", longest: int = 3000
) -> Block:
    """A one-line field. Its block id is the field's name, so errors need no translation."""
    element: Block = {"type": "plain_text_input", "action_id": "value", "max_length": longest}
    if example:
        element["placeholder"] = plain(example[:150])
    if value:
        element["initial_value"] = value
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    if hint:
        block["hint"] = plain(hint)
    return block


def cut(text: str, longest: int) -> str:
    """At most so many characters; what is left out is marked."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def typed(view: View) -> dict[str, str]:
    """What a person typed, by field name. Only text fields; anything else a client sends is left out."""
    found = {}
    for block_id, elements in dict(view.get("state", {}).get("values", {})).items():
        value = elements.get("value", {}).get("value")
        found[block_id] = value if isinstance(value, str) else ""
    return found


def modal(
    title: str,
    blocks: Iterable[Block],
    *,
    screen: str,
    callback: str = "",
    submit: str = "",
    close: str = "Close",
    ref: str = "",
) -> View:
    """A modal. `screen` is its external id; `ref` the opaque id of what it is about."""
    view: View = {
        "type": "modal",
        "title": plain(title),
        "blocks": list(blocks),
        "close": plain(close),
        "external_id": screen,
    }
    if callback:
        view["callback_id"] = callback
    if submit:
        view["submit"] = plain(submit)
    if ref:
        view["private_metadata"] = ref
    return view


def loading(screen: str) -> View:
    """Shown at once, until the real screen is there."""
    return modal(APP, [section(":hourglass_flowing_sand: Opening…")], screen=screen)


def notice(screen: str, callback: str, heading: str, sentences: Sequence[str], *buttons: Block) -> View:
    """Something a person should know, with a way on. Sentences are ours or escaped."""
    blocks = [header(heading), section("\n".join(sentences))]
    if buttons:
        blocks.append(actions(*buttons))
    return modal(APP, blocks, screen=screen, callback=callback)


def mail(address: str) -> str:
    """A mail address as a link, as mrkdwn: verbatim text makes none by itself."""
    return f"<mailto:{esc(address)}|{esc(address)}>"


def challenges(support_email: str) -> Block:
    """The owner's last line of every guide and form."""
    return context(f"For any challenges, please contact our support team at {mail(support_email)}.")


def came_too_late() -> dict[str, Any]:
    """The message when the trigger was too old to open a form."""
    text = "Slack closed the way to the form before we could open it."
    way_in = actions(button("Open XOps", OPEN_HOME))
    return {"text": f"{text} Press Open XOps or type /xops.", "blocks": [section(text), way_in]}
