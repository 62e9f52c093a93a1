"""Faults on demand: which calls they are for, and what happens to those. The front carries them out."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from sandbox.aws.wire import Call


@dataclass
class Fault:
    """What happens to the next calls of one kind. Empty words match everything."""

    service: str
    action: str = ""
    role: str = ""  # the role's ARN
    account: str = ""  # of the caller or of the role
    region: str = ""
    times: int | None = None  # None: until it is cleared
    # What happens, in this order:
    seconds: float = 0.0  # the answer is late
    hangs: bool = False  # until release()
    resets: bool = False  # the connection is cut with a TCP reset
    code: str = ""  # this error instead of an answer
    message: str = ""
    status: int = 400
    body: str = ""  # this answer, with status 200
    _released: threading.Event = field(default_factory=threading.Event, repr=False)

    def release(self) -> None:
        """End the fault: hanging calls go on, later ones pass."""
        self._released.set()

    @property
    def released(self) -> bool:
        """Whether the fault has been ended."""
        return self._released.is_set()

    def take(self, call: Call) -> bool:
        """Whether this call meets the fault; counts it if so."""
        if self.times == 0 or self.released or not self._is_for(call):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def _is_for(self, call: Call) -> bool:
        accounts = {call.account, call.role.split(":")[4]} if call.role else {call.account}
        return (
            self.service == call.service
            and self.action in ("", call.action)
            and self.role in ("", call.role)
            and (not self.account or self.account in accounts)
            and self.region in ("", call.region)
        )
