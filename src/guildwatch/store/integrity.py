"""Looks whether a database file is in order."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from guildwatch.store.errors import StoreError
from guildwatch.store.explaining import SQLITE_ERRORS, is_damage, problem, unusable

UNFIT_INDEX = "the search index does not fit the messages"
_SAID = 20  # so many findings at most: a damaged file has one on every page


async def check_integrity(path: Path, *, full: bool = False) -> list[str]:
    """What is wrong with a database, a line each; nothing when it is sound.

    The quick check reads every page (measured: about a second for 500 MB). The full one compares
    the indexes with their tables too, what rows refer to, and the search index, for which it must
    be able to write; that takes several times as long, and a writer waits meanwhile.
    Raises StoreError when there is no such file or it cannot be read.
    """
    return await asyncio.to_thread(full_findings if full else _quick, path)


def renew_search_index(path: Path) -> None:
    """Makes the search index anew from the messages; it holds nothing that they do not.

    Raises StoreError when the file cannot be written.
    """
    with _opened(path, "rw") as connection:
        connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')")


def _quick(path: Path) -> list[str]:
    with _opened(path, "ro") as connection:
        return _answers(connection, "quick_check")


def full_findings(path: Path) -> list[str]:
    """What the full check of `check_integrity` finds, for who is in a thread of his own already."""
    with _opened(path, "rw") as connection:
        findings = _answers(connection, "integrity_check")
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            findings.append(f"row {row} of {table} refers to a row of {parent} that is not there")
        return findings[:_SAID] or _search_index(connection)


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise StoreError(f"There is no database at {path}: name another one.")
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
            yield connection
    except SQLITE_ERRORS as error:
        raise unusable(path, "checked", error) from error


def _answers(connection: sqlite3.Connection, check: str) -> list[str]:
    try:
        found = [row[0] for row in connection.execute(f"PRAGMA {check} ({_SAID})")]
    except SQLITE_ERRORS as error:
        if not is_damage(error):
            raise
        return [problem(error)]
    return [] if found == ["ok"] else found


def _search_index(connection: sqlite3.Connection) -> list[str]:
    try:
        # 1: also against the messages, https://sqlite.org/fts5.html#the_integrity_check_command
        connection.execute(
            "INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)"
        )
    except SQLITE_ERRORS as error:
        if not is_damage(error):
            raise
        return [UNFIT_INDEX]
    return []
