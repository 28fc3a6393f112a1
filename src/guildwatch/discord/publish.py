"""The schedule's two steps: writing a due report for its readers, and posting it."""

import logging
from dataclasses import replace
from typing import Protocol

from guildwatch.capture import Roster, report_channel
from guildwatch.discord.allowed import AllowedSources
from guildwatch.discord.charting import draw
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.errors import AwayError, OutdatedError
from guildwatch.discord.line import Line
from guildwatch.discord.notices import Notices
from guildwatch.discord.places import MissingRightsError, PostInDoubtError
from guildwatch.discord.targets import REQUIRED, ChannelTarget, Target, target_of
from guildwatch.discord.troubles import Troubles
from guildwatch.language import Priority
from guildwatch.model import (
    Clock,
    Guild,
    GuildSettings,
    LedgerEntry,
    PeriodKind,
    Report,
    utc_now,
)
from guildwatch.report import Charts, Post, ReportWriter, to_post
from guildwatch.schedule import PostOutcome
from guildwatch.store import Store
from guildwatch.store.remains import at_length

_log = logging.getLogger(__name__)

_MOST_ANEW = 5
"""How often a post is begun anew because its report was corrected meanwhile."""


class Standing(Protocol):
    """The posts that stand in Discord, as far as a new one goes on from them."""

    async def compare(self, guild: Guild) -> None:
        """Take out of a guild's posts what their readers may not read any more."""
        ...


def post_of(report: Report, entry: LedgerEntry) -> Post:
    """A stored report as the post of an entry of the ledger, whenever it is rendered."""
    return to_post(report, zone=entry.period.zone)


