"""The `xops` command line. Exit codes: 0 good, 1 found something wrong, 2 could not look, 78 bad configuration."""

from __future__ import annotations

import argparse
import resource
import sys

BAD_CONFIGURATION = 78
FILES = 4096  # open at a time: mostly connections, which a service manager often limits to 1,024


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
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(files, wanted), most))
    try:
        settings = Settings.load()
    except BadSettings as error:
        print(f"XOps cannot start:\n{error}", file=sys.stderr)
        return BAD_CONFIGURATION
    logs.set_up(settings.log_level, settings.log_format)

    from bot.app import build
    from bot.serving import Ports, PortTaken

    try:
        ports = Ports(arguments.host, arguments.port, arguments.ops_host, arguments.ops_port)
        application = build(settings, ports.me)
    except (KeyProblem, SchemaProblem, PortTaken) as error:
        print(f"XOps cannot start: {error}", file=sys.stderr)
        return BAD_CONFIGURATION
    print(
        f"XOps answers Slack on {arguments.host}:{arguments.port}/slack/events", file=sys.stderr, flush=True
    )
    try:
        ports.serve(application.door, application.ops)
    finally:
        application.close()
    return 0


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
