"""AWS as a story: accounts, an organization, stacks and roles, and what goes wrong.

What a customer does (stacks, trust policies) goes straight to MiniStack as that account's root user and is not
recorded; `calls` holds what the bot asked.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws.faults import Fault
from sandbox.aws.front import Front, Scene
from sandbox.aws.ministack import MiniStack
from sandbox.aws.organization import Organization
from sandbox.aws.wire import Call

OUR_ACCOUNT = (
    "999999999999"  # the account of XOps itself; not MiniStack's own, which looks like a placeholder
)
OUR_USER = "xops"
_SOON = {"Delay": 0.02, "MaxAttempts": 500}  # seconds between looks, looks


class AwsCloud:
    """AWS on 127.0.0.1. Use it as a context manager, or start() and stop() it."""

    def __init__(self, region: str = "us-east-1") -> None:
        self.region = region
        self.endpoint_url = ""
        self.credentials: dict[str, str] = {}  # environment for the bot
        self._scene = Scene()
        self._stack = MiniStack()
        self._front: Front | None = None
        self._boto: Any = None
        self._stacks: list[tuple[str, str]] = []  # (account, name)
        self._roles: list[str] = []  # made by hand

    def __enter__(self) -> AwsCloud:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start MiniStack and the layer before it, and make the bot's own user. Raises RuntimeError."""
        import boto3

        self._boto = boto3.Session()
        self._stack.start()
        self._front = Front(self._scene, self._stack.address)
        self.endpoint_url = self._front.start()
        key = self._make_our_user()
        self._scene.keys[key["AccessKeyId"]] = (self.principal, "")
        self.credentials = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
        }

    def stop(self) -> None:
        """End everything. Does nothing if it does not run."""
        for fault in self._scene.faults:
            fault.release()
        if self._front is not None:
            self._front.stop()
            self._front = None
        self._stack.stop()

    def clear(self) -> None:
        """Begin a new story: no stacks or roles, organizations, prohibitions, faults, hooks or calls."""
        for account, name in self._stacks:
            self.delete_stack(account, name)
        for role in self._roles:
            self.delete_role(role)
        self._stacks.clear()
        self._roles.clear()
        scene = self._scene
        for fault in scene.faults:
            fault.release()
        for things in (scene.calls, scene.faults, scene.before, scene.after, scene.organizations):
            things.clear()
        scene.forbidden.clear()

    # --- What there is

    @property
    def principal(self) -> str:
        """The ARN of the bot's own user."""
        return f"arn:aws:iam::{OUR_ACCOUNT}:user/{OUR_USER}"

    @property
    def calls(self) -> list[Call]:
        """What the bot asked, in order."""
        return self._scene.calls

    def organization(
        self, management: str, members: Mapping[str, str] | None = None, **more: Any
    ) -> Organization:
        """An organization of these accounts, which leave the one they were in; other accounts are standalone.

        `more` are fields of Organization.
        """
        made = Organization(management, dict(members or {}), **more)
        self._scene.organizations.insert(0, made)
        return made

    def console(self, account: str, service: str, region: str = "us-east-1") -> Any:
        """A boto3 client as the account's root user, straight to MiniStack."""
        return self._boto.client(
            service,
            region_name=region,
            endpoint_url=self._stack.address,
            aws_access_key_id=account,
            aws_secret_access_key="test",
        )

    # --- What a customer does

    def create_stack(
        self,
        account: str,
        template: str,
        parameters: Mapping[str, str] | None = None,
        name: str = "xops-link",
    ) -> str:
        """Create a stack with the box ticked; its output RoleArn. Raises what boto3 raises, or RuntimeError."""
        formation = self.console(account, "cloudformation")
        formation.create_stack(
            StackName=name,
            TemplateBody=template,
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in (parameters or {}).items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        self._stacks.append((account, name))
        formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=_SOON)
        outputs = formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        return str({row["OutputKey"]: row["OutputValue"] for row in outputs}["RoleArn"])

    def delete_stack(self, account: str, name: str = "xops-link") -> None:
        """Delete a stack and its role; does nothing if there is no such stack."""
        formation = self.console(account, "cloudformation")
        formation.delete_stack(StackName=name)
        formation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=_SOON)

    def create_role(
        self, account: str, name: str, trust: Mapping[str, Any], policy: Mapping[str, Any]
    ) -> str:
        """Create a role by hand, with one inline policy; its ARN."""
        iam = self.console(account, "iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName=name, PolicyName="XopsRead", PolicyDocument=json.dumps(policy))
        self._roles.append(made["Role"]["Arn"])
        return self._roles[-1]

    def edit_trust(self, role_arn: str, policy: Mapping[str, Any]) -> None:
        """Replace a role's trust policy."""
        iam, name = self._iam_of(role_arn)
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(policy))

    def put_policy(self, role_arn: str, policy: Mapping[str, Any], name: str = "XopsRead") -> None:
        """Replace an inline policy of a role; without `name` the one that our template makes."""
        iam, role = self._iam_of(role_arn)
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))

    def delete_role(self, role_arn: str) -> None:
        """Delete a role with its inline policies; does nothing if there is no such role."""
        iam, name = self._iam_of(role_arn)
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=policy)
            iam.delete_role(RoleName=name)

    # --- What goes wrong

    def fault(self, service: str, action: str = "", **what: Any) -> Fault:
        """An error instead of an answer: code, message, status; or any other field of Fault."""
        made = Fault(service, action, **what)
        self._scene.faults.append(made)
        return made

    def throttle(self, service: str, action: str = "", **what: Any) -> Fault:
        """AWS asks to slow down, in the service's own code."""
        codes = {"organizations": "TooManyRequestsException", "ec2": "RequestLimitExceeded"}
        code = codes.get(service, "Throttling")
        return self.fault(service, action, code=code, message="Rate exceeded", status=400, **what)

    def slow(self, service: str, action: str = "", *, seconds: float, **what: Any) -> Fault:
        """Answers come late."""
        return self.fault(service, action, seconds=seconds, **what)

    def hang(self, service: str, action: str = "", **what: Any) -> Fault:
        """No answer until `release()` of what this returns."""
        return self.fault(service, action, hangs=True, **what)

    def reset(self, service: str, action: str = "", **what: Any) -> Fault:
        """The connection is cut."""
        return self.fault(service, action, resets=True, **what)

    def forbid(self, account: str, *actions: str, by: str = "service control policy") -> None:
        """A policy above the account forbids actions ("eks:ListClusters"), for calls and for simulations."""
        self._scene.forbidden.update({(account, action): by for action in actions})

    def before(self, service: str, action: str, hook: Callable[[Call], None]) -> None:
        """Run a hook in a thread before each such call is answered."""
        self._scene.before.append((service, action, hook))

    def after(self, service: str, action: str, hook: Callable[[Call], None]) -> None:
        """Run a hook in a thread after each such call is answered, before the answer is sent."""
        self._scene.after.append((service, action, hook))

    def _iam_of(self, role_arn: str) -> tuple[Any, str]:
        return self.console(role_arn.split(":")[4], "iam"), role_arn.rpartition("/")[2]

    def _make_our_user(self) -> dict[str, str]:
        iam = self.console(OUR_ACCOUNT, "iam")
        iam.create_user(UserName=OUR_USER)
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=OUR_USER, PolicyName="assume", PolicyDocument=document)
        key: dict[str, str] = iam.create_access_key(UserName=OUR_USER)["AccessKey"]
        return key
