"""Posting a report part by part, each of them exactly once."""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime
from typing import Protocol

from guildwatch.audience import Permissions
from guildwatch.capture import Pause
from guildwatch.discord.correction import Correction
from guildwatch.discord.details import Details, note_found
from guildwatch.discord.edits import Amended, Edits, close_thread
from guildwatch.discord.errors import AwayError
from guildwatch.discord.glance import Glance, find_glance
from guildwatch.discord.incident_log import IncidentLog
from guildwatch.discord.job import Check, Job, unchanged
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, Parts, PartStore
from guildwatch.discord.places import Bots, Place, Places, PostInDoubtError
from guildwatch.discord.posting import NotTakenError
from guildwatch.discord.targets import THREAD_RIGHTS, Target, named
from guildwatch.model import Clock, Guild, LedgerEntry
from guildwatch.report import Post

_log = logging.getLogger(__name__)

_TO_LOOK = Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY


class Facts(Protocol):
    """Single facts about the database, as far as posting needs them."""

    async def moment(self, name: str) -> datetime | None:
        """When something of this name was last done to it (UTC), None if never."""
        ...


class Delivery:
    """Posts reports; what is tried and what went out is in the ledger before anything follows.

    `places` tells where, with the bot's rights there.
    """

    def __init__(
        self,
        line: Line,
        ledger: PartStore,
        bots: Bots,
        *,
        facts: Facts,
        incidents: IncidentLog,
        clock: Clock,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._line = line
        self._ledger = ledger
        self.places = Places(line, bots, clock)
        self._facts = facts
        self._incidents = incidents
        self._clock = clock
        self._pause = pause
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._correcting = 0

    async def post(
        self,
        guild: Guild,
        entry: LedgerEntry,
        post: Post,
        chart: bytes | None,
        target: Target,
        *,
        report_id: int | None = None,
        corrected: bool = False,
        check: Check = unchanged,
    ) -> str:
        """Post what of this report is not out yet; what had to be left out, as sentences.

        `report_id` is the stored report that it shows, `corrected` tells that it was corrected
        since it was written, and `check` is asked before each part.
        Raises MissingRightsError when the place is closed to us, PostInDoubtError when the glance
        may be out and cannot be searched, OutdatedError when the check does, DiscordError when
        Discord fails us: a later try goes on where this one ended.
        """
        async with self._turns[entry.key]:
            parts = await self._parts(entry, report_id)
            place = await self.places.of(guild, target)
            job = Job(entry, post, chart, place, parts, self._line, check)
            if await self._went_elsewhere(guild, job):
                return (
                    "The report channel was changed in the middle of a post, so it has no details."
                )
            if corrected or parts.shown_report not in (None, report_id):
                amended = await self._correct(job.parts, entry, post)
                if amended.wait:
                    raise AwayError("Discord limits how much is edited, so the report waits.")
                if amended.blocked:
                    return f"The details are not complete. {amended.blocked}"
            glance_id = await Glance(job, self._incidents).post()
            return await _post_details(job, glance_id)

    async def amend(
        self, guild: Guild, entry: LedgerEntry, post: Post, report_id: int, *, is_final: bool
    ) -> Amended:
        """Edit what is out of a report's post, so that it says what the report says now.

        Of a post that `is_final` what it lacks is added too. Raises AwayError when Discord does
        not answer: a later try goes on where this one ended.
        """
        async with self._turns[entry.key]:
            parts = await self._parts(entry, report_id)
            if (parts.shown_report or entry.report_id) != report_id:
                return Amended(is_elsewhere=True)  # it was written for other readers
            amended = await self._correct(parts, entry, post)
            if is_final and amended.is_whole and 0 < len(parts.details()) < len(post.thread):
                place = self.places.of_glance(guild, parts)
                job = Job(entry, post, None, place, parts, self._line)
                try:
                    await Details(job, parts.message_id(GLANCE) or 0).post()
                except (NotTakenError, PostInDoubtError) as error:
                    _log.warning("the details of report %s lack something: %s", entry.key, error)
            return amended

    async def close_threads(self) -> None:
        """Close again the threads that an earlier run opened for an edit and did not come to close.

        Raises AwayError when Discord does not answer.
        """
        for thread_id in await self._ledger.opened():
            if self._correcting:
                return  # it may be one of theirs
            await close_thread(self._line, self._ledger, thread_id)

    async def was_posted(self, guild: Guild, entry: LedgerEntry, target: Target) -> bool:
        """Whether a report that a restored database knows nothing of stands where it goes.

        Only one whose period was over before the restore is looked for; what is found of it is
        noted. Where nobody may look it is false: `post` says what that means. Raises AwayError
        when Discord does not answer.
        """
        parts = await self._parts(entry)
        place = await self.places.of(guild, target) if parts.is_made_elsewhere else None
        if place is None or place.lacks(_TO_LOOK):
            return False
        try:
            glance = await find_glance(self._line, entry, place, begin=entry.period.end)
        except PostInDoubtError:
            return False
        if glance is not None:
            await note_found(self._line, parts, place, glance)
        return glance is not None

    async def _correct(self, parts: Parts, entry: LedgerEntry, post: Post) -> Amended:
        edits = Edits(self._line, self._ledger, self._pause)
        self._correcting += 1
        try:
            return await Correction(self._line, parts, entry, post, edits).make()
        finally:
            self._correcting -= 1

    async def _parts(self, entry: LedgerEntry, report_id: int | None = None) -> Parts:
        restored_at = await self._facts.moment("restored_at")
        restored = restored_at is not None and entry.period.end <= restored_at
        parts = Parts(self._ledger, entry, self._clock, report_id=report_id, restored=restored)
        await parts.load()
        return parts

    async def _went_elsewhere(self, guild: Guild, job: Job) -> bool:
        """Whether the glance is out in another channel than the one that is meant now.

        The report may have been written anew for the new channel's readers, so its details must
        not follow the old glance.
        """
        tried = job.parts.tried(GLANCE)
        if tried is None or tried.channel_id == job.place.id:
            return False
        if tried.message_id is not None:
            return True
        former = self.places.former(guild, tried, job.place)
        found = await Glance(job, self._incidents).search(former)
        if found is not None:
            await job.parts.confirm(GLANCE, tried.channel_id, found)
        return found is not None


async def _post_details(job: Job, glance_id: int) -> str:
    left_out = _chart_left_out(job)
    if not job.post.thread:
        return left_out
    if missing := job.place.lacks(THREAD_RIGHTS):
        return f"{left_out} {_without_details(job.place, missing)}".strip()
    try:
        told = await Details(job, glance_id).post()
    except (NotTakenError, PostInDoubtError) as error:
        _log.warning("the details of report %s stay incomplete: %s", job.entry.key, error)
        told = f"The details are not complete. {error}"
    return f"{left_out} {told}".strip()


def _chart_left_out(job: Job) -> str:
    missing = job.place.lacks(Permissions.ATTACH_FILES)
    if job.chart is None or not missing:
        return ""
    return f"I lack {named(missing)} in {job.place.name}, so the report has no chart there."


def _without_details(place: Place, missing: Permissions) -> str:
    return (
        f"I lack {named(missing)} in {place.name}, so the report is there without the thread of "
        "its details."
    )
