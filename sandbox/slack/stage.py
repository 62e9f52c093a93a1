"""What gestures of people work with: the workspace, its modals, and the way to the bot."""

from __future__ import annotations

from dataclasses import dataclass

from .modals import Modals
from .outbox import Outbox
from .workspace import Workspace


@dataclass(slots=True)
class Stage:
    """The stand-in behind its HTTP surface. `ack_delay` holds back what a submission's answer does, in seconds."""

    space: Workspace
    modals: Modals
    outbox: Outbox
    ack_delay: float = 0.0
