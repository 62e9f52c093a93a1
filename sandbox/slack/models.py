"""What a Slack workspace consists of."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from . import reading
from .mrkdwn import Names, plain
from .walk import Json, Values, spots


@dataclass(slots=True)
class User:
    """A person or a bot, with what Slack knows about their rights."""

    id: str
    name: str
    real_name: str
    team: str
    admin: bool = False
    owner: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    stranger: bool = False
    deleted: bool = False
    bot: bool = False


@dataclass(slots=True)
class File:
    """An uploaded file."""

    id: str
    name: str
    title: str
    user: str
    length: int
    content: bytes = b""
    uploaded: bool = False
    shared: bool = False
    alt_text: str = ""

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()


@dataclass(slots=True)
class Message:
    """A message; `text` is what screen readers and notifications read, `blocks_text` what the eye reads."""

    ts: str
    channel: str
    user: str
    text: str
    names: Names = field(repr=False)
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    files: list[File] = field(default_factory=list)
    metadata: Json | None = None
    edited: bool = False
    deleted: bool = False
    seen_by: str = ""  # an ephemeral message: the only person who sees it
    values: dict[str, Values] = field(default_factory=dict, repr=False)  # what each person put into it

    @property
    def blocks_text(self) -> str:
        """Everything the eye reads in the blocks."""
        return reading.text(reading.read(self.blocks, {}, {}, self.names))

    @property
    def shown(self) -> str:
        """What a person sees: the blocks if there are any, else the text; then the names of files."""
        body = self.blocks_text if self.blocks else plain(self.text, self.names)
        return "\n".join([body, *(file.name for file in self.files)]).strip("\n")

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return reading.of_kind(reading.read(self.blocks, {}, {}, self.names), "button")

    def __contains__(self, text: str) -> bool:
        return text in self.shown


@dataclass(slots=True)
class Channel:
    """A channel or (with `person` set) the direct messages of one person with the bot."""

    id: str
    name: str
    members: set[str]
    private: bool = False
    archived: bool = False
    shared: bool = False  # Slack Connect: people of other workspaces are in it
    person: str = ""
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The word scopes are made of: im, groups or channels."""
        return "im" if self.person else "groups" if self.private else "channels"

    @property
    def visible(self) -> list[Message]:
        """What is in it and not deleted."""
        return [message for message in self.messages if not message.deleted]

    def find(self, ts: str) -> Message | None:
        """The message with this timestamp."""
        return next((message for message in self.visible if message.ts == ts), None)

    def thread(self, ts: str) -> list[Message]:
        """A message and its replies."""
        return [message for message in self.visible if ts in (message.ts, message.thread_ts)]


@dataclass(slots=True)
class Usergroup:
    """A user group (@handle)."""

    id: str
    handle: str
    name: str
    users: list[str]
    enabled: bool = True


@dataclass(slots=True)
class View:
    """A modal or Home view as one person has it before them."""

    id: str
    user: str
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The blocks, each with its id."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        """The name the bot gave it."""
        return str(self.payload.get("external_id", ""))


@dataclass(slots=True)
class Trigger:
    """A trigger id: good for one call within 3 s."""

    user: str
    expires: float
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where a bot may answer a command or a press: 5 times within 30 minutes."""

    user: str
    channel: Channel
    message: Message | None
    expires: float
    left: int = 5


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with ids where the bot gave none; fresh ones each time, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
    for spot in spots(blocks):
        spot.element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks
