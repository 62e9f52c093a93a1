"""Who may know whom: bot knows providers and store; they know nobody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLOUDS = ("boto3", "botocore", "azure", "msal")
SLACK = ("slack_bolt", "slack_sdk")
ENGINES = ("dbos", "apscheduler")

# place -> what it must not import
FORBIDDEN: dict[str, tuple[str, ...]] = {
    "providers": ("bot", "store", "sandbox", "tests", "sqlalchemy", *SLACK, *ENGINES),
    "store": ("bot", "providers", "sandbox", "tests", *SLACK, *CLOUDS, *ENGINES),
    "bot": ("tests", "sqlalchemy", *CLOUDS),
    "sandbox": ("bot", "store", "providers", "tests"),
    "bot/views": ("store", "slack_bolt", "slack_sdk", "os"),
    "bot/setups.py": SLACK,
    "bot/linking.py": SLACK,
    "bot/accounts.py": SLACK,
    "bot/door.py": (*SLACK, "store", "providers"),
}
ONLY_IN = {"dbos": {"bot/jobs.py"}, "apscheduler": {"bot/jobs.py"}, "sandbox": {"bot/__main__.py"}}


def files(place: str) -> Iterator[Path]:
    """The modules of a place."""
    path = ROOT / place
    yield from [path] if path.suffix else sorted(path.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports, also those imported inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("place", FORBIDDEN)
def test_a_place_imports_only_what_it_may(place: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(place)
        for name in imports(path)
        if name.split(".")[0] in FORBIDDEN[place]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_has_one_importer(package: str) -> None:
    found = {
        str(path.relative_to(ROOT))
        for place in ("bot", "providers", "store")
        for path in files(place)
        if package in {name.split(".")[0] for name in imports(path)}
    }
    assert found == ONLY_IN[package]


def test_only_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for place in ("bot", "providers", "store")
        for path in files(place)
        if re.search(r"os\.environ|getenv|from os import", path.read_text()) and path.name != "settings.py"
    ]
    assert readers == []


def test_no_provider_is_named_outside_its_room() -> None:
    named = [
        f"{path.relative_to(ROOT)}: {node.value}"
        for path in files("bot")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and node.value in ("aws-management", "aws-linked", "azure", "m365", "entra", "eks")
    ]
    assert named == []


def test_there_are_no_sentences_in_listeners() -> None:
    said = []
    for path in files("bot/listeners"):
        tree = ast.parse(path.read_text())
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        logged = {
            id(argument)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log.")
            for argument in node.args
        }
        said += [
            f"{path.name}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and node.value not in docstrings
            and id(node) not in logged
        ]
    assert said == []


def test_slack_is_listened_to_by_names_only() -> None:
    """A compiled pattern as an action id matches parts of other ids."""
    patterns = [
        f"{path.name}:{node.lineno}"
        for path in files("bot/listeners")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]
    assert patterns == []
