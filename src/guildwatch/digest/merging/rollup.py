"""A longer digest from shorter ones: a week or a month from its days."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from guildwatch.digest.extraction.rank import topics_for
from guildwatch.digest.merging.carrying import merged_followed
from guildwatch.digest.merging.compose import chosen_topics, headline
from guildwatch.digest.merging.merge import Told, without_points
from guildwatch.digest.transcript.links import MOST_LINKS
from guildwatch.model import Digest, EngineUse, Followed, Link, PeriodKind, Topic


def roll_up(digests: Sequence[Digest], kind: PeriodKind = PeriodKind.WEEK) -> Digest:
    """The weightiest topics of all; a single digest passes through unchanged.

    What went on for several days is one topic; a question that a later day answered is not open.
    Messages that were left out stay counted under their reasons.
    """
    if len(digests) == 1:
        return digests[0]
    read = sum(digest.read for digest in digests)
    followed = _followed(digests)
    ended = {each.asked_id for each in followed if each.answer is not None}
    told = [
        Told(topic, frozenset(), _weight(topic, place))
        for digest in digests
        for place, topic in enumerate(without_points(digest.topics, ended))
    ]
    topics = chosen_topics(told, topics_for(read))
    line, ids = headline(topics, read, kind)
    left_out: Counter[str] = Counter()
    for digest in digests:
        left_out.update(digest.left_out)
    return Digest(
        headline=line,
        headline_message_ids=ids,
        topics=topics,
        links=_links(digests),
        read=read,
        left_out=dict(left_out),
        engine=_engine([digest.engine for digest in digests]),
        conversations=sum(digest.conversations for digest in digests),
        followed=followed,
    )


def of_enough_people(digest: Digest, min_people: int) -> Digest:
    """The digest without topics of which too few spoke.

    Of one that was made with a lower minimum only the other topics are left: who took part in what
    else it tells was not counted.
    """
    kept = tuple(topic for topic in digest.topics if topic.people >= min_people)
    if len(kept) == len(digest.topics):
        return digest
    told = kept[0].points[0] if kept else None
    return replace(
        digest,
        headline=told.text if told else "",
        headline_message_ids=told.message_ids if told else (),
        topics=kept,
        links=(),
        followed=(),
        also=(),
    )


def _followed(digests: Sequence[Digest]) -> tuple[Followed, ...]:
    """What was answered on any day, and what the last day still told as open."""
    ended = [each for digest in digests for each in digest.followed if each.answer is not None]
    return merged_followed([*ended, *(digests[-1].followed if digests else ())])


def _weight(topic: Topic, place: int) -> float:
    """Its size, and its place in its own digest, which knew more than size."""
    return math.sqrt(topic.messages) + 2.0 * topic.people / (1 + place)


def _links(digests: Sequence[Digest]) -> tuple[Link, ...]:
    holders: dict[str, tuple[int, ...]] = {}
    for digest in digests:
        for link in digest.links:
            holders[link.url] = holders.get(link.url, ()) + link.message_ids
    ranked = sorted(holders.items(), key=lambda each: -len(each[1]))
    return tuple(Link(url, tuple(dict.fromkeys(ids))) for url, ids in ranked[:MOST_LINKS])


def _engine(engines: Sequence[EngineUse]) -> EngineUse:
    names = {engine.name for engine in engines}
    return EngineUse(
        name=names.pop() if len(names) == 1 else "mixed" if names else "extractive",
        model=next((engine.model for engine in engines if engine.model), None),
        calls=sum(engine.calls for engine in engines),
        prompt_tokens=sum(engine.prompt_tokens for engine in engines),
        chat_tokens=sum(engine.chat_tokens for engine in engines),
        completion_tokens=sum(engine.completion_tokens for engine in engines),
        seconds=sum(engine.seconds for engine in engines),
        dropped_points=sum(engine.dropped_points for engine in engines),
        dropped=dict(sum((Counter(engine.dropped) for engine in engines), Counter())),
        ahead_calls=sum(engine.ahead_calls for engine in engines),
        ahead_prompt_tokens=sum(engine.ahead_prompt_tokens for engine in engines),
        ahead_completion_tokens=sum(engine.ahead_completion_tokens for engine in engines),
        translated=sum(engine.translated for engine in engines),
        untranslated=sum(engine.untranslated for engine in engines),
        fallback=next((engine.fallback for engine in engines if engine.fallback), ""),
    )
