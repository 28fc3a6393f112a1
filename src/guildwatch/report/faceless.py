"""A report without the names of members, for guilds that want none.

What a model or a rule made of masked messages wears masks; what was told earlier, and the names of
channels, may name members as they are. Both end here.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from guildwatch.digest import Line
from guildwatch.digest.transcript.masks import Masks
from guildwatch.model import Activity, Digest, Followed, Message, Point, Report, Topic
from guildwatch.report.phrases import phrases
from guildwatch.store import Store

Say = Callable[[str], str]


def faceless(report: Report, masks: Masks) -> Report:
    """The report in which every member is "someone", in its language, and none is listed.

    A link with somebody's name in it is left out: it could only be told whole.
    """
    someone = phrases(report.language).say("words.someone")

    def say(text: str) -> str:
        return masks.settle(text, someone)

    return replace(
        report,
        digest=_digest(report.digest, masks, say),
        mood=replace(report.mood, unusual=tuple(map(say, report.mood.unusual))),
        activity=_activity(report.activity, say),
    )


async def masks_of(
    store: Store,
    guild_id: int,
    sources: Collection[int] | None,
    messages: Iterable[Message] = (),
) -> Masks:
    """The masks of all members of a guild who ever spoke or were mentioned in these channels.

    Somebody known from other channels alone has none: it would tell that they are a member.
    """
    known = await store.guilds.member_names(guild_id, sources)
    masks = await asyncio.to_thread(Masks, known)
    for message in messages:
        for author in (*message.mentioned, message.author):
            if not author.is_bot:
                masks.learn(author.id, author.name)
    return masks


def faceless_line(line: Line, masks: Masks, language: str) -> Line:
    """A line as a report without names quotes it."""
    someone = phrases(language).say("words.someone")
    name = someone[:1].upper() + someone[1:]
    return replace(line, name=name, text=masks.settle(line.text, someone))


def _digest(digest: Digest, masks: Masks, say: Say) -> Digest:
    return replace(
        digest,
        headline=say(digest.headline),
        topics=tuple(_topic(one, say) for one in digest.topics),
        links=tuple(one for one in digest.links if not masks.names_somebody(one.url)),
        followed=tuple(_followed(one, say) for one in digest.followed),
        also=tuple(one for one in digest.also if not masks.names_somebody(one.text)),
    )


def _topic(topic: Topic, say: Say) -> Topic:
    return replace(
        topic,
        title=say(topic.title),
        points=tuple(_point(one, say) for one in topic.points),
        continues=None if topic.continues is None else say(topic.continues),
    )


def _point(point: Point, say: Say) -> Point:
    return replace(point, text=say(point.text), original=say(point.original))


def _followed(followed: Followed, say: Say) -> Followed:
    answer = None if followed.answer is None else _point(followed.answer, say)
    return replace(followed, question=_point(followed.question, say), answer=answer)


def _activity(activity: Activity, say: Say) -> Activity:
    channels = tuple(replace(one, name=say(one.name)) for one in activity.channels)
    return replace(activity, channels=channels, top=(), board=())
