"""Checks again what stored reports tell by messages that were edited since."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest import Context
from guildwatch.digest.checking.standing import point_stands, read_lines, text_stands, title_stands
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.masks import Masks
from guildwatch.model import (
    Channel,
    Digest,
    Followed,
    Guild,
    KeyPhrase,
    Link,
    Message,
    Point,
    Report,
    Topic,
)
from guildwatch.report.faceless import faceless_line, masks_of
from guildwatch.store import Recheck, Store

_log = logging.getLogger(__name__)
_TITLE_LENGTH = 80


class Rechecker:
    """Takes out of stored reports what their edited messages no longer say."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def work(self) -> None:
        """Check all that waits for it. Raises `StoreError`."""
        for recheck in await self._store.amendments.rechecks():
            await self._settle(recheck)

    async def _settle(self, recheck: Recheck) -> None:
        channels = {
            channel.id: channel
            for guild in await self._guilds(recheck)
            for channel in guild.channels
        }

        masks = await self._masks(recheck)

        def check(report: Report, edited: Collection[int], messages: Sequence[Message]) -> Report:
            return still_standing(report, edited, messages, channels, masks)

        if await self._store.amendments.settle(recheck, check):
            _log.info("The report %d lost what edited messages no longer say.", recheck.report_id)

    async def _masks(self, recheck: Recheck) -> Masks | None:
        report = await self._store.reports.load(recheck.report_id)
        return (
            None
            if report.options.names
            else await masks_of(self._store, report.guild_id, report.source_ids)
        )

    async def _guilds(self, recheck: Recheck) -> list[Guild]:
        report = await self._store.reports.load(recheck.report_id)
        guild = await self._store.guilds.one(report.guild_id)
        return [guild] if guild is not None else []


def still_standing(
    report: Report,
    edited: Collection[int],
    messages: Sequence[Message],
    channels: Mapping[int, Channel],
    masks: Masks | None = None,
) -> Report:
    """The report without what rests on edited messages and is not borne out by them any more.

    `messages` are those that it cites and what was said around the edited ones; `masks` stand for
    the members where it names none.
    """
    authors = {one.id: one.name for each in messages for one in (*each.mentioned, each.author)}
    shown = {one: at for one, at in channels.items() if one in report.source_ids}
    context = Context(report.guild_name, shown, authors, report.period, masks=masks)
    lines = read_lines(messages, context)
    if masks is not None:
        lines = [faceless_line(one, masks, report.language) for one in lines]
    witness = _Witness(frozenset(edited), {one.id: one for one in lines})
    digest = witness.digest(report.digest)
    if digest == report.digest:
        return report
    lost = _size(report.digest) - _size(digest)
    corrected = replace(report, digest=digest, withdrawn=report.withdrawn + lost)
    cited = corrected.cited_ids
    places = {one: at for one, at in report.message_channels.items() if one in cited}
    return replace(corrected, message_channels=places)


@dataclass(frozen=True, slots=True)
class _Witness:
    """The messages as they read now; only what rests on edited ones is looked at."""

    edited: frozenset[int]
    lines: Mapping[int, Line]

    def digest(self, digest: Digest) -> Digest:
        topics = tuple(one for one in map(self._topic, digest.topics) if one is not None)
        headline, receipts = digest.headline, digest.headline_message_ids
        if self._rests(receipts) and not text_stands(headline, self._cited(receipts), self._all):
            first = next((point for topic in topics for point in topic.points), None)
            headline, receipts = (first.text, first.message_ids) if first else ("", ())
        links = (self._link(link) for link in digest.links)
        return replace(
            digest,
            headline=headline,
            headline_message_ids=receipts,
            topics=topics,
            links=tuple(link for link in links if link.message_ids),
            followed=tuple(one for one in digest.followed if self._follows(one)),
            also=tuple(one for one in digest.also if self._holds(one)),
        )

    def _topic(self, topic: Topic) -> Topic | None:
        earlier = topic.continues_ids
        if self._rests(earlier) and not title_stands(topic.continues or "", self._cited(earlier)):
            topic = replace(topic, continues=None, continues_ids=())
        points = tuple(point for point in topic.points if self._stands(point))
        if not points:
            return None
        is_touched = any(self._rests(point.message_ids) for point in topic.points)
        if len(points) == len(topic.points) and not (is_touched and self._is_mistitled(topic)):
            return topic
        return replace(topic, points=points, title=_shortened(points[0].text))

    def _is_mistitled(self, topic: Topic) -> bool:
        return not title_stands(topic.title, self._all)

    def _link(self, link: Link) -> Link:
        """The link without edited messages that do not hold it any more."""
        ids = tuple(
            one
            for one in link.message_ids
            if one not in self.edited or (one in self.lines and link.url in self.lines[one].urls)
        )
        return link if ids == link.message_ids else replace(link, message_ids=ids)

    def _holds(self, phrase: KeyPhrase) -> bool:
        """Whether every edited message of a phrase still has it; an empty one has nothing."""
        low = phrase.text.lower()
        return all(
            one in self.lines and low in self.lines[one].text.lower()
            for one in self.edited.intersection(phrase.message_ids)
        )

    def _follows(self, followed: Followed) -> bool:
        answer = followed.answer
        return self._stands(followed.question) and (answer is None or self._stands(answer))

    def _stands(self, point: Point) -> bool:
        cited = self._cited(point.message_ids)
        return not self._rests(point.message_ids) or point_stands(point, cited, self._all)

    def _rests(self, ids: Collection[int]) -> bool:
        return not self.edited.isdisjoint(ids)

    def _cited(self, ids: Collection[int]) -> list[Line]:
        return [self.lines[one] for one in dict.fromkeys(ids) if one in self.lines]

    @property
    def _all(self) -> list[Line]:
        return list(self.lines.values())


def _size(digest: Digest) -> int:
    return sum(len(topic.points) for topic in digest.topics)


def _shortened(text: str) -> str:
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1].rstrip() + "…"
