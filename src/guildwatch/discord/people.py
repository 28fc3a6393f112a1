"""A guild's people as hikari shows them, turned into our members."""

import hikari

from guildwatch.discord.errors import UNANSWERED, AwayError
from guildwatch.model import Member


def member_of(member: hikari.Member) -> Member:
    """The person with their roles, as an interaction or a request for one member tells them."""
    roles = frozenset(int(role) for role in member.role_ids) - {int(member.guild_id)}
    return Member(
        guild_id=int(member.guild_id),
        id=int(member.id),
        name=member.display_name,
        role_ids=roles,
        timed_out_until=member.raw_communication_disabled_until,
    )


async def fetch_member(rest: hikari.api.RESTClient, guild_id: int, user_id: int) -> Member | None:
    """This person's present roles in a guild, None when they are not in it.

    Raises AwayError when Discord does not say.
    """
    try:
        return member_of(await rest.fetch_member(guild_id, user_id))
    except hikari.NotFoundError:
        return None
    except UNANSWERED as error:
        raise AwayError(
            "Discord does not tell the roles of the person who gets the report, so nobody knows "
            "what they may read; it is asked again later."
        ) from error
