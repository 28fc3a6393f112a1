"""Stored reports for readers to whom some of their sources have been closed since."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from guildwatch import mood
from guildwatch.digest import Context, of_enough_people
from guildwatch.digest.merging.compose import headline
from guildwatch.digest.transcript.clean import clean
from guildwatch.model import Digest, EngineUse, Guild, Message, Period, Report, Topic
from guildwatch.report.activity import activity_of, coverage_of
from guildwatch.report.counted import counted_activity, counted_coverage, counted_mood
from guildwatch.report.faceless import faceless, masks_of
from guildwatch.store import Store
from guildwatch.store.remains import without_channels


class Narrower:
    """Takes everything out of a report that some of its readers may not read any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def narrowed(self, report: Report, guild: Guild, allowed: Collection[int]) -> Report:
        """The report as if its sources outside `allowed` had not been there; itself if there are
        none.

        Words go with their messages. Figures are counted anew from what is stored of the other
        sources, or by the hourly counts where some of that has expired. Of what the model did and
        where it failed nothing is left, as it read all of it.
        """
        closed = set(report.source_ids) - set(allowed)
        if not closed:
            return report
        told = without_channels(report, closed)
        messages = await self._store.messages.between(
            guild.id, report.period.start, report.period.end, channel_ids=report.source_ids
        )
        rest = [one for one in messages if one.channel_id not in closed]
        context = _context(told, guild, rest)
        cleaned = await asyncio.to_thread(clean, rest, context)
        cited = await self._store.messages.by_ids(told.message_channels)
        whole = {
            topic.points[0]
            for topic in report.digest.topics
            if closed.isdisjoint(topic.channel_ids)
        }
        engine = report.digest.engine
        digest = replace(
            told.digest,
            topics=tuple(
                topic if topic.points[0] in whole else _sized(topic, cited)
                for topic in told.digest.topics
            ),
            read=len(cleaned.lines),
            left_out=cleaned.left_out,
            conversations=len(told.digest.topics),
            engine=EngineUse(engine.name, engine.model),
        )
        digest = of_enough_people(digest, report.options.min_people)
        told = replace(told, digest=_headed(digest, told.period))
        if len(messages) < report.coverage.messages:
            told = await self._by_counts(told, guild)
        else:
            told = await self._by_messages(told, guild, rest)
        if report.options.names:
            return told
        return faceless(told, await masks_of(self._store, guild.id, told.source_ids))

    async def _by_messages(
        self, report: Report, guild: Guild, messages: Sequence[Message]
    ) -> Report:
        period = report.period
        gaps = await self._store.gaps.between(report.source_ids, period.start, period.end)
        summary = await asyncio.to_thread(mood.summarise, messages, period)
        activity = activity_of(messages, guild)
        return replace(
            report,
            coverage=coverage_of(messages, report.digest, gaps),
            mood=summary,
            activity=activity if report.activity.top else replace(activity, top=()),
        )

    async def _by_counts(self, report: Report, guild: Guild) -> Report:
        period, counts = report.period, self._store.activity
        gaps = await self._store.gaps.between(report.source_ids, period.start, period.end)
        activity = await counted_activity(counts, guild, period, report.source_ids)
        hours = await counts.hours(
            guild.id, period.start, period.end, channel_ids=report.source_ids
        )
        # How much of it was read nobody knows any more.
        digest = replace(report.digest, read=activity.messages, left_out={})
        summary = counted_mood(hours, ())
        return replace(
            report,
            digest=digest,
            coverage=counted_coverage(digest, activity, gaps),
            mood=replace(summary, highlights=report.mood.highlights),
            activity=activity if report.activity.top else replace(activity, top=()),
        )


def _context(report: Report, guild: Guild, messages: Sequence[Message]) -> Context:
    authors = {one.author.id: one.author.name for one in messages}
    channels = {one.id: one for one in guild.channels if one.id in report.source_ids}
    return Context(guild.name, channels, authors, report.period)


def _sized(topic: Topic, cited: Mapping[int, Message]) -> Topic:
    """The topic as big as what it still shows: how much of it was of other channels is not kept."""
    ids = {one for point in topic.points for one in point.message_ids}
    people = {cited[one].author.id for one in ids if one in cited}
    return replace(topic, messages=len(ids), people=max(1, len(people)))


def _headed(digest: Digest, period: Period) -> Digest:
    """With a headline of its own where it says only how much there was, or nothing is left."""
    if digest.headline_message_ids and digest.topics:
        return digest
    line, ids = headline(digest.topics, digest.read, period.kind)
    return replace(digest, headline=line, headline_message_ids=ids)


def shows_less(was: Report, now: Report) -> bool:
    """Whether a reader would notice, and not only our own note of the sources has changed."""
    return replace(now, source_ids=was.source_ids, narrowed=was.narrowed) != was
