"""Makes the full-text index fit the SQLite at hand, which may change with every Python."""

import sqlite3

import aiosqlite

ERASES_AT_ONCE = sqlite3.sqlite_version_info >= (3, 42)
"""Whether FTS5 can take deleted words out of the index right away (its `secure-delete`)."""


async def fit_index(writer: aiosqlite.Connection) -> None:
    """Turns `secure-delete` on where there is one.

    It leaves a format that older releases cannot read; with one of those the index is rebuilt.
    https://sqlite.org/fts5.html#the_secure_delete_configuration_option
    """
    records = await writer.execute_fetchall("SELECT k, v FROM messages_fts_config")
    settings = {record["k"]: record["v"] for record in records}
    if ERASES_AT_ONCE and not settings.get("secure-delete"):
        await writer.executescript(
            "BEGIN IMMEDIATE;"
            # Merges away what was deleted before; from now on nothing will be left.
            "INSERT INTO messages_fts (messages_fts) VALUES ('optimize');"
            "INSERT INTO messages_fts (messages_fts, rank) VALUES ('secure-delete', 1);"
            "COMMIT;"
        )
    if not ERASES_AT_ONCE and settings["version"] > 4:
        await writer.executescript(
            "BEGIN IMMEDIATE;"
            # An old release refuses even to rebuild before it reads its own version here.
            "UPDATE messages_fts_config SET v = 4 WHERE k = 'version';"
            "DELETE FROM messages_fts_config WHERE k = 'secure-delete';"
            "INSERT INTO messages_fts (messages_fts) VALUES ('rebuild');"
            "COMMIT;"
        )
