"""`xops sandbox`: the real bot between a Slack and an AWS of its own, and a first link before your eyes.

A browser to click in comes later; until then one person is walked through and everything they read is printed.
"""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.aws import AwsCloud
from sandbox.bot import Bot
from sandbox.slack import Person, SlackServer

SECRET = "sandbox-signing-secret"
TOKEN = "xoxb-sandbox-token"
MANAGEMENT = "111111111111"
MEMBERS = {"222222222222": "shop-production", "333333333333": "shop-staging"}


def walk() -> int:
    """Start everything, link an account, say what to call, and stay until Ctrl-C. The exit code."""
    # Ctrl-C reaches the bot through us only, and wherever we are, everything is ended in order.
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    print("Starting a Slack, an AWS and the bot ...", flush=True)
    with running() as (slack, cloud, bot):
        _first_link(slack, cloud)
        _what_to_call(slack, cloud, bot)
        stop.wait()
    print("Everything is ended.")
    return 0


@contextmanager
def running() -> Iterator[tuple[SlackServer, AwsCloud, Bot]]:
    """The real bot between a Slack and an AWS of its own, on an empty database."""
    slack = SlackServer(signing_secret=SECRET, bot_token=TOKEN)
    with AwsCloud() as cloud, slack, tempfile.TemporaryDirectory(prefix="xops-sandbox-") as folder:
        bot = Bot(
            Path(folder),
            {
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_API_URL": slack.api_url,
                **cloud.credentials,
            },
        )
        slack.bot_url = bot.url
        try:
            bot.start()
            yield slack, cloud, bot
        finally:
            bot.stop()


def _first_link(slack: SlackServer, cloud: AwsCloud) -> None:
    cloud.organization(MANAGEMENT, MEMBERS)
    ada = slack.person("Ada Lovelace", admin=True)
    _act("Ada, a workspace admin, types /xops")
    ada.command("/xops")
    _read(ada, "Select Your Preferred Cloud")
    _act("She presses AWS, then Management Account")
    ada.click("AWS")
    _read(ada, "Select AWS Account Type")
    ada.click("Management Account")
    _read(ada, "AWS Role ARN")
    _act("She has the template sent, and creates the stack in the AWS console")
    ada.click("Get the template")
    slack.wait_until(lambda: ada.files)
    role_arn = cloud.create_stack(MANAGEMENT, ada.files[-1].content.decode())
    _act(f"First she copies the wrong thing: {role_arn.replace(':role/', ':user/')}")
    ada.fill("AWS Account Name", "Production")
    ada.fill("AWS Role ARN", role_arn.replace(":role/", ":user/"))
    ada.submit("Connect")
    assert ada.screen is not None
    print(f"    AWS Role ARN: {ada.screen.errors['AWS Role ARN']}")
    _act(f"Then the right one: {role_arn}, and Connect")
    ada.fill("AWS Role ARN", role_arn)
    ada.submit("Connect")
    _read(ada, "is connected to XOps")
    _act("In her messages she finds")
    card = slack.wait_until(lambda: [m for m in ada.dms if "is connected" in m.text])[-1]
    print(_indented(card.text))


def _what_to_call(slack: SlackServer, cloud: AwsCloud, bot: Bot) -> None:
    print(
        f"""
The bot answers signed requests:   {bot.url}
Alive, ready, numbers:             http://127.0.0.1:{bot.ops_port}/healthz  /readyz  /metrics
Slack's Web API it talks to:       {slack.api_url}
The AWS it talks to:               {cloud.endpoint_url}
Signing secret:                    {SECRET}
Log:                               {bot.log}

Press Ctrl-C to end everything.""",
        flush=True,
    )


def _act(what: str) -> None:
    print(f"\n{what}", flush=True)


def _read(person: Person, until: str) -> None:
    """Print what the person reads, once it is there."""
    started = time.monotonic()
    screen = person.wait_for(until, timeout=20)
    print(_indented(screen.text))
    print(f"    ({time.monotonic() - started:.1f} s)", flush=True)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
