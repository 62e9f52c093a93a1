"""One Slack workspace, one AWS and one running bot: the world a story happens in."""

from __future__ import annotations

import itertools
import re
import sqlite3
import time
from dataclasses import asdict, replace
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer

from bot.jobs import Turn
from sandbox.aws import AwsCloud
from sandbox.bot import Bot
from sandbox.slack import Answer, Person, Request, SlackServer
from sandbox.slack.sender import sign
from store import Keyring, Store

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-1234567890-abcdefghijkl"
# Children before parents. The audit log stays: nobody can delete from it.
FORGOTTEN = ("report", "key", "account_name", "person", "setting", "request_ledger", "draft", "account")
_numbers = itertools.count(100000000001)


class World:
    """The real bot between a Slack and an AWS that refuse what the real ones refuse."""

    def __init__(self, folder: Path, database: str, cloud: AwsCloud, **environment: str) -> None:
        self.database = database
        self.cloud = cloud
        self.slack = SlackServer(signing_secret=SECRET, bot_token=TOKEN)
        self.slack.start()
        self.bot = Bot(
            folder,
            {
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_API_URL": self.slack.api_url,
                "XOPS_DATABASE_URL": database,
                **cloud.credentials,
                **environment,
            },
        )
        self.slack.bot_url = self.bot.url
        self.engine = sa.create_engine(database, poolclass=sa.NullPool)

    def close(self) -> None:
        """End the bot and its Slack."""
        self.bot.stop()
        self.slack.stop()
        self.engine.dispose()

    def forget(self) -> None:
        """Empty the workspace for the next story; the bot goes on running."""
        self.slack.clear_faults()
        self.cloud.clear()
        while True:
            try:
                self._empty()
                return
            except sa.exc.IntegrityError:
                time.sleep(0.1)  # a job of the last story was still writing

    def _empty(self) -> None:
        with self.engine.begin() as connection:
            schema = None if self.database.startswith("sqlite") else "dbos"
            jobs = sa.table("workflow_status", sa.column("status"), schema=schema)
            connection.execute(sa.delete(jobs).where(jobs.c.status.in_(("ENQUEUED", "DELAYED"))))
            for table in FORGOTTEN:
                connection.execute(sa.delete(sa.table(table)))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What stands in the database, as an operator with a shell would see it."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def tick(self, kind: str) -> None:
        """Let the clock strike for this kind of background work, as it does every ten minutes."""
        store = self.store()
        client = DBOSClient(
            system_database_url=store.url,
            system_database_engine=store.engine_for_jobs,
            serializer=DBOSPortableJSONSerializer(),
            application_name="xops",
        )
        turn = Turn(kind, f"{kind}:{time.monotonic_ns()}", kind, [])
        options = {"workflow_name": "xops.job", "queue_name": "clock", "workflow_id": turn.job}
        with store.system() as work:
            client.enqueue_in_transaction(work.connection, options, asdict(turn))
        client.destroy()
        store.close()

    def redeliver_changed(self, request: Request, body: bytes, times: int) -> list[Answer]:
        """A request nobody saw before: this body, signed, on so many connections at once."""
        changed = replace(request, body=body, headers=dict(request.headers), answer=None)
        changed.headers["X-Slack-Signature"] = sign(
            SECRET, body, int(changed.headers["X-Slack-Request-Timestamp"])
        )
        return self.slack.redeliver(changed, times=times)

    def execute(self, *statements: str) -> None:
        """Change the database behind the product's back."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def store(self) -> Store:
        """The database as the product sees it, with its key."""
        return Store(self.database, Keyring.from_file(self.bot.folder / "data" / "keys"))

    def account(self) -> str:
        """An AWS account nobody used before."""
        return str(next(_numbers))

    def organization(self, *members: str) -> str:
        """A new organization; its management account."""
        management = self.account()
        self.cloud.organization(management, {member: f"member {member}" for member in members})
        return management

    def external_id(self, person: Person) -> str:
        """The external ID of the template that the person got last."""
        return re.findall(r"xops-[0-9a-f]{32}", person.files[-1].content.decode())[0]

    def stack(self, person: Person, account: str) -> str:
        """Create the product's own stack from the file in the person's messages, as the account's owner; its Role ARN."""
        return self.cloud.create_stack(account, person.files[-1].content.decode())

    def lock(self) -> sqlite3.Connection:
        """Lock the SQLite file from outside; close the connection to let go."""
        outside = sqlite3.connect(self.database.removeprefix("sqlite:///"), isolation_level=None)
        outside.execute("BEGIN IMMEDIATE")
        return outside
