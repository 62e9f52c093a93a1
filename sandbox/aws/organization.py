"""AWS Organizations as far as XOps asks: MiniStack gives every account an organization of its own instead.

Left out: organizational units, policies, delegated administrators, invitations.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from sandbox.aws.wire import Call, refusal

_JOINED = 1_700_000_000.0  # seconds since 1970


@dataclass
class Organization:
    """One organization. Change it at any time; the next answer shows it."""

    management: str  # account id
    members: dict[str, str]  # account id -> name
    feature_set: str = "ALL"  # or CONSOLIDATED_BILLING
    states: dict[str, str] = field(default_factory=dict)  # account id -> ACTIVE, SUSPENDED, …
    page_size: int = 20  # AWS gives at most 20 accounts a page
    empty_pages: set[int] = field(default_factory=set)  # numbers (0 is the first) of pages with a token alone
    id: str = field(default_factory=lambda: "o-" + secrets.token_hex(5))

    @property
    def accounts(self) -> dict[str, str]:
        """Every account id with its name, the management account first."""
        return {self.management: "management"} | self.members

    def describe(self) -> dict[str, Any]:
        """The answer to DescribeOrganization."""
        arn = f"arn:aws:organizations::{self.management}"
        return {
            "Organization": {
                "Id": self.id,
                "Arn": f"{arn}:organization/{self.id}",
                "FeatureSet": self.feature_set,
                "MasterAccountArn": f"{arn}:account/{self.id}/{self.management}",
                "MasterAccountId": self.management,
                "MasterAccountEmail": f"aws+{self.management}@example.com",
                "AvailablePolicyTypes": [],
            }
        }

    def page(self, token: str, most: int) -> dict[str, Any]:
        """One page of ListAccounts. A token is "<page>-<first account>"."""
        number, start = (int(part) for part in token.split("-")) if token else (0, 0)
        size = 0 if number in self.empty_pages else min(most, self.page_size)
        ids = list(self.accounts)
        answer: dict[str, Any] = {"Accounts": [self._account(id_) for id_ in ids[start : start + size]]}
        if start + size < len(ids):
            answer["NextToken"] = f"{number + 1}-{start + size}"
        return answer

    def account(self, account: str) -> dict[str, Any] | None:
        """The answer to DescribeAccount, or nothing for an account that is not in it."""
        return {"Account": self._account(account)} if account in self.accounts else None

    def _account(self, account: str) -> dict[str, Any]:
        # `State` alone: AWS retired `Status` on 2026-09-09.
        return {
            "Id": account,
            "Arn": f"arn:aws:organizations::{self.management}:account/{self.id}/{account}",
            "Email": f"aws+{account}@example.com",
            "Name": self.accounts[account],
            "State": self.states.get(account, "ACTIVE"),
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": _JOINED,
        }


ANSWERED = frozenset({"DescribeOrganization", "ListAccounts", "DescribeAccount"})


def answer(call: Call, organizations: Iterable[Organization]) -> Response:
    """The answer to one of `ANSWERED`, for a call that MiniStack has authorized.

    Source: AWS Organizations API reference; every account of an organization may describe it, only the
    management account may list and describe accounts.
    """
    mine = next((one for one in organizations if call.account in one.accounts), None)
    if mine is None:
        message = "Your account is not a member of an organization."
        return refusal("organizations", "AWSOrganizationsNotInUseException", message, 400)
    if call.action == "DescribeOrganization":
        return _answer(mine.describe())
    if call.account != mine.management:
        message = "You don't have permissions to access this resource."
        return refusal("organizations", "AccessDeniedException", message, 400)
    if call.action == "ListAccounts":
        return _answer(mine.page(call.params.get("NextToken", ""), call.params.get("MaxResults", 20)))
    if found := mine.account(call.params.get("AccountId", "")):
        return _answer(found)
    message = "You specified an account that doesn't exist."
    return refusal("organizations", "AccountNotFoundException", message, 400)


def _answer(document: Mapping[str, Any]) -> Response:
    headers = {"x-amzn-requestid": secrets.token_hex(16)}
    return Response(json.dumps(document), 200, headers, "application/x-amz-json-1.1")
