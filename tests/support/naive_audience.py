"""Who may read what, told a second time and naively, line by line from Discord's documentation.

https://docs.discord.com/developers/topics/permissions (the pseudocode, implicit permissions,
permissions for timed out members, inherited permissions of threads),
https://docs.discord.com/developers/topics/threads (private threads) and
https://docs.discord.com/developers/resources/message#get-channel-messages (what reading takes).
Nothing here is shared with the program but the nouns: people are tried one by one, each with
every set of roles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from guildwatch.model import Channel, ChannelKind, Guild, Member, Role

ADMINISTRATOR, VIEW, HISTORY, CONNECT, MANAGE_THREADS = 1 << 3, 1 << 10, 1 << 16, 1 << 20, 1 << 34
ALL = (1 << 60) - 1
THREADS = (ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD, ChannelKind.ANNOUNCEMENT_THREAD)
# https://docs.discord.com/developers/topics/threads#thread-fields: nowhere else can one be opened.
HAVE_THREADS = (
    ChannelKind.TEXT,
    ChannelKind.ANNOUNCEMENT,
    ChannelKind.FORUM,
    ChannelKind.MEDIA,
)


@dataclass(frozen=True)
class Person:
    """Somebody who might be in the guild."""

    id: int
    roles: frozenset[int] = frozenset()
    is_timed_out: bool = False


def compute_base_permissions(person: Person, guild: Guild) -> int:
    if person.id == guild.owner_id:
        return ALL
    roles = {role.id: role for role in guild.roles}
    permissions = roles[guild.id].permissions
    for role in person.roles:
        if role in roles:
            permissions |= roles[role].permissions
    return ALL if permissions & ADMINISTRATOR else permissions


def compute_overwrites(base: int, person: Person, channel: Channel, guild: Guild) -> int:
    if base & ADMINISTRATOR:
        return ALL
    permissions = base
    for one in channel.overwrites:
        if one.id == guild.id and not one.is_member:
            permissions &= ~one.deny
            permissions |= one.allow
    allow = deny = 0
    for one in channel.overwrites:
        if not one.is_member and one.id in person.roles and one.id != guild.id:
            allow |= one.allow
            deny |= one.deny
    permissions &= ~deny
    permissions |= allow
    for one in channel.overwrites:
        if one.is_member and one.id == person.id:
            permissions &= ~one.deny
            permissions |= one.allow
    return permissions


def place_of(guild: Guild, channel: Channel) -> Channel | None:
    """The channel that says who may do what: a thread's parent. None where nobody can tell."""
    found: Channel | None = channel
    if channel.kind in THREADS:
        found = None
        for one in guild.channels:
            if one.id == channel.parent_id and one.kind in HAVE_THREADS:
                found = one
    for one in (channel, found):
        if one is None or not one.known or one.name == "___hidden___" or one.guild_id != guild.id:
            return None
    if found is None or found.kind in (ChannelKind.CATEGORY, ChannelKind.DIRECTORY):
        return None
    return found


def can_do(person: Person, guild: Guild, channel: Channel) -> int:
    """All permissions that somebody has in a channel or thread."""
    place = place_of(guild, channel)
    if place is None or all(role.id != guild.id for role in guild.roles):
        return 0
    base = compute_base_permissions(person, guild)
    permissions = compute_overwrites(base, person, place, guild)
    if not permissions & VIEW:
        return 0
    if person.is_timed_out and not base & ADMINISTRATOR:
        permissions &= VIEW | HISTORY
    return permissions


def reads(person: Person, guild: Guild, channel: Channel) -> bool:
    """Whether somebody can read what was said in a channel or thread."""
    permissions = can_do(person, guild, channel)
    if not permissions & VIEW or not permissions & HISTORY:
        return False
    if channel.kind in (ChannelKind.VOICE, ChannelKind.STAGE) and not permissions & CONNECT:
        return False
    if channel.kind is ChannelKind.PRIVATE_THREAD:
        return person.id in channel.member_ids or bool(permissions & MANAGE_THREADS)
    return True


