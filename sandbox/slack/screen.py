"""What one person has before their eyes: a modal, the Home tab or one message."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import inputs, reading
from .models import Message, View
from .mrkdwn import Names
from .walk import Json, options, spots


@dataclass(frozen=True, slots=True)
class Screen:
    """A surface as a person reads it. `"words" in screen` asks for words on it."""

    title: str = ""
    text: str = ""
    fields: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    callback_id: str = ""
    submit_label: str = ""
    close_label: str = ""
    json: Json = field(default_factory=dict, repr=False)
    message: Message | None = field(default=None, repr=False)
    view: View | None = field(default=None, repr=False)

    def __contains__(self, text: str) -> bool:
        return text in self.text

    def __str__(self) -> str:
        foot = " ".join(f"[{label}]" for label in (self.close_label, self.submit_label) if label)
        return "\n".join(part for part in (self.text, foot) if part)


def of_view(view: View, names: Names) -> Screen:
    """A modal or Home view on the screen; its title is the first line of the text."""
    payload = view.payload
    pieces = reading.read(view.blocks, view.values, view.errors, names)
    title = reading.words(payload.get("title"), names)
    errors, values, offered = {}, {}, {}
    for spot in spots(view.blocks):
        if spot.block["type"] == "input":
            label = spot.block["label"]["text"]
            held = view.values.get(spot.key) or inputs.fresh(spot.element)
            values[label] = reading.display(inputs.value(spot.element, held), names)
            offered[label] = [reading.words(option["text"], names) for option in options(spot.element)]
            if spot.block["block_id"] in view.errors:
                errors[label] = view.errors[spot.block["block_id"]]
    closing = ("Cancel" if "submit" in payload else "Close") if payload["type"] == "modal" else ""
    return Screen(
        title=title,
        text="\n".join(part for part in (title, reading.text(pieces)) if part),
        fields=list(values),
        values=values,
        offered=offered,
        buttons=reading.of_kind(pieces, "button"),
        links=_links(pieces),
        errors=errors,
        callback_id=payload.get("callback_id", ""),
        submit_label=reading.words(payload.get("submit"), names),
        close_label=reading.words(payload.get("close"), names) or closing,
        json=payload,
        view=view,
    )


def of_message(message: Message) -> Screen:
    """One message on the screen."""
    pieces = reading.read(message.blocks, {}, {}, message.names)
    return Screen(
        text=message.shown,
        buttons=reading.of_kind(pieces, "button"),
        links=_links(pieces),
        json={"text": message.text, "blocks": message.blocks, "ts": message.ts},
        message=message,
    )


def _links(pieces: list[reading.Piece]) -> dict[str, str]:
    return {piece.text: piece.target for piece in pieces if piece.target}
