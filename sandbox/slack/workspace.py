"""The state of a Slack workspace. Every change goes through `changing()`; whoever waits is woken."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from .errors import Refusal
from .models import Channel, File, Message, ResponseUrl, User, Usergroup
from .mrkdwn import mentions_everyone
from .walk import Json

T = TypeVar("T")


class Workspace:
    """Team, people, channels, messages and files of one workspace with the bot installed in it."""

    def __init__(self, team: str, bot_user: str) -> None:
        self.team = team
        self.domain = "sandbox"
        self.name = "Sandbox"
        self.app_id, self.bot_id = "A0SANDBOX", "B0SANDBOX"
        self.bot = User(bot_user, "xops", "XOps", team, bot=True)
        self.base_url = ""
        self.users: dict[str, User] = {bot_user: self.bot}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, str] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.ephemerals: list[Message] = []
        self.warnings: list[str] = []
        self.skew = 0.0
        self._lock = threading.Condition(threading.RLock())
        self._version = 0
        self._last_ts = 0
        self._numbers = 0

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Holds the workspace still for a reader or a change, and wakes all who wait."""
        with self._lock:
            yield
            self._version += 1
            self._lock.notify_all()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Holds the workspace still for a reader."""
        with self._lock:
            yield

    def wait(self, until: Callable[[], T], timeout: float) -> T:
        """Asks `until` after every change until it is true or time is over; returns what it said last."""
        end = time.monotonic() + timeout
        while True:
            version = self._version
            found = until()
            left = end - time.monotonic()
            if found or left <= 0:
                return found
            with self._lock:
                if self._version == version:
                    # The short limit is for conditions on something outside the workspace.
                    self._lock.wait(min(left, 0.02))

    def now(self) -> float:
        """The workspace's clock, in seconds since the epoch."""
        return time.time() + self.skew

    def new_ts(self) -> str:
        """A message timestamp, never twice the same."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id like Slack's."""
        self._numbers += 1
        return f"{prefix}0{self._numbers:03X}{secrets.token_hex(3).upper()}"

    def display_name(self, identity: str) -> str:
        """The name people see for an id; the id itself when nobody has it."""
        if identity in self.users:
            return self.users[identity].real_name
        if identity in self.channels:
            return self.channels[identity].name
        return self.usergroups[identity].handle if identity in self.usergroups else identity

    def user(self, user: object) -> User:
        """A user by id; raises Refusal("user_not_found")."""
        if not isinstance(user, str) or user not in self.users:
            raise Refusal("user_not_found")
        return self.users[user]

    def named(self, name: str) -> Channel | None:
        """A channel by name or id; of several with this name the newest."""
        name = name.removeprefix("#")
        newest = reversed(list(self.channels.values()))
        return self.channels.get(name) or next(
            (one for one in newest if one.name == name and not one.person), None
        )

    def dm(self, user: str) -> Channel:
        """The direct messages of a person with the bot; opened when need be."""
        for channel in self.channels.values():
            if channel.person == user:
                return channel
        channel = Channel(self.new_id("D"), "directmessage", {user, self.bot.id}, private=True, person=user)
        self.channels[channel.id] = channel
        return channel

    def post(
        self,
        channel: Channel,
        user: str,
        text: str,
        blocks: list[Json] | None = None,
        thread: str | None = None,
    ) -> Message:
        """Puts a message into a channel."""
        message = self.draft(channel, user, text, blocks, thread)
        channel.messages.append(message)
        return message

    def draft(
        self,
        channel: Channel,
        user: str,
        text: str,
        blocks: list[Json] | None = None,
        thread: str | None = None,
    ) -> Message:
        """A message that is in no channel yet."""
        return Message(self.new_ts(), channel.id, user, text, self.display_name, blocks or [], thread)

    def whisper(self, channel: Channel, person: str, text: str, blocks: list[Json] | None = None) -> Message:
        """Shows one person a message nobody else sees."""
        message = self.draft(channel, self.bot.id, text, blocks)
        message.seen_by = person
        self.ephemerals.append(message)
        return message

    def judge(self, where: str, text: str) -> None:
        """Notes what Slack takes but people should not have to bear."""
        if not text:
            self.warnings.append(f"{where}: no top-level text, which is all that screen readers read")
        if mentions_everyone(text):
            self.warnings.append(f"{where}: notifies the whole channel")