def sees(person: Person, guild: Guild, channel: Channel) -> bool:
    """Whether somebody could come to see what is posted in a channel or thread.

    Being taken into a private thread takes no role, so everybody who sees its channel might.
    """
    return bool(can_do(person, guild, channel) & VIEW)


def people(
    guild: Guild, known: Iterable[int], *, most_roles: int | None = None
) -> Iterator[Person]:
    """Everybody who might be there: each known person and a stranger, with every set of roles."""
    ids = [role.id for role in guild.roles if role.id != guild.id]
    most = len(ids) if most_roles is None else min(most_roles, len(ids))
    for size in range(most + 1):
        for roles in combinations(ids, size):
            for person in (-1, *known):
                yield Person(person, frozenset(roles))


def named(guild: Guild) -> set[int]:
    """The people of whom the guild's picture says anything."""
    found = {one.id for at in guild.channels for one in at.overwrites if one.is_member}
    found |= {person for at in guild.channels for person in at.member_ids}
    return found | {guild.owner_id}


def is_adult(guild: Guild, channel: Channel) -> bool:
    place = place_of(guild, channel)
    return channel.age_restricted or (place is not None and place.age_restricted)


def for_channel_post(guild: Guild, target: Channel, crowd: Iterable[Person]) -> set[int]:
    """What none of these people, as far as they see the target, is told that they cannot read."""
    found = set()
    here = [one for one in crowd if sees(one, guild, target)]
    for source in guild.channels:
        if place_of(guild, source) is None or place_of(guild, target) is None:
            continue
        if all(role.id != guild.id for role in guild.roles):
            continue
        if source.kind is ChannelKind.PRIVATE_THREAD and source.id != target.id:
            continue
        if is_adult(guild, source) and not is_adult(guild, target):
            continue
        # Who is let into a private thread reads it; its own post tells nobody else.
        open_ = replace(source, kind=ChannelKind.PUBLIC_THREAD)
        seen = open_ if source.kind is ChannelKind.PRIVATE_THREAD else source
        if all(reads(one, guild, seen) for one in here):
            found.add(source.id)
    return found


def for_member(guild: Guild, person: Person) -> set[int]:
    return {channel.id for channel in guild.channels if reads(person, guild, channel)}


def member(guild: Guild, person: Person, until: object = None) -> Member:
    """A person as the program knows them."""
    return Member(guild.id, person.id, "somebody", person.roles, until)  # type: ignore[arg-type]


def strange_roles(guild: Guild, channel: Channel) -> set[int]:
    """The roles that nobody told us of, of which a channel or thread says what they may there.

    They count for this channel, and for no other one: see `with_strange_roles`.
    """
    known = {role.id for role in guild.roles} | {guild.id}
    place = place_of(guild, channel)
    overwrites = place.overwrites if place is not None else ()
    return {one.id for one in overwrites if not one.is_member} - known


def with_strange_roles(guild: Guild, strange: Iterable[int]) -> Guild:
    """The guild with each of these roles that only overwrites speak of, and for what it could be.

    Whoever asks about a post and a source gives the strange roles of these two: with those of a
    third channel, which may be hidden, what is told would depend on that one.

    An id cannot stand for two roles, so one that grants all is added to whoever could hold it: a
    role beside it, which stands wherever the strange one does.
    """
    roles = list(guild.roles)
    channels = list(guild.channels)
    for id_ in sorted(strange):
        twin = 10_000_000 + id_
        roles += [Role(id_, "strange", 0), Role(twin, "strange and open", VIEW)]
        channels = [
            replace(
                at,
                overwrites=(
                    *at.overwrites,
                    *(
                        replace(one, id=twin)
                        for one in at.overwrites
                        if one.id == id_ and not one.is_member
                    ),
                ),
            )
            for at in channels
        ]
    return replace(guild, roles=tuple(roles), channels=tuple(channels))
