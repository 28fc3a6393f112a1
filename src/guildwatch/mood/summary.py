"""The mood of a period, from the scores that its messages were stored with."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from guildwatch.model import Highlight, HourMood, Message, MoodSummary, Period

Label = Literal["positive", "neutral", "negative", "unknown"]

_MARKED = 0.05  # vaderSentiment's README: typical thresholds for the compound score
_HOUR = timedelta(hours=1)


def label_of(score: float | None) -> Label:
    """The word for a compound score in -1..1; `unknown` where there is none."""
    if score is None:
        return "unknown"
    if score >= _MARKED:
        return "positive"
    return "negative" if score <= -_MARKED else "neutral"


def summarise(messages: Sequence[Message], period: Period, *, highlights: int = 5) -> MoodSummary:
    """The mood of what people said in the period; bots, commands and deleted messages don't count.

    `hours` has every hour by the clock of the period's zone: 23 to 25 for a day, where the first
    and the last are shorter if the period doesn't begin on the hour. `highlights` are the most
    marked messages, at most that many of either sign, strongest first, of equals the earliest.
    """
    talk = [message for message in messages if _counts(message, period)]
    scores = [message.score for message in talk if message.score is not None]
    labels = [label_of(score) for score in scores]
    mean = _mean(scores)
    return MoodSummary(
        score=mean,
        label=label_of(mean),
        positive=_share(labels, "positive"),
        neutral=_share(labels, "neutral"),
        negative=_share(labels, "negative"),
        unscored=len(talk) - len(scores),
        hours=_hours(talk, period),
        highlights=_highlights(talk, highlights),
    )


def _counts(message: Message, period: Period) -> bool:
    return (
        message.kind.is_talk
        and not message.author.is_bot
        and not message.is_deleted
        and period.start <= message.created_at < period.end
    )


def _mean(scores: Sequence[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _share(labels: Sequence[Label], label: Label) -> float:
    return labels.count(label) / len(labels) if labels else 0.0


def _hours(talk: Sequence[Message], period: Period) -> tuple[HourMood, ...]:
    starts = list(_hour_starts(period))
    said: list[list[Message]] = [[] for _ in starts]
    for message in talk:
        said[bisect_right(starts, message.created_at) - 1].append(message)
    return tuple(_hour(start, within) for start, within in zip(starts, said, strict=True))


def _hour(start: datetime, said: Sequence[Message]) -> HourMood:
    scores = [message.score for message in said if message.score is not None]
    return HourMood(start, messages=len(said), scored=len(scores), score=_mean(scores))


def _hour_starts(period: Period) -> Iterator[datetime]:
    """Each hour's first moment (UTC); a zone's hours need not begin with UTC's."""
    zone = ZoneInfo(period.zone)
    start = period.start
    while start < period.end:
        yield start
        local = start.astimezone(zone)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        start = (start + _HOUR - past).astimezone(UTC)


def _highlights(talk: Sequence[Message], count: int) -> tuple[Highlight, ...]:
    marked = [
        Highlight(message.id, message.score)
        for message in sorted(talk, key=lambda message: message.id)
        if message.score is not None and label_of(message.score) != "neutral"
    ]
    marked.sort(key=lambda highlight: -abs(highlight.score))
    bright = [highlight for highlight in marked if highlight.score > 0][:count]
    dark = [highlight for highlight in marked if highlight.score < 0][:count]
    return tuple(sorted(bright + dark, key=lambda one: (-abs(one.score), one.message_id)))
