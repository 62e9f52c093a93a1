"""Takes a picture of an HTML page with a headless Chromium. Nothing is loaded from anywhere.

The browser is started twice: once to ask the page how large it is, once for a window of just that size.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .png import small

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NARROWEST = 500  # pixels: Chromium makes no narrower window
PATIENCE = 60  # seconds
FLAGS = (
    "--headless",
    "--no-sandbox",  # the page is ours, and root may not use the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_ASK = "<script>document.title=[document.body.offsetWidth,document.body.offsetHeight].join('x')</script>"


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


def photograph(page: str, target: Path, scale: float = 1) -> None:
    """Save a small PNG of the page, cut to its content. Raises NoBrowser, RuntimeError, subprocess.SubprocessError."""
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        source = Path(folder, "page.html")
        source.write_text(page + _ASK, encoding="utf-8")
        shown = _run(folder, "--window-size=1200,800", "--dump-dom", source.as_uri())
        found = re.search(r"<title>(\d+)x(\d+)</title>", shown)
        if not found:
            raise RuntimeError(f"the browser did not say how large the page is: {shown[:300]}")
        width, height = max(int(found[1]), NARROWEST), int(found[2])
        taken = Path(folder, "page.png")
        _run(
            folder,
            f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale:g}",
            f"--screenshot={taken}",
            source.as_uri(),
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(small(taken.read_bytes()))


def browser() -> str:
    """Where Chromium is. Raises NoBrowser."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise NoBrowser("Chromium is missing; on Debian: apt-get install chromium")


def _run(folder: str, *arguments: str) -> str:
    command = [browser(), *FLAGS, f"--user-data-dir={folder}/profile", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    return done.stdout
