"""What a person named on the command line, found in the store."""

from collections.abc import Collection

from guildwatch.config import Config
from guildwatch.model import Guild, GuildwatchError
from guildwatch.store import Store


class NotFoundError(GuildwatchError):
    """Something that was named is not in the store."""


async def named_guild(store: Store, name: str) -> Guild:
    """The guild of this id or name. Raises NotFoundError, which tells the guilds that there are."""
    guild = await store.guilds.find(name)
    if guild is not None:
        return guild
    known = ", ".join(f"{one.name} ({one.id})" for one in await store.guilds.all())
    raise NotFoundError(
        f"There is no guild {name!r} in the store. "
        + (f"It has {known}." if known else "It is empty: run guildwatch, or import a chat.")
    )


def require_channels(guild: Guild, channel_ids: Collection[int] | None) -> None:
    """Raises NotFoundError when the guild lacks one of these channels."""
    for channel_id in channel_ids or ():
        if guild.channel(channel_id) is None:
            raise NotFoundError(f"{guild.name} has no channel {channel_id} in the store.")


async def zone_of(store: Store, config: Config, guild: Guild) -> str:
    """The IANA zone of a guild's days."""
    return (await store.settings.one(guild.id)).zone or config.report.zone
