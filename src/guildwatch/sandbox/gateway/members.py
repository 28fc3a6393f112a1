"""The answer to a client that asks for a guild's members (op 8).

https://docs.discord.com/developers/events/gateway-events#request-guild-members
"""

from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.gateway.session import CloseError, Session
from guildwatch.sandbox.people import Member
from guildwatch.sandbox.world import World


def tell_members(world: World, session: Session, data: Json) -> None:
    """Answer with one chunk; a whole list needs the privileged intent, else it is closed 4014."""
    try:
        guild = world.guild(int(data["guild_id"]))
    except (KeyError, ValueError, RefusedError) as error:
        raise CloseError(4002, Kind.UNKNOWN_GUILD.value[2]) from error
    wanted = data.get("user_ids")
    query, limit = str(data.get("query", "")), int(data.get("limit", 0))
    if wanted is None and not query and not session.intents & Intent.GUILD_MEMBERS:
        raise CloseError(4014, "Disallowed intent(s).")
    ids = [int(one) for one in (wanted if isinstance(wanted, list) else [wanted or 0])]
    there = [
        member
        for member in guild.members.values()
        if (member.user_id in ids if wanted is not None else _is_named(world, member, query))
    ]
    told = [render.member(world, one) for one in there[: limit or None]]
    chunk: Json = {"guild_id": str(guild.id), "members": told}
    chunk |= {"chunk_index": 0, "chunk_count": 1}
    chunk["not_found"] = [str(one) for one in ids if wanted and one not in guild.members]
    if "nonce" in data:
        chunk["nonce"] = data["nonce"]
    session.tell("GUILD_MEMBERS_CHUNK", chunk)


def _is_named(world: World, member: Member, query: str) -> bool:
    user = world.users[member.user_id]
    names = (user.name, user.display_name or "", member.nick or "")
    return any(name.casefold().startswith(query.casefold()) for name in names)
