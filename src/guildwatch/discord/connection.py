"""The connection to Discord: built anew for each attempt, and kept up for ever once it stood."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

import hikari

from guildwatch.discord import session
from guildwatch.discord.errors import DiscordError
from guildwatch.discord.line import Line
from guildwatch.discord.probe import identify
from guildwatch.model import Author, Clock, utc_now

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
_LOST = "The connection to Discord broke off; it is being restored by itself."


class Connection:
    """Holds the gateway session, has every event heard, and opens the line for others.

    `connected_since` (UTC) is None while no events arrive; `trouble` is then a sentence. `me` is
    the bot's own user once Discord has told it.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        line: Line,
        *,
        hear: Callable[[hikari.ShardPayloadEvent], Coroutine[Any, Any, None]],
        install: session.Install,
        clock: Clock = utc_now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.connected_since: datetime | None = None
        self.trouble = ""
        self.me: Author | None = None
        self._token = token
        self._api_url = api_url
        self._line = line
        self._hear = hear
        self._install = install
        self._clock = clock
        self._pause = pause
        self._bot: hikari.GatewayBot | None = None
        self._has_stood = False

    @property
    def latency_ms(self) -> float | None:
        """How long the gateway takes to answer a heartbeat; None while nobody knows."""
        latency = self._bot.heartbeat_latency if self._bot else math.nan
        return None if math.isnan(latency) else latency * 1_000

    async def run(self) -> None:
        """Connects, and connects again whenever that breaks off, until it is cancelled.

        Raises `DiscordError` when it does not come up at all: then a person has to do something.
        """
        wait = _FIRST_PAUSE
        while True:
            began = self._clock()
            try:
                await self._stand()
            except DiscordError as error:
                if not self._has_stood:
                    raise
                self.trouble = str(error)
                _log.warning("%s", error)
            finally:
                self._bot = None
                self.connected_since = None
            lasted = (self._clock() - began).total_seconds()
            wait = _FIRST_PAUSE if lasted > _LONGEST_PAUSE else wait
            await self._pause(wait)
            wait = min(2 * wait, _LONGEST_PAUSE)

    async def _stand(self) -> None:
        """One attempt, from who we are to whatever ends it."""
        identity = await identify(self._token, self._api_url)
        self.me = identity.me
        self._bot = bot = session.build(self._token, self._api_url, identity.intents)
        bot.subscribe(hikari.ShardPayloadEvent, self._hear)
        bot.subscribe(hikari.ShardConnectedEvent, self._connected)
        bot.subscribe(hikari.ShardDisconnectedEvent, self._disconnected)
        async with session.opened(bot, self._token, self._api_url, self._line, self._install):
            self._has_stood = True
            try:
                with session.translated(self._api_url):
                    await bot.join()
            finally:
                # What ends now ends on purpose, or is told as what it was.
                bot.unsubscribe(hikari.ShardDisconnectedEvent, self._disconnected)

    async def _connected(self, _: hikari.ShardConnectedEvent) -> None:
        self.connected_since = self._clock()
        self.trouble = ""
        _log.info("Connected to Discord as %s.", self.me.name if self.me else "?")

    async def _disconnected(self, _: hikari.ShardDisconnectedEvent) -> None:
        self.connected_since = None
        self.trouble = _LOST
        _log.info("%s", _LOST)
