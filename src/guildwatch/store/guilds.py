"""Guilds with their channels and roles, what is tracked in them, and what people are called."""

# ruff: noqa: S608 - SQL is put together from this module's own constants; values are parameters

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from guildwatch.model import (
    OPERATOR,
    ChangedBy,
    Channel,
    ChannelKind,
    Clock,
    Guild,
    Overwrite,
    Role,
    Tag,
    utc_now,
)
from guildwatch.store.database import Database, Transaction
from guildwatch.store.errors import StoreError
from guildwatch.store.messages import load_authors
from guildwatch.store.plain import dump, load, moment_to_integer, storable
from guildwatch.store.record import note_changes

_CHANNEL_COLUMNS = (
    "id", "guild_id", "name", "kind", "parent_id", "position", "topic", "age_restricted",
    "archived", "overwrites", "member_ids", "last_message_id", "known", "tags",
    "applied_tag_ids",
)  # fmt: skip
_INSERT_CHANNEL = (
    f"INSERT INTO channels ({', '.join(_CHANNEL_COLUMNS)}) "
    f"VALUES ({', '.join('?' * len(_CHANNEL_COLUMNS))}) ON CONFLICT (id) DO UPDATE SET "
)
_TRACKING = {True: "followed", False: "ignored", None: ""}
_THREADS = json.dumps([kind for kind in ChannelKind if kind.is_thread])
_SEEN_THERE = """
    WITH said AS MATERIALIZED (
        SELECT DISTINCT author_id, mentions FROM messages INDEXED BY {index}
        WHERE guild_id = ?1 AND channel_id IN (SELECT value FROM json_each(?2))
    )
    SELECT author_id FROM activity
    WHERE guild_id = ?1 AND channel_id IN (SELECT value FROM json_each(?2))
    UNION SELECT author_id FROM said
    UNION SELECT each.value FROM said, json_each(said.mentions) AS each"""
# Of 300,000 messages in 60 channels: those of one in 30 ms by its index and in 130 by the guild's,
# all in 730 and 340. A new thread is looked at as soon as it is there, all once for a report.
_FEW = 8  # channels
_ALL = ", ".join(f"{name} = excluded.{name}" for name in _CHANNEL_COLUMNS[1:])


