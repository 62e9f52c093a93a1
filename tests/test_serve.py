"""`xops serve` as an operator meets it: what it needs, when it refuses to start, and how it ends."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.aws import AwsCloud
from sandbox.bot import Bot
from sandbox.slack import Person, SlackServer
from tests.harness.acts import connect, open_form
from tests.harness.world import SECRET, TOKEN


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    """A workspace of its own."""
    with SlackServer(signing_secret=SECRET, bot_token=TOKEN) as server:
        yield server


@pytest.fixture
def needed(slack: SlackServer, cloud: AwsCloud) -> dict[str, str]:
    """The variables without which nothing works."""
    return {
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": slack.api_url,
        **{
            name: cloud.credentials[name]
            for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")
        },
    }


def start(slack: SlackServer, folder: Path, environment: dict[str, str]) -> Bot:
    """A bot that this Slack talks to."""
    bot = Bot(folder, environment)
    slack.bot_url = bot.url
    bot.start()
    return bot


def refuses(folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """The exit code and the last words of a bot that does not start."""
    bot = Bot(folder, environment)
    with pytest.raises(AssertionError):
        bot.start()
    assert bot.process is not None
    return bot.process.wait(10), bot.tail()


def link(slack: SlackServer, cloud: AwsCloud, admin: Person, account: str) -> None:
    """Link a management account whose role the product's own template made."""
    cloud.organization(account)
    open_form(admin)
    admin.click("Get the template")
    slack.wait_until(lambda: admin.files)
    connect(admin, "Production", cloud.create_stack(account, admin.files[-1].content.decode()))
    admin.wait_for("is connected to XOps")


def test_six_variables_are_enough_and_a_restart_forgets_nothing(
    slack: SlackServer, cloud: AwsCloud, needed: dict[str, str], tmp_path: Path
) -> None:
    bot = start(slack, tmp_path, needed)
    admin = slack.person("Ada Lovelace", admin=True)
    link(slack, cloud, admin, "123400000001")
    slack.wait_until(lambda: [m for m in admin.dms if "is connected to XOps" in m.text])
    assert bot.stop() == 0

    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert files["keys"] == 0o600
    assert files["xops.db"] == 0o600
    bot.start()
    admin.close()
    admin.command("/xops")
    assert "Production" in admin.wait_for("Integrations").text
    bot.stop()


def test_no_secret_stands_in_the_log_or_in_clear_in_the_database(
    slack: SlackServer, cloud: AwsCloud, needed: dict[str, str], tmp_path: Path
) -> None:
    bot = start(slack, tmp_path, {**needed, "XOPS_LOG_LEVEL": "DEBUG"})
    link(slack, cloud, slack.person("Ada Lovelace", admin=True), "123400000002")
    bot.stop()
    written = bot.log.read_bytes()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("xops.db*"))
    for secret in (SECRET, TOKEN, needed["AWS_SECRET_ACCESS_KEY"], "SessionToken"):
        assert secret.encode() not in written
        assert secret.encode() not in stored


def test_every_fault_of_the_configuration_is_told_at_once(tmp_path: Path) -> None:
    code, said = refuses(
        tmp_path,
        {"SLACK_SIGNING_SECRET": "short", "XOPS_LOG_LEVEL": "LOUD", "XOPS_DATABASE_URL": "mysql://x"},
    )
    assert code == 78
    for variable in ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "XOPS_LOG_LEVEL", "XOPS_DATABASE_URL"):
        assert variable in said
    assert "Traceback" not in said


def test_a_lost_key_is_refused_before_anything_is_written(
    slack: SlackServer, needed: dict[str, str], tmp_path: Path
) -> None:
    start(slack, tmp_path, needed).stop()
    (tmp_path / "data" / "keys").unlink()
    before = (tmp_path / "data" / "xops.db").read_bytes()
    code, said = refuses(tmp_path, needed)
    assert code == 78
    assert "key" in said
    assert "Traceback" not in said
    assert (tmp_path / "data" / "xops.db").read_bytes() == before


def test_it_is_not_ready_before_slack_said_who_it_is(
    slack: SlackServer, needed: dict[str, str], tmp_path: Path
) -> None:
    fault = slack.fault("auth.test", error="invalid_auth", times=None)
    bot = Bot(tmp_path, needed)
    slack.bot_url = bot.url
    bot.start(ready=False)
    slack.wait_until(lambda: slack.calls_of("auth.test"))
    slack.wait_until(lambda: "invalid_auth" in bot.get("/readyz")[1])
    assert bot.get("/readyz")[0] == 503
    admin = slack.person("Ada Lovelace", admin=True)
    admin.command("/xops")
    assert "just started" in admin.ephemerals[-1].text
    fault.release()
    slack.clear_faults()
    bot.wait("/readyz")
    admin.command("/xops")
    admin.wait_for("Select Your Preferred Cloud")
    bot.stop()


def test_it_listens_on_the_loopback_only(slack: SlackServer, needed: dict[str, str], tmp_path: Path) -> None:
    bot = start(slack, tmp_path, needed)
    assert bot.process is not None
    listening = [
        line.split() for line in Path(f"/proc/{bot.process.pid}/net/tcp").read_text().splitlines()[1:]
    ]
    places = {
        row[1]
        for row in listening
        if row[3] == "0A" and int(row[1].split(":")[1], 16) in (bot.port, bot.ops_port)
    }
    assert len(places) == 2
    assert all(place.startswith("0100007F") for place in places)
    limits = Path(f"/proc/{bot.process.pid}/limits").read_text()
    assert next(line for line in limits.splitlines() if "core" in line).split()[4] == "0", "no core files"
    bot.stop()
    assert not os.path.exists(f"/proc/{bot.process.pid}")


def test_the_card_is_told_even_when_slack_asks_to_wait(
    slack: SlackServer, cloud: AwsCloud, needed: dict[str, str], tmp_path: Path
) -> None:
    bot = start(slack, tmp_path, needed)
    admin = slack.person("Ada Lovelace", admin=True)
    slack.fault("chat.postMessage", status=429, retry_after=1, times=2)
    link(slack, cloud, admin, "123400000003")
    told = slack.wait_until(lambda: [m for m in admin.dms if "is connected to XOps" in m.text], 15)
    assert len(told) == 1
    bot.stop()
