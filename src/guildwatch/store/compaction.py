"""Keeps the file of tombstones short: every record once, and only those that still count."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from guildwatch.store.tombstones import (
    BYTES_AT_ONCE,
    TITLE_BYTES,
    Mark,
    Title,
    Tombstone,
    parsed,
    told_of,
    write_anew,
)

_SMALL = 1024 * 1024


def make_ready(path: Path) -> None:
    """Makes the file where it is missing, gives it a title, and writes it anew when it has grown.

    That is when it has doubled since the last time, so that each record is copied about once.
    Raises StoreError when it cannot be read or written.
    """
    with told_of(path):
        size = path.stat().st_size if path.exists() else 0
        title = _title(path) if size else None
    if title is None or size > max(_SMALL, 2 * title.body):
        _compact(path, title)


def _title(path: Path) -> Title | None:
    with path.open("rb") as file:
        return Title.read(file.read(TITLE_BYTES))


def _compact(path: Path, old: Title | None) -> None:
    # A database in memory takes 15 MB for a million ids, a set of them 100.
    seen = sqlite3.connect(":memory:", isolation_level=None)
    try:
        seen.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY)")
        seen.execute("CREATE TABLE others (mark, a, b, c, PRIMARY KEY (mark, a, b)) WITHOUT ROWID")
        end = _sort(path, seen)
        title = Title(secrets.randbits(62), 0, old.identity if old else 0, end)
        write_anew(path, title, _lines(seen))
    finally:
        seen.close()


def _sort(path: Path, seen: sqlite3.Connection) -> int:
    """Reads all records; gives where the last whole line ends."""
    end = 0
    if not path.exists():
        return end
    seen.execute("BEGIN")
    with told_of(path), path.open("rb") as file:
        while lines := file.readlines(BYTES_AT_ONCE):
            end += sum(len(line) for line in lines if line.endswith(b"\n"))
            records = [one for one in map(parsed, lines) if one is not None]
            seen.executemany(
                "INSERT OR IGNORE INTO messages VALUES (?)",
                [(one.message_id,) for one in records if one.mark is Mark.MESSAGE],
            )
            for record in records:
                if record.mark is not Mark.MESSAGE:
                    _keep(seen, record)
    seen.execute("COMMIT")
    return end


def _keep(seen: sqlite3.Connection, record: Tombstone) -> None:
    mark = Mark.OPT_OUT if record.mark is Mark.OPT_IN else record.mark
    # Of opting out and in the last one counts, of the others the highest.
    value = record.mark.value if mark is Mark.OPT_OUT else record.message_id
    seen.execute(
        "INSERT INTO others VALUES (?, ?, ?, ?) ON CONFLICT (mark, a, b) DO UPDATE SET "
        "c = CASE WHEN typeof(c) = 'text' THEN excluded.c ELSE max(c, excluded.c) END",
        (mark.value, record.guild_id, record.channel_id or record.author_id, value),
    )


def _lines(seen: sqlite3.Connection) -> Iterator[bytes]:
    for (message_id,) in seen.execute("SELECT id FROM messages ORDER BY id"):
        yield Tombstone(Mark.MESSAGE, message_id).line()
    for mark, guild_id, other_id, value in seen.execute("SELECT * FROM others"):
        if mark == Mark.CHANNEL:
            yield Tombstone(Mark.CHANNEL, value, guild_id, other_id).line()
        elif mark == Mark.OPT_OUT:
            yield Tombstone(Mark(value), 0, guild_id, author_id=other_id).line()
        else:
            yield Tombstone(Mark(mark), value, guild_id, author_id=other_id).line()
