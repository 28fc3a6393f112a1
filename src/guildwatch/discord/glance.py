"""The first message of a post, sent once, and found again where nobody noted that it went out."""

import logging
from datetime import datetime, timedelta
from functools import partial

import hikari

from guildwatch.audience import Permissions
from guildwatch.discord import buttons, embeds
from guildwatch.discord.fields import Raw, needed_snowflake
from guildwatch.discord.incident_log import IncidentLog
from guildwatch.discord.job import Job
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE
from guildwatch.discord.places import MissingRightsError, Place, PostInDoubtError
from guildwatch.discord.posting import NotTakenError, made, send_once
from guildwatch.discord.search import find_message, glance_of
from guildwatch.discord.shown import glance_content
from guildwatch.discord.targets import REQUIRED
from guildwatch.model import LedgerEntry, first_id_at

_log = logging.getLogger(__name__)

_SKEW = timedelta(minutes=10)
"""How far this machine's clock may be ahead of Discord's when a lost glance is searched."""
_LOOKED_THROUGH = 300
"""Messages after a period's end among which a post that we never tried is looked for."""
_SECOND_INSTANCE = "second instance"
_NOT_ALLOWED = (50001, 50013)
"""Discord's codes for a channel that we do not see, and for a permission that we lack."""


class Glance:
    """Posts the glance of one report."""

    def __init__(self, job: Job, incidents: IncidentLog) -> None:
        self._job = job
        self._incidents = incidents

    async def post(self) -> int:
        """Post it unless it is out; its id.

        Raises MissingRightsError, PostInDoubtError where it may be out and cannot be searched, and
        what `send_once` raises.
        """
        job, parts = self._job, self._job.parts
        await self._look_for_a_stranger()
        if parts.message_id(GLANCE) is None and parts.in_doubt_since(GLANCE) is None:
            job.place.require(REQUIRED)
        if parts.message_id(GLANCE) is None:
            await job.check()
        chart = None if job.place.lacks(Permissions.ATTACH_FILES) else job.chart
        embed = embeds.glance(job.post, chart=chart, stamp=job.entry.period.end)
        content = glance_content(job.post, picture=chart is not None)
        try:
            return await send_once(
                parts,
                GLANCE,
                job.place.id,
                partial(self._send, embed),
                self._found_or_open,
                content=content,
            )
        except NotTakenError as error:
            if error.code not in _NOT_ALLOWED:
                raise
            raise MissingRightsError(
                f"I can't post in {job.place.name}. {error} I kept the report; it goes out once "
                "that is mended."
            ) from error

    async def search(self, place: Place) -> int | None:
        """Its id in a place's history, from when on it may be there; raises as `find_message`."""
        job, since = self._job, self._job.parts.in_doubt_since(GLANCE)
        place.require_history()
        if since is None:
            return None
        begin = min(since, job.entry.period.end)
        found = await find_glance(job.line, job.entry, place, begin=begin, title=job.post.title)
        return needed_snowflake(found, "id") if found is not None else None

    async def _send(self, embed: hikari.Embed, nonce: str) -> int:
        job = self._job
        row = buttons.row(job.entry.mark, job.post.language, with_details=bool(job.post.thread))
        return made(
            await job.line.poster.create_message(
                job.place.id, embed=embed, component=row, nonce=nonce
            )
        )

    async def _found_or_open(self) -> int | None:
        """Its id, where an earlier try made it; else it is posted, which takes all the rights."""
        found = await self.search(self._job.place)
        if found is None:
            self._job.place.require(REQUIRED)
        return found

    async def _look_for_a_stranger(self) -> None:
        """Notice a post of this report that we never tried: somebody else uses the token.

        Two of us that post at the same moment get one message by the nonce that both send.
        """
        job = self._job
        known = job.parts.message_id(GLANCE) or job.parts.in_doubt_since(GLANCE)
        if known is not None or job.place.lacks(REQUIRED | Permissions.READ_MESSAGE_HISTORY):
            return
        guild_id, key = job.entry.guild_id, job.entry.key
        found = await self._among_the_first()
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

    async def _among_the_first(self) -> Raw | None:
        """This report's glance among what came first in the channel after the period."""
        job, begin = self._job, self._job.entry.period.end
        try:
            return await find_glance(
                job.line,
                job.entry,
                job.place,
                begin=begin,
                title=job.post.title,
                most=_LOOKED_THROUGH,
            )
        except PostInDoubtError:  # closed to us since: the post itself will tell
            return None


async def find_glance(
    line: Line,
    entry: LedgerEntry,
    place: Place,
    *,
    begin: datetime,
    title: str | None = None,
    most: int | None = None,
) -> Raw | None:
    """The glance of an entry's report among what a place holds since then (UTC).

    Looks for it as `glance_of` knows it, and raises as `find_message`.
    """
    after = first_id_at(begin - _SKEW)
    match = glance_of(entry, place.bot_id, title)
    return await find_message(line, place.id, after=after, match=match, most=most)
