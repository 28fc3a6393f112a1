"""What was said in the days before a report that no stored report tells, read once more.

A guild's first report, and one of an imported archive, has no earlier ones to go on from.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from guildwatch.digest import Context, Digester
from guildwatch.digest.extraction.rank import is_question
from guildwatch.digest.merging.answers import ending_of
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Line
from guildwatch.language import Priority
from guildwatch.model import Digest, Message, Period, PeriodKind, Report
from guildwatch.store import Store

DAYS = 7
MOST_MESSAGES = 10_000
"""Messages that are read again at most, the latest days first: some seconds of work."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Digests of earlier days, in the messages' own words, and what was asked and not answered."""

    digests: Sequence[Digest] = ()
    asked: Sequence[Line] = ()


class Recall:
    """Reads days again that were never told."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._digester = Digester(None, cache=None)

    async def before(
        self, guild_id: int, period: Period, sources: Collection[int], context: Context
    ) -> Recalled:
        """The untold days before a period, as far as readers of these channels may know of them."""
        digests, messages = [], list[Message]()
        for day in await self._untold(guild_id, period, sources):
            span = guild_id, day.start, day.end
            hours = await self._store.activity.hours(*span, channel_ids=sources)
            if len(messages) + sum(hour.messages for hour in hours) > MOST_MESSAGES:
                break
            said = await self._store.messages.between(*span, channel_ids=sources)
            if said:
                messages = said + messages
                then = with_authors(replace(context, period=day), said)
                digests.append(await self._digester.digest(said, then, priority=Priority.COMMAND))
        lines = await asyncio.to_thread(_unanswered, messages, with_authors(context, messages))
        return Recalled(digests, lines)

    async def _untold(
        self, guild_id: int, period: Period, sources: Collection[int]
    ) -> list[Period]:
        """The days before a period of which these readers know no report, the latest first."""
        stored = await self._store.reports.overview(guild_id)
        ends = [period.start - timedelta(days=days) for days in range(DAYS)]
        days = [Period(PeriodKind.DAY, end - timedelta(days=1), end, period.zone) for end in ends]
        told = [
            one.period
            for one in stored
            if one.period.kind is PeriodKind.DAY
            and one.period.end > days[-1].start
            and one.period.start < period.start
            and is_known_to(await self._store.reports.load(one.id), sources)
        ]
        return [
            day
            for day in days
            if not any(one.start < day.end and one.end > day.start for one in told)
        ]


def is_known_to(report: Report, sources: Collection[int]) -> bool:
    """Whether a report draws on nothing outside of these channels.

    One that draws on more may tell otherwise than if the others did not exist, even of what was
    said in these.
    """
    return set(report.source_ids) <= set(sources)


def with_authors(context: Context, messages: Sequence[Message]) -> Context:
    """The context with the names of who wrote these messages, or is mentioned in them."""
    authors = {
        author.id: author.name
        for message in messages
        for author in (*message.mentioned, message.author)
    }
    return replace(context, authors=authors | dict(context.authors))


def _unanswered(messages: Sequence[Message], context: Context) -> list[Line]:
    lines = clean(messages, context).lines
    asked = [line for line in lines if is_question(line)]
    return [line for line in asked if ending_of(line, lines) is None]
