"""What gestures of people work with: the workspace, its modals, and the way to the bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from .call import Called
from .modals import Modals
from .outbox import Outbox
from .workspace import Workspace


@dataclass(slots=True)
class Stage:
    """The stand-in behind its HTTP surface. `ack_delay` holds back what a submission's answer does, in seconds."""

    space: Workspace
    modals: Modals
    outbox: Outbox
    calls: list[Called] = field(default_factory=list)
    ack_delay: float = 0.0

    def recent(self, most: int = 5) -> list[str]:
        """What went to and fro last, for a failure's message."""
        sent = [str(request) for request in self.outbox.requests[-most:]]
        calls = [str(called) for called in self.calls[-most:]]
        return ["--- sent to the bot:", *sent, "--- calls of the bot:", *calls]
