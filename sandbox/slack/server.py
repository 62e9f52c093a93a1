"""The stand-in as a whole: started and stopped, peopled, disturbed, and asked what happened."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from . import payloads, sender
from .api import Counter, Hook
from .call import Called
from .desk import Desk
from .errors import StoryError
from .faults import Fault
from .methods.users import group_json
from .modals import Modals
from .models import Channel, User, Usergroup
from .outbox import Outbox
from .people import PATIENCE, Person
from .sender import Answer, Request, SignedHttp
from .stage import Stage
from .talk import Talk
from .walk import Json
from .wire import Wire
from .workspace import Workspace

T = TypeVar("T")
SCOPES = (
    "commands chat:write im:write im:history channels:read channels:history groups:read groups:history "
    "users:read usergroups:read files:read files:write"
)
STRANGERS = "T0STRANGERS"


class SlackServer:
    """A Slack workspace on 127.0.0.1, in which one bot is installed. Use as a context manager.

    `retries`: failed events come again. `echo`: the bot gets events for its own messages too, as it does from Slack.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        bot_token: str,
        team: str = "T0XOPS",
        bot_user: str = "U0XOPS",
        scopes: str = SCOPES,
        retries: bool = False,
        echo: bool = False,
        port: int = 0,
    ) -> None:
        self.bot_url = ""
        self.bot_token = bot_token
        self.workspace = Workspace(team, bot_user)
        space = self.workspace
        self._outbox = Outbox(signing_secret, SignedHttp(self._request_url), retries, self._wake)
        self.stage = Stage(space, Modals(space), self._outbox)
        self._tokens = {bot_token: frozenset(scopes.split())}
        self._counter = Counter(Desk(space, self.stage.modals), self._tokens, self.stage.calls)
        if echo:
            self.after("chat.postMessage", self._echo)
        self._wire = Wire(self._counter.app, port)
        space.base_url = f"http://127.0.0.1:{self._wire.port}"
        self.api_url = f"{space.base_url}/api/"

    def start(self) -> SlackServer:
        """Starts serving."""
        self._wire.start()
        return self

    def stop(self) -> None:
        """Ends faults, retries and every connection."""
        self._outbox.stop()
        self._counter.faults.clear()
        self._wire.stop()

    def __enter__(self) -> SlackServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def forget(self) -> None:
        """Forgets faults, hooks, calls, requests and warnings; people and channels stay."""
        self.clear_faults()
        for past in (self._counter.hooks, self.calls, self.requests, self.warnings):
            past.clear()

    # Who and what is there

    def person(self, name: str, *, stranger: bool = False, **facts: bool) -> Person:
        """Somebody new: admin, owner, guest, single_channel_guest, deleted, bot; stranger is of another workspace."""
        space = self.workspace
        with space.changing():
            team = STRANGERS if stranger else space.team
            handle = name.lower().replace(" ", ".")
            user = User(space.new_id("U"), handle, name, team, stranger=stranger, **facts)
            space.users[user.id] = user
        return Person(self.stage, user)

    def channel(
        self,
        name: str,
        members: list[Person] | tuple[Person, ...] = (),
        *,
        bot: bool = False,
        private: bool = False,
        archived: bool = False,
    ) -> Channel:
        """A new channel; with a stranger in it, a shared one. `bot` puts the bot into it."""
        space = self.workspace
        with space.changing():
            inside = {person.id for person in members} | ({space.bot.id} if bot else set())
            shared = any(person.user.stranger for person in members)
            channel = Channel(space.new_id("C"), name, inside, private, archived, shared)
            space.channels[channel.id] = channel
        return channel

    def usergroup(self, handle: str, members: list[Person] | tuple[Person, ...] = ()) -> Usergroup:
        """A new user group."""
        space = self.workspace
        group = Usergroup(space.new_id("S"), handle, handle, [person.id for person in members])
        space.usergroups[group.id] = group
        return group

    def regroup(self, group: Usergroup, members: list[Person], tell: bool = True) -> None:
        """Changes who is in a user group; `tell` sends subteam_members_changed."""
        before, after = set(group.users), {person.id for person in members}
        group.users[:] = sorted(after)
        changed: Json = {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": self.workspace.team,
            "added_users": sorted(after - before),
            "removed_users": sorted(before - after),
            "subteam": group_json(group, self.workspace.team),
        }
        if tell:
            self.send_event(changed)

    # What goes wrong

    def fault(self, method: str, *, times: int | None = 1, **harm: object) -> Fault:
        """Orders a fault for the next `times` calls of a method ("*": any; None: until cancelled).

        Harm: error="…", status=429 with retry_after=30 | "soon" | None, status=500, body="…", latency=seconds,
        hang=True (until `.release()`), reset=True; with applied=True the call takes effect before the harm.
        Besides Web API methods there are files.upload, files.download and response_url.
        """
        return self._counter.faults.add(Fault(method, left=times, **harm))  # type: ignore[arg-type]

    def limit(self, method: str, per_minute: int) -> None:
        """Enforces a rate limit on a method."""
        self._counter.faults.limit(method, per_minute)

    def clear_faults(self) -> None:
        """Ends all faults and rate limits."""
        self._counter.faults.clear()

    def before(self, method: str, hook: Hook) -> None:
        """Calls `hook` with every call of a method ("*": any) before it takes effect."""
        self._counter.hooks.append(("before", method, hook))

    def after(self, method: str, hook: Hook) -> None:
        """Calls `hook` when a call took effect and before the bot is told."""
        self._counter.hooks.append(("after", method, hook))

    def advance(self, seconds: float) -> None:
        """Moves the workspace's clock: trigger ids and response_urls grow old."""
        with self.workspace.changing():
            self.workspace.skew += seconds

    # What happened

    @property
    def calls(self) -> list[Called]:
        """Every call of the bot, without tokens, in order of arrival."""
        return self._counter.calls

    def calls_of(self, method: str) -> list[Called]:
        """The calls of one method."""
        return [called for called in self.calls if called.method == method]

    @property
    def requests(self) -> list[Request]:
        """Everything sent to the bot, with what came of it."""
        return self._outbox.requests

    @property
    def warnings(self) -> list[str]:
        """What Slack takes but people should not have to bear."""
        return self.workspace.warnings

    def wait_until(self, condition: Callable[[], T], timeout: float = PATIENCE) -> T:
        """Waits until `condition` is true and returns what it said. Raises StoryError."""
        found = self.workspace.wait(condition, timeout)
        if not found:
            raise StoryError("\n".join([f"waited {timeout:g} s in vain.", *self.stage.recent()]))
        return found

    # What Slack itself sends

    def redeliver(self, request: Request, times: int = 1) -> list[Answer]:
        """Sends the same signed bytes again, on `times` connections at once; the screens stay as they are."""
        return self._outbox.again(request, times)

    def send_event(self, event: Json) -> Request:
        """Sends any event."""
        event = {**event, "event_ts": self.workspace.new_ts()}
        return self._outbox.event(payloads.event(self.workspace, event))

    def verify_url(self) -> Answer:
        """url_verification, as Slack does when the request URL is saved."""
        asked: Json = {
            "type": "url_verification",
            "token": payloads.TOKEN,
            "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9",
        }
        return self._outbox.deliver(sender.event(asked, self._outbox.secret))

    def uninstall(self) -> None:
        """Takes the app out of the workspace: the token dies, then the bot is told."""
        self._tokens.clear()
        self.send_event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot.id]}})
        self.send_event({"type": "app_uninstalled"})

    def _request_url(self) -> str:
        if not self.bot_url:
            raise StoryError("the story does not say where the bot is: set slack.bot_url")
        return self.bot_url

    def _echo(self, called: Called) -> None:
        if called.ok:
            Talk(self.stage, self.workspace.bot).echo(called.answer["channel"], called.answer["ts"])

    def _wake(self) -> None:
        with self.workspace.changing():
            pass
