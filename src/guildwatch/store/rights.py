"""What members ask for: to be left out from now on, to be let in again, to be forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass

from guildwatch.store.burials import Burials
from guildwatch.store.database import Database
from guildwatch.store.departed import Departed
from guildwatch.store.erasing_members import (
    correct_report,
    drop_digests_naming,
    drop_mentions,
    drop_the_rest,
    empty_messages,
    heed_member,
    moment_of,
)
from guildwatch.store.nameless import spellings
from guildwatch.store.tombstones import Mark, Tombstone

_CHUNK = 500
_PAUSE = 0.005  # seconds between chunks, so that capture comes in
# By ids alone the table is read from one end to the other once, however many there are to find.
_THEIRS = (
    "SELECT id FROM messages WHERE id > ?1 AND id <= ?2 AND +guild_id = ?3 AND +author_id = ?4 "
    "ORDER BY id LIMIT ?5"
)
_MENTIONING = (
    "SELECT id FROM messages WHERE id > ?1 AND id <= ?2 AND +guild_id = ?3 "
    "AND EXISTS (SELECT 1 FROM json_each(mentions) WHERE value = ?4) ORDER BY id LIMIT ?5"
)
_SHOWN = (
    "SELECT report_id, changes FROM amendments JOIN reports ON reports.id = report_id "
    "WHERE guild_id = ? AND report_id IN (SELECT report_id FROM ledger_parts WHERE message_id IS "
    "NOT NULL UNION ALL SELECT report_id FROM answers)"
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out of the store: texts of messages, points of reports.

    `report_ids` are those of reports whose posts in Discord have to be edited for it.
    """

    messages: int = 0
    points: int = 0
    report_ids: frozenset[int] = frozenset()

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(
            self.messages + other.messages,
            self.points + other.points,
            self.report_ids | other.report_ids,
        )


