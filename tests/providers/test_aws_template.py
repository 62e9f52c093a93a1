"""The CloudFormation template, the Launch Stack link, and what they give away."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from providers import _role_setup
from providers.aws import MANAGEMENT
from providers.base import Ours

PREPARED = {"external_id": "xops-" + "0a" * 16, "principal": "arn:aws:iam::999999999999:role/xops"}
SOURCE = files("providers") / "templates" / "xops-role.yaml"


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as plain values."""


Loader.add_multi_constructor("!", lambda loader, tag, node: {tag: loader.construct_scalar(node)})


def parsed(text: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(text, Loader)
    return document


@pytest.fixture
def file_text() -> str:
    file = MANAGEMENT.file(PREPARED)
    assert file is not None
    assert file.name == "xops-role.yaml"
    return file.content


def test_the_values_of_this_link_are_filled_in(file_text: str) -> None:
    parameters = parsed(file_text)["Parameters"]
    assert parameters["ExternalId"]["Default"] == PREPARED["external_id"]
    assert parameters["TrustedPrincipal"]["Default"] == PREPARED["principal"]
    assert parameters["RoleName"]["Default"] == "XopsReadOnly"
    original = parsed(SOURCE.read_text(encoding="utf-8"))
    for name in ("ExternalId", "TrustedPrincipal"):
        assert "Default" not in original["Parameters"][name]
        assert "NoEcho" not in original["Parameters"][name]  # a quick-create link cannot fill those
        del parameters[name]["Default"]
    assert parsed(file_text)["Resources"] == original["Resources"]


def test_the_template_and_the_code_name_the_same_actions(file_text: str) -> None:
    anywhere, itself = role(file_text)["Policies"][0]["PolicyDocument"]["Statement"]
    assert tuple(anywhere["Action"]) == _role_setup.ACCOUNT_ACTIONS
    assert tuple(itself["Action"]) == _role_setup.ROLE_ACTIONS
    assert anywhere["Resource"] == "*"
    assert itself["Resource"] == {"Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RoleName}"}


def test_one_role_one_reader_and_reading_only(file_text: str) -> None:
    assert list(parsed(file_text)["Resources"]) == ["Role"]
    made = role(file_text)
    assert "ManagedPolicyArns" not in made
    assert made["MaxSessionDuration"] == 3600
    (trust,) = made["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": {"Ref": "TrustedPrincipal"}}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert trust["Action"] == "sts:AssumeRole"
    for action in _role_setup.READ_ACTIONS:
        assert "*" not in action
        assert action.split(":")[1].startswith(("Describe", "List", "Get", "Simulate"))


def role(text: str) -> dict[str, Any]:
    properties: dict[str, Any] = parsed(text)["Resources"]["Role"]["Properties"]
    return properties


@pytest.mark.parametrize("filled", [False, True])
def test_cfn_lint_finds_nothing(file_text: str, tmp_path: Path, filled: bool) -> None:
    path = tmp_path / "xops-role.yaml"
    path.write_text(file_text if filled else SOURCE.read_text(encoding="utf-8"))
    done = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_launch_stack_carries_every_value() -> None:
    ours = Ours(template_url="https://xops.s3.amazonaws.com/xops role.yaml?v=1&x=2")
    link = urlsplit(MANAGEMENT.launch(PREPARED, ours))
    assert (link.scheme, link.hostname) == ("https", "us-east-1.console.aws.amazon.com")
    assert link.path == "/cloudformation/home"
    screen, _, query = link.fragment.partition("?")
    assert screen == "/stacks/quickcreate"
    assert parse_qs(query) == {
        "templateURL": [ours.template_url],
        "stackName": ["xops-link"],
        "param_ExternalId": [PREPARED["external_id"]],
        "param_TrustedPrincipal": [PREPARED["principal"]],
    }


def test_there_is_no_link_without_a_template_in_s3_or_without_a_console() -> None:
    assert MANAGEMENT.launch(PREPARED, Ours()) == ""
    assert MANAGEMENT.launch(PREPARED, Ours(template_url="https://x", partition="aws-iso")) == ""


def test_the_session_policy_fits() -> None:
    assert len(_role_setup.session_policy()) <= 2048  # STS API reference, AssumeRole, Policy


def test_the_guide_says_what_the_source_document_says() -> None:
    text = " ".join(f"{step.title} {step.text} {step.command}" for step in MANAGEMENT.guide)
    for words in (
        "AWS Management Console",
        "management account",
        "CloudFormation stack",
        "I acknowledge that AWS CloudFormation might create IAM resources with custom names",
        "Outputs tab",
        "stack details page",
        "RoleArn",
        "Link a New AWS Account",
        "AWS Account Name",
        "AWS Role ARN",
        "Connect",
        "CAPABILITY_NAMED_IAM",
        "may not create, change or delete",
    ):
        assert words in text
    assert MANAGEMENT.guide[0].title == "Sign in to the right account"
