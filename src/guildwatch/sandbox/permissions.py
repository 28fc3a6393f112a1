"""Discord's permission rules, straight from its page.

https://docs.discord.com/developers/topics/permissions#permission-overwrites

Written apart from `guildwatch.audience` on purpose: the sandbox is the judge of that part too.
"""

from datetime import datetime
from enum import IntFlag

from guildwatch.sandbox.people import Member
from guildwatch.sandbox.places import Channel, Guild

EVERY = (1 << 53) - 1
"""All permission bits at once, which owners and administrators have."""


class Permission(IntFlag):
    """The permission bits that the sandbox asks for."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_POLLS = 1 << 49
    PIN_MESSAGES = 1 << 51


P = Permission
EVERYONE = (
    P.CREATE_INSTANT_INVITE
    | P.ADD_REACTIONS
    | P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.CONNECT
    | P.SPEAK
    | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.SEND_MESSAGES_IN_THREADS
    | P.SEND_POLLS
)
"""What @everyone may in a new guild."""
BOT = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.CREATE_PUBLIC_THREADS
    | P.SEND_MESSAGES_IN_THREADS
)
"""What a bot is granted by a typical invite."""
_TIMED_OUT = P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
_DIRECT = P.VIEW_CHANNEL | P.SEND_MESSAGES | P.READ_MESSAGE_HISTORY | P.EMBED_LINKS
DIRECT = _DIRECT | P.ATTACH_FILES | P.ADD_REACTIONS | P.USE_APPLICATION_COMMANDS | P.PIN_MESSAGES
"""What everybody may in a direct message channel."""


def in_guild(guild: Guild, member: Member) -> int:
    """The member's permissions in the guild as a whole, from roles alone."""
    if member.user_id == guild.owner_id:
        return EVERY
    granted = 0
    for role in guild.roles_of(member):
        granted |= role.permissions
    return EVERY if granted & P.ADMINISTRATOR else granted


def in_channel(
    guild: Guild, channel: Channel, parent: Channel | None, member: Member, now: datetime
) -> int:
    """The member's permissions in a channel; a thread takes its parent's (`parent` is that)."""
    granted = in_guild(guild, member)
    if granted & P.ADMINISTRATOR:
        return granted
    ruling = parent if channel.is_thread and parent is not None else channel
    granted = _overwritten(guild, ruling, member, granted)
    if channel.is_private_thread and not _is_in(channel, member, granted):
        return 0
    if not granted & P.VIEW_CHANNEL:
        return 0
    if member.timed_out_until is not None and member.timed_out_until > now:
        granted &= _TIMED_OUT
    return _implied(granted, channel)


def _overwritten(guild: Guild, channel: Channel, member: Member, granted: int) -> int:
    everyone = channel.overwrites.get(guild.id)
    if everyone is not None:
        granted = granted & ~everyone.deny | everyone.allow
    of_roles = [channel.overwrites[id_] for id_ in member.role_ids if id_ in channel.overwrites]
    for overwrite in of_roles:
        granted &= ~overwrite.deny
    for overwrite in of_roles:
        granted |= overwrite.allow
    own = channel.overwrites.get(member.user_id)
    if own is not None:
        granted = granted & ~own.deny | own.allow
    return granted


def _is_in(thread: Channel, member: Member, granted: int) -> bool:
    joined = thread.thread is not None and member.user_id in thread.thread.members
    return joined or bool(granted & P.MANAGE_THREADS)


def _implied(granted: int, channel: Channel) -> int:
    """Without sending, nothing that rides on it; see "Implicit Permissions" on the same page."""
    send = P.SEND_MESSAGES_IN_THREADS if channel.is_thread else P.SEND_MESSAGES
    if not granted & send:
        granted &= ~(P.MENTION_EVERYONE | P.ATTACH_FILES | P.EMBED_LINKS | P.SEND_POLLS)
    return granted
