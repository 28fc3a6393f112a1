"""Which channels a report for given readers may draw on; in doubt a channel is left out."""

from collections.abc import Collection
from datetime import datetime

from guildwatch.audience.permissions import (
    base_is_known,
    can_read,
    needed_to_read,
    standing_channel,
)
from guildwatch.audience.readers import Readers
from guildwatch.model import Channel, ChannelKind, Guild, Member


def sources_for_member(guild: Guild, member: Member, now: datetime | None = None) -> frozenset[int]:
    """The ids of all channels and threads that this member can read; `now` as in `can_read`."""
    return frozenset(
        channel.id for channel in guild.channels if can_read(guild, channel, member, now)
    )


def sources_for_channel_post(
    guild: Guild, target: Channel, widened: Collection[int] = ()
) -> frozenset[int]:
    """The ids of all channels and threads that every possible reader of `target` can read.

    A possible reader holds any set of at most two roles, and may be any of the people for whom an
    overwrite stands on either channel. A private thread counts only for a post in itself, an
    age-restricted channel only for a post in an age-restricted one. A time-out, which closes voice
    channels for a while, is not thought of.

    `widened` are channels that an admin opened to these readers on purpose: they and what stands in
    them count whoever can read them, but for private threads and for their age.
    """
    place = standing_channel(guild, target)
    if place is None or not base_is_known(guild):
        return frozenset()
    readers = Readers(guild, place)
    adults_only = target.age_restricted or place.age_restricted
    return frozenset(
        source.id
        for source in guild.channels
        if (standing := standing_channel(guild, source)) is not None
        and (source.kind is not ChannelKind.PRIVATE_THREAD or source.id == target.id)
        and (adults_only or not (source.age_restricted or standing.age_restricted))
        and (standing.id in widened or readers.all_hold(needed_to_read(source), standing))
    )


def sources_for_public_answer(
    guild: Guild, member: Member, target: Channel, now: datetime | None = None
) -> frozenset[int]:
    """The ids of what both the asker and every possible reader of `target` can read."""
    return sources_for_member(guild, member, now) & sources_for_channel_post(guild, target)
