"""Talking: what people say, send, change and delete, and the events the bot gets for it."""

from __future__ import annotations

import uuid

from . import payloads
from .errors import StoryError
from .methods.users import user_json
from .models import Channel, File, Message, User
from .mrkdwn import typed
from .stage import Stage
from .walk import Json

_CHANNEL_TYPES = {"im": "im", "groups": "group", "channels": "channel"}


class Talk:
    """The voice of one person."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self._user, self._space = stage, user, stage.space

    def place(self, channel: Channel | str | None) -> Channel:
        """Where the person is: the direct messages, or a channel; public ones can be joined by anybody."""
        if channel is None:
            return self._space.dm(self._user.id)
        found = self._space.named(channel) if isinstance(channel, str) else channel
        if not found:
            raise StoryError(f"there is no channel {channel!r}")
        if self._user.id not in found.members:
            if found.private or found.person or self._user.guest or self._user.stranger:
                raise StoryError(f"{self._user.real_name} is not in {found.name}")
            found.members.add(self._user.id)
        return found

    def say(self, text: str, thread: Message | str | None, channel: Channel | str | None) -> Message:
        """Says something; the bot hears it when it is in the channel."""
        with self._space.changing():
            place = self.place(channel)
            if place.archived:
                raise StoryError(f"{place.name} is archived")
            message = self._space.post(
                place, self._user.id, self._typed(text), None, self._parent(place, thread)
            )
            event = self._message_event(place, message)
        self._tell(place, event)
        return message

    def upload(
        self,
        name: str,
        content: bytes,
        text: str,
        thread: Message | str | None,
        channel: Channel | str | None,
    ) -> Message:
        """Posts a file."""
        with self._space.changing():
            place = self.place(channel)
            message = self._space.post(
                place, self._user.id, self._typed(text), None, self._parent(place, thread)
            )
            message.files.append(self._file(name, content))
            event = {**self._message_event(place, message), "subtype": "file_share", "upload": False}
        self._tell(place, event)
        return message

    def edit(self, message: Message, text: str) -> None:
        """Changes an own message: message_changed."""
        place = self._own(message)
        with self._space.changing():
            before = payloads.message_json(self._space, message)
            message.text, message.edited = self._typed(text), True
            after = payloads.message_json(self._space, message)
            event = self._hidden(place, "message_changed", before)
        self._tell(place, {**event, "message": after})

    def delete(self, message: Message) -> None:
        """Deletes an own message: message_deleted."""
        place = self._own(message)
        with self._space.changing():
            before = payloads.message_json(self._space, message)
            message.deleted = True
            event = self._hidden(place, "message_deleted", before)
        self._tell(place, {**event, "deleted_ts": message.ts})

    def home_opened(self, tab: str) -> None:
        """app_home_opened; the view is in it once there is one."""
        with self._space.changing():
            home = self._stage.modals.home(self._user.id)
            event: Json = {
                "type": "app_home_opened",
                "user": self._user.id,
                "channel": self._space.dm(self._user.id).id,
                "tab": tab,
                "event_ts": self._space.new_ts(),
            }
            if home and tab == "home":
                event["view"] = payloads.view_json(self._space, home)
        self._stage.outbox.event(payloads.event(self._space, event))

    def user_changed(self) -> None:
        """user_change."""
        event = {"type": "user_change", "user": user_json(self._user), "event_ts": self._space.new_ts()}
        self._stage.outbox.event(payloads.event(self._space, event))

    def file_for_form(self, name: str, content: bytes) -> Json:
        """A file uploaded for a file field."""
        with self._space.changing():
            return payloads.file_json(self._space, self._file(name, content))

    def echo(self, channel: str, ts: str) -> None:
        """The event a bot gets for a message of its own."""
        with self._space.changing():
            place = self._space.channels[channel]
            message = place.find(ts)
            event = self._message_event(place, message) if message else {}
        self._stage.outbox.later(payloads.event(self._space, event, place.shared))

    def _file(self, name: str, content: bytes) -> File:
        file = File(self._space.new_id("F"), name, name, self._user.id, len(content), content, True, True)
        self._space.files[file.id] = file
        return file

    def _typed(self, text: str) -> str:
        return typed(text, {user.real_name: user.id for user in self._space.users.values()})

    def _parent(self, place: Channel, thread: Message | str | None) -> str | None:
        if thread is None:
            return None
        ts = thread if isinstance(thread, str) else thread.thread_ts or thread.ts
        if not place.find(ts):
            raise StoryError(f"there is no thread {ts} in {place.name}")
        return ts

    def _own(self, message: Message) -> Channel:
        if message.user != self._user.id:
            raise StoryError(f"{self._user.real_name} did not write this message")
        return self._space.channels[message.channel]

    def _message_event(self, place: Channel, message: Message) -> Json:
        event: Json = {
            **payloads.message_json(self._space, message),
            "channel": place.id,
            "channel_type": _CHANNEL_TYPES[place.kind],
            "event_ts": message.ts,
        }
        if not self._user.bot:
            event["client_msg_id"] = str(uuid.uuid4())
        if message.thread_ts:
            parent = place.find(message.thread_ts)
            event["parent_user_id"] = parent.user if parent else ""
        if place.shared:
            event["user_team"] = event["source_team"] = self._user.team
        return event

    def _hidden(self, place: Channel, subtype: str, before: Json) -> Json:
        ts = self._space.new_ts()
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": place.id,
            "channel_type": _CHANNEL_TYPES[place.kind],
            "ts": ts,
            "event_ts": ts,
            "previous_message": before,
        }

    def _tell(self, place: Channel, event: Json) -> None:
        if self._space.bot.id in place.members:
            self._stage.outbox.event(payloads.event(self._space, event, place.shared))
