"""Who may do what: the table, and how a person is looked up. Decisions are pure; only `look_up` asks Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from store import Person

FRESH = timedelta(minutes=10)  # a stored person older than this decides nothing


class Role(StrEnum):
    """What a person is here. Nobody is anything by name or by e-mail."""

    MEMBER = "member"
    LINKER = "linker"
    OWNER = "owner"
    ADMIN = "admin"


class Act(StrEnum):
    """What can be done."""

    HELP = "help"
    SEE = "see"  # that an account exists, its health and its facts
    LINK = "link"
    CHECK = "check"
    REPLACE = "replace"  # the access an account lives by
    RENAME = "rename"
    DELETE = "delete"


RIGHTS: dict[Act, frozenset[Role]] = {
    Act.HELP: frozenset(Role),
    Act.SEE: frozenset({Role.OWNER, Role.ADMIN}),
    Act.LINK: frozenset({Role.LINKER, Role.ADMIN}),
    Act.CHECK: frozenset({Role.OWNER, Role.ADMIN}),
    Act.REPLACE: frozenset({Role.OWNER, Role.ADMIN}),
    Act.RENAME: frozenset({Role.OWNER, Role.ADMIN}),
    Act.DELETE: frozenset({Role.OWNER, Role.ADMIN}),
}


@dataclass(frozen=True)
class Groups:
    """Slack user groups that give roles. Without an admin group, workspace admins and owners are admins."""

    admin: str = ""
    linker: str = ""


def is_nobody(person: Person) -> bool:
    """Guests, people of another workspace, bots and deactivated people: they may do nothing. Deny beats allow."""
    return person.is_guest or person.is_stranger or person.is_bot or person.deleted


def roles(person: Person, groups: Groups, *, owns: bool = False) -> frozenset[Role]:
    """The roles of a person; `owns`: with respect to an account that is theirs."""
    if is_nobody(person):
        return frozenset()
    found = {Role.MEMBER}
    if groups.admin in person.groups if groups.admin else (person.is_admin or person.is_owner):
        found.add(Role.ADMIN)
    if groups.linker and groups.linker in person.groups:
        found.add(Role.LINKER)
    if owns:
        found.add(Role.OWNER)
    return frozenset(found)


def may(person: Person, act: Act, groups: Groups, *, owns: bool = False) -> bool:
    """Whether the table lets this person do this."""
    return bool(RIGHTS[act] & roles(person, groups, owns=owns))


def is_fresh(person: Person | None) -> bool:
    """Whether what we know of the person may decide something."""
    return person is not None and person.seen_at > datetime.now(UTC) - FRESH


def look_up(client: Any, workspace_id: str, user_id: str, groups: Groups) -> Person:
    """The person as Slack knows them now. Raises SlackApiError or an OSError when Slack gives no answer."""
    asked = datetime.now(UTC)  # what changes while Slack answers counts as newer than the answer
    user = client.users_info(user=user_id)["user"]
    return Person(
        workspace_id=workspace_id,
        user_id=user_id,
        name=str(
            user.get("profile", {}).get("real_name") or user.get("real_name") or user.get("name") or user_id
        ),
        is_admin=bool(user.get("is_admin")),
        is_owner=bool(user.get("is_owner") or user.get("is_primary_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id") != workspace_id,
        is_bot=bool(user.get("is_bot")),
        deleted=bool(user.get("deleted")),
        groups=[group for group in (groups.admin, groups.linker) if group and _is_in(client, group, user_id)],
        seen_at=asked,
    )


def _is_in(client: Any, group: str, user_id: str) -> bool:
    return user_id in client.usergroups_users_list(usergroup=group)["users"]
