"""The one door to SQLite: a single writer with transactions, and a few read-only connections."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiosqlite

from guildwatch.store.backup import BACKUPS_KEPT
from guildwatch.store.errors import StoreError
from guildwatch.store.explaining import SQLITE_ERRORS, unusable
from guildwatch.store.index import fit_index
from guildwatch.store.migration import Migration, migrate, packaged, version_of

READERS = 3
_BUSY_SECONDS = 5.0
# foreign_keys: rows that hang on others go with them. secure_delete: freed bytes are overwritten.
# journal_size_limit: a big batch leaves no big WAL behind.
_WRITER_PRAGMAS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA journal_size_limit = 67108864;
"""
Parameters = Sequence[Any] | Mapping[str, Any]


class Transaction:
    """The writer while one transaction is open; each call is one hop into the writer's thread."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Runs one statement; gives the number of rows that it changed."""
        return (await self._connection.execute(sql, parameters)).rowcount

    async def many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Runs one statement for each row of parameters, all in one hop."""
        if rows := list(parameters):
            await self._connection.executemany(sql, rows)

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """The rows of a query, which sees what this transaction has changed so far."""
        return list(await self._connection.execute_fetchall(sql, parameters))


class Database:
    """An open database file."""

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection | None,
        readers: Sequence[aiosqlite.Connection],
    ) -> None:
        self.path = path
        self._file = _file_at(path)
        self._writer = writer
        self._writing = asyncio.Lock()
        self._idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @property
    def is_read_only(self) -> bool:
        """Whether it was opened for reading only."""
        return self._writer is None

    @asynccontextmanager
    async def transaction(self, *, durable: bool = False) -> AsyncIterator[Transaction]:
        """One write transaction: all of it is kept, or nothing of it.

        Where the power fails, the last transactions may be lost, in order and whole (WAL with
        `synchronous = NORMAL`: https://sqlite.org/pragma.html#pragma_synchronous). One that is
        `durable`, and all before it, are on the disk when this returns: it waits for the disk.
        Raises StoreError when the file cannot be written or was opened for reading only.
        """
        async with self.writer() as connection:
            try:
                if durable:  # within a transaction it could not be changed
                    await connection.execute("PRAGMA synchronous = FULL")
                # BEGIN belongs inside: a cancelled await still runs in the writer's thread.
                await connection.execute("BEGIN IMMEDIATE")
                yield Transaction(connection)
                await connection.execute("COMMIT")
            except BaseException:
                await connection.rollback()
                raise
            finally:
                if durable:
                    await connection.execute("PRAGMA synchronous = NORMAL")

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[aiosqlite.Connection]:
        """The writing connection for oneself, outside of a transaction (checkpoints)."""
        if self._writer is None:
            raise StoreError(f"The database {self.path} was opened for reading only.")
        async with self._writing:
            if _file_at(self.path) != self._file:
                raise _replaced(self.path)
            try:
                yield self._writer
            except SQLITE_ERRORS as error:
                raise unusable(self.path, "written", error) from error

    async def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """The rows of a query on a read-only connection, beside the writer."""
        reader = await self._idle.get()
        try:
            return list(await reader.execute_fetchall(sql, parameters))
        except SQLITE_ERRORS as error:
            raise unusable(self.path, "read", error) from error
        finally:
            self._idle.put_nowait(reader)


@asynccontextmanager
async def open_database(
    path: Path,
    *,
    read_only: bool,
    migrations: Sequence[Migration] | None = None,
    busy_seconds: float = _BUSY_SECONDS,
    backups_kept: int = BACKUPS_KEPT,
) -> AsyncIterator[Database]:
    """Opens (unless `read_only`: creates, migrates) a database and closes it in the end.

    Raises StoreError when it is missing, foreign, corrupt, too new, or its folder not writable.
    """
    path = await asyncio.to_thread(path.absolute)
    scripts = packaged() if migrations is None else migrations
    async with AsyncExitStack() as stack:
        try:
            if read_only:
                writer = None
                await asyncio.to_thread(_require, path)
            else:
                await asyncio.to_thread(_create, path)
                writer = await stack.enter_async_context(_connection(path, "rw", busy_seconds))
                await _prepare(writer, path, scripts, backups_kept)
            readers = [
                await stack.enter_async_context(_connection(path, "ro", busy_seconds))
                for _ in range(READERS)
            ]
            await _require_current(readers[0], path, scripts)
        except (*SQLITE_ERRORS, OSError) as error:
            raise unusable(path, "opened", error) from error
        try:
            yield Database(path, writer, readers)
        finally:
            # Nobody waits any more for what still runs, such as a file written anew for minutes.
            for connection in (writer, *readers) if writer else readers:
                await _interrupt(connection)


async def _interrupt(connection: aiosqlite.Connection) -> None:
    """Breaks off what a connection is doing, and only that.

    The next statement takes the interruption back; without one it would meet the checkpoint of
    closing, and the write-ahead log would be left behind with all that is in it.
    """
    await connection.interrupt()
    with suppress(sqlite3.Error):
        await connection.execute_fetchall("SELECT 1")


@asynccontextmanager
async def _connection(
    path: Path, mode: str, busy_seconds: float
) -> AsyncIterator[aiosqlite.Connection]:
    uri = f"{path.as_uri()}?mode={mode}"
    async with aiosqlite.connect(
        uri, uri=True, isolation_level=None, timeout=busy_seconds
    ) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute("PRAGMA temp_store = MEMORY")  # no text in temporary files
        yield connection


async def _prepare(
    writer: aiosqlite.Connection, path: Path, migrations: Sequence[Migration], backups_kept: int
) -> None:
    """Makes the file ours; one that turns out to be somebody else's is left as it is."""
    await version_of(writer, path, newest=migrations[-1].number)
    await asyncio.to_thread(path.chmod, 0o600)
    await writer.executescript(_WRITER_PRAGMAS)
    await migrate(writer, path, migrations, backups_kept=backups_kept)
    await fit_index(writer)


async def _require_current(
    reader: aiosqlite.Connection, path: Path, migrations: Sequence[Migration]
) -> None:
    newest = migrations[-1].number
    if await version_of(reader, path, newest=newest) < newest:
        raise StoreError(
            f"The database {path} was written by an older guildwatch: "
            "start `guildwatch run` once, which brings it up to date."
        )


def _require(path: Path) -> None:
    if not path.is_file():
        raise StoreError(
            f"There is no database at {path}: import an export or start guildwatch first, "
            "or name another folder with --data-dir."
        )


def _file_at(path: Path) -> tuple[int, int] | None:
    """What tells this very file from another one in its place."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _replaced(path: Path) -> StoreError:
    """What was written from now on would go to a file that nobody finds again."""
    return StoreError(
        f"The database {path} was removed or replaced while guildwatch works on it: put it back, "
        "or stop guildwatch and start it again, which reads from Discord what is missing."
    )


def _create(path: Path) -> None:
    """Makes file and folder where they are missing, readable by their owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"The folder {path.parent} cannot be written ({error.strerror}): "
            "mend its permissions or name another one with --data-dir."
        ) from error