class Guilds:
    """The guilds as last seen, live ones and imported ones."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def save(self, guild: Guild, *, changed: Collection[int] | None = None) -> None:
        """Keeps the picture of a guild as Discord tells it, of its channels only the `changed`.

        Channels that are not in it any more are kept with `known` False, for their names; threads
        only become archived, as Discord lists active ones only. A guild that was left is back.
        """
        roles = dump(guild.roles)
        channels = [one for one in guild.channels if changed is None or one.id in changed]
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT INTO guilds (id, name, owner_id, locale, roles) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name, owner_id = excluded.owner_id,"
                " locale = excluded.locale, roles = excluded.roles, imported = 0, left_at = NULL",
                (guild.id, storable(guild.name), guild.owner_id, guild.locale, roles),
            )
            await transaction.many(_INSERT_CHANNEL + _ALL, map(_channel_values, channels))
            await _set_missing_aside(transaction, guild, changed)

    async def save_imported(self, guild: Guild) -> None:
        """Keeps the names that an export tells, where Discord itself has told nothing."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT INTO guilds (id, name, imported) VALUES (?, ?, 1) "
                "ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE imported = 1",
                (guild.id, storable(guild.name)),
            )
            await transaction.many(
                _INSERT_CHANNEL + "name = excluded.name, kind = excluded.kind, "
                "parent_id = coalesce(excluded.parent_id, parent_id), topic = excluded.topic "
                "WHERE known = 0",
                [_channel_values(replace(channel, known=False)) for channel in guild.channels],
            )

    async def all(self) -> list[Guild]:
        """All guilds that were not left, by name, each with its channels."""
        return await self._guilds(left=False)

    async def left(self) -> list[Guild]:
        """The guilds that were left and of which there still is something, with their channels."""
        joined = {guild.id for guild in await self.all()}
        return [guild for guild in await self._guilds() if guild.id not in joined]

    async def one(self, guild_id: int) -> Guild | None:
        """The guild with this id, left or not."""
        found = await self._guilds(guild_id)
        return found[0] if found else None

    async def find(self, id_or_name: str) -> Guild | None:
        """The guild that a person means by an id or a name, whatever its case.

        Raises StoreError when several have this name.
        """
        if id_or_name.isascii() and id_or_name.isdigit() and int(id_or_name) < 1 << 63:
            guild = await self.one(int(id_or_name))
            if guild is not None:
                return guild
        wanted = id_or_name.strip().casefold()
        found = [one for one in await self._guilds() if one.name.casefold() == wanted]
        if len(found) > 1:
            ids = ", ".join(str(guild.id) for guild in found)
            raise StoreError(f"Several guilds are named {id_or_name}: name one by its id ({ids}).")
        return found[0] if found else None

    async def choose_tracking(
        self, channel_id: int, tracked: bool | None, by: ChangedBy = OPERATOR
    ) -> None:
        """Notes that a channel is to be tracked or not; None takes the choice back.

        The change is recorded.
        """
        name = f"tracking of <#{channel_id}>"
        async with self._database.transaction() as transaction:
            old = await transaction.rows(
                "SELECT tracked FROM tracking WHERE channel_id = ?", (channel_id,)
            )
            before = {name: _TRACKING[bool(old[0]["tracked"]) if old else None]}
            guild_id = await _guild_of(transaction, channel_id)
            at, after = self._clock(), {name: _TRACKING[tracked]}
            await note_changes(transaction, at, guild_id, by, before=before, after=after)
            await transaction.execute("DELETE FROM tracking WHERE channel_id = ?", (channel_id,))
            if tracked is not None:
                await transaction.execute(
                    "INSERT INTO tracking VALUES (?, ?)", (channel_id, tracked)
                )

    async def tracking(self) -> dict[int, bool]:
        """The channels for which somebody chose, and what."""
        records = await self._database.rows("SELECT channel_id, tracked FROM tracking")
        return {record["channel_id"]: bool(record["tracked"]) for record in records}

    async def author_names(self, guild_id: int, ids: Collection[int]) -> dict[int, str]:
        """What these people are called in a guild, of those that are known."""
        known = await load_authors(self._database, ids)
        return {one: author.name for (guild, one), author in known.items() if guild == guild_id}

    async def member_names(
        self, guild_id: int, channel_ids: Collection[int] | None = None
    ) -> dict[int, str]:
        """What everybody is called who ever spoke or was mentioned in a guild, bots left out.

        With `channel_ids`, only who did in these: who is known from elsewhere may be a secret.
        """
        sql = "SELECT id, name FROM authors WHERE guild_id = ?1 AND is_bot = 0"
        values: tuple[object, ...] = (guild_id,)
        if channel_ids is not None:
            index = "messages_by_channel" if len(channel_ids) <= _FEW else "messages_by_guild"
            sql += f" AND id IN ({_SEEN_THERE.format(index=index)})"
            values += (json.dumps(list(channel_ids)),)
        records = await self._database.rows(sql, values)
        return {record["id"]: record["name"] for record in records}

    async def mark_left(self, guild_id: int, at: datetime) -> None:
        """Notes when the bot was removed from a guild; what is stored of it stays for now."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "UPDATE guilds SET left_at = ? WHERE id = ?", (moment_to_integer(at), guild_id)
            )

    async def _guilds(self, guild_id: int | None = None, *, left: bool = True) -> list[Guild]:
        guilds = await self._database.rows(
            "SELECT * FROM guilds WHERE (?1 IS NULL OR id = ?1) AND (?2 OR left_at IS NULL) "
            "ORDER BY name, id",
            (guild_id, left),
        )
        channels = defaultdict(list)
        for channel in await self._database.rows(
            "SELECT * FROM channels WHERE closed = 0 AND guild_id IN "
            "(SELECT value FROM json_each(?)) ORDER BY position, id",
            (json.dumps([guild["id"] for guild in guilds]),),
        ):
            channels[channel["guild_id"]].append(_channel(channel))
        return [_guild(one, channels[one["id"]]) for one in guilds]


async def _guild_of(transaction: Transaction, channel_id: int) -> int | None:
    records = await transaction.rows("SELECT guild_id FROM channels WHERE id = ?", (channel_id,))
    return int(records[0]["guild_id"]) if records else None


async def _set_missing_aside(
    transaction: Transaction, guild: Guild, among: Collection[int] | None
) -> None:
    missing = (
        "WHERE guild_id = ?1 AND known = 1 AND id NOT IN (SELECT value FROM json_each(?2)) "
        "AND (kind IN (SELECT value FROM json_each(?3))) = ?4 "
        "AND (?5 IS NULL OR id IN (SELECT value FROM json_each(?5)))"
    )
    told = [one.id for one in guild.channels if among is None or one.id in among]
    if among is not None and len(told) == len(set(among)):
        return
    some = None if among is None else json.dumps(list(among))
    named = (guild.id, json.dumps(told), _THREADS)
    await transaction.execute(f"UPDATE channels SET known = 0 {missing}", (*named, 0, some))
    await transaction.execute(f"UPDATE channels SET archived = 1 {missing}", (*named, 1, some))


def _channel_values(channel: Channel) -> tuple[object, ...]:
    special = {
        "name": storable(channel.name),
        "kind": int(channel.kind),
        "topic": storable(channel.topic),
        "overwrites": dump(channel.overwrites),
        "member_ids": dump(channel.member_ids),
        "tags": dump(channel.tags),
        "applied_tag_ids": dump(channel.applied_tag_ids),
    }
    return tuple(
        special[name] if name in special else getattr(channel, name) for name in _CHANNEL_COLUMNS
    )


def _channel(record: sqlite3.Row) -> Channel:
    return Channel(
        record["id"],
        record["guild_id"],
        record["name"],
        ChannelKind(record["kind"]),
        record["parent_id"],
        record["position"],
        record["topic"],
        bool(record["age_restricted"]),
        bool(record["archived"]),
        load(tuple[Overwrite, ...], record["overwrites"]),
        load(frozenset[int], record["member_ids"]),
        record["last_message_id"],
        bool(record["known"]),
        load(tuple[Tag, ...], record["tags"]),
        load(tuple[int, ...], record["applied_tag_ids"]),
    )


def _guild(record: sqlite3.Row, channels: Sequence[Channel]) -> Guild:
    return Guild(
        record["id"],
        record["name"],
        record["owner_id"],
        load(tuple[Role, ...], record["roles"]),
        tuple(channels),
        record["locale"],
    )
