"""How things go wrong: what Slack answers a bot (Refusal) and what a person in a story meets (StoryError)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Slack says no to a Web API call: `{"ok": false, "error": …}`."""

    def __init__(self, error: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error, messages or [])
        self.error = error
        self.messages = messages or []
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The JSON Slack answers with."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        if self.messages and self.error == "invalid_blocks":
            body["errors"] = self.messages
        return body


class StoryError(AssertionError):
    """The story cannot go on: a person in it met something she must not meet."""


class NotOnScreen(StoryError):
    """The person looked for something that is not on the screen; the message says what is."""


class FieldRequired(StoryError):
    """Slack does not submit: a required field is empty."""


class FieldInvalid(StoryError):
    """Slack does not let this be typed, chosen or submitted."""


class ConfirmNeeded(StoryError):
    """A confirmation dialog is open and the story does not say what the person answers."""


class OperationTimeout(StoryError):
    """The bot did not answer in time (3 s); Slack shows an error."""


class TroubleConnecting(StoryError):
    """The bot answered something Slack cannot use: "We had some trouble connecting. Try again?"."""
