"""A report without what nobody should repeat, whoever wrote it and whenever it was stored.

What people said was masked before anything was made of it (`digest/transcript/clean.py`). This is
the last door: it also stands before names of members and channels, before what a model made up,
and before reports that an older version stored.
"""

from collections.abc import Callable
from dataclasses import replace

from guildwatch.model import Digest, Followed, Point, Report, Topic
from guildwatch.report.phrases import phrases
from guildwatch.sensitive import MARKS, Kind, holds, masked

Say = Callable[[str], str]


def discreet(report: Report, *, in_words: bool = True) -> Report:
    """The report as it may be shown, its marks in its language unless a machine is to read it."""
    say = _said_in(report.language) if in_words else masked
    activity = report.activity
    return replace(
        report,
        guild_name=say(report.guild_name),
        digest=_digest(report.digest, say),
        activity=replace(
            activity,
            channels=tuple(replace(one, name=say(one.name)) for one in activity.channels),
            top=tuple(replace(one, name=say(one.name)) for one in activity.top),
            board=tuple(replace(one, name=say(one.name)) for one in activity.board),
        ),
    )


def _said_in(language: str) -> Say:
    words = phrases(language)
    marks = {
        kind.mark: words.say(f"removed.{kind.value}") for kind in Kind if kind is not Kind.PASSWORD
    }

    def say(text: str) -> str:
        text = masked(text)
        if any(mark in text for mark in MARKS.values()):
            for mark, said in marks.items():
                text = text.replace(mark, said)
        return text

    return say


def _digest(digest: Digest, say: Say) -> Digest:
    return replace(
        digest,
        headline=say(digest.headline),
        topics=tuple(_topic(one, say) for one in digest.topics),
        links=tuple(one for one in digest.links if not holds(one.url)),
        followed=tuple(_followed(one, say) for one in digest.followed),
        also=tuple(replace(one, text=say(one.text)) for one in digest.also),
    )


def _topic(topic: Topic, say: Say) -> Topic:
    return replace(
        topic,
        title=say(topic.title),
        continues=None if topic.continues is None else say(topic.continues),
        points=tuple(_point(one, say) for one in topic.points),
    )


def _followed(followed: Followed, say: Say) -> Followed:
    answer = followed.answer
    return replace(
        followed,
        question=_point(followed.question, say),
        answer=None if answer is None else _point(answer, say),
    )


def _point(point: Point, say: Say) -> Point:
    return replace(point, text=say(point.text))
