"""Founding the community in a world: its accounts, roles, channels and who may what."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from guildwatch.model import ChannelKind, Overwrite
from guildwatch.sandbox.community.cast import MODERATOR, Cast, Category, Place
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.world import World

_WRITES = (
    Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
)
_READS = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY


@dataclass(slots=True)
class Settlement:
    """The ids of a founded community, by the script's names; places by `#channel`, `>thread`."""

    guild_id: int
    owner_id: int
    people: dict[str, int]
    places: dict[str, int] = field(default_factory=dict)
    roles: dict[str, int] = field(default_factory=dict)
    emoji: dict[str, int] = field(default_factory=dict)


def settle(world: World, cast: Cast) -> Settlement:
    """Found the cast's guild; newcomers have no account yet, and the bot is invited last."""
    residents = [person for person in cast.people if not person.is_newcomer]
    people = {
        person.handle: world.add_user(person.username, display_name=person.name, bot=person.is_bot)
        for person in residents
    }
    owner = people[cast.owner]
    town = Settlement(world.add_guild(cast.guild_name, owner), owner, people)
    town.roles["Moderator"] = world.add_role(town.guild_id, "Moderator", int(MODERATOR))
    town.emoji = {name: world.ids.next() for name in cast.emoji}
    for person in residents:
        roles = tuple(town.roles.values()) if person.is_moderator else ()
        world.add_member(town.guild_id, people[person.handle], roles=roles)
    for category in cast.categories:
        _build(world, town, category)
    world.set_system_channel(town.guild_id, town.places[f"#{cast.system_channel}"])
    world.invite_bot(town.guild_id)
    return town


def _build(world: World, town: Settlement, category: Category) -> None:
    private = any(place.only_staff_reads for place in category.places)
    shut = _only_staff(world, town, _READS) if private else ()
    parent = world.add_category(town.guild_id, category.name, overwrites=shut)
    for place in category.places:
        town.places[f"#{place.name}"] = world.add_channel(
            town.guild_id,
            place.name,
            place.kind,
            parent=parent,
            topic=place.topic,
            overwrites=tuple(_overwrites(world, town, place)),
            tags=place.tags if place.kind == ChannelKind.FORUM else (),
        )


def _overwrites(world: World, town: Settlement, place: Place) -> Iterable[Overwrite]:
    if place.only_staff_reads:
        return _only_staff(world, town, _READS)
    if place.only_staff_writes:
        return _only_staff(world, town, _WRITES)
    return ()


def _only_staff(world: World, town: Settlement, rights: Permission) -> tuple[Overwrite, ...]:
    """Take rights from everyone and give them back to moderators and to the bot."""
    return (
        Overwrite(town.guild_id, is_member=False, allow=0, deny=int(rights)),
        Overwrite(town.roles["Moderator"], is_member=False, allow=int(rights), deny=0),
        Overwrite(world.bot.id, is_member=True, allow=int(rights), deny=0),
    )
