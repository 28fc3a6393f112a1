"""Telling a guild's admin, once, what only they can mend."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b

import hikari

from guildwatch.audience import Permissions, permissions
from guildwatch.discord.errors import UNANSWERED, DiscordError
from guildwatch.discord.fields import Raw
from guildwatch.discord.line import Line
from guildwatch.discord.places import Bots
from guildwatch.discord.posting import say_once
from guildwatch.discord.search import find_message, is_own
from guildwatch.discord.welcome import system_channel
from guildwatch.model import Clock, Guild, GuildSettings, Member, first_id_at
from guildwatch.report.inert import markup

_log = logging.getLogger(__name__)

_REMEMBERED = timedelta(days=30)
"""For so long a notice is not repeated; then the trouble has lasted long enough to say it again."""
_NEEDED = Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES | Permissions.READ_MESSAGE_HISTORY

IN_PUBLIC = (
    "Something about the reports here needs an admin, and I can't reach them by direct message. "
    "`/settings show` tells them what it is."
)
"""What everybody may hear: neither names nor reasons."""


class Notices:
    """Writes to whoever last configured a guild, else to its owner, by direct message."""

    def __init__(self, line: Line, bots: Bots, *, clock: Clock) -> None:
        self._line = line
        self._bots = bots
        self._clock = clock

    async def tell(
        self,
        guild: Guild,
        settings: GuildSettings,
        sentence: str,
        *,
        since: datetime | None = None,
    ) -> None:
        """Tell the admin this, unless they were told within a month, or since a moment (UTC).

        What was told is read from the direct messages themselves, so that a restart repeats
        nothing. Of an admin who takes none the guild's system channel hears that there is
        something to be seen to, and the log has what.
        """
        admin = settings.configured_by or guild.owner_id
        text = f"**{markup(guild.name)}**: {sentence}"[:2000]
        earliest = max(filter(None, (since, self._clock() - _REMEMBERED)))
        try:
            await self._tell_once(admin, text, earliest)
        except hikari.ForbiddenError as error:
            _log.warning("%s (the admin %d takes no direct messages: %s)", text, admin, error)
            await self._say_in_public(guild, earliest)
        except (*UNANSWERED, DiscordError) as error:
            _log.warning("%s (the admin %d could not be told: %s)", text, admin, error)

    async def _tell_once(self, admin: int, text: str, earliest: datetime) -> None:
        direct = await self._line.rest.create_dm_channel(admin)

        def is_this(raw: Raw) -> bool:
            return raw.get("content") == text

        await self._say_once(int(direct.id), text, earliest, is_this)

    async def _say_in_public(self, guild: Guild, earliest: datetime) -> None:
        bot = self._bots.bot_member(guild.id)
        try:
            channel_id = await system_channel(self._line.rest, guild)
            if bot is None or not self._may_write(guild, channel_id, bot):
                return
            bot_id = bot.id

            def is_this(raw: Raw) -> bool:
                return is_own(raw, bot_id) and raw.get("content") == IN_PUBLIC

            await self._say_once(int(channel_id or 0), IN_PUBLIC, earliest, is_this)
        except (*UNANSWERED, DiscordError) as error:
            _log.warning("%s could not be told in public either: %s", guild.name, error)

    def _may_write(self, guild: Guild, channel_id: int | None, bot: Member) -> bool:
        channel = guild.channel(channel_id) if channel_id is not None else None
        return channel is not None and _NEEDED in permissions(
            guild, channel, bot, now=self._clock()
        )

    async def _say_once(
        self, channel_id: int, text: str, earliest: datetime, match: Callable[[Raw], bool]
    ) -> None:
        after = first_id_at(earliest)

        async def is_said() -> bool:
            return await find_message(self._line, channel_id, after=after, match=match) is not None

        # The moment belongs to it: Discord remembers nonces, and this may be said again.
        stamp = f"{channel_id}:{earliest.isoformat()}:{text}"
        nonce = blake2b(stamp.encode(), digest_size=12).hexdigest()
        await say_once(
            is_said, lambda: self._line.poster.create_message(channel_id, text, nonce=nonce)
        )
