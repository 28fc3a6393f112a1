"""Posting a report part by part, each of them exactly once."""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Protocol

import hikari

from guildwatch.audience import Permissions
from guildwatch.capture import Pause
from guildwatch.discord import buttons, embeds
from guildwatch.discord.correction import Correction
from guildwatch.discord.details import Details, note_found
from guildwatch.discord.edits import Amended, Edits, close_thread
from guildwatch.discord.errors import UNANSWERED, AwayError, DiscordError
from guildwatch.discord.fields import Raw, needed_snowflake
from guildwatch.discord.job import Check, Job, unchanged
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, THREAD, Parts, PartStore
from guildwatch.discord.places import MissingRightsError, Place, PostInDoubtError, place_of
from guildwatch.discord.posting import NotTakenError, made, reason_of, send_once
from guildwatch.discord.search import find_message, glance_of
from guildwatch.discord.shown import glance_content
from guildwatch.discord.targets import (
    REQUIRED,
    THREAD_RIGHTS,
    ChannelTarget,
    Target,
    named,
)
from guildwatch.model import Clock, Guild, LedgerEntry, Member, Part, first_id_at
from guildwatch.report import Post

_log = logging.getLogger(__name__)

_SKEW = timedelta(minutes=10)
"""How far this machine's clock may be ahead of Discord's when a lost glance is searched."""
_LOOKED_THROUGH = 300
"""Messages after a period's end among which a post that we never tried is looked for."""
_SECOND_INSTANCE = "second instance"
_TO_LOOK = Permissions.VIEW_CHANNEL | Permissions.READ_MESSAGE_HISTORY
_NOT_ALLOWED = (50001, 50013)
"""Discord's codes for a channel that we do not see, and for a permission that we lack."""


class Bots(Protocol):
    """Who knows the bot as a member of each guild."""

    def bot_member(self, guild_id: int) -> Member | None:
        """The bot in this guild, None when it is not there."""
        ...


class Facts(Protocol):
    """Single facts about the database, as far as posting needs them."""

    async def moment(self, name: str) -> datetime | None:
        """When something of this name was last done to it (UTC), None if never."""
        ...


class IncidentLog(Protocol):
    """Where our own failures are noted for the operator."""

    async def begin(self, guild_id: int, kind: str, subject: str, sentence: str) -> None:
        """Note that something goes wrong."""
        ...

    async def end(self, guild_id: int, kind: str, subject: str) -> None:
        """Note that it is over, if it went on."""
        ...


