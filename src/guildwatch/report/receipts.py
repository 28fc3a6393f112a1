"""Receipts: the messages that a sentence of a report rests on, as links."""

from collections.abc import Sequence

from guildwatch.model import Followed, Link, Point, PointKind, Report, Topic, created_at
from guildwatch.report import dates
from guildwatch.report.inert import plain
from guildwatch.report.phrases import phrases


def message_url(report: Report, message_id: int) -> str:
    """Where a cited message can be read in Discord."""
    channel = report.message_channels[message_id]
    return f"https://discord.com/channels/{report.guild_id}/{channel}/{message_id}"


MOST_SHOWN = 5
"""Receipts shown in full texts; a link that half the guild shared has dozens."""


def arrows(report: Report, message_ids: Sequence[int], most: int, *, say_more: bool = False) -> str:
    """Up to `most` links as ` [↗](…)`, and how many more there are if that is to be said."""
    cited = [one for one in message_ids if one in report.message_channels]
    links = "".join(f" [↗]({message_url(report, one)})" for one in cited[:most])
    return f"{links} +{len(cited) - most}" if say_more and len(cited) > most else links


def asked_on(report: Report, point: Point, zone: str) -> str:
    """` (asked Tuesday)` after an open question of another day, or in a report of several days."""
    if point.kind is not PointKind.QUESTION:
        return ""
    same = (each.asked_at for each in report.digest.followed if _asks(point, each))
    first = next(same, created_at(min(point.message_ids)))
    return dates.asked(first, report.period, zone, report.language)


def asked_earlier(report: Report) -> list[Followed]:
    """The earlier questions that no point of a topic tells, answered ones first."""
    now = report.digest.points(PointKind.QUESTION)
    rest = [
        each
        for each in report.digest.followed
        if each.answer is not None or not any(_asks(point, each) for point in now)
    ]
    return sorted(rest, key=lambda each: each.answer is None)


def _asks(point: Point, followed: Followed) -> bool:
    return not set(point.message_ids).isdisjoint(followed.question.message_ids)


def topic_of(report: Report, shared: Link) -> Topic | None:
    """The first topic that rests on a message with this link."""
    ids = set(shared.message_ids)
    return next(
        (
            topic
            for topic in report.digest.topics
            if any(not ids.isdisjoint(point.message_ids) for point in topic.points)
        ),
        None,
    )


def channel_names(report: Report) -> dict[int, str]:
    """The names of the channels that people wrote in, without anything invisible."""
    unnamed = phrases(report.language).say("words.unnamed_channel")
    return {each.id: plain(each.name) or unnamed for each in report.activity.channels}


def shared_urls(report: Report) -> frozenset[str]:
    """The links that people shared: the only ones that a report shows as links."""
    return frozenset(link.url for link in report.digest.links)
