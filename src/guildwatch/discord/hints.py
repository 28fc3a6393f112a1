"""Hints to authors, by direct message, about what they may not have meant to post."""

import logging
from collections import defaultdict, deque
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b

import hikari

from guildwatch.discord.errors import UNANSWERED, DiscordError
from guildwatch.discord.fields import Raw
from guildwatch.discord.line import Line
from guildwatch.discord.posting import say_once
from guildwatch.discord.search import find_message
from guildwatch.model import Clock, Guild, Message, first_id_at
from guildwatch.report.inert import markup
from guildwatch.report.phrases import Phrases, phrases
from guildwatch.sensitive import Found, Kind

_log = logging.getLogger(__name__)

_SPAN = timedelta(hours=1)
_MOST_OF_MEMBER, _MOST_OF_GUILD = 3, 60
"""Hints within an hour: whoever pastes a list needs one, and Discord mistrusts many messages."""
_NAMED = 4
_ROOM = 2000


def message_link(message: Message) -> str:
    """Where a message can be read in Discord."""
    return f"https://discord.com/channels/{message.guild_id}/{message.channel_id}/{message.id}"


class Hints:
    """Writes to an author what kind of thing they posted, never what it was, and where.

    Once a message, and at most three times an hour; who takes no direct messages hears nothing, and
    nobody else does.
    """

    def __init__(self, line: Line, *, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._sent: defaultdict[int, deque[datetime]] = defaultdict(deque)

    async def give(
        self, guild: Guild, message: Message, found: Collection[Found], language: str
    ) -> None:
        """Tell the author of a message what was found in it, unless they were told."""
        if not self._may_write(guild.id, message.author.id):
            return
        text = hint(guild.name, message_link(message), found, language)[:_ROOM]
        try:
            await self._tell(message, text)
        except hikari.ForbiddenError:
            _log.info("The author of message %d takes no direct messages.", message.id)
        except (*UNANSWERED, DiscordError) as error:
            _log.warning("The author of message %d could not be hinted: %s", message.id, error)

    async def _tell(self, message: Message, text: str) -> None:
        channel = await self._line.rest.create_dm_channel(message.author.id)
        channel_id, link = int(channel.id), message_link(message)
        nonce = blake2b(f"{channel_id}:hint:{message.id}".encode(), digest_size=12).hexdigest()

        def is_this(raw: Raw) -> bool:
            return link in str(raw.get("content", ""))

        async def is_said() -> bool:
            after = first_id_at(message.created_at)
            return (
                await find_message(self._line, channel_id, after=after, match=is_this) is not None
            )

        flags = hikari.MessageFlag.SUPPRESS_EMBEDS
        await say_once(
            is_said,
            lambda: self._line.poster.create_message(channel_id, text, nonce=nonce, flags=flags),
        )

    def _may_write(self, guild_id: int, author_id: int) -> bool:
        """Whether neither has had too many within the hour; counts this one."""
        now = self._clock()
        limits = ((author_id, _MOST_OF_MEMBER), (guild_id, _MOST_OF_GUILD))
        for key in [key for key, times in self._sent.items() if times[-1] < now - _SPAN]:
            del self._sent[key]
        for key, _ in limits:
            while self._sent[key] and self._sent[key][0] < now - _SPAN:
                self._sent[key].popleft()
        is_free = all(len(self._sent[key]) < most for key, most in limits)
        for key, _ in limits:
            if is_free:
                self._sent[key].append(now)
            elif not self._sent[key]:
                del self._sent[key]
        return is_free


def hint(guild_name: str, link: str, found: Collection[Found], language: str) -> str:
    """What an author reads: the kinds of what was found, the link, and what to do."""
    words = phrases(language)
    what = list(dict.fromkeys(_name(one, words) for one in found))[:_NAMED]
    advice = "revoke" if any(one.kind.gives_access for one in found) else "delete"
    return "\n".join(
        (
            words.say("warning.posted", guild=markup(guild_name), what=", ".join(what), link=link),
            words.say(f"warning.{advice}"),
            words.say("warning.end"),
        )
    )


def _name(found: Found, words: Phrases) -> str:
    if found.kind is Kind.SECRET and found.issuer:
        return words.say("warning.secret_of", issuer=found.issuer)
    return words.say(f"warning.{found.kind.value}")
