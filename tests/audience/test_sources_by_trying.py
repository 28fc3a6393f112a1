"""The rule of two roles against a second, naive telling of it that tries every person there is."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.audience import Permissions, sources_for_channel_post
from guildwatch.model import Channel, ChannelKind, Guild, Overwrite, Role

VIEW, HISTORY, CONNECT = 1 << 10, 1 << 16, 1 << 20
EVERYONE, OWNER = 1, 90
ROLES = range(2, 7)
PEOPLE = (OWNER, 91, 92)

BITS = st.sampled_from([0, VIEW, HISTORY, VIEW | HISTORY, VIEW | HISTORY | CONNECT, CONNECT])
BASE = st.sampled_from([0, 0, VIEW, HISTORY, VIEW | HISTORY | CONNECT, 1 << 3])


@st.composite
def guilds(draw: st.DrawFn) -> Guild:
    everyone = Role(EVERYONE, "@everyone", draw(BASE.filter(lambda bits: bits != 1 << 3)))
    roles = [Role(id_, f"r{id_}", draw(BASE)) for id_ in ROLES[: draw(st.integers(0, 5))]]
    channels = [draw(channel(100 + number)) for number in range(4)]
    return Guild(EVERYONE, "guild", OWNER, (everyone, *roles), tuple(channels))


@st.composite
def channel(draw: st.DrawFn, channel_id: int) -> Channel:
    roles = draw(st.lists(st.sampled_from([EVERYONE, *ROLES[:5]]), unique=True, max_size=4))
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2))
    overwrites = [
        Overwrite(one, is_member=one in people, allow=draw(BITS), deny=draw(BITS))
        for one in (*roles, *people)
    ]
    kind = draw(st.sampled_from([ChannelKind.TEXT, ChannelKind.TEXT, ChannelKind.VOICE]))
    return Channel(channel_id, EVERYONE, f"c{channel_id}", kind, overwrites=tuple(overwrites))


def held(guild: Guild, place: Channel, roles: Iterable[int], person: int | None) -> int:
    """Discord's pseudocode, line by line."""
    if person == OWNER:
        return -1
    own = {role.id: role.permissions for role in guild.roles if role.id in {EVERYONE, *roles}}
    bits = 0
    for permission in own.values():
        bits |= permission
    if bits & Permissions.ADMINISTRATOR:
        return -1
    for one in place.overwrites:
        if not one.is_member and one.id == EVERYONE:
            bits = bits & ~one.deny | one.allow
    allow = deny = 0
    for one in place.overwrites:
        if not one.is_member and one.id in roles:
            allow, deny = allow | one.allow, deny | one.deny
    bits = bits & ~deny | allow
    for one in place.overwrites:
        if one.is_member and one.id == person:
            bits = bits & ~one.deny | one.allow
    return bits


def people(guild: Guild, at_most: int) -> Iterator[tuple[tuple[int, ...], int | None]]:
    ids = [role.id for role in guild.roles if role.id != EVERYONE]
    for size in range(min(at_most, len(ids)) + 1):
        for roles in combinations(ids, size):
            for person in (None, *PEOPLE):
                yield roles, person


def leaks(guild: Guild, target: Channel, source: Channel, at_most: int) -> bool:
    needed = VIEW | HISTORY | (CONNECT if source.kind is ChannelKind.VOICE else 0)
    return any(
        held(guild, target, roles, person) & VIEW
        and held(guild, source, roles, person) & needed != needed
        for roles, person in people(guild, at_most)
    )


def known_roles_only(guild: Guild) -> Guild:
    """The same guild without overwrites for roles that it does not have."""
    ids = {role.id for role in guild.roles} | set(PEOPLE)
    channels = tuple(
        Channel(
            one.id,
            one.guild_id,
            one.name,
            one.kind,
            overwrites=tuple(each for each in one.overwrites if each.id in ids),
        )
        for one in guild.channels
    )
    return Guild(guild.id, guild.name, guild.owner_id, guild.roles, channels)


@settings(max_examples=150, deadline=None)
@given(guilds())
def test_nobody_with_any_set_of_roles_ever_sees_a_post_about_what_they_cannot_read(guild):
    target = guild.channels[0]
    for source_id in sources_for_channel_post(guild, target):
        assert not leaks(guild, target, guild.channel(source_id), at_most=len(ROLES))


@settings(max_examples=150, deadline=None)
@given(guilds().map(known_roles_only))
def test_nothing_is_left_out_that_two_roles_cannot_leak(guild):
    target = guild.channels[0]
    expected = {one.id for one in guild.channels if not leaks(guild, target, one, at_most=2)}
    assert sources_for_channel_post(guild, target) == expected
