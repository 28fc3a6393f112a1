"""Posting a report part by part, each of them exactly once."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import hikari

from guildwatch.audience import Permissions
from guildwatch.discord import embeds
from guildwatch.discord.errors import UNANSWERED, AwayError, DiscordError
from guildwatch.discord.fields import Raw, mapping, mappings, moment, snowflake
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, THREAD, Parts, PartStore, detail
from guildwatch.discord.places import Place, PostInDoubtError, place_of
from guildwatch.discord.posting import RefusedError, reason_of, send_once
from guildwatch.discord.search import find_message, is_own
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
_THREAD_EXISTS = 160004
_KEPT_OPEN = timedelta(days=3)


class Bots(Protocol):
    """Who knows the bot as a member of each guild."""

    def bot_member(self, guild_id: int) -> Member | None:
        """The bot in this guild, None when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """One post on its way: what it says, where it goes, what is out already."""

    entry: LedgerEntry
    post: Post
    chart: bytes | None
    place: Place
    parts: Parts
    line: Line
    rest: hikari.api.RESTClient


class Delivery:
    """Posts reports; what is tried and what went out is in the ledger before anything follows."""

    def __init__(self, line: Line, ledger: PartStore, bots: Bots, *, clock: Clock) -> None:
        self._line = line
        self._ledger = ledger
        self._bots = bots
        self._clock = clock

    async def post(
        self, guild: Guild, entry: LedgerEntry, post: Post, chart: bytes | None, target: Target
    ) -> str:
        """Post what of this report is not out yet; what had to be left out, as sentences.

        Raises MissingRightsError when the place is closed to us, PostInDoubtError when the glance
        may be out and cannot be searched, DiscordError when Discord fails us: a later try goes on
        where this one ended.
        """
        parts = Parts(self._ledger, entry, self._clock)
        await parts.load()
        place = await self._place(guild, target)
        job = _Job(entry, post, chart, place, parts, self._line, self._line.rest)
        if await self._went_elsewhere(guild, job):
            return "The report channel was changed in the middle of a post, so it has no details."
        glance_id = await self._post_glance(job)
        return await self._post_details(job, glance_id)

    async def _place(self, guild: Guild, target: Target) -> Place:
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

    async def _went_elsewhere(self, guild: Guild, job: _Job) -> bool:
        """Whether the glance is out in another channel than the one that is meant now.

        The report may have been written anew for the new channel's readers, so its details must
        not follow the old glance.
        """
        tried = job.parts.tried(GLANCE)
        if tried is None or tried.channel_id == job.place.id:
            return False
        if tried.message_id is not None:
            return True
        found = await _search_glance(job, self._former_place(guild, tried, job.place), tried)
        if found is not None:
            await job.parts.confirm(GLANCE, found)
        return found is not None

    def _former_place(self, guild: Guild, tried: Part, now: Place) -> Place:
        channel, bot = guild.channel(tried.channel_id), self._bots.bot_member(guild.id)
        if channel is not None and bot is not None:
            return place_of(guild, channel, bot, self._clock())
        return Place(tried.channel_id, now.bot_id)

    async def _post_glance(self, job: _Job) -> int:
        if job.parts.tried(GLANCE) is None:
            job.place.require(REQUIRED)
        chart = None if job.place.lacks(Permissions.ATTACH_FILES) else job.chart
        embed = embeds.glance(job.post, chart=chart, stamp=job.entry.period.end)

        async def send(nonce: str) -> hikari.Message:
            return await job.rest.create_message(job.place.id, embed=embed, nonce=nonce)

        async def search() -> int | None:
            tried = job.parts.in_doubt(GLANCE)
            return await _search_glance(job, job.place, tried) if tried is not None else None

        return await send_once(job.parts, GLANCE, job.place.id, send, search)

    async def _post_details(self, job: _Job, glance_id: int) -> str:
        left_out = _chart_left_out(job)
        if not job.post.thread:
            return left_out
        if missing := job.place.lacks(THREAD_RIGHTS):
            return f"{left_out} {_without_details(job.place, missing)}".strip()
        try:
            await self._post_thread(job, glance_id)
        except (RefusedError, PostInDoubtError) as error:
            _log.warning("the details of report %s stay incomplete: %s", job.entry.key, error)
            return f"{left_out} The details are not complete. {error}".strip()
        return left_out

    async def _post_thread(self, job: _Job, glance_id: int) -> None:
        is_direct = job.place.is_direct
        thread_id = job.place.id if is_direct else await _open_thread(job, glance_id)
        previous = glance_id
        for number, text in enumerate(job.post.thread, start=1):
            previous = await _post_detail(
                job, detail(number), thread_id, text, glance_id=glance_id, previous=previous
            )


async def _open_thread(job: _Job, glance_id: int) -> int:
    """The thread under the glance; it has the glance's own id, so a second try finds it."""

    async def create(_: str) -> int:
        try:
            await job.rest.create_message_thread(
                job.place.id, glance_id, job.post.thread_name, auto_archive_duration=_KEPT_OPEN
            )
        except hikari.BadRequestError as error:
            if error.code != _THREAD_EXISTS:
                raise
        return glance_id

    async def search() -> None:
        return None

    return await send_once(job.parts, THREAD, job.place.id, create, search)


async def _post_detail(
    job: _Job, name: str, channel_id: int, text: str, *, glance_id: int, previous: int
) -> int:
    """One message of the details: in the thread, or in direct messages as a reply to the glance.

    Parts go out one after the other, so the first message of our own after the previous part is
    this one, whatever a later writing of the report says in it.
    """
    is_direct = job.place.is_direct

    async def send(nonce: str) -> hikari.Message:
        return await job.rest.create_message(
            channel_id,
            text,
            nonce=nonce,
            flags=hikari.MessageFlag.SUPPRESS_EMBEDS,
            reply=glance_id if is_direct else hikari.UNDEFINED,
            reply_must_exist=False if is_direct else hikari.UNDEFINED,
        )

    def is_this_part(raw: Raw) -> bool:
        replies_to = snowflake(mapping(raw.get("message_reference")).get("message_id"))
        return is_own(raw, job.place.bot_id) and (not is_direct or replies_to == glance_id)

    async def search() -> int | None:
        job.place.require_history()
        return await find_message(job.line, channel_id, after=previous, match=is_this_part)

    return await send_once(job.parts, name, channel_id, send, search)


async def _search_glance(job: _Job, place: Place, tried: Part) -> int | None:
    """The glance in the channel's history from the time of the attempt on.

    Nonces are not in the history. The embed's timestamp is the period's end and its title names
    kind and day, so no other post of ours has both.
    """
    place.require_history()
    if tried.attempted_at is None:
        return None
    after = first_id_at(tried.attempted_at - _SKEW)

    def is_this_glance(raw: Raw) -> bool:
        return is_own(raw, place.bot_id) and any(
            embed.get("title") == job.post.title
            and moment(embed.get("timestamp")) == job.entry.period.end
            for embed in mappings(raw.get("embeds"))
        )

    return await find_message(job.line, place.id, after=after, match=is_this_glance)


def _chart_left_out(job: _Job) -> str:
    missing = job.place.lacks(Permissions.ATTACH_FILES)
    if job.chart is None or not missing:
        return ""
    return f"I lack {named(missing)} in {job.place.name}, so the report has no chart there."


def _without_details(place: Place, missing: Permissions) -> str:
    return (
        f"I lack {named(missing)} in {place.name}, so the report is there without the thread of "
        "its details."
    )