class Delivery:
    """Posts reports; what is tried and what went out is in the ledger before anything follows."""

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
        self._bots = bots
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
            place = await self.place(guild, target)
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
            glance_id = await self._post_glance(job)
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
                return Amended()  # its post shows another report, written for other readers
            amended = await self._correct(parts, entry, post)
            if is_final and amended.is_whole and 0 < len(parts.details()) < len(post.thread):
                place = await self._place_of_glance(guild, parts)
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
        place = await self.place(guild, target) if parts.is_made_elsewhere else None
        if place is None or place.lacks(_TO_LOOK):
            return False
        after = first_id_at(entry.period.end - _SKEW)
        match = glance_of(entry, place.bot_id)
        try:
            glance = await find_message(self._line, place.id, after=after, match=match)
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

    async def _place_of_glance(self, guild: Guild, parts: Parts) -> Place:
        glance, bot = parts.part(GLANCE), self._bots.bot_member(guild.id)
        if glance is None or bot is None:
            raise AwayError(f"I am not in {guild.name} now, so its posts wait.")
        channel = guild.channel(glance.channel_id)
        if channel is None and parts.part(THREAD) is not None:
            raise AwayError("The channel of the post is not there now, so the post waits.")
        if channel is None:
            return Place(glance.channel_id, bot.id)
        return place_of(guild, channel, bot, self._clock())

    async def _parts(self, entry: LedgerEntry, report_id: int | None = None) -> Parts:
        restored_at = await self._facts.moment("restored_at")
        restored = restored_at is not None and entry.period.end <= restored_at
        parts = Parts(self._ledger, entry, self._clock, report_id=report_id, restored=restored)
        await parts.load()
        return parts

    async def place(self, guild: Guild, target: Target) -> Place:
        """Where that is, with the bot's rights there; raises DiscordError where it is closed."""
        bot = self._bots.bot_member(guild.id)
        if bot is None:
            raise AwayError(f"I am not in {guild.name} now, so nothing can be posted there.")
        if isinstance(target, ChannelTarget):
            return place_of(guild, target.channel, bot, self._clock())
        try:
            direct = await self._line.rest.create_dm_channel(target.user_id)
        except hikari.ClientHTTPResponseError as error:
            raise DiscordError(
                f"Discord does not open direct messages with the admin: {reason_of(error)}."
            ) from error
        except UNANSWERED as error:
            raise AwayError("Discord does not answer, so the report waits.") from error
        return Place(int(direct.id), bot.id)

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
        found = await _search_glance(job, self._former_place(guild, tried, job.place))
        if found is not None:
            await job.parts.confirm(GLANCE, tried.channel_id, found)
        return found is not None

    def _former_place(self, guild: Guild, tried: Part, now: Place) -> Place:
        channel, bot = guild.channel(tried.channel_id), self._bots.bot_member(guild.id)
        if channel is not None and bot is not None:
            return place_of(guild, channel, bot, self._clock())
        return Place(tried.channel_id, now.bot_id)

    async def _post_glance(self, job: Job) -> int:
        await self._look_for_a_stranger(job)
        if job.parts.in_doubt_since(GLANCE) is None and job.parts.message_id(GLANCE) is None:
            job.place.require(REQUIRED)
        chart = None if job.place.lacks(Permissions.ATTACH_FILES) else job.chart
        embed = embeds.glance(job.post, chart=chart, stamp=job.entry.period.end)
        row = buttons.row(job.entry.mark, job.post.language, with_details=bool(job.post.thread))

        async def send(nonce: str) -> int:
            return made(
                await job.line.poster.create_message(
                    job.place.id, embed=embed, component=row, nonce=nonce
                )
            )

        async def search() -> int | None:
            found = await _search_glance(job, job.place)
            if found is None:
                job.place.require(REQUIRED)
            return found

        if job.parts.message_id(GLANCE) is None:
            await job.check()
        content = glance_content(job.post, picture=chart is not None)
        try:
            return await send_once(job.parts, GLANCE, job.place.id, send, search, content=content)
        except NotTakenError as error:
            if error.code not in _NOT_ALLOWED:
                raise
            raise MissingRightsError(
                f"I can't post in {job.place.name}. {error} I kept the report; it goes out once "
                "that is mended."
            ) from error

    async def _look_for_a_stranger(self, job: Job) -> None:
        """Notice a post of this report that we never tried: somebody else uses the token.

        Two of us that post at the same moment get one message by the nonce that both send.
        """
        known = job.parts.message_id(GLANCE) or job.parts.in_doubt_since(GLANCE)
        if known is not None or job.place.lacks(REQUIRED | Permissions.READ_MESSAGE_HISTORY):
            return
        guild_id, key = job.entry.guild_id, job.entry.key
        found = await _among_the_first(job)
        if found is None:
            await self._incidents.end(guild_id, _SECOND_INSTANCE, "")
            return
        sentence = (
            f"The report {key} was posted already, and not by this guildwatch: another one runs "
            "with the same token. Stop one of them."
        )
        _log.warning("%s", sentence)
        await self._incidents.begin(guild_id, _SECOND_INSTANCE, "", sentence)
        job.parts.made_elsewhere()
        await job.parts.confirm(GLANCE, job.place.id, needed_snowflake(found, "id"))


async def _among_the_first(job: Job) -> Raw | None:
    """This report's glance among what came first in the channel after the period."""
    after = first_id_at(job.entry.period.end - _SKEW)
    match = glance_of(job.entry, job.place.bot_id, job.post.title)
    try:
        return await find_message(
            job.line, job.place.id, after=after, match=match, most=_LOOKED_THROUGH
        )
    except PostInDoubtError:  # closed to us since: the post itself will tell
        return None


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


async def _search_glance(job: Job, place: Place) -> int | None:
    """The glance in the channel's history from the time on since which it may be there."""
    since = job.parts.in_doubt_since(GLANCE)
    place.require_history()
    if since is None:
        return None
    after = first_id_at(min(since, job.entry.period.end) - _SKEW)
    match = glance_of(job.entry, place.bot_id, job.post.title)
    found = await find_message(job.line, place.id, after=after, match=match)
    return needed_snowflake(found, "id") if found is not None else None


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
