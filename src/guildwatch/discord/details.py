"""The details of a report: a thread under its glance, or replies to it in direct messages."""

from datetime import timedelta

import hikari

from guildwatch.discord.fields import Raw, needed_snowflake, snowflake, text
from guildwatch.discord.job import Job
from guildwatch.discord.line import Line
from guildwatch.discord.parts import GLANCE, THREAD, Parts, detail
from guildwatch.discord.places import Place
from guildwatch.discord.posting import made, send_once
from guildwatch.discord.search import detail_of, find_message, find_messages, has_thread
from guildwatch.discord.shown import detail_content

_THREAD_EXISTS = 160004
_KEPT_OPEN = timedelta(days=3)


class Details:
    """Posts what stands under one glance, each message once."""

    def __init__(self, job: Job, glance_id: int) -> None:
        self._job = job
        self._glance_id = glance_id
        self._channel_id = job.place.id if job.place.is_direct else glance_id
        self._is_told_otherwise = False

    async def post(self) -> str:
        """Post what is not out yet; a sentence about what is left out, empty when nothing is."""
        if not self._job.place.is_direct:
            await self._open_thread()
        previous = self._glance_id
        thread = self._job.post.thread
        for name, words in zip(self._job.parts.detail_names(len(thread)), thread, strict=True):
            if self._is_told_otherwise and not await self._was_posted(name, previous):
                return "The details were there already in other words; nothing was added to them."
            previous = await self._post_one(name, words, previous)
        return ""

    async def _was_posted(self, name: str, previous: int) -> bool:
        if self._job.parts.message_id(name) is not None:
            return True
        return await self._find(previous) is not None

    async def _open_thread(self) -> None:
        """The thread has the glance's own id, so a second try finds it."""
        job = self._job

        async def create(_: str) -> int:
            try:
                await job.line.poster.create_message_thread(
                    job.place.id,
                    self._glance_id,
                    job.post.thread_name,
                    auto_archive_duration=_KEPT_OPEN,
                )
            except hikari.BadRequestError as error:
                if error.code != _THREAD_EXISTS:
                    raise
            return self._glance_id

        async def search() -> None:
            return None

        await send_once(job.parts, THREAD, job.place.id, create, search)

    async def _post_one(self, name: str, words: str, previous: int) -> int:
        """One message of the details, after the previous part.

        Parts go out one after the other, so the first message of our own after the previous part
        is this one, whatever a later writing of the report says in it.
        """
        job, replies = self._job, self._job.place.is_direct

        async def send(nonce: str) -> int:
            answer = await job.line.poster.create_message(
                self._channel_id,
                words,
                nonce=nonce,
                flags=hikari.MessageFlag.SUPPRESS_EMBEDS,
                reply=self._glance_id if replies else hikari.UNDEFINED,
                reply_must_exist=False if replies else hikari.UNDEFINED,
            )
            return made(answer)

        async def search() -> int | None:
            found = await self._find(previous)
            if found is None:
                return None
            if job.parts.is_made_elsewhere and text(found.get("content")).strip() != words.strip():
                # Whoever posted this had another writing of the report: what is missing of ours
                # would be told twice.
                self._is_told_otherwise = True
            return needed_snowflake(found, "id")

        if job.parts.message_id(name) is None:
            await job.check()
        content = detail_content(words)
        return await send_once(job.parts, name, self._channel_id, send, search, content=content)

    async def _find(self, previous: int) -> Raw | None:
        """The first of the details after the previous one that is no other part."""
        self._job.place.require_history()
        return await find_message(
            self._job.line, self._channel_id, after=previous, match=self._is_unclaimed
        )

    def _is_unclaimed(self, raw: Raw) -> bool:
        place = self._job.place
        is_detail = detail_of(self._glance_id, place.bot_id, is_direct=place.is_direct)
        return is_detail(raw) and snowflake(raw.get("id")) not in self._job.parts.message_ids()


async def note_found(line: Line, parts: Parts, place: Place, glance: Raw) -> None:
    """Note a post that stands there, of which nobody noted anything: glance, thread, details."""
    glance_id = needed_snowflake(glance, "id")
    await parts.confirm(GLANCE, place.id, glance_id)
    if not place.is_direct and not has_thread(glance):
        return
    channel_id = place.id if place.is_direct else glance_id
    if not place.is_direct:
        await parts.confirm(THREAD, place.id, glance_id)
    match = detail_of(glance_id, place.bot_id, is_direct=place.is_direct)
    found = await find_messages(line, channel_id, after=glance_id, match=match)
    for number, raw in enumerate(found, start=1):
        await parts.confirm(detail(number), channel_id, needed_snowflake(raw, "id"))
