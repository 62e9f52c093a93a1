"""What is written is true: settings, commands, providers, dependencies, and no address or path of a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

from bot.settings import Settings
from bot.views.command import COMMANDS
from providers import ALL

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text().replace("\\|", "|")


def test_every_setting_is_in_the_readme_and_nothing_else() -> None:
    variables = {str(field.validation_alias.choices[0]) for field in Settings.model_fields.values()}  # type: ignore[union-attr]
    told = set(re.findall(r"^\| `((?:SLACK|XOPS)_\w+)`", README, re.M))
    assert told == variables


def test_every_command_is_in_the_readme() -> None:
    for command in COMMANDS:
        assert f"`{f'/xops {command}'.strip()}`" in README


def test_every_provider_has_its_section() -> None:
    text = (ROOT / "docs/providers.md").read_text()
    for provider in ALL:
        assert f"## {provider.name}" in text
        for stage in provider.stages:
            for check in stage:
                label = (check.__doc__ or "").strip().splitlines()[0]
                assert label in text, f"docs/providers.md does not tell of the check “{label}”"


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["sandbox"],
        *(name for name in project["dependency-groups"]["dev"] if not name.startswith("types-")),
    ]
    text = (ROOT / "docs/dependencies.md").read_text()
    for requirement in wanted:
        name = re.split(r"[<>=]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}", text), (
            f"docs/dependencies.md does not say why {name} is here"
        )


def test_the_lock_ships_what_was_tested() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", (ROOT / name).read_text(), re.M))

    shipped, tested = pins("requirements.txt"), pins("requirements-dev.txt")
    assert shipped
    assert shipped.items() <= tested.items()
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "://" not in text


def test_no_file_names_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    places = re.compile(r"/work/(?:main|shared)|/root/|pypi\.org|registry\.npmjs|files\.pythonhosted")
    named = [
        name
        for name in listed
        if name != "tests/test_docs.py" and places.search((ROOT / name).read_bytes().decode(errors="replace"))
    ]
    assert named == []
