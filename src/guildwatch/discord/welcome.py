"""The one message with which the bot says, in a guild it has joined, what it does there."""

import logging
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b

import hikari

from guildwatch.audience import Permissions, permissions
from guildwatch.capture import REPORT_CHANNEL_NAME
from guildwatch.discord.errors import UNANSWERED, DiscordError
from guildwatch.discord.fields import Raw
from guildwatch.discord.line import Line
from guildwatch.discord.places import Bots
from guildwatch.discord.posting import reason_of, say_once
from guildwatch.discord.search import find_message, is_own
from guildwatch.discord.targets import can_hold_reports
from guildwatch.model import Channel, Clock, Guild, Member, first_id_at

_log = logging.getLogger(__name__)

_NEEDED = Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES

TEXT = f"""\
**Hello, I am guildwatch.** Every day I write a short report of what happened here, with a link \
to the messages that each point rests on.
• I follow every channel that I can read, private ones too, unless it is marked as \
age-restricted. A report only tells what everybody who can read it could have read anyway. An \
admin leaves channels out with `/channels ignore`.
• An admin chooses where and when I post with `/setsummary`. Until then I post in a channel \
named #{REPORT_CHANNEL_NAME}, if there is one; otherwise I keep the reports.
• What is said stays on the machine that I run on. `/privacy notice` tells what I keep, and how to \
have nothing of you kept. `/help` lists what you can ask me."""


class Welcome:
    """Greets a guild once."""

    def __init__(self, line: Line, bots: Bots, *, clock: Clock) -> None:
        self._line = line
        self._bots = bots
        self._clock = clock

    async def greet(self, guild: Guild) -> None:
        """Say hello in the system channel, or the first text channel that lets us write.

        For a guild that was not known before. A hello said since the bot joined is not repeated,
        so a restart in between does no harm. Where nobody lets us write, only the log hears of it.
        """
        bot = self._bots.bot_member(guild.id)
        if bot is None:
            return
        try:
            await self._greet(guild, bot)
        except (*UNANSWERED, DiscordError) as error:
            reason = reason_of(error) if isinstance(error, hikari.HTTPError) else str(error)
            _log.warning("%s got no welcome: %s", guild.name, reason)

    async def _greet(self, guild: Guild, bot: Member) -> None:
        system = await system_channel(self._line.rest, guild)
        channel = next(self._writable(guild, bot, first=system), None)
        if channel is None:
            _log.warning("%s got no welcome: no text channel lets me write", guild.name)
            return
        nonce = blake2b(f"{guild.id}:welcome".encode(), digest_size=12).hexdigest()
        flags = hikari.MessageFlag.SUPPRESS_EMBEDS | hikari.MessageFlag.SUPPRESS_NOTIFICATIONS
        await say_once(
            partial(_was_greeted, self._line, channel, bot),
            lambda: self._line.poster.create_message(channel.id, TEXT, nonce=nonce, flags=flags),
        )

    def _writable(self, guild: Guild, bot: Member, *, first: int | None) -> Iterator[Channel]:
        """Text channels that the bot may write in, the preferred one first."""
        now = self._clock()
        order = sorted(guild.channels, key=lambda c: (c.id != first, c.position, c.id))
        for channel in order:
            rights = permissions(guild, channel, bot, now=now)
            if can_hold_reports(channel) and _NEEDED in rights:
                yield channel


async def system_channel(rest: hikari.api.RESTClient, guild: Guild) -> int | None:
    """Where Discord itself says who joined; None where there is no such channel or it is odd."""
    try:
        return (await rest.fetch_guild(guild.id)).system_channel_id
    except (LookupError, TypeError, ValueError):  # hikari met something that it does not know
        return None


async def _was_greeted(line: Line, channel: Channel, bot: Member) -> bool:
    joined_at = (await line.rest.fetch_member(bot.guild_id, bot.id)).joined_at
    since = first_id_at(joined_at) if joined_at is not None else channel.id

    def is_welcome(raw: Raw) -> bool:
        return is_own(raw, bot.id) and raw.get("content") == TEXT

    return await find_message(line, channel.id, after=since, match=is_welcome) is not None
