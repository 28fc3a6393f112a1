"""Carries earlier reports on: what a topic continues, which questions are open and which answered.

Everything here happens after the audience filter: an earlier topic, a question or an answer from
outside a report's sources does not exist for it.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from guildwatch.digest import Context
from guildwatch.digest.merging.answers import may_matter
from guildwatch.digest.merging.carrying import (
    Chapter,
    Story,
    asked_again,
    asked_before,
    asked_in,
    followed_up,
    settled,
)
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Line
from guildwatch.model import (
    Digest,
    Guild,
    Message,
    Period,
    PeriodKind,
    PointKind,
    Report,
    Topic,
)
from guildwatch.model.snowflake import EPOCH
from guildwatch.report.recalling import Recall, Recalled, is_known_to, with_authors
from guildwatch.store import Store

REMEMBERED = timedelta(days=14)
"""How far back a topic may have been told that another continues."""

STALE = timedelta(days=7)
"""After so long a question is no longer told as open: who still waits asks again."""

_MOST_REPORTS = 60  # of one fortnight: a day may be told to several audiences
_MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Scene:
    """What a report is about: its guild, period, sources, and the messages that it is made from."""

    guild: Guild
    period: Period
    sources: frozenset[int]
    messages: Sequence[Message]
    context: Context


@dataclass(frozen=True, slots=True)
class Carried:
    """A digest that goes on from earlier ones, and where the earlier messages are."""

    digest: Digest
    places: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A topic as it was told, and when that was written."""

    topic: Topic
    written_at: datetime

    @property
    def receipts(self) -> tuple[int, ...]:
        return _receipts(self.topic)

    def still_stands(self, known: Mapping[int, Message]) -> bool:
        """Whether all its messages are there as they were told; mere questions are no story."""
        if all(point.kind is PointKind.QUESTION for point in self.topic.points):
            return False
        messages = [known[one] for one in self.receipts if one in known]
        return len(messages) == len(self.receipts) and not any(
            one.is_deleted or (one.edited_at is not None and one.edited_at > self.written_at)
            for one in messages
        )


