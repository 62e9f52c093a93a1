"""The people of a story: what they see, press, type and say."""

from __future__ import annotations

from . import find, payloads, respond, sender, submitting
from .errors import NotOnScreen, OperationTimeout, Refusal, StoryError, TroubleConnecting
from .eyes import Eyes
from .hands import Hands, agreed
from .models import Channel, File, Message, User
from .screen import Screen
from .sender import Answer
from .stage import Stage
from .talk import Talk
from .walk import options

PATIENCE = 10.0


class Person:
    """Somebody in the workspace. `where` is modal, home, dm, ephemeral, anywhere or #channel."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self.user = stage, user
        self._eyes, self._hands, self._talk = Eyes(stage, user), Hands(stage, user), Talk(stage, user)
        self.opened_urls: list[str] = []

    def __repr__(self) -> str:
        return f"<{self.user.real_name} {self.id}>"

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    def change(self, *, tell: bool = False, **facts: bool) -> None:
        """Changes what Slack knows about the person (admin, owner, guest, deleted …); `tell` sends user_change."""
        with self._stage.space.changing():
            for name, value in facts.items():
                setattr(self.user, name, value)
        if tell:
            self._talk.user_changed()

    # What the person sees

    @property
    def screen(self) -> Screen | None:
        """The visible view of the open modal, None when none is open."""
        return self._eyes.screen(self._eyes.modal())

    @property
    def home(self) -> Screen:
        """The Home tab; empty while nothing was published."""
        return self._eyes.screen(self._stage.modals.home(self.id)) or Screen()

    @property
    def dms(self) -> list[Message]:
        """The direct messages with the bot, own words included, oldest first."""
        return self._eyes.messages("dm")

    @property
    def ephemerals(self) -> list[Message]:
        """Messages only this person sees: answers to commands and chat.postEphemeral."""
        return self._eyes.messages("ephemeral")

    @property
    def files(self) -> list[File]:
        """The files in the direct messages."""
        return [file for message in self.dms for file in message.files]

    def wait_for(self, text: str, where: str = "modal", timeout: float = PATIENCE) -> Screen:
        """Waits until the text is on the screen. Raises NotOnScreen with what was there instead."""
        return self._eyes.wait_for(text, where, timeout)

    def wait_closed(self, timeout: float = PATIENCE) -> None:
        """Waits until no modal is open."""
        if not self._stage.space.wait(lambda: self.screen is None, timeout):
            raise NotOnScreen(f"a modal is still open:\n{self.screen}")

    # What the person does

    def command(self, line: str, channel: Channel | str | None = None) -> Answer:
        """Types a slash command, in the direct messages with the bot unless a channel is named.

        Raises OperationTimeout; whatever Slack shows for it is among `ephemerals`.
        """
        if self.user.stranger or self.user.deleted:
            raise StoryError("slash commands are for members of the workspace only")
        place, space = self._talk.place(channel), self._stage.space
        with space.changing():
            url = respond.new_url(space, self.id, place)
            trigger = self._stage.modals.trigger(self.id)
            fields = payloads.command(space, self.user, line, place, trigger, url)
        request = sender.form("command", fields, self._stage.outbox.secret)
        try:
            answer = self._stage.outbox.deliver(request)
        except OperationTimeout:
            self._failed(place, fields["command"], "operation_timeout")
            raise
        self._answered(place, fields["command"], answer)
        return answer

    def click(
        self,
        label: str,
        where: str | None = None,
        near: str = "",
        confirm: bool | None = None,
        times: int = 1,
    ) -> list[Answer]:
        """Presses a button, menu option or link by its label. `near`: the one at or below that text.

        `confirm` answers the dialog, if one asks; `times` presses that often at the same moment.
        """
        with self._stage.space.still():
            target = find.pressable(self._eyes.surfaces(where), label, near)
        if target.spot and not agreed(target.spot.element, confirm):
            return []
        if target.url:
            self.opened_urls.append(target.url)
        return self._hands.press(target, times) if target.spot else []

    def fill(self, label: str, value: str | int, where: str | None = None) -> None:
        """Types into the field with this label (dates as YYYY-MM-DD, times as HH:MM)."""
        self._hands.fill(find.field(self._eyes.surfaces(where), label), value)

    def choose(
        self, label: str, option: str | list[str], where: str | None = None, query: str | None = None
    ) -> None:
        """Chooses from the menu or radio buttons with this label; `query` is what is typed into an external menu."""
        wanted = [option] if isinstance(option, str) else option
        self._hands.choose(find.field(self._eyes.surfaces(where), label), wanted, query)

    def offered(self, label: str, query: str = "", where: str | None = None) -> list[str]:
        """The options of a menu; of an external one those the bot offers for `query`."""
        target = find.field(self._eyes.surfaces(where), label)
        assert target.spot
        external = target.spot.element["type"].endswith("external_select")
        found = self._hands.offered(target, query) if external else options(target.spot.element)
        return [option["text"]["text"] for option in found]

    def check(self, option: str, field: str = "", where: str | None = None) -> None:
        """Ticks the checkbox (or radio button) with this label; `field` picks among several fields that have it."""
        self._hands.tick(find.tick(self._eyes.surfaces(where), option, field), on=True)

    def uncheck(self, option: str, field: str = "", where: str | None = None) -> None:
        """Unticks the checkbox with this label."""
        self._hands.tick(find.tick(self._eyes.surfaces(where), option, field), on=False)

    def attach(self, label: str, name: str, content: bytes) -> None:
        """Puts a file into the file field with this label."""
        target = find.field(self._eyes.surfaces("modal"), label)
        self._hands.attach(target, self._talk.file_for_form(name, content))

    def submit(self, label: str | None = None) -> Answer:
        """Submits the modal. Raises FieldRequired, FieldInvalid, OperationTimeout, TroubleConnecting."""
        view = self._eyes.modal()
        if not view:
            raise NotOnScreen("no modal is open")
        return submitting.submit(self._stage, self.user, view, label)

    def close(self) -> None:
        """Closes the whole modal with the ✕."""
        submitting.close(self._stage, self.user)

    def back(self) -> None:
        """Closes the visible view only."""
        submitting.back(self._stage, self.user)

    def open_home(self, tab: str = "home") -> Screen:
        """Opens the app's Home tab (or its messages tab) and returns what is there at once."""
        self._talk.home_opened(tab)
        return self.home

    def say(
        self, text: str, thread: Message | str | None = None, channel: Channel | str | None = None
    ) -> Message:
        """Says something to the bot, or in a channel."""
        return self._talk.say(text, thread, channel)

    def upload(
        self,
        name: str,
        content: bytes,
        text: str = "",
        thread: Message | str | None = None,
        channel: Channel | str | None = None,
    ) -> Message:
        """Posts a file to the bot, or into a channel."""
        return self._talk.upload(name, content, text, thread, channel)

    def edit(self, message: Message, text: str) -> None:
        """Changes an own message."""
        self._talk.edit(message, text)

    def delete(self, message: Message) -> None:
        """Deletes an own message."""
        self._talk.delete(message)

    def _answered(self, place: Channel, command: str, answer: Answer) -> None:
        if answer.status == 0:
            return self._failed(place, command, "dispatch_failed")
        if not answer.ok:
            return self._failed(place, command, "http_service_error")
        if not answer.text.strip():
            return None
        is_json = "json" in answer.headers.get("Content-Type", answer.headers.get("content-type", ""))
        with self._stage.space.changing():
            try:
                body = answer.json if is_json else {"text": answer.text}
                respond.say(self._stage.space, self.id, place, body)
            except (Refusal, ValueError) as fault:
                raise TroubleConnecting(f"Slack cannot show the answer to {command}: {fault.args}") from None

    def _failed(self, place: Channel, command: str, error: str) -> None:
        with self._stage.space.changing():
            self._stage.space.whisper(place, self.id, f'{command} failed with the error "{error}"')
