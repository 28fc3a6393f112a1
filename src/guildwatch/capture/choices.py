"""What admins chose for their guilds and channels: in memory, and saved before it counts."""

import asyncio
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from guildwatch.model import ChangedBy, GuildSettings
from guildwatch.store import Store


class Choices:
    """The settings of each guild, and which channels and categories were chosen or ignored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tracking: dict[int, bool] = {}
        self._settings: dict[int, GuildSettings] = {}
        self._choosing = asyncio.Lock()

    async def load(self) -> None:
        """Takes over what was saved."""
        self._tracking = dict(await self._store.guilds.tracking())
        self._settings = dict(await self._store.settings.all())

    @property
    def tracking(self) -> Mapping[int, bool]:
        """What was chosen for single channels and categories: track or ignore."""
        return self._tracking

    def settings(self, guild_id: int) -> GuildSettings:
        """What the guild's admins chose."""
        return self._settings.get(guild_id) or GuildSettings(guild_id)

    async def choose_tracking(self, channel_id: int, tracked: bool | None, by: ChangedBy) -> None:
        """Keeps a choice for a channel or category, None takes it back; raises `StoreError`."""
        await self._store.guilds.choose_tracking(channel_id, tracked, by)
        if tracked is None:
            self._tracking.pop(channel_id, None)
        else:
            self._tracking[channel_id] = tracked

    async def save(
        self, settings: GuildSettings, by: ChangedBy, *, seen: GuildSettings | None
    ) -> None:
        """Keeps what differs from `seen`, or all of it where that is None; raises `StoreError`."""
        async with self._choosing:
            if seen is not None:
                settings = replace(self.settings(settings.guild_id), **_changed(seen, settings))
            await self._store.settings.save(settings, by)
            self._settings[settings.guild_id] = settings


def _changed(before: GuildSettings, after: GuildSettings) -> dict[str, Any]:
    """The fields that differ, each with what it becomes."""
    values = (
        (one.name, getattr(before, one.name), getattr(after, one.name)) for one in fields(after)
    )
    return {name: new for name, old, new in values if new != old}
