"""What a new picture of a guild lacks that the old one had, and what is carried over."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from guildwatch.model import Channel, Guild


def vanished(old: Guild | None, new: Guild) -> list[Channel]:
    """The channels that Discord told of before and does not any more.

    A thread is not among them while its channel is there: it may just be archived.
    """
    told = {one.id for one in new.channels}
    return [
        one
        for one in (old.channels if old else ())
        if one.known and one.id not in told and not (one.kind.is_thread and one.parent_id in told)
    ]


def unlisted(
    old: Guild | None, told: Iterable[Channel], among: Collection[int] | None
) -> list[Channel]:
    """The threads that a list of all active ones lacks, as what they are by now: archived.

    `among` are the channels that the list is about, None for all of the guild's. One that was
    deleted meanwhile is noticed when its past is read.
    """
    listed = {one.id for one in told}
    return [
        replace(one, archived=True)
        for one in (old.channels if old else ())
        if one.kind.is_thread and one.id not in listed and (among is None or one.parent_id in among)
    ]


def known_members(of: Channel | None, bot_id: int) -> frozenset[int]:
    """Who is known to be in a thread: the bot, if it is.

    Of others who are taken out of it Discord tells us only with the intent for members, and never
    what happened while nobody listened; so nobody else counts as being in it.
    """
    return of.member_ids & {bot_id} if of else frozenset()


def with_members(thread: Channel, member_ids: Iterable[int]) -> Channel:
    """The thread with these members besides those it has."""
    return replace(thread, member_ids=thread.member_ids | frozenset(member_ids))
