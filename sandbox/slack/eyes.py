"""Looking: which surfaces a person has before her, and waiting for words to appear on them."""

from __future__ import annotations

from collections.abc import Iterator

from . import screen
from .errors import NotOnScreen, StoryError
from .find import Surface
from .models import Message, User, View
from .screen import Screen
from .stage import Stage

EVERYWHERE = ("modal", "home", "dm", "ephemeral")


class Eyes:
    """The eyes of one person."""

    def __init__(self, stage: Stage, user: User) -> None:
        self._stage, self._user = stage, user

    def modal(self) -> View | None:
        """The visible view of the open modal."""
        stack = self._stage.modals.stack(self._user.id)
        return stack[-1] if stack else None

    def screen(self, view: View | None) -> Screen | None:
        """A view as a screen."""
        with self._stage.space.still():
            return screen.of_view(view, self._stage.space.display_name) if view else None

    def messages(self, where: str) -> list[Message]:
        """What can be read in "dm", "ephemeral" or "#channel", oldest first."""
        space, person = self._stage.space, self._user.id
        if where == "ephemeral":
            return [one for one in space.ephemerals if one.seen_by == person and not one.deleted]
        if where == "dm":
            return space.dm(person).visible
        channel = space.named(where) if where.startswith("#") else None
        if not channel:
            raise StoryError(
                f"there is no place {where!r}; say modal, home, dm, ephemeral, anywhere or #channel"
            )
        if person not in channel.members:
            raise StoryError(f"{self._user.real_name} is not in {where}")
        return channel.visible

    def surfaces(self, where: str | None) -> Iterator[Surface]:
        """The surfaces of a place, newest first; of all places when none is named."""
        for place in EVERYWHERE if where in (None, "anywhere") else (where or "",):
            if place in ("modal", "home"):
                view = self.modal() if place == "modal" else self._stage.modals.home(self._user.id)
                if view:
                    yield Surface(place, view.blocks, view.values, self._stage.space.display_name, view=view)
            else:
                for message in reversed(self.messages(place)):
                    values = message.values.setdefault(self._user.id, {})
                    yield Surface(place, message.blocks, values, message.names, message=message)

    def look(self, text: str, where: str) -> Screen | None:
        """The newest screen of a place that shows the text."""
        with self._stage.space.still():
            for surface in self.surfaces(where):
                if surface.view:
                    shown = screen.of_view(surface.view, surface.names)
                    if text in shown or text in shown.submit_label or text in shown.close_label:
                        return shown
                elif surface.message and text in surface.message.shown:
                    return screen.of_message(surface.message)
        return None

    def wait_for(self, text: str, where: str, timeout: float) -> Screen:
        """Waits until the text is there. Raises NotOnScreen with what was there instead."""
        found = self._stage.space.wait(lambda: self.look(text, where), timeout)
        if found is None:
            raise NotOnScreen(self._instead(text, where, timeout))
        return found

    def _instead(self, text: str, where: str, timeout: float) -> str:
        lines = [f"{self._user.real_name} waited {timeout:g} s for {text!r} ({where}) in vain."]
        for place in EVERYWHERE if where in EVERYWHERE or where == "anywhere" else (where,):
            shown = [self._shown(surface) for surface in self.surfaces(place)]
            lines += [f"--- {place}:", *(shown[:3] or ["(nothing)"])]
        return "\n".join([*lines, *self._stage.recent()])

    def _shown(self, surface: Surface) -> str:
        if surface.view:
            return str(screen.of_view(surface.view, surface.names))
        return surface.message.shown if surface.message else ""
