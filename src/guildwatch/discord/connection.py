"""The connection to Discord: built anew for each attempt, and tried again for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

import hikari

from guildwatch.config import Redactor
from guildwatch.discord import session
from guildwatch.discord.errors import DiscordError, RefusedError
from guildwatch.discord.line import Line
from guildwatch.discord.probe import identify
from guildwatch.model import Author, Clock, utc_now

_log = logging.getLogger(__name__)

# The longest one leaves room below the 1,000 sessions that Discord lets a bot begin in a day.
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 120.0
_BEGINNINGS = ("READY", "RESUMED")
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
        self._redact = Redactor(token)
        self._api_url = api_url
        self._line = line
        self._hear = hear
        self._install = install
        self._clock = clock
        self._pause = pause
        self._bot: hikari.GatewayBot | None = None
        self._has_stood = False

    async def run(self) -> None:
        """Connects, and connects again whenever that breaks off, until it is cancelled.

        A machine may boot before its network: what fails at the start is tried again as well.
        Raises `RefusedError` only where Discord refuses the bot before it ever stood.
        """
        wait = _FIRST_PAUSE
        while True:
            began, needs_somebody = self._clock(), False
            try:
                await self._stand()
            except RefusedError as error:
                if not self._has_stood:
                    raise
                self._stumble(error)
                needs_somebody = True
            except DiscordError as error:
                self._stumble(error)
            finally:
                self._bot = None
                self.connected_since = None
            session.heed_cancellation()
            lasted = (self._clock() - began).total_seconds()
            wait = _FIRST_PAUSE if lasted > _LONGEST_PAUSE else wait
            await self._pause(_LONGEST_PAUSE if needs_somebody else wait)
            wait = min(2 * wait, _LONGEST_PAUSE)

    def _stumble(self, error: DiscordError) -> None:
        told = self._redact(str(error))  # libraries quote what they could not send
        if told != self.trouble:
            by_itself = "" if isinstance(error, RefusedError) else " It is tried again by itself."
            _log.warning("%s%s", told, by_itself)
        self.trouble = told

    async def _stand(self) -> None:
        """One attempt, from who we are to whatever ends it."""
        identity = await identify(self._token, self._api_url)
        self.me = identity.me
        self._bot = bot = session.build(self._token, self._api_url, identity.intents)
        bot.subscribe(hikari.ShardPayloadEvent, self._listen)
        bot.subscribe(hikari.ShardDisconnectedEvent, self._disconnected)
        async with session.opened(bot, self._token, self._api_url, self._line, self._install):
            self._has_stood = True
            try:
                with session.translated(self._api_url):
                    await bot.join()
            finally:
                # What ends now ends on purpose, or is told as what it was.
                bot.unsubscribe(hikari.ShardDisconnectedEvent, self._disconnected)

    async def _listen(self, event: hikari.ShardPayloadEvent) -> None:
        """Has an event heard. A session counts as begun only once its beginning was heard.

        READY says that there is a gap: to count as connected before would let a report be written
        without what was missed.
        """
        if event.name in _BEGINNINGS:
            asyncio.get_running_loop().call_soon(self._connected)  # after the first step of hearing
        await self._hear(event)

    def _connected(self) -> None:
        self.connected_since = self._clock()
        self.trouble = ""
        _log.info("Connected to Discord as %s.", self.me.name if self.me else "?")

    async def _disconnected(self, _: hikari.ShardDisconnectedEvent) -> None:
        self.connected_since = None
        self.trouble = _LOST
        _log.info("%s", _LOST)
