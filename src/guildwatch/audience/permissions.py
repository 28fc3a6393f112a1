"""What one member may do in one channel, by Discord's rules; whatever is unknown is forbidden.

https://docs.discord.com/developers/topics/permissions (overwrites, implicit permissions, threads).
"""

from datetime import datetime
from enum import IntFlag
from functools import reduce
from operator import or_

from guildwatch.model import Channel, ChannelKind, Guild, Member, Overwrite

HIDDEN_NAME = "___hidden___"
"""What Discord calls a channel whose existence it does not want to tell."""


class Permissions(IntFlag):
    """The bits of Discord's permissions that guildwatch asks about."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = reduce(or_, Permissions)
READ = Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY
_WRITTEN = (
    Permissions.SEND_MESSAGES
    | Permissions.EMBED_LINKS
    | Permissions.ATTACH_FILES
    | Permissions.MENTION_EVERYONE
)
_NEEDS_CONNECT = (ChannelKind.VOICE, ChannelKind.STAGE)
_HOLDS_THREADS = (
    ChannelKind.TEXT,
    ChannelKind.ANNOUNCEMENT,
    ChannelKind.FORUM,
    ChannelKind.MEDIA,
)
_HOLDS_NO_TALK = (ChannelKind.CATEGORY, ChannelKind.DIRECTORY)


def permissions(
    guild: Guild, channel: Channel, member: Member, now: datetime | None = None
) -> Permissions:
    """What this member may do in this channel or thread; nothing where anything is unknown.

    In a thread SEND_MESSAGES stands for SEND_MESSAGES_IN_THREADS, which is what counts there. A
    time-out counts only when `now` (UTC) is given.
    """
    standing = standing_channel(guild, channel)
    if standing is None or member.guild_id != guild.id or not base_is_known(guild):
        return Permissions.NONE
    base = _base(guild, member)
    if Permissions.ADMINISTRATOR in base:
        return ALL
    held = _with_overwrites(base, guild.id, standing.overwrites, member)
    held = _on_time_out(held, member, now)  # before threads: who manages them does not any more
    if channel.kind.is_thread:
        held = _in_thread(held, channel, member)
    return _implied(held, channel.kind)


def can_read(guild: Guild, channel: Channel, member: Member, now: datetime | None = None) -> bool:
    """Whether this member can see the channel or thread and what was said in it before.

    A time-out counts only when `now` (UTC) is given: it closes voice channels.
    """
    needed = needed_to_read(channel)
    return permissions(guild, channel, member, now) & needed == needed


def is_hidden(channel: Channel) -> bool:
    """Whether Discord sent it obfuscated, so that it must never be stored, listed or told."""
    return channel.name == HIDDEN_NAME


def needed_to_read(channel: Channel) -> Permissions:
    """The permissions that reading a channel's past takes; in voice channels CONNECT too.

    https://docs.discord.com/developers/resources/message#get-channel-messages
    """
    return READ | Permissions.CONNECT if channel.kind in _NEEDS_CONNECT else READ


def standing_channel(guild: Guild, channel: Channel) -> Channel | None:
    """The channel whose overwrites decide: itself, a thread's parent, or None if unknown.

    A thread in a channel that can hold none is unknown too.
    """
    if channel.guild_id != guild.id or not channel.known or is_hidden(channel):
        return None
    if not channel.kind.is_thread:
        return None if channel.kind in _HOLDS_NO_TALK else channel
    parent = None if channel.parent_id is None else guild.channel(channel.parent_id)
    if parent is None or parent.kind not in _HOLDS_THREADS:
        return None
    return standing_channel(guild, parent)


def base_is_known(guild: Guild) -> bool:
    """Whether we know what everybody in the guild may do: its @everyone role is there."""
    return any(role.id == guild.id for role in guild.roles)


def _base(guild: Guild, member: Member) -> Permissions:
    if guild.owner_id and member.id == guild.owner_id:
        return ALL
    held = 0
    for role in guild.roles:
        if role.id == guild.id or role.id in member.role_ids:
            held |= role.permissions
    return Permissions(held & ALL)


def _with_overwrites(
    base: Permissions, everyone: int, overwrites: tuple[Overwrite, ...], member: Member
) -> Permissions:
    """In Discord's order: @everyone's overwrite, all the roles' at once, the member's own."""
    roles = member.role_ids - {everyone}
    layers = (
        [one for one in overwrites if not one.is_member and one.id == everyone],
        [one for one in overwrites if not one.is_member and one.id in roles],
        [one for one in overwrites if one.is_member and one.id == member.id],
    )
    held = int(base)
    for layer in layers:
        held &= ~reduce(or_, (one.deny for one in layer), 0)
        held |= reduce(or_, (one.allow for one in layer), 0)
    return Permissions(held & ALL)


def _in_thread(held: Permissions, thread: Channel, member: Member) -> Permissions:
    outside = member.id not in thread.member_ids and Permissions.MANAGE_THREADS not in held
    if thread.kind is ChannelKind.PRIVATE_THREAD and outside:
        return Permissions.NONE
    if Permissions.SEND_MESSAGES_IN_THREADS in held:
        return held | Permissions.SEND_MESSAGES
    return held & ~Permissions.SEND_MESSAGES


def _implied(held: Permissions, kind: ChannelKind) -> Permissions:
    """What is left once one missing permission takes others with it."""
    if Permissions.VIEW_CHANNEL not in held:
        return Permissions.NONE
    if kind in _NEEDS_CONNECT and Permissions.CONNECT not in held:
        return Permissions.VIEW_CHANNEL
    return held if Permissions.SEND_MESSAGES in held else held & ~_WRITTEN


def _on_time_out(held: Permissions, member: Member, now: datetime | None) -> Permissions:
    """A time-out leaves viewing and reading history, and nothing else."""
    if now is None or member.timed_out_until is None or member.timed_out_until <= now:
        return held
    return held & READ
