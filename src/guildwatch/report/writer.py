"""Writes reports: the messages of a period become a digest, with its mood, activity and coverage.

Everything in a report is made from the messages of its allowed sources alone; channels outside them
might as well not exist.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from guildwatch.digest import Digester, of_enough_people, roll_up
from guildwatch.language import Priority
from guildwatch.model import Clock, Digest, Guild, Period, PeriodKind, Progress, Report
from guildwatch.report.carrying import Carried, Carrier
from guildwatch.report.dates import main_day, short_day
from guildwatch.report.faceless import faceless
from guildwatch.report.figures import Figures, counted_figures, figures_of
from guildwatch.report.material import Material, material_of
from guildwatch.report.stretches import has_expired, serves, stretches
from guildwatch.report.wording import effort
from guildwatch.store import Store

_log = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]


class ReportWriter:
    """Writes reports from the store, one at a time for each guild; later ones wait.

    `language` is the code of the language for guilds whose admins chose none.
    """

    def __init__(
        self, store: Store, digester: Digester, *, clock: Clock, language: str = "en"
    ) -> None:
        self._language = language
        self._store = store
        self._digester = digester
        self._clock = clock
        self._carrier = Carrier(store)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._under_way: dict[int, Progress] = {}

    @property
    def under_way(self) -> Mapping[int, Progress]:
        """How far the report of each guild is for which one is being written."""
        return self._under_way

    async def write(
        self,
        guild: Guild,
        period: Period,
        *,
        source_ids: Collection[int] | None,
        priority: Priority,
        on_progress: OnProgress | None = None,
    ) -> Report:
        """The report of a period from these channels and threads; None means all that is stored."""
        async with self._turn(guild, period, on_progress) as tell:
            material = await self._material(guild, period, source_ids)
            digest = await self._digest(material, priority, tell)
            carried = await self._carrier.carry(digest, material.scene)
            figures = await figures_of(self._store, material, carried.digest)
            return self._report(material, carried, figures)

    async def roll_up(
        self,
        guild: Guild,
        period: Period,
        *,
        source_ids: Collection[int] | None,
        priority: Priority,
        on_progress: OnProgress | None = None,
    ) -> Report:
        """The report of several days, from the stored report of each or one written for it now.

        A stored report serves only if it draws on nothing but these sources and on all that they
        hold today, and nothing that it cites was edited or deleted since. Days whose messages are
        no longer kept are told by their reports and counted by the hourly counts.
        """
        async with self._turn(guild, period, on_progress) as tell:
            material = await self._material(guild, period, source_ids)
            used, digests, places = [], [], dict[int, int]()
            for stretch in stretches(period, await self._dailies(material)):
                part = material.within(stretch.period)
                if stretch.daily is not None:
                    used.append(stretch.daily)
                    least = material.options.min_people
                    digests.append(of_enough_people(stretch.daily.digest, least))
                elif part.messages:
                    day = stretch.period
                    told = await self._digest(part, priority, _of_day(day, tell))
                    carried = await self._carrier.carry(told, part.scene, before=digests)
                    digests.append(carried.digest)
                    places |= carried.places
            digest = roll_up(digests, period.kind)
            carried = await self._carrier.carry(digest, material.scene)
            carried = replace(carried, places=places | carried.places)
            if any(has_expired(one, material.within(one.period).messages) for one in used):
                return await self._counted(material, carried, used)
            figures = await figures_of(self._store, material, carried.digest)
            return self._report(material, carried, figures)

    async def keep(self, report: Report) -> int:
        """Stores a report for its readers and gives its id; its open questions are followed."""
        report_id = await self._store.reports.save(report)
        await self._carrier.follow(await self._store.reports.load(report_id))
        return report_id

    @asynccontextmanager
    async def _turn(
        self, guild: Guild, period: Period, on_progress: OnProgress | None
    ) -> AsyncIterator[OnProgress]:
        """Waits for the guild's turn; from then on whoever looks sees how far the report is."""

        def tell(progress: Progress) -> None:
            self._under_way[guild.id] = progress
            if on_progress is not None:
                on_progress(progress)

        async with self._turns[guild.id]:
            tell(Progress("Looking up what was said"))
            _log.info("%s: a report of %s begins", guild.name, period.start.isoformat())
            try:
                yield tell
            except Exception:
                _log.exception("%s: the report could not be written", guild.name)
                raise
            finally:
                del self._under_way[guild.id]

    async def _material(
        self, guild: Guild, period: Period, source_ids: Collection[int] | None
    ) -> Material:
        return await material_of(self._store, guild, period, source_ids, language=self._language)

    async def _digest(
        self, material: Material, priority: Priority, on_progress: OnProgress | None
    ) -> Digest:
        return await self._digester.digest(
            material.messages, material.context, priority=priority, on_progress=on_progress
        )

    async def _dailies(self, material: Material) -> list[Report]:
        """The stored reports of days in the period that still serve, the newest written first."""
        stored = await self._store.reports.overview(material.guild.id)
        period = material.period
        mine = [
            one
            for one in stored
            if one.period.kind is PeriodKind.DAY
            and period.start <= one.period.start < one.period.end <= period.end
        ]
        mine.sort(key=lambda one: one.written_at, reverse=True)
        dailies = [await self._store.reports.load(one.id) for one in mine]
        return [
            one
            for one in dailies
            if serves(
                one,
                *material.of(one.period),
                language=material.language,
                options=material.options,
            )
        ]

    async def _counted(
        self, material: Material, carried: Carried, dailies: Sequence[Report]
    ) -> Report:
        """A report of what is no longer all there: its figures come from the counts."""
        figures = await counted_figures(self._store, material, carried.digest, dailies)
        known = {id_: place for one in dailies for id_, place in one.message_channels.items()}
        carried = replace(carried, places=carried.places | known)
        return self._report(material, carried, figures)

    def _report(self, material: Material, carried: Carried, figures: Figures) -> Report:
        options, activity = material.options, figures.activity
        top = activity.top if options.top else ()
        report = Report(
            guild_id=material.guild.id,
            guild_name=material.guild.name,
            period=material.period,
            coverage=figures.coverage,
            digest=carried.digest,
            mood=figures.mood,
            activity=replace(activity, top=top, board=figures.board),
            source_ids=tuple(sorted(material.sources)),
            message_channels={},
            written_at=self._clock(),
            language=material.language,
            options=options,
        )
        if material.masks is not None:
            report = faceless(report, material.masks)
        _log.info("%s: a report is written: %s", material.guild.name, _counts(report))
        return _with_places(report, carried.places | material.places)


def _counts(report: Report) -> str:
    """A report's figures for the log, without a word of what was said."""
    engine, coverage = report.digest.engine, report.coverage
    by_check = ", ".join(f"{check} {count}" for check, count in sorted(engine.dropped.items()))
    return (
        f"read {coverage.read} of {coverage.messages} messages, {len(report.digest.topics)} topics,"
        f" {engine.name}, {engine.calls} calls, {effort(engine)},"
        f" {engine.dropped_points} points dropped"
        f"{f' ({by_check})' if by_check else ''}, {engine.seconds:.1f} s"
    )


def _of_day(day: Period, on_progress: OnProgress) -> OnProgress:
    """Tells the progress of one day as a part of the longer report."""
    name = short_day(main_day(day, day.zone))
    return lambda progress: on_progress(replace(progress, doing=f"{name}: {progress.doing}"))


def _with_places(report: Report, places: Mapping[int, int]) -> Report:
    """With the channel of each message that it cites, for the links."""
    cited = {one: places[one] for one in sorted(report.cited_ids) if one in places}
    return replace(report, message_channels=cited)
