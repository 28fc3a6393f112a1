"""Figures of a period some of whose messages are no longer kept, from the counts that stay."""

from collections.abc import Collection, Iterable, Sequence

from guildwatch.model import (
    Activity,
    ChannelCount,
    Coverage,
    Digest,
    Gap,
    Guild,
    Highlight,
    HourMood,
    MoodSummary,
    Period,
    Report,
)
from guildwatch.mood import label_of
from guildwatch.report.activity import TOP
from guildwatch.store import ActivityCounts, HourCount

_EVERYBODY = 1_000_000
_HIGHLIGHTS = 5


async def counted_activity(
    counts: ActivityCounts, guild: Guild, period: Period, sources: Collection[int]
) -> Activity:
    """What people said in these channels, by the hourly counts."""
    span = guild.id, period.start, period.end
    members = await counts.members(*span, channel_ids=sources, limit=_EVERYBODY)
    channels = await counts.channels(*span, channel_ids=sources)
    names = {channel.id: channel.name for channel in guild.channels}
    return Activity(
        messages=sum(member.messages for member in members),
        people=len(members),
        channels=tuple(
            ChannelCount(one.id, names.get(one.id) or one.name or "unknown", one.messages)
            for one in channels
        ),
        top=tuple(members[:TOP]),
    )


def counted_coverage(digest: Digest, activity: Activity, gaps: Sequence[Gap]) -> Coverage:
    """How much was read, as the reports of the days have it."""
    return Coverage(
        messages=digest.read + sum(digest.left_out.values()),
        read=digest.read,
        people=activity.people,
        channels=len(activity.channels),
        left_out={reason: number for reason, number in digest.left_out.items() if number},
        gaps=tuple(gaps),
    )


def counted_mood(hours: Sequence[HourCount], dailies: Iterable[Report]) -> MoodSummary:
    """The mood by the hourly counts; what stood out is what stood out in the days' reports."""
    scored = sum(hour.scored for hour in hours)
    positive, negative = sum(one.positive for one in hours), sum(one.negative for one in hours)
    score = sum(hour.score_sum for hour in hours) / scored if scored else None
    return MoodSummary(
        score=score,
        label=label_of(score),
        positive=positive / scored if scored else 0.0,
        neutral=(scored - positive - negative) / scored if scored else 0.0,
        negative=negative / scored if scored else 0.0,
        unscored=sum(hour.messages for hour in hours) - scored,
        hours=tuple(_hour(hour) for hour in hours),
        highlights=_strongest(one for daily in dailies for one in daily.mood.highlights),
    )


def _hour(hour: HourCount) -> HourMood:
    mean = hour.score_sum / hour.scored if hour.scored else None
    return HourMood(hour.start, hour.messages, hour.scored, mean)


def _strongest(highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
    ranked = sorted(set(highlights), key=lambda one: (-abs(one.score), one.message_id))
    bright = [one for one in ranked if one.score > 0][:_HIGHLIGHTS]
    dark = [one for one in ranked if one.score < 0][:_HIGHLIGHTS]
    return tuple(sorted(bright + dark, key=lambda one: (-abs(one.score), one.message_id)))
