"""Log lines: JSON for machines or plain for people, with secrets taken out. Never the text of a request."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRETS = re.compile(
    r"x(?:ox[a-z]|app)-[\w-]+"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{12,}"
    r"|eyJ[\w-]{8,}\.[\w.-]+"
    r"|-----BEGIN .+?-----END [A-Z ]+-----"
    r"|https://hooks\.slack\.com/\S+",
    re.S,
)
# At DEBUG these print tokens, keys or the texts of people.
TALKATIVE = ("botocore", "boto3", "urllib3", "slack_sdk", "sqlalchemy", "alembic", "dbos", "apscheduler")


def redact(text: str) -> str:
    """The text without anything that looks like a secret."""
    return SECRETS.sub("[redacted]", text)


def set_up(level: str, form: str) -> None:
    """Send all log lines of the process to standard error in this form ("json" or "console")."""
    last: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _redact_all,
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_is_no_echo)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Without a handler there it adds its own, which writes lines of another form.
    logging.getLogger("dbos").addHandler(logging.NullHandler())


def _is_no_echo(record: logging.LogRecord) -> bool:
    """Bolt sets its own levels, and below ERROR it repeats requests and answers."""
    return not record.name.startswith("slack_bolt") or record.levelno >= logging.ERROR


def _redact_all(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> dict[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in line.items()}
