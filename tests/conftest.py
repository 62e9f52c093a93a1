"""The worlds stories happen in: the same ones on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from sandbox.aws import AwsCloud
from sandbox.slack import Person, SlackServer
from tests.harness.postgres import Postgres
from tests.harness.world import World


@pytest.fixture(scope="session")
def cloud() -> Iterator[AwsCloud]:
    """One AWS for the whole run."""
    with AwsCloud() as aws:
        yield aws


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole run."""
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, cloud: AwsCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A bot that runs through all stories told on this database."""
    yield from _made(request, cloud, tmp_path_factory)


def _made(
    request: pytest.FixtureRequest, cloud: AwsCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp(request.param)
    database = f"sqlite:///{folder}/xops.db"
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres").database()
    world = World(folder, database, cloud)
    world.bot.start()
    yield world
    world.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, cloud: AwsCloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A bot of this file's own, which may be killed, and a database of its own, which may be locked."""
    yield from _made(request, cloud, tmp_path_factory)


@pytest.fixture
def fragile(own: World) -> World:
    """The own world with an empty workspace and a bot that runs."""
    own.forget()
    if not own.bot.is_running:
        own.bot.start()
    return own


@pytest.fixture
def world(running: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """The world with an empty workspace. A story that brings the bot to an error it did not foresee fails."""
    running.forget()
    before = len(running.bot.tail(10**9))
    yield running
    said = running.bot.tail(10**9)[before:]
    if request.node.get_closest_marker("unforeseen") is None:
        assert "Traceback" not in said, said[-5000:]


@pytest.fixture
def slack(world: World) -> SlackServer:
    """The workspace."""
    return world.slack


@pytest.fixture
def admin(slack: SlackServer) -> Person:
    """A workspace admin."""
    return slack.person("Ada Lovelace", admin=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("XOPS_TEST_NO_SKIP") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = 1
