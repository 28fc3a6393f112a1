"""Who can see or read a channel, said in roles: what an admin is shown before they open another."""

from dataclasses import replace

from guildwatch.audience.permissions import (
    Permissions,
    base_is_known,
    needed_to_read,
    permissions,
    standing_channel,
)
from guildwatch.model import Channel, Crowd, Guild, Member, Role, Widening

_NOBODY = 0


def who_sees(guild: Guild, channel: Channel) -> Crowd:
    """Who can see a channel or thread, and so what is posted in it."""
    return _crowd(guild, channel, Permissions.VIEW_CHANNEL)


def who_reads(guild: Guild, channel: Channel) -> Crowd:
    """Who can read a channel's or thread's past."""
    return _crowd(guild, channel, needed_to_read(channel))


def has_ended(widening: Widening, guild: Guild, target_id: int | None) -> str:
    """Why a channel is not open to the reports' readers any more; empty while it is.

    `target_id` is where reports go now. An admin agreed to certain readers: with another place, or
    with readers that it did not have, that is over; so it is when the channel is closed further.
    """
    if target_id != widening.target_id:
        return "the reports go elsewhere now"
    target, channel = guild.channel(widening.target_id), guild.channel(widening.channel_id)
    if target is None or standing_channel(guild, target) is None or not base_is_known(guild):
        return "nobody can tell who reads the reports"
    if channel is None or standing_channel(guild, channel) is None:
        return "the channel is not there for me any more"
    if not widening.readers.holds(who_sees(guild, target), guild.id):
        return "more people can read the reports than was agreed to"
    there = widening.insiders.role_ids & {role.id for role in guild.roles}
    if not who_reads(guild, channel).holds(replace(widening.insiders, role_ids=there), guild.id):
        return "the channel was closed to some who could read it"
    return ""


def _crowd(guild: Guild, channel: Channel, needed: Permissions) -> Crowd:
    place = standing_channel(guild, channel)
    if place is None or not base_is_known(guild):
        return Crowd()

    def holds(member_id: int, *role_ids: int) -> bool:
        member = Member(guild.id, member_id, "", frozenset(role_ids))
        return permissions(guild, place, member) & needed == needed

    if holds(_NOBODY):
        crowd = Crowd(frozenset({guild.id}))
        ways_in: list[tuple[int, ...]] = [()]
    else:
        roles = {one.id for one in guild.roles if not _reads_all(one) and holds(_NOBODY, one.id)}
        people = {one.id for one in place.overwrites if one.is_member and holds(one.id)}
        crowd = Crowd(frozenset(roles), frozenset(people - {guild.owner_id}))
        ways_in = [(one,) for one in roles]
    shut = [one for one in place.overwrites if one.deny & needed and one.id != guild.owner_id]
    known = {one.id for one in guild.roles} - {guild.id}
    return replace(
        crowd,
        shut_role_ids=frozenset(
            one.id
            for one in shut
            if one.id in known and not all(holds(_NOBODY, one.id, *way) for way in ways_in)
        ),
        shut_member_ids=frozenset(
            one.id
            for one in shut
            if one.is_member and not all(holds(one.id, *way) for way in ways_in)
        ),
    )


def _reads_all(role: Role) -> bool:
    return bool(role.permissions & Permissions.ADMINISTRATOR)
