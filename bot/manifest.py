"""The Slack app manifest for one address. The manifest itself is `manifest.yml`."""

from __future__ import annotations

from pathlib import Path

PLACEHOLDER = "https://xops.example.com"


def for_address(url: str) -> str:
    """The manifest with this address in place of the example's."""
    manifest = Path(__file__).resolve().parent.parent / "manifest.yml"
    return manifest.read_text(encoding="utf-8").replace(PLACEHOLDER, url.rstrip("/"))
