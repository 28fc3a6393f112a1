"""A made-up community on a sandbox: guilds with every kind of channel, and their people."""

from dataclasses import dataclass, field
from random import Random

from guildwatch.model import ChannelKind, Overwrite
from guildwatch.sandbox import Permission, World
from guildwatch.sandbox.permissions import BOT

_NAMES = ("ada", "ben", "cleo", "dora", "emil", "fay", "gus", "hana")
_HIDDEN = int(Permission.VIEW_CHANNEL)
_OPEN = int(Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY | Permission.SEND_MESSAGES)


@dataclass
class Place:
    """One guild; `channels` are those (not threads) that life may do anything to."""

    guild_id: int
    owner: int
    people: list[int]
    reports: int
    categories: list[int]
    channels: list[int] = field(default_factory=list)


def settle(world: World, random: Random) -> list[Place]:
    """Found one to three guilds, the bot in each."""
    people = [world.add_user(name, display_name=name.title()) for name in _NAMES]
    return [_found(world, random, people, number) for number in range(random.choice((1, 2, 2, 3)))]


def _found(world: World, random: Random, people: list[int], number: int) -> Place:
    owner, *others = random.sample(people, 5)
    guild_id = world.add_guild(f"Guild {number}", owner=owner)
    for one in others:
        world.add_member(guild_id, one)
    categories = [world.add_category(guild_id, name) for name in ("Town", "Workshop")]
    reports = world.add_channel(guild_id, "daily-summary")
    place = Place(guild_id, owner, [owner, *others], reports, categories)
    kinds = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, ChannelKind.VOICE, ChannelKind.FORUM)
    for kind in kinds:
        parent = random.choice((None, *categories))
        place.channels.append(
            world.add_channel(
                guild_id, kind.name.lower(), kind, parent=parent, tags=("bug", "idea")
            )
        )
    place.channels.append(world.add_channel(guild_id, "workbench", parent=categories[1]))
    invite(world, guild_id)
    staff = world.add_channel(guild_id, "staff", overwrites=closed(world, guild_id))
    place.channels.append(staff)
    return place


def invite(world: World, guild_id: int) -> None:
    """The bot joins, with the right to hear of bans."""
    world.invite_bot(guild_id, int(BOT | Permission.VIEW_AUDIT_LOG))


def closed(world: World, guild_id: int, *, to_bot: bool = False) -> tuple[Overwrite, ...]:
    """Overwrites of a private channel, which the bot may read all the same unless `to_bot`."""
    everyone = Overwrite(guild_id, is_member=False, allow=0, deny=_HIDDEN)
    if to_bot:
        bot = Overwrite(world.bot.id, is_member=True, allow=0, deny=_HIDDEN)
    else:
        bot = Overwrite(world.bot.id, is_member=True, allow=_OPEN, deny=0)
    return (everyone, bot)
