"""Saving the guilds' pictures: one after the other, and what fails once more a little later."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from guildwatch.capture.intake import Pause
from guildwatch.model import Guild
from guildwatch.store import Guilds, StoreError

_log = logging.getLogger(__name__)

_PATIENCE = 30.0
"""Seconds until what could not be saved is tried again."""


class Saving:
    """Which guilds are not saved as they stand now.

    `picture` gives a guild as it is to be saved, or, where the bot is not in it, when it left;
    None where nothing is known of it.
    """

    def __init__(
        self, guilds: Guilds, picture: Callable[[int], Guild | datetime | None], pause: Pause
    ) -> None:
        self._guilds = guilds
        self._picture = picture
        self._pause = pause
        self._unsaved: dict[int, set[int] | None] = {}
        self._writing = asyncio.Lock()
        self._failed = asyncio.Event()

    async def run(self) -> None:
        """Saves what could not be saved at once, a little later, until it is cancelled."""
        while True:
            await self._failed.wait()
            await self._pause(_PATIENCE)
            self._failed.clear()
            async with self._writing:
                await self._write()

    async def save(self, guild_id: int, channel_ids: Iterable[int] | None) -> None:
        """Saves a guild and those of its channels, None for all; does not raise."""
        self._note(guild_id, channel_ids)
        if self._writing.locked():
            return  # who saves now takes it along: a flood of changes must not wait one by one
        async with self._writing:
            await self._write()

    def _note(self, guild_id: int, channel_ids: Iterable[int] | None) -> None:
        waiting = self._unsaved.get(guild_id, set())
        self._unsaved[guild_id] = (
            None if waiting is None or channel_ids is None else waiting | set(channel_ids)
        )

    async def _write(self) -> None:
        while self._unsaved:
            guild_id, changed = self._unsaved.popitem()  # first: it may change while it is saved
            picture = self._picture(guild_id)
            try:
                if isinstance(picture, Guild):
                    await self._guilds.save(picture, changed=changed)
                elif picture is not None:
                    await self._guilds.mark_left(guild_id, picture)
            except StoreError as error:
                self._note(guild_id, changed)
                self._failed.set()
                _log.warning("Guild %d could not be saved for now: %s", guild_id, error)
                return
