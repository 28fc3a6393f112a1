"""Guilds of any make: roles, overwrites, categories, threads, forums, hidden and odd places."""

from dataclasses import replace
from random import Random

from guildwatch.model import Channel, ChannelKind, Guild, Overwrite, Role

VIEW, HISTORY, CONNECT, ADMINISTRATOR, THREADS = 1 << 10, 1 << 16, 1 << 20, 1 << 3, 1 << 34
USUAL = VIEW | HISTORY | CONNECT
GUILD, OWNER = 1, 900
PEOPLE = (OWNER, 901, 902, 903)
STRANGE_ROLE, LOST_PARENT = 77, 404

_GRANTS = (0, 0, 0, VIEW, HISTORY, USUAL, USUAL, VIEW | HISTORY, THREADS)
_BITS = (VIEW, VIEW, VIEW, HISTORY, CONNECT, VIEW | HISTORY, USUAL, 0)
_KINDS = (
    *(ChannelKind.TEXT,) * 5,
    ChannelKind.ANNOUNCEMENT,
    ChannelKind.VOICE,
    ChannelKind.STAGE,
    ChannelKind.FORUM,
    ChannelKind.MEDIA,
    ChannelKind.DIRECTORY,
)
_THREADS = (
    ChannelKind.PUBLIC_THREAD,
    ChannelKind.PUBLIC_THREAD,
    ChannelKind.PRIVATE_THREAD,
    ChannelKind.ANNOUNCEMENT_THREAD,
)


def random_guild(seed: int, *, roles: int = 5, channels: int = 6) -> Guild:
    """A guild of at most so many roles beside @everyone and so many channels beside the threads."""
    dice = Random(seed)
    usual = dice.random() < 0.6
    everyone = Role(GUILD, "@everyone", USUAL if usual else dice.choice(_GRANTS))
    ids = range(2, 2 + dice.randint(0, roles))
    ranks = [Role(id_, f"role {id_}", _granted(dice)) for id_ in ids]
    categories = [_category(dice, 50 + number, ids) for number in range(dice.randint(0, 2))]
    places = [
        _channel(dice, 100 + number, ids, categories) for number in range(dice.randint(2, channels))
    ]
    threads = [_thread(dice, 200 + number, places) for number in range(dice.randint(0, 4))]
    everything = [everyone, *ranks]
    if dice.random() < 0.01:
        everything.remove(everyone)
    return Guild(
        GUILD, "guild", OWNER, tuple(everything), (*categories, *places, *threads), "en-US"
    )


def _granted(dice: Random) -> int:
    return ADMINISTRATOR if dice.random() < 0.08 else dice.choice(_GRANTS)


def _overwrites(dice: Random, roles: range, most: int = 4) -> tuple[Overwrite, ...]:
    found = {}
    for _ in range(dice.randint(0, most)):
        kind = dice.random()
        if kind < 0.35:
            id_, is_member = GUILD, False
        elif kind < 0.8 and roles:
            id_, is_member = dice.choice(roles), False
        elif kind < 0.83:
            id_, is_member = STRANGE_ROLE, False
        else:
            id_, is_member = dice.choice(PEOPLE), True
        allow, deny = dice.choice(_BITS), dice.choice(_BITS)
        if dice.random() < 0.7:
            allow, deny = (allow, 0) if dice.random() < 0.5 else (0, deny)
        found[id_] = Overwrite(id_, is_member, allow, deny)
    return tuple(found.values())


def _category(dice: Random, id_: int, roles: range) -> Channel:
    return Channel(
        id_, GUILD, f"category {id_}", ChannelKind.CATEGORY, overwrites=_overwrites(dice, roles)
    )


def _channel(dice: Random, id_: int, roles: range, categories: list[Channel]) -> Channel:
    category = dice.choice(categories) if categories and dice.random() < 0.6 else None
    channel = Channel(
        id_,
        GUILD,
        f"channel {id_}",
        dice.choice(_KINDS),
        category.id if category else None,
        age_restricted=dice.random() < 0.07,
        overwrites=_overwrites(dice, roles),
    )
    if category is not None and dice.random() < 0.5:  # synchronised: a copy, not a rule of its own
        channel = replace(channel, overwrites=category.overwrites)
    return _odd(dice, channel)


def _odd(dice: Random, channel: Channel) -> Channel:
    chance = dice.random()
    if chance < 0.03:
        return replace(channel, name="___hidden___")
    if chance < 0.06:
        return replace(channel, known=False)
    return replace(channel, guild_id=2) if chance < 0.07 else channel


def _thread(dice: Random, id_: int, places: list[Channel]) -> Channel:
    parent = LOST_PARENT if dice.random() < 0.06 else dice.choice(places).id
    kind = dice.choice(_THREADS)
    members = frozenset(dice.sample(PEOPLE, dice.randint(0, 3)))
    thread = Channel(
        id_,
        GUILD,
        f"thread {id_}",
        kind,
        parent,
        archived=dice.random() < 0.4,
        overwrites=_overwrites(dice, range(2, 4), 1),  # Discord sends none; they must not matter
        member_ids=members if kind is ChannelKind.PRIVATE_THREAD else frozenset(),
    )
    return _odd(dice, thread)
