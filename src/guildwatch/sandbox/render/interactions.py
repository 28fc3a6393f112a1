"""Interactions as Discord's JSON.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
"""

from typing import TYPE_CHECKING

from guildwatch.sandbox import permissions
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.interactions import Interaction, InteractionType
from guildwatch.sandbox.options import OptionType
from guildwatch.sandbox.places import Channel, Guild
from guildwatch.sandbox.render import people, places

if TYPE_CHECKING:
    from guildwatch.sandbox.state import State

_IN_GUILD, _IN_DM = 0, 1
_LARGEST_FILE = 10 * 1024 * 1024


def context_of(guild: Guild | None) -> int:
    """Discord's number for where a command is used."""
    return _IN_DM if guild is None else _IN_GUILD


def interaction(state: "State", one: Interaction, channel: Channel, data: Json) -> Json:
    """What INTERACTION_CREATE tells; `data` is what the member chose or filled in."""
    guild = state.guild_of(channel)
    payload: Json = {
        "id": str(one.id),
        "application_id": str(state.application.id),
        "type": int(one.type),
        "token": one.token,
        "version": 1,
        "data": data,
        "channel": places.channel(state, channel),
        "channel_id": str(channel.id),
        "locale": "en-GB",
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": _owners(channel),
        "context": context_of(guild),
        "app_permissions": str(state.permissions(state.bot.id, channel)),
        "attachment_size_limit": _LARGEST_FILE,
    }
    if guild is None:
        payload["user"] = people.user(state.users[one.user_id])
        return payload
    member = people.member(state, guild.members[one.user_id])
    member["permissions"] = str(state.permissions(one.user_id, channel))
    return payload | {
        "member": member,
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
    }


def interaction_metadata(state: "State", one: Interaction, channel: Channel) -> Json:
    """What a message tells of the interaction that it answers."""
    metadata: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "user": people.user(state.users[one.user_id]),
        "authorizing_integration_owners": _owners(channel),
    }
    if one.type == InteractionType.COMMAND:
        metadata |= {"name": one.name, "command_type": one.command_type}
    if one.source_id is not None:
        metadata["interacted_message_id"] = str(one.source_id)
    return metadata


def resolve(
    state: "State", resolved: Json, guild: Guild | None, kind: OptionType, id_: int
) -> None:
    """Add what an id in a command's options stands for."""
    key = str(id_)
    if kind == OptionType.CHANNEL:
        place = state.channel(id_)
        granted = str(state.permissions(state.bot.id, place))
        told = {**places.channel(state, place), "permissions": granted}
        resolved.setdefault("channels", {})[key] = told
    elif guild is not None and id_ in guild.roles and kind != OptionType.USER:
        resolved.setdefault("roles", {})[key] = people.role(guild.roles[id_])
    else:
        _resolve_user(state, resolved, guild, id_)


def _resolve_user(state: "State", resolved: Json, guild: Guild | None, user_id: int) -> None:
    resolved.setdefault("users", {})[str(user_id)] = people.user(state.user(user_id))
    if guild is None or user_id not in guild.members:
        return
    member = guild.members[user_id]
    granted = str(permissions.in_guild(guild, member))
    told = {**people.bare_member(member), "permissions": granted}
    resolved.setdefault("members", {})[str(user_id)] = told


def _owners(channel: Channel) -> Json:
    """Who installed the bot there: the guild, or in a direct message the user."""
    return {"0": str(channel.guild_id or 0)}
