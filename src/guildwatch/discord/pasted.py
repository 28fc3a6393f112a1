"""What was pasted and should not have been: our own token is taken out, authors may get a hint."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from guildwatch.capture import Roster
from guildwatch.discord.hints import Hints
from guildwatch.model import LANGUAGES, Captured, Clock, Message, MessageEdit
from guildwatch.report.inert import plain
from guildwatch.sensitive import Found, Kind, OwnToken, cleared_said, find, masked
from guildwatch.store import Store, StoreError

_log = logging.getLogger(__name__)

POSTED = "token posted"
"""The kind of incident that our own token in a chat is."""

_RESET = (
    "and whoever read it can act as the bot. Reset it in the Developer Portal (Bot → Reset Token), "
    "then run: guildwatch setup."
)
_IN_A_NAME = (
    "The bot's own token is in the name of a member, server, channel, thread, role or tag, or in a "
    f"topic, {_RESET}"
)

_YOUNG = timedelta(minutes=5)
"""Who wrote longer ago gets no hint: it has been read, and a flood of old ones would follow."""
_MOST_WAITING = 1000
_MOST_REMEMBERED = 5000


class Pasted:
    """Looks at what is said before and after it is kept (`capture.Screen`).

    Our own token is never kept, and told to the operator wherever it stands. Where a guild's admins
    want that, authors of what holds secrets or personal data get a hint. `language` is the code of
    the language for guilds whose admins chose none.
    """

    def __init__(
        self,
        own: OwnToken,
        hints: Hints,
        store: Store,
        roster: Roster,
        *,
        clock: Clock,
        language: str = "en",
    ) -> None:
        self._own = own
        self._hints = hints
        self._store = store
        self._roster = roster
        self._clock = clock
        self._language = language
        self._waiting: deque[Message | MessageEdit] = deque(maxlen=_MOST_WAITING)
        self._leaks: deque[Message | MessageEdit] = deque(maxlen=_MOST_WAITING)
        self._seen: deque[int] = deque(maxlen=_MOST_REMEMBERED)
        self._leaked: deque[int] = deque(maxlen=_MOST_REMEMBERED)
        self._named: str | None = None
        self._stirred = asyncio.Event()

    def cleared(self, event: Captured) -> Captured:
        """The event without our own token in its text, or in a name of somebody in it."""
        if not isinstance(event, Message | MessageEdit):
            return event
        kept = cleared_said(event, self._own.removed)
        if kept is event:
            return event
        if kept.text == event.text:
            self._note_name()
        elif event.id not in self._leaked:
            self._leaked.append(event.id)
            self._leaks.append(replace(kept, text=""))
            self._stirred.set()
        return kept

    def cleared_name(self, name: str) -> str:
        """A server's, channel's or role's name, a topic or tag without our own token."""
        kept = self._own.removed(name)
        if kept != name:
            self._note_name()
        return kept

    def _note_name(self) -> None:
        """A name stands wherever it is told, so the operator hears of the first one alone."""
        if self._named is None:
            self._named = _IN_A_NAME
            self._stirred.set()

    def heard(self, kept: Sequence[Captured]) -> None:
        """Takes note of what young messages say, where their authors may get hints."""
        for event in kept:
            if isinstance(event, Message | MessageEdit) and self._is_wanted(event):
                self._waiting.append(event)
                self._stirred.set()

    async def run(self) -> None:
        """Tells the operator and the authors, until it is cancelled."""
        await self._end_older()
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            try:
                await self.work()
            except Exception:  # noqa: BLE001 - one odd message must not end the program
                _log.exception("What was posted by mistake could not be told")
                self._stirred.set()  # what else waits is told; what failed was taken

    async def work(self) -> None:
        """Tells what waits to be told."""
        if self._named:
            self._named, told = "", self._named
            await self._begin(0, told)
        while self._leaks:
            await self._tell_operator(self._leaks.popleft())
        while self._waiting:
            await self._look(self._taken())

    def _is_wanted(self, event: Message | MessageEdit) -> bool:
        said_at = event.created_at if isinstance(event, Message) else event.edited_at
        if said_at is None or said_at < self._clock() - _YOUNG or event.id in self._seen:
            return False
        if isinstance(event, Message) and (event.author.is_bot or not event.author.id):
            return False
        is_talk = event.kind.is_talk if isinstance(event, Message) else event.is_talk
        return is_talk and bool(event.text) and self._roster.settings(event.guild_id).hints

    def _taken(self) -> list[Message | MessageEdit]:
        batch = list(self._waiting)
        self._waiting.clear()
        return batch

    async def _look(self, batch: Collection[Message | MessageEdit]) -> None:
        found = await asyncio.to_thread(lambda: list(_holding(batch)))
        for event, there in found:
            own = [Found(Kind.SECRET, 0, 0, "Discord")] if event.id in self._leaked else []
            if (own or there) and event.id not in self._seen:
                await self._hint(event.id, [*own, *there])

    async def _hint(self, message_id: int, found: Collection[Found]) -> None:
        """Hints at what is still there; who deleted it at once knows."""
        try:
            message = (await self._store.messages.by_ids([message_id])).get(message_id)
        except StoreError as error:
            _log.warning("%s", error)
            return
        guild = self._roster.guild(message.guild_id) if message is not None else None
        if message is None or guild is None or message.is_deleted or message.author.is_bot:
            return
        chosen = self._roster.settings(guild.id).language
        self._seen.append(message_id)
        await self._hints.give(
            guild, message, found, chosen if chosen in LANGUAGES else self._language
        )

    async def _tell_operator(self, event: Message | MessageEdit) -> None:
        guild = self._roster.guild(event.guild_id)
        channel = self._roster.channel(event.channel_id)
        where = f"#{plain(masked(channel.name))}" if channel else "a channel"
        server = plain(masked(guild.name)) if guild else "a server"
        sentence = (
            f"The bot's own token was posted in {where} of {server}, {_RESET} The message: "
            f"https://discord.com/channels/{event.guild_id}/{event.channel_id}/{event.id}"
        )
        await self._begin(event.guild_id, sentence)

    async def _begin(self, guild_id: int, sentence: str) -> None:
        _log.error("%s", sentence)
        try:
            await self._store.incidents.begin(guild_id, POSTED, self._own.fingerprint, sentence)
        except StoreError as error:
            _log.error("%s", error)

    async def _end_older(self) -> None:
        """What was told of another token is over: it has been reset."""
        try:
            for one in await self._store.incidents.going_on():
                if one.kind == POSTED and one.subject != self._own.fingerprint:
                    await self._store.incidents.end(one.guild_id, POSTED, one.subject)
        except StoreError as error:
            _log.warning("%s", error)


def _holding(
    batch: Collection[Message | MessageEdit],
) -> Iterator[tuple[Message | MessageEdit, list[Found]]]:
    for event in batch:
        yield event, find(event.text or "")
