"""The `xops` command line. Exit codes: 0 good, 1 found something wrong, 2 could not look, 78 bad configuration."""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import threading
from typing import Any

BAD_CONFIGURATION = 78
THREADS = 64
BODY_SECONDS = 10


def main() -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="xops", description="Link cloud accounts to XOps 360 from Slack.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="answer Slack")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=3000)
    serve.add_argument("--ops-host", default="127.0.0.1", help="where /healthz, /readyz and /metrics listen")
    serve.add_argument("--ops-port", type=int, default=3001)
    serve.set_defaults(run=_serve)
    sandbox = commands.add_parser(
        "sandbox", help="link an account before your eyes, with no account anywhere"
    )
    sandbox.set_defaults(run=_sandbox)
    manifest = commands.add_parser("manifest", help="print the Slack app manifest for an address")
    manifest.add_argument(
        "--url", required=True, help="where Slack reaches this bot, like https://xops.example.com"
    )
    manifest.set_defaults(run=_manifest)
    arguments = parser.parse_args()
    code: int = arguments.run(arguments)
    return code


def _serve(arguments: argparse.Namespace) -> int:
    from bot import logs
    from bot.settings import BadSettings, Settings
    from store import KeyProblem, SchemaProblem

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold every secret
    try:
        settings = Settings.load()
    except BadSettings as error:
        print(f"XOps cannot start:\n{error}", file=sys.stderr)
        return BAD_CONFIGURATION
    logs.set_up(settings.log_level, settings.log_format)

    from bot.app import build

    try:
        application = build(settings)
    except (KeyProblem, SchemaProblem) as error:
        print(f"XOps cannot start: {error}", file=sys.stderr)
        return BAD_CONFIGURATION
    try:
        _listen(arguments, application)
    finally:
        application.close()
    return 0


def _listen(arguments: argparse.Namespace, application: Any) -> None:
    from waitress.server import create_server

    from bot.door import MAX_BODY

    def stop(*_: object) -> None:
        raise SystemExit(0)

    door = create_server(
        application.door,
        host=arguments.host,
        port=arguments.port,
        threads=THREADS,
        ident=None,
        map={},
        max_request_body_size=MAX_BODY,
        channel_timeout=BODY_SECONDS,
    )
    ops = create_server(
        application.ops, host=arguments.ops_host, port=arguments.ops_port, threads=2, ident=None, map={}
    )
    threading.Thread(target=ops.run, name="ops", daemon=True).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(
        f"XOps answers Slack on {arguments.host}:{arguments.port}/slack/events", file=sys.stderr, flush=True
    )
    door.run()


def _sandbox(_arguments: argparse.Namespace) -> int:
    try:
        from sandbox.walk import walk
    except ModuleNotFoundError as error:
        print(
            f"The sandbox is not installed ({error.name} is missing); start it with ./run.", file=sys.stderr
        )
        return 2
    return walk()


def _manifest(arguments: argparse.Namespace) -> int:
    from bot.manifest import for_address

    print(for_address(arguments.url))
    return 0


if __name__ == "__main__":
    sys.exit(main())
