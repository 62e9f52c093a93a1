"""users.info, bots.info, usergroups.*, auth.test: who is who."""

from __future__ import annotations

from ..call import Call
from ..desk import Desk
from ..errors import Refusal
from ..models import User, Usergroup
from ..walk import Json


def user_json(user: User) -> Json:
    """A user object, without the email address (that needs users:read.email)."""
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": "Europe/Berlin",
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team},
        "is_bot": user.bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if user.stranger:
        shown["is_stranger"] = True
    if not user.deleted:
        shown.update(
            is_admin=user.admin or user.owner,
            is_owner=user.owner,
            is_primary_owner=False,
            is_restricted=user.guest or user.single_channel_guest,
            is_ultra_restricted=user.single_channel_guest,
        )
    return shown


def info(desk: Desk, call: Call) -> Json:
    """users.info."""
    shown = user_json(desk.space.user(call.need("user")))
    return {"user": {**shown, "locale": "en-US"} if call.flag("include_locale") else shown}


def bot_info(desk: Desk, call: Call) -> Json:
    """bots.info, of our own bot."""
    space = desk.space
    if call.text("bot") not in ("", space.bot_id):
        raise Refusal("bot_not_found")
    own: Json = {"id": space.bot_id, "app_id": space.app_id, "user_id": space.bot.id, "name": space.bot.name}
    return {"bot": {**own, "deleted": False, "updated": 1_700_000_000}}


def group_json(group: Usergroup, team: str) -> Json:
    """A user group object."""
    shown: Json = {"id": group.id, "team_id": team, "is_usergroup": True, "handle": group.handle}
    return {
        **shown,
        "name": group.name,
        "date_delete": 0 if group.enabled else 1,
        "user_count": len(group.users),
    }


def groups(desk: Desk, call: Call) -> Json:
    """usergroups.list."""
    found = []
    for group in desk.space.usergroups.values():
        if group.enabled or call.flag("include_disabled"):
            users = {"users": list(group.users)} if call.flag("include_users") else {}
            found.append({**group_json(group, desk.space.team), **users})
    return {"usergroups": found}


def group_users(desk: Desk, call: Call) -> Json:
    """usergroups.users.list."""
    group = desk.space.usergroups.get(call.need("usergroup"))
    if not group or not (group.enabled or call.flag("include_disabled")):
        raise Refusal("no_such_subteam")
    return {"users": list(group.users)}


def auth_test(desk: Desk, _call: Call) -> Json:
    """auth.test."""
    space = desk.space
    return {
        "url": f"https://{space.domain}.slack.com/",
        "team": space.name,
        "user": space.bot.name,
        "team_id": space.team,
        "user_id": space.bot.id,
        "bot_id": space.bot_id,
        "is_enterprise_install": False,
    }
