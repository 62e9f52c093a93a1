"""The Slack app's manifest: valid for Slack, complete for us, and every scope has its reason."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
# Slack's official schema (MIT), github.com/slackapi/manifest-schema, version 2.0.0.
SCHEMA = json.loads((ROOT / "tests/manifest.schema.json").read_text())
NEEDS = {  # event -> scope; from Slack's reference of events
    "app_home_opened": None,
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "user_change": "users:read",
    "subteam_members_changed": "usergroups:read",
}


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The manifest as data."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return loaded


def test_slack_takes_it(manifest: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(manifest)


def test_the_schema_would_notice(manifest: dict[str, Any]) -> None:
    manifest["display_information"]["name"] = "x" * 36
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(manifest)


def test_the_scopes_are_those_of_the_interface_and_each_has_its_reason(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert set(scopes) == {
        *("commands", "chat:write", "im:write", "im:history", "channels:read", "channels:history"),
        *("groups:read", "groups:history", "users:read", "usergroups:read", "files:read", "files:write"),
    }
    assert scopes == sorted(scopes)
    reasons = (ROOT / "docs/slack.md").read_text()
    for scope in scopes:
        assert f"`{scope}`" in reasons, f"docs/slack.md does not say why {scope} is needed"


def test_every_event_has_its_scope_its_listener_and_its_line(manifest: dict[str, Any]) -> None:
    listeners = "".join(path.read_text() for path in (ROOT / "bot/listeners").glob("*.py"))
    said = (ROOT / "docs/slack.md").read_text()
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        scope = NEEDS[event]
        assert scope is None or scope in manifest["oauth_config"]["scopes"]["bot"]
        assert f'app.event("{event.split(".")[0]}")' in listeners
        assert f"`{event}`" in said


def test_the_home_and_messages_tabs_are_on(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_every_address_is_https_and_one_place(manifest: dict[str, Any]) -> None:
    addresses = re.findall(r"\w+://[^\s\"']+", json.dumps(manifest))
    assert set(addresses) == {"https://xops.example.com/slack/events"}


def test_the_command_prints_it_for_an_address() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "manifest", "--url", "https://bot.acme.test/"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "https://bot.acme.test/slack/events" in done.stdout
    assert "example.com" not in done.stdout
    assert yaml.safe_load(done.stdout)["features"]["slash_commands"][0]["command"] == "/xops"