class Rights:
    """Opting out and in, and being forgotten, each in one guild.

    `tell_gone` is told the ids of messages whose texts went, `text_went` that some did.
    """

    def __init__(
        self,
        database: Database,
        burials: Burials | None,
        departed: Departed,
        tell_gone: Callable[[Sequence[int]], None],
        text_went: Callable[[], None],
    ) -> None:
        self._database = database
        self._burials = burials
        self._departed = departed
        self._tell_gone = tell_gone
        self._text_went = text_went
        self._working = asyncio.Lock()

    async def promise_opt_out(self, guild_ids: Collection[int], author_id: int) -> None:
        """Sees to it that `opt_out` is done in all these guilds, if need be at the next start."""
        await self._note(
            *(Tombstone(Mark.OPT_OUT, 0, one, author_id=author_id) for one in guild_ids)
        )

    async def promise_forget(
        self, guild_ids: Collection[int], author_id: int, until_id: int
    ) -> None:
        """Sees to it that `forget` is done in all these guilds, if need be at the next start."""
        await self._note(
            *(Tombstone(Mark.AUTHOR, until_id, one, author_id=author_id) for one in guild_ids)
        )

    async def opt_out(self, guild_id: int, author_id: int) -> Erased:
        """Keeps nothing of a member from now on, and takes out what there is.

        Returns when it is done; what is interrupted is finished when the store is opened again.
        """
        async with self._working:
            await self._note(Tombstone(Mark.OPT_OUT, 0, guild_id, author_id=author_id))
            return await self._finish(guild_id, author_id)

    async def opt_in(self, guild_id: int, author_id: int, until_id: int) -> None:
        """Keeps what a member says from the moment of an id on; nothing from before comes back."""
        async with self._working:
            await self._note(
                Tombstone(Mark.AUTHOR, until_id, guild_id, author_id=author_id),
                Tombstone(Mark.OPT_IN, 0, guild_id, author_id=author_id),
            )
            await self._finish(guild_id, author_id)

    async def forget(self, guild_id: int, author_id: int, until_id: int) -> Erased:
        """Takes out everything of a member up to the moment of an id; history brings none back."""
        async with self._working:
            await self._note(Tombstone(Mark.AUTHOR, until_id, guild_id, author_id=author_id))
            return await self._finish(guild_id, author_id)

    async def finish(self) -> Erased:
        """Takes out what is still to go of members who asked for it."""
        async with self._working:
            return await self._finish()

    async def has_opted_out(self, guild_id: int, author_id: int) -> bool:
        """Whether nothing of this member is to be kept."""
        return bool(
            await self._database.rows(
                "SELECT 1 FROM opt_outs WHERE guild_id = ? AND author_id = ?",
                (guild_id, author_id),
            )
        )

    async def guilds_of(self, author_id: int) -> set[int]:
        """The guilds of which something of a member is kept, or that they opted out of."""
        records = await self._database.rows(
            "SELECT guild_id FROM authors WHERE id = ?1 "
            "UNION SELECT guild_id FROM opt_outs WHERE author_id = ?1",
            (author_id,),
        )
        return {record["guild_id"] for record in records}

    async def _note(self, *records: Tombstone) -> None:
        async with self._database.transaction(durable=True) as transaction:
            if self._burials is not None:
                await self._burials.note(transaction, records)
            for record in records:
                await heed_member(transaction, record)

    async def _finish(self, guild: int | None = None, author: int | None = None) -> Erased:
        """Does what was noted of one member of a guild, or all of it."""
        erased = Erased()
        for author_id, guild_id, until_id in await self._database.rows(
            "SELECT author_id, guild_id, until_id FROM erasures "
            "WHERE ?1 IS NULL OR (guild_id = ?1 AND author_id = ?2)",
            (guild, author),
        ):
            erased += await self._erase(guild_id, author_id, until_id)
        return erased

    async def _erase(self, guild_id: int, author_id: int, until_id: int) -> Erased:
        points, shown = await self._withdrawn(guild_id), await self._shown(guild_id)
        names = await self._names(guild_id, author_id)
        self._departed.note(guild_id, author_id, names)
        messages = 0
        place = (until_id, guild_id, author_id)
        async for ids in self._pages(_THEIRS, place):
            async with self._database.transaction() as transaction:
                messages += await empty_messages(transaction, author_id, ids)
            self._tell_gone(ids)
        async for ids in self._pages(_MENTIONING, place):
            async with self._database.transaction() as transaction:
                await drop_mentions(transaction, author_id, ids, names)
        async with self._database.transaction() as transaction:
            await drop_digests_naming(transaction, guild_id, names)
        for report_id in await self._reports_with(guild_id, author_id, until_id, names):
            async with self._database.transaction() as transaction:
                await correct_report(transaction, report_id, author_id, names)
            await asyncio.sleep(0)
        async with self._database.transaction(durable=True) as transaction:
            await drop_the_rest(transaction, guild_id, author_id, until_id, names)
        self._text_went()
        after = await self._shown(guild_id)
        return Erased(
            messages,
            max(0, await self._withdrawn(guild_id) - points),
            frozenset(one for one, changes in after.items() if changes != shown.get(one)),
        )

    async def _pages(self, sql: str, place: tuple[int, int, int]) -> AsyncIterator[list[int]]:
        last = 0
        while records := await self._database.rows(sql, (last, *place, _CHUNK)):
            ids = [record["id"] for record in records]
            yield ids
            last = ids[-1]
            await asyncio.sleep(_PAUSE)

    async def _names(self, guild_id: int, author_id: int) -> set[str]:
        """What a member is called, and was before."""
        records = await self._database.rows(
            "SELECT name FROM authors WHERE id = ?2 AND guild_id = ?1 "
            "UNION SELECT name FROM former_names WHERE author_id = ?2 AND guild_id = ?1 "
            "UNION SELECT json_extract(top.value, '$.name') FROM reports, "
            "json_each(body, '$.activity.top') AS top "
            "WHERE guild_id = ?1 AND json_extract(top.value, '$.id') = ?2",
            (guild_id, author_id),
        )
        return {record["name"] for record in records if record["name"]}

    async def _reports_with(
        self, guild_id: int, author_id: int, until_id: int, names: Collection[str]
    ) -> list[int]:
        """The reports of what was said until then in which a member is ranked or named."""
        wanted = [f'"id":{author_id},', *(one for name in names for one in spellings(name))]
        records = await self._database.rows(
            "SELECT id FROM reports WHERE guild_id = ? AND period_start <= ? AND EXISTS "
            "(SELECT 1 FROM json_each(?) WHERE instr(body, value)) ORDER BY id",
            (guild_id, moment_of(until_id), json.dumps(wanted)),
        )
        return [record["id"] for record in records]

    async def _withdrawn(self, guild_id: int) -> int:
        ((points,),) = await self._database.rows(
            "SELECT coalesce(sum(json_extract(body, '$.withdrawn')), 0) FROM reports "
            "WHERE guild_id = ?",
            (guild_id,),
        )
        return int(points)

    async def _shown(self, guild_id: int) -> dict[int, int]:
        """The reports in Discord that have to be edited, and how often each was changed."""
        records = await self._database.rows(_SHOWN, (guild_id,))
        return {record["report_id"]: record["changes"] for record in records}
