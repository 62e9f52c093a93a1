"""Who the bot is in its workspace: asked of Slack once at the start, then known by everybody who needs a token."""

from __future__ import annotations

import logging
import threading
import time

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.refusals import Starting
from store import Busy, Installed, Store

log = logging.getLogger(__name__)

LONGEST_WAIT = 30.0  # seconds between two tries to reach Slack at the start
REMEMBER = 60.0  # seconds an installation is known without looking


class NotInstalled(Exception):
    """This workspace has no XOps."""


class Installations:
    """One workspace whose token is in the settings."""

    def __init__(self, store: Store, api_url: str, token: str) -> None:
        self._store = store
        self._api_url = api_url
        self._token = token
        self._known: dict[str, tuple[float, Installed]] = {}
        self._stop = threading.Event()
        self.missing = "Slack has not answered auth.test yet\n"

    def start(self) -> None:
        """Ask Slack who we are until it answers, in the background."""
        threading.Thread(target=self._introduce, name="introduction", daemon=True).start()

    def stop(self) -> None:
        """Ask no longer."""
        self._stop.set()

    def find(self, workspace_id: object) -> Installed:
        """The installation of a workspace. Raises NotInstalled, Starting, or the store's Busy."""
        if not isinstance(workspace_id, str) or not 0 < len(workspace_id) <= 64:
            raise NotInstalled
        seen, installed = self._known.get(workspace_id, (0.0, None))
        if installed is None or time.monotonic() - seen > REMEMBER:
            try:
                with self._store.system(patience=1.0) as work:
                    installed = work.installation(workspace_id)
            except Busy:
                if installed is None:
                    raise
                return installed  # what was true a minute ago is better than nothing
            if installed is None:
                raise Starting if self.missing else NotInstalled
            self._known[workspace_id] = (time.monotonic(), installed)
        return installed

    def token_of(self, workspace_id: str) -> str:
        """The bot's token in this workspace."""
        return self.find(workspace_id).bot_token or self._token

    def _introduce(self) -> None:
        wait = 1.0
        while not self._stop.is_set():
            try:
                self._ask()
                return
            except (SlackApiError, OSError, Busy) as error:
                self.missing = f"Slack did not tell us who we are: {_word(error)}\n"
                log.warning("auth.test failed", extra={"error": _word(error), "again_in": wait})
            self._stop.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _ask(self) -> None:
        client = WebClient(token=self._token, base_url=self._api_url, timeout=10, retry_handlers=[])
        me = client.auth_test()
        with self._store.system() as work:
            work.install(
                str(me["team_id"]),
                str(me.get("team") or me["team_id"]),
                me.get("enterprise_id"),
                str(me.get("bot_id") or ""),
                str(me["user_id"]),
                None,
            )
        self._known.clear()
        self.missing = ""
        log.info("ready", extra={"workspace": me["team_id"]})


def _word(error: Exception) -> str:
    if isinstance(error, SlackApiError) and isinstance(error.response.data, dict):
        return str(error.response.get("error"))
    return type(error).__name__
