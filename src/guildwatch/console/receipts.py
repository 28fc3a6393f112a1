"""The receipts of a point: its messages as they stand in the store, amid their conversations."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from guildwatch.console.page import Line, Piece, quiet
from guildwatch.console.view import View
from guildwatch.console.wording import called, carried, fitted, steady, wordless
from guildwatch.digest.transcript.clean import named, plain
from guildwatch.model import Channel, Guild, Home, Message, ReasonKind, Report, created_at
from guildwatch.report.around import Around, around
from guildwatch.report.receipts import channel_names
from guildwatch.report.wrapping import wrapped

MOST = 20  # messages of one point: a link that half the guild shared has dozens
_AROUND = 3  # lines of the conversation shown before and after each
_READ = 4_000  # characters of a neighbouring line, of which one row is shown
_DEEPEST = 12  # cells by which a line of code is indented
_CITED = "●"
_GAP = "⋯"
_MUTED = "text-muted"
_NAMED = {
    ReasonKind.REPLY: "answers {name}, {time}",
    ReasonKind.ADDRESSED: "names {name}, who spoke in it at {time}",
    ReasonKind.ANSWERED: "{name} had spoken to them at {time}",
    ReasonKind.WORDS: "shares words with {name}, {time}",
    ReasonKind.LATEST: "follows right upon {name}, {time}",
}
WITHDRAWN = "This is not in the report any more: a message that it rested on was deleted or edited."
_DELETED = "This message was deleted since."
_NOT_KEPT = "This message is no longer kept."
_NOT_SEPARATED = "Not separated: this was not read as part of a conversation."


async def read(view: View, guild: Guild, ids: tuple[int, ...], before: Around | None) -> Around:
    """Reads the messages with these ids, and their neighbours. Raises StoreError."""
    return await around(view.store, guild, ids[:MOST], _AROUND + 1, before)


def address(message: Message) -> str:
    """Where a message can be read in Discord."""
    return f"https://discord.com/channels/{message.guild_id}/{message.channel_id}/{message.id}"


def told(guild: Guild | None, report: Report, receipts: Around, width: int) -> list[Piece]:
    """The receipts as they are read: each message whole, then the conversation around it."""
    return _Telling(guild, report, receipts, width).pieces()


class _Telling:
    """Puts one point's receipts into lines of a width."""

    def __init__(self, guild: Guild | None, report: Report, receipts: Around, width: int) -> None:
        self._channels: dict[int, Channel] = (
            {one.id: one for one in guild.channels} if guild else {}
        )
        self._report, self._receipts, self._width = report, receipts, width
        self._names = channel_names(report)
        self._zone = ZoneInfo(report.period.zone)

    def pieces(self) -> list[Piece]:
        """Everything, in the order of the conversations in which it was said."""
        found: list[Piece] = []
        for ids in self._by_conversation():
            for one in ids:
                found += [Piece(tuple(self._message(one)), one), quiet("")]
            found += [Piece(tuple(self._conversation(ids))), quiet("")]
        return found

    def _by_conversation(self) -> list[list[int]]:
        groups: dict[tuple[int, int], list[int]] = {}
        for one in self._receipts.ids:
            home = self._receipts.homes.get(one)
            channel = self._channel_of(one)
            groups.setdefault((channel, home.conversation_id if home else -one), []).append(one)
        return list(groups.values())

    def _message(self, id_: int) -> Iterator[Line]:
        message = self._receipts.messages.get(id_)
        alive = message if message and not message.is_deleted else None
        author = called(alive.author.name) or "someone" if alive else ""
        when = created_at(id_).astimezone(self._zone)
        where = self._place(self._channel_of(id_))
        head = filter(None, (f"{_CITED} {when:%a} {when.day} {when:%b %H:%M}", where, author))
        yield from self._wrapped(" · ".join(head), "primary", "")
        if alive is None:
            yield from self._wrapped(_DELETED if message else _NOT_KEPT, _MUTED)
        else:
            yield from self._words(alive)
            yield from self._wrapped(address(alive), _MUTED)

    def _words(self, message: Message) -> Iterator[Line]:
        names = {one.id: one.name for one in message.mentioned}
        text = named(message.text or "", names.get, self._channels)
        for line in text.expandtabs(4).splitlines():
            depth = min(len(line) - len(line.lstrip(" ")), _DEEPEST)
            yield from self._wrapped(steady(line), "foreground", " " * (2 + depth))
        beside = [carried(message) if text.strip() else wordless(message)]
        beside += ["edited"] if message.edited_at else []
        if said := ", ".join(filter(None, beside)):
            yield from self._wrapped(f"({said.strip('()[]')})", _MUTED)

    def _conversation(self, ids: Sequence[int]) -> Iterator[Line]:
        """The neighbouring lines, each with why it is there; `⋯` where lines are left out."""
        lines = self._lines_of(ids)
        if not lines:
            if any(self._receipts.is_there(one) for one in ids):
                yield from self._wrapped(_NOT_SEPARATED, _MUTED)
            return
        yield from self._wrapped(f"Its conversation ({_CITED} cited above)", _MUTED)
        cited = [at for at, one in enumerate(lines) if one.message_id in ids]
        is_cut = False
        for at, home in enumerate(lines):
            is_near = any(abs(at - one) <= _AROUND for one in cited)
            if is_near:
                yield from self._neighbour(home, is_cited=at in cited)
            elif not is_cut:
                yield Line(f"  {_GAP}", _MUTED)
            is_cut = not is_near

    def _lines_of(self, ids: Sequence[int]) -> list[Home]:
        homes = self._receipts.homes
        own = {homes[one].conversation_id for one in ids if one in homes}
        there = (one for one in homes.values() if one.conversation_id in own)
        return sorted(
            (one for one in there if self._receipts.is_there(one.message_id)),
            key=lambda home: home.message_id,
        )

    def _neighbour(self, home: Home, *, is_cited: bool) -> Iterator[Line]:
        message = self._receipts.messages[home.message_id]
        names = {one.id: one.name for one in message.mentioned}
        text = steady(plain((message.text or "")[:_READ], names.get, self._channels))
        said = f"{called(message.author.name) or 'someone'}: {text or wordless(message)}"
        sign, look = (_CITED, "foreground") if is_cited else (" ", _MUTED)
        line = f"{sign} {self._time(message.created_at)} {said}"
        yield Line(fitted(line, self._width).rstrip(), look)
        yield Line(fitted(f"        {self._why(home)}", self._width).rstrip(), _MUTED)

    def _why(self, home: Home) -> str:
        because = self._receipts.messages.get(home.because_id or 0)
        if because is None or because.is_deleted or home.reason not in _NAMED:
            return home.reason.sentence
        name = called(because.author.name) or "someone"
        return _NAMED[home.reason].format(name=name, time=self._time(because.created_at))

    def _time(self, moment: datetime) -> str:
        """The time of day, with the date where it is not that of the first message cited."""
        when, first = (
            one.astimezone(self._zone) for one in (moment, created_at(self._receipts.ids[0]))
        )
        day = "" if when.date() == first.date() else f"{when.day} {when:%b} "
        return f"{day}{when:%H:%M}"

    def _channel_of(self, id_: int) -> int:
        """Its channel, also when the report does not rest on it any more; 0 if nobody knows."""
        message = self._receipts.messages.get(id_)
        return message.channel_id if message else self._report.message_channels.get(id_, 0)

    def _place(self, channel_id: int) -> str:
        channel = self._channels.get(channel_id)
        name = called(channel.name if channel else self._names.get(channel_id, ""))
        sign = "↳ " if channel and channel.kind.is_thread else "#"
        return f"{sign}{name}" if name else "a channel that is gone"

    def _wrapped(self, text: str, look: str, indent: str = "  ") -> Iterator[Line]:
        lines = wrapped(text, self._width, first=indent, indent="  ")
        return (Line(line, look) for line in lines)
