"""Users, members and roles as Discord's JSON."""

from typing import TYPE_CHECKING

from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.people import Member, Role, User
from guildwatch.sandbox.render.values import moment, optional_moment

if TYPE_CHECKING:
    from guildwatch.sandbox.state import State


def user(one: User) -> Json:
    """A user."""
    return {
        "id": str(one.id),
        "username": one.name,
        "discriminator": f"{one.id % 10_000:04}" if one.bot else "0",
        "global_name": None if one.bot else one.display_name or one.name,
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
        **({"bot": True} if one.bot else {}),
    }


def me(one: User) -> Json:
    """The bot's own user, with what only it is told."""
    return {
        **user(one),
        "bot": True,
        "mfa_enabled": True,
        "locale": "en-US",
        "verified": True,
        "email": None,
        "premium_type": 0,
        "bio": "",
    }


def bare_member(one: Member) -> Json:
    """A member without the user, as a message carries it."""
    return {
        "roles": [str(role_id) for role_id in one.role_ids],
        "nick": one.nick,
        "avatar": None,
        "banner": None,
        "avatar_decoration_data": None,
        "joined_at": moment(one.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": optional_moment(one.timed_out_until),
    }


def member(state: "State", one: Member) -> Json:
    """A member with the user."""
    return {**bare_member(one), "user": user(state.users[one.user_id])}


def role(one: Role) -> Json:
    """A role."""
    return {
        "id": str(one.id),
        "name": one.name,
        "description": None,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "color": one.color,
        "colors": {
            "primary_color": one.color,
            "secondary_color": None,
            "tertiary_color": None,
        },
        "hoist": False,
        "managed": one.bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        **({"tags": {"bot_id": str(one.bot_id)}} if one.bot_id else {}),
    }
