"""The only wiring: settings in, a running application out."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import errors, listeners, retention
from bot.accounts import Accounts
from bot.changes import Changes
from bot.door import Answer, Door, Request
from bot.gates import Gates
from bot.installation import Installations, NotInstalled
from bot.jobs import Jobs
from bot.linking import Linking
from bot.listeners import Desk, sweep
from bot.ops import Metrics, Ops
from bot.people import Groups
from bot.refusals import Starting
from bot.settings import Settings
from bot.setups import Setups
from bot.slack import Slack
from providers import ALL, FAMILIES
from store import Busy, Keyring, Store

LAZY_THREADS = 64


@dataclass
class Application:
    """What runs: two WSGI applications, and the work behind them."""

    door: Door
    ops: Ops
    store: Store
    jobs: Jobs
    installations: Installations

    def close(self) -> None:
        """Stop taking requests and work; what is promised goes on at the next start."""
        self.door.close()
        self.installations.stop()
        self.jobs.close()
        self.store.close()


def build(settings: Settings, me: str) -> Application:
    """Put all parts together and start the work behind them. `me` names this process among the replicas.

    Raises KeyProblem or SchemaProblem when this database is not for this configuration; then nothing was changed.
    """
    store = Store(settings.database_url, _keyring(settings))
    store.migrate()
    metrics = Metrics()
    jobs = Jobs(store, store.url, me, metrics.job)
    installations = Installations(store, settings.slack_api_url, settings.bot_token.get_secret_value())
    desk = _desk(settings, store, jobs, installations, metrics)
    bolt = _bolt(settings, installations, desk)
    listeners.register(bolt, desk)
    jobs.launch(
        (*listeners.kinds(desk), retention.kind(store)),
        every={retention.KIND: retention.EVERY, sweep.KIND: sweep.EVERY},
    )
    installations.start()

    door = Door(
        settings.signing_secret.get_secret_value(),
        lambda request: _dispatch(bolt, installations, request),
        errors.late,
        metrics.request,
    )
    return Application(door, Ops(metrics, lambda: installations.missing), store, jobs, installations)


def _desk(
    settings: Settings, store: Store, jobs: Jobs, installations: Installations, metrics: Metrics
) -> Desk:
    providers = {provider.key: provider for provider in ALL}
    groups = Groups(settings.admin_group, settings.linker_group)
    gates = Gates(providers, groups)
    setups = Setups(store, jobs, providers, settings.ours, gates)
    accounts = Accounts(store, jobs, providers, settings.ours, groups, setups, metrics.check)
    return Desk(
        store=store,
        jobs=jobs,
        slack=Slack(settings.slack_api_url, installations.token_of),
        gates=gates,
        setups=setups,
        linking=Linking(store, setups, gates, settings.ours, groups, metrics.check),
        accounts=accounts,
        changes=Changes(store, jobs, accounts, groups),
        families=FAMILIES,
        providers=providers,
        ours=settings.ours,
        groups=groups,
        email=settings.support_email,
    )


def _bolt(settings: Settings, installations: Installations, desk: Desk) -> App:
    """Bolt behind the door: the signature is checked already, and nobody is asked who we are."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        found = installations.find(team_id)
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=installations.token_of(found.workspace_id),
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )

    bolt = App(
        signing_secret=settings.signing_secret.get_secret_value(),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(LAZY_THREADS, thread_name_prefix="lazy"),
        client=WebClient(base_url=settings.slack_api_url, timeout=10, retry_handlers=[]),
    )

    @bolt.error
    def explain(error: Exception, body: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        answer = errors.answer(body, error, told=True)
        context["trouble"] = errors.as_note(error)  # for the lazy function that shows the screen
        desk.record_denial(error, context["team_id"], context.get("user_id", ""))
        return BoltResponse(status=answer.status, body=answer.content)

    return bolt


def _dispatch(bolt: App, installations: Installations, request: Request) -> Answer:
    try:
        # This mode takes the parsed body as it is; in the other Bolt would parse it once more, and wrongly
        # when a channel's name holds the word "payload".
        incoming = BoltRequest(mode="socket_mode", body=request.body, context={"request": request})
        installations.find(incoming.context.team_id)
    except (AttributeError, TypeError, KeyError, ValueError, IndexError, RecursionError):
        return Answer(400, "malformed")
    except (NotInstalled, Starting, Busy) as error:
        return errors.answer(request.body, error)
    if request.deadline.is_over:
        return Answer(503)  # nobody hears it: the door said that nothing was changed, and nothing will be
    response = bolt.dispatch(incoming)
    is_json = "json" in "".join(response.headers.get("content-type", ()))
    return Answer(response.status, json.loads(response.body) if is_json else response.body)


def _keyring(settings: Settings) -> Keyring:
    keys = settings.encryption_keys.get_secret_value()
    return Keyring.parse(keys) if keys else Keyring.from_file(settings.data_dir / "keys")