class Publisher:
    """Writes and posts what is due, for exactly those who read the place where it goes."""

    def __init__(
        self,
        line: Line,
        *,
        store: Store,
        roster: Roster,
        writer: ReportWriter,
        charts: Charts,
        delivery: Delivery,
        notices: Notices,
        troubles: Troubles,
        standing: Standing,
        clock: Clock = utc_now,
    ) -> None:
        self._allowed = AllowedSources(line, store, roster, clock=clock)
        self._store = store
        self._roster = roster
        self._writer = writer
        self._charts = charts
        self._delivery = delivery
        self._notices = notices
        self._troubles = troubles
        self._standing = standing

    async def sources(self, guild: Guild) -> frozenset[int] | None:
        """What the guild's next report draws on; None is all, as it is for nobody to read yet."""
        target = target_of(guild, self._roster.settings(guild.id))
        return await self._sources(guild, target) if target is not None else None

    async def check(self, entry: LedgerEntry) -> PostOutcome | None:
        """Whether the place is open; how it ended, if it was posted before a restore.

        Raises MissingRightsError while it is closed.
        """
        guild = self._guild(entry.guild_id)
        settings = self._roster.settings(guild.id)
        if await self._store.ledger.parts(entry):
            return None  # it is on its way
        try:
            target = target_of(guild, settings)
            if target is None:
                self._unplaced(guild, settings)
                return None
            if await self._delivery.was_posted(guild, entry, target):
                return PostOutcome()
            if isinstance(target, ChannelTarget):
                (await self._delivery.places.of(guild, target)).require(REQUIRED)
        except MissingRightsError as error:
            await self._troubles.blocked(guild, settings, str(error))
            raise
        return None

    async def write(self, entry: LedgerEntry) -> int | None:
        """Write the report of this period and keep it; its id, or None when nobody spoke.

        Without a place to post it, it is the operator's: everything, kept and shown to no guild.
        """
        guild = self._guild(entry.guild_id)
        report = await self._written(guild, entry, await self.sources(guild))
        return await self._writer.keep(report) if report.activity.messages else None

    async def post(self, entry: LedgerEntry) -> PostOutcome:
        """Post what was written; tells the admin what only they can mend."""
        guild = self._guild(entry.guild_id)
        settings = self._roster.settings(guild.id)
        try:
            outcome = await self._outcome(guild, settings, entry)
        except MissingRightsError as error:
            await self._troubles.blocked(guild, settings, str(error))
            raise
        except PostInDoubtError as error:
            await self._notices.tell(guild, settings, str(error))
            return PostOutcome(closed=str(error))
        await self._troubles.over(guild.id)
        return outcome

    async def give_up(self, entry: LedgerEntry, reason: str) -> None:
        """Tell the admin and the operator that this report will not come."""
        guild = self._roster.guild(entry.guild_id)
        settings = self._roster.settings(entry.guild_id)
        await self._troubles.given_up(guild, settings, entry, reason)

    async def _outcome(
        self, guild: Guild, settings: GuildSettings, entry: LedgerEntry
    ) -> PostOutcome:
        target = target_of(guild, settings)
        if target is None:
            return self._unplaced(guild, settings)
        for _ in range(_MOST_ANEW):
            report_id = await self._report_for(self._guild(guild.id), entry, target)
            try:
                return await self._told(guild, settings, entry, report_id, target)
            except OutdatedError:
                _log.info("The report %s was corrected while it was being posted.", entry.key)
        report_id = await self._report_for(self._guild(guild.id), entry, target)
        # What is corrected faster than it can be posted is edited afterwards.
        return await self._told(guild, settings, entry, report_id, target, checked=False)

    async def _told(
        self,
        guild: Guild,
        settings: GuildSettings,
        entry: LedgerEntry,
        report_id: int,
        target: Target,
        *,
        checked: bool = True,
    ) -> PostOutcome:
        """Post a report as it is now; raises OutdatedError if it is corrected meanwhile.

        And if not everybody who can read the channel may be told of all its sources any more.
        """
        changes = await self._store.amendments.changes(report_id)
        report = await self._store.reports.load(report_id)

        async def check() -> None:
            if checked and await self._store.amendments.changes(report_id) != changes:
                raise OutdatedError("The report was corrected while it was being posted.")
            if checked and not await self._may_stand(guild.id, report, target):
                raise OutdatedError("The readers changed while the report was being posted.")

        if not report.activity.messages:
            return PostOutcome(closed="silent")
        if await self._is_skipped(settings, entry, report):
            return PostOutcome(closed="quiet, skipped", report_id=report_id)
        post = post_of(report, entry)
        chart = await draw(self._charts, report) if post.thread else None
        left_out = await self._delivery.post(
            guild,
            entry,
            post,
            chart,
            target,
            report_id=report_id,
            corrected=changes > 0,
            check=check,
        )
        if left_out:
            _log.warning("The report %s is posted, but: %s", entry.key, left_out)
            await self._notices.tell(guild, settings, left_out)
        return PostOutcome(report_id=report_id)

    async def _is_skipped(
        self, settings: GuildSettings, entry: LedgerEntry, report: Report
    ) -> bool:
        """Whether it is a quiet day that nobody wants to hear of; not once its post has begun."""
        is_quiet_day = entry.period.kind is PeriodKind.DAY and report.is_quiet
        return settings.skip_quiet and is_quiet_day and not await self._store.ledger.parts(entry)

    async def _report_for(self, guild: Guild, entry: LedgerEntry, target: Target) -> int:
        """The written report's id, or a new one's when it holds more than its readers may now read.

        Between writing and posting the target or its readers may have changed. It is read from
        the store, which leaves out what was deleted while it was being written.
        """
        allowed = await self._sources(guild, target)
        if entry.report_id is None:
            return await self._writer.keep(await self._written(guild, entry, allowed))
        was = await self._store.reports.load(entry.report_id)
        if allowed.issuperset(was.source_ids):
            return entry.report_id
        return await self._written_anew(guild, entry, was, allowed)

    async def _written_anew(
        self, guild: Guild, entry: LedgerEntry, was: Report, allowed: frozenset[int]
    ) -> int:
        """The id of a report for readers who have changed since it was written.

        It goes on from the posts before it, so those are brought to what its readers may know
        first. Where some of it is out, that is edited until all of it shows the new report, and
        what was told at length is not cut down to a line.
        """
        await self._standing.compare(guild)
        report = await self._written(guild, entry, allowed)
        if not await self._store.ledger.parts(entry):
            return await self._writer.keep(report)
        report_id = await self._writer.keep(at_length(report, was))
        await self._store.amendments.queue(report_id)
        return report_id

    async def _written(
        self, guild: Guild, entry: LedgerEntry, sources: frozenset[int] | None
    ) -> Report:
        is_day = entry.period.kind is PeriodKind.DAY
        write = self._writer.write if is_day else self._writer.roll_up
        return await write(guild, entry.period, source_ids=sources, priority=Priority.SCHEDULED)

    async def _may_stand(self, guild_id: int, report: Report, target: Target) -> bool:
        """Whether a channel's readers may still be told all of it; a person was asked just now."""
        guild = self._guild(guild_id)
        if not isinstance(target, ChannelTarget):
            return True
        channel = guild.channel(target.channel.id)
        allowed = await self._allowed.of_report(guild, channel) if channel else frozenset[int]()
        return allowed.issuperset(report.source_ids)

    async def _sources(self, guild: Guild, target: Target) -> frozenset[int]:
        if isinstance(target, ChannelTarget):
            channel = guild.channel(target.channel.id) or target.channel
            allowed = await self._allowed.of_report(guild, channel)
        else:
            allowed = await self._allowed.of_person(guild, target.user_id)
        return frozenset(id_ for id_ in allowed if self._roster.is_tracked(id_))

    def _unplaced(self, guild: Guild, settings: GuildSettings) -> PostOutcome:
        """What becomes of a report without a place; its place may be hidden from us by mistake."""
        hidden = replace(guild, channels=tuple(self._roster.aside(guild.id)))
        if report_channel(hidden, settings) is None:
            return PostOutcome(closed="no channel")
        raise MissingRightsError(
            "I can't see the channel that the reports go to: give me *View Channel* there, or "
            "choose another with `/setsummary`. I kept the report; it goes out once that is mended."
        )

    def _guild(self, guild_id: int) -> Guild:
        guild = self._roster.guild(guild_id)
        # Without the bot's roles no channel counts as followed, and the day would seem silent.
        if guild is None or self._roster.bot_member(guild_id) is None:
            raise AwayError("The guild is not there, so its report waits until it is back.")
        return guild
