"""Shows a report while it grows: at most one update a second, and the last one not lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType

from providers.base import Report

log = logging.getLogger(__name__)

REPAINT = 1.0  # seconds between two updates of one modal


class Painter:
    """Paints reports with `show`, and never lets Slack disturb the checks. Use as a context manager.

    After its end nothing is painted any more, so that the result is not painted over.
    """

    def __init__(self, show: Callable[[Report], object]) -> None:
        self._show = show
        self._turn = threading.Lock()
        self._last = 0.0
        self._newest: Report | None = None
        self._timer: threading.Timer | None = None
        self._over = False

    def __enter__(self) -> Painter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._turn:
            self._over = True
            if self._timer:
                self._timer.cancel()

    def __call__(self, report: Report) -> None:
        """Paint this report now, or with what comes until the second is over."""
        with self._turn:
            self._newest = report
            wait = self._last + REPAINT - time.monotonic()
            if wait <= 0:
                self._paint()
            elif self._timer is None and not self._over:
                self._timer = threading.Timer(wait, self._on_time)
                self._timer.daemon = True
                self._timer.start()

    def _on_time(self) -> None:
        with self._turn:
            self._timer = None
            self._paint()

    def _paint(self) -> None:
        if self._over or self._newest is None:
            return
        self._last = time.monotonic()
        try:
            self._show(self._newest)
        except Exception as error:  # noqa: BLE001 - a line of progress is worth no check
            self._over = True
            log.info("could not show progress", extra={"error": type(error).__name__})
