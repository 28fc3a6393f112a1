"""The figures of a report: from its messages, or from the counts that outlast them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from guildwatch import mood
from guildwatch.model import Activity, Coverage, Digest, Gap, MemberCount, MoodSummary, Report
from guildwatch.report.activity import activity_of, coverage_of
from guildwatch.report.board import most_positive
from guildwatch.report.counted import counted_activity, counted_coverage, counted_mood
from guildwatch.report.material import Material
from guildwatch.store import Store


@dataclass(frozen=True, slots=True)
class Figures:
    """How much was said and read, by whom, and in what mood."""

    coverage: Coverage
    mood: MoodSummary
    activity: Activity
    board: tuple[MemberCount, ...] = ()


async def figures_of(store: Store, material: Material, digest: Digest) -> Figures:
    """The figures of messages that are all there."""
    gaps = await _gaps(store, material)
    return Figures(
        coverage_of(material.messages, digest, gaps),
        await asyncio.to_thread(mood.summarise, material.messages, material.period),
        activity_of(material.messages, material.guild),
        most_positive(material.messages) if material.options.board else (),
    )


async def counted_figures(
    store: Store, material: Material, digest: Digest, dailies: Sequence[Report]
) -> Figures:
    """The figures of a period some of whose messages are only in these reports of its days."""
    guild, period, counts = material.guild, material.period, store.activity
    gaps = await _gaps(store, material)
    activity = await counted_activity(counts, guild, period, material.sources)
    hours = await counts.hours(guild.id, period.start, period.end, channel_ids=material.sources)
    return Figures(counted_coverage(digest, activity, gaps), counted_mood(hours, dailies), activity)


async def _gaps(store: Store, material: Material) -> Sequence[Gap]:
    return await store.gaps.between(material.sources, material.period.start, material.period.end)
