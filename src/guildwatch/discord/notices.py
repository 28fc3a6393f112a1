"""Telling a guild's admin, once, what only they can mend."""

import logging
from datetime import timedelta
from hashlib import blake2b

from guildwatch.discord.errors import UNANSWERED, DiscordError
from guildwatch.discord.fields import Raw
from guildwatch.discord.line import Line
from guildwatch.discord.posting import say_once
from guildwatch.discord.search import find_message
from guildwatch.model import Clock, Guild, GuildSettings, first_id_at
from guildwatch.report.inert import markup

_log = logging.getLogger(__name__)

_REMEMBERED = timedelta(days=30)
"""For so long a notice is not repeated; then the trouble has lasted long enough to say it again."""


class Notices:
    """Writes to whoever last configured a guild, else to its owner, by direct message."""

    def __init__(self, line: Line, *, clock: Clock) -> None:
        self._line = line
        self._clock = clock

    async def tell(self, guild: Guild, settings: GuildSettings, sentence: str) -> None:
        """Tell the admin this, unless they were told within a month.

        What was told is read from the direct messages themselves, so that a restart repeats
        nothing. An admin who takes none cannot be told; the log has it then.
        """
        admin = settings.configured_by or guild.owner_id
        text = f"**{markup(guild.name)}**: {sentence}"[:2000]
        try:
            await self._tell_once(admin, text)
        except (*UNANSWERED, DiscordError) as error:
            _log.warning("%s (the admin %d could not be told: %s)", text, admin, error)

    async def _tell_once(self, admin: int, text: str) -> None:
        direct = await self._line.rest.create_dm_channel(admin)
        since = first_id_at(self._clock() - _REMEMBERED)

        def is_this(raw: Raw) -> bool:
            return raw.get("content") == text

        async def was_told() -> bool:
            found = await find_message(self._line, int(direct.id), after=since, match=is_this)
            return found is not None

        nonce = blake2b(text.encode(), digest_size=12).hexdigest()
        await say_once(
            was_told, lambda: self._line.poster.create_message(direct.id, text, nonce=nonce)
        )