class Carrier:
    """Joins the digest of a period with what was told before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recall = Recall(store)

    async def carry(
        self, digest: Digest, scene: Scene, *, before: Sequence[Digest] | None = None
    ) -> Carried:
        """The digest with what it continues and with the questions asked before it.

        `before` are digests of earlier days that no stored report tells; those before a day are
        read again where none are given. Of several days the topics are known to continue each
        other already, so only the questions are looked at.
        """
        recalled = Recalled(before or ())
        if before is None and scene.period.kind is PeriodKind.DAY and digest.topics:
            recalled = await self._recall.before(
                scene.guild.id, scene.period, scene.sources, scene.context
            )
        told = await self._told_before(scene)
        earlier = _earlier_topics(told, recalled.digests, scene)
        known = await self._known(scene, earlier, digest)
        if scene.period.kind in (PeriodKind.DAY, PeriodKind.SPAN):
            digest = await self._continued(digest, scene, earlier, known)
        if scene.context.min_people == 1:  # else nobody counted who took part in those
            digest = asked_before(await self._asked(digest, scene, told), recalled.asked)
        return Carried(digest, await self._places(digest, known))

    async def follow(self, report: Report) -> None:
        """Notes which questions a report told as open, and which it told as ended."""
        ids = {
            one for point in report.digest.points(PointKind.QUESTION) for one in point.message_ids
        }
        messages = list((await self._store.messages.by_ids(ids)).values())
        context = with_authors(Context(report.guild_name, {}, {}, report.period), messages)
        lines = {line.id: line for line in clean(messages, context).lines}
        asked = [asked_in(point, lines) for point in report.digest.points(PointKind.QUESTION)]
        await self._store.questions.follow(
            report.guild_id, {line.id: line.channel_id for line in asked if line is not None}
        )
        await self._store.questions.end(
            {
                each.asked_id: each.answer.message_ids[0]
                for each in report.digest.followed
                if each.answer is not None
            }
        )

    async def _told_before(self, scene: Scene) -> list[Report]:
        """The reports of the fortnight before that these readers may know of, the newest first."""
        start, reports = scene.period.start, self._store.reports
        kinds = (PeriodKind.DAY, PeriodKind.SPAN)
        stored = [
            one
            for one in await reports.overview(scene.guild.id)
            if one.period.kind in kinds
            and one.period.end <= start
            and one.period.start >= start - REMEMBERED
        ]
        found: list[Report] = []
        for one in stored[:_MOST_LOOKED_AT]:
            report = await reports.load(one.id)
            if len(found) < _MOST_REPORTS and is_known_to(report, scene.sources):
                found.append(report)
        return found

    async def _known(
        self, scene: Scene, earlier: Iterable[_Earlier], digest: Digest
    ) -> dict[int, Message]:
        """The messages that the topics, earlier and now, rest on."""
        ids = {one for each in earlier for one in each.receipts}
        ids |= {one for topic in digest.topics for one in topic.continues_ids}
        known = await self._store.messages.by_ids(ids)
        return {id_: one for id_, one in known.items() if one.channel_id in scene.sources}

    async def _continued(
        self,
        digest: Digest,
        scene: Scene,
        earlier: Iterable[_Earlier],
        known: Mapping[int, Message],
    ) -> Digest:
        told = [each for each in earlier if each.still_stands(known)]
        if not told or not digest.topics:
            return digest
        there = {message.id: message for message in scene.messages}
        cited = {one for topic in digest.topics for one in _receipts(topic)}
        homes = await self._homes({*cited, *(one for each in told for one in each.receipts)})
        before = [_chapter(each.topic, known, homes, scene) for each in told]
        now = [_chapter(topic, there, homes, scene) for topic in digest.topics]
        names = scene.context.authors.values()
        topics = await asyncio.to_thread(Story(before, names).continued, now)
        return replace(digest, topics=topics)

    async def _asked(self, digest: Digest, scene: Scene, told: Sequence[Report]) -> Digest:
        """With the questions that were told before, and without those that were answered since."""
        open_ids = await self._store.questions.open(
            scene.guild.id,
            max(scene.period.start, EPOCH) - STALE,  # year 1 has no week before it
            scene.period.start,
            channel_ids=scene.sources,
        )
        asked = await self._heard(told, frozenset(open_ids), scene.context)
        now = {one for point in digest.points(PointKind.QUESTION) for one in point.message_ids}
        if not asked and not now:
            return digest
        lines = await asyncio.to_thread(_telling_lines, scene, asked, now)
        homes = await self._homes({line.id for line in (*asked, *lines)})
        digest = replace(digest, followed=(*digest.followed, *followed_up(asked, lines, homes)))
        over_days = scene.period.kind is not PeriodKind.DAY
        return asked_again(settled(digest, lines, homes, over_days=over_days))

    async def _heard(
        self, told: Sequence[Report], open_ids: frozenset[int], context: Context
    ) -> list[Line]:
        """The open questions of these reports; another that a point rests on was none of them."""
        points = [
            point
            for report in told
            for point in report.digest.points(PointKind.QUESTION)
            if not open_ids.isdisjoint(point.message_ids)
        ]
        ids = {one for point in points for one in point.message_ids}
        messages = list((await self._store.messages.by_ids(ids)).values())
        lines = {line.id: line for line in clean(messages, with_authors(context, messages)).lines}
        heard = {line.id for point in points if (line := asked_in(point, lines)) is not None}
        return [line for line in lines.values() if line.id in heard.intersection(open_ids)]

    async def _homes(self, ids: Collection[int]) -> dict[int, int]:
        """The conversation of each of these messages, as far as known."""
        homes = await self._store.homes.of_messages(ids)
        return {id_: home.conversation_id for id_, home in homes.items()}

    async def _places(self, digest: Digest, known: Mapping[int, Message]) -> dict[int, int]:
        """The channels of the earlier messages that a digest names."""
        asked = {one for each in digest.followed for one in each.question.message_ids}
        messages = {**known, **await self._store.messages.by_ids(asked)}
        return {id_: message.channel_id for id_, message in messages.items()}


def _earlier_topics(
    told: Sequence[Report], before: Sequence[Digest], scene: Scene
) -> list[_Earlier]:
    """The topics of earlier days that these readers may know of."""
    just_now = datetime.max.replace(tzinfo=UTC)  # from the messages as they are
    found = [_Earlier(topic, just_now) for digest in before for topic in digest.topics]
    found += [_Earlier(topic, one.written_at) for one in told for topic in one.digest.topics]
    return [
        each
        for each in found
        if scene.sources.issuperset(each.topic.channel_ids)
        and each.topic.people >= scene.context.min_people
    ]


def _receipts(topic: Topic) -> tuple[int, ...]:
    return tuple(one for point in topic.points for one in point.message_ids)


def _chapter(
    topic: Topic, messages: Mapping[int, Message], homes: Mapping[int, int], scene: Scene
) -> Chapter:
    ids = [one for one in _receipts(topic) if one in messages]
    threads = {id_ for id_, each in scene.context.channels.items() if each.kind.is_thread}
    return Chapter(
        topic,
        people=frozenset(messages[one].author.id for one in ids) - {0},
        conversations=frozenset(homes[one] for one in ids if one in homes),
        threads=frozenset(threads.intersection(topic.channel_ids)),
        answered=frozenset(reply for one in ids if (reply := messages[one].reply_to) is not None),
    )


def _telling_lines(scene: Scene, asked: Sequence[Line], now: Collection[int]) -> list[Line]:
    """The lines of the period that may end one of the questions, and those that asked in it."""
    here = clean((one for one in scene.messages if one.id in now), scene.context).lines
    questions = [*asked, *here]
    candidates = [one for one in scene.messages if one.id in now or may_matter(one, questions)]
    return clean(candidates, scene.context).lines
