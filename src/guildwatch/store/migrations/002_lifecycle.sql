-- How long things are kept, what must not come back, what happened to us, and what readers said.
-- Times are microseconds since 1970 (UTC) unless a column says otherwise.

-- What admins chose: days for which texts are kept in a channel, or (channel_id 0) in the guild.
CREATE TABLE retention (
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL DEFAULT 0,
    days        INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

-- What was purged: up to this id history is not taken again; channel_id 0 is the whole guild.
-- Rows up to remove_to are still to go, 0 when all have gone.
CREATE TABLE floors (
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL DEFAULT 0,
    message_id  INTEGER NOT NULL,
    remove_to   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;

-- Messages that were deleted before this file knew them; nothing of them is taken.
CREATE TABLE graves (
    id  INTEGER PRIMARY KEY
) STRICT;

-- Authors of whom nothing up to this id is taken.
CREATE TABLE forgotten (
    author_id   INTEGER NOT NULL,
    guild_id    INTEGER NOT NULL,
    message_id  INTEGER NOT NULL,
    PRIMARY KEY (author_id, guild_id)
) STRICT, WITHOUT ROWID;

-- The slow second look at what is kept: it goes round from next_id until it is at until_id again.
CREATE TABLE sweeps (
    channel_id  INTEGER PRIMARY KEY,
    next_id     INTEGER NOT NULL,
    until_id    INTEGER NOT NULL,
    looked_at   INTEGER NOT NULL
) STRICT;

-- Since when something of a channel may be missing; the row goes when that has been read.
CREATE TABLE breaks (
    channel_id  INTEGER PRIMARY KEY,
    began       INTEGER NOT NULL
) STRICT;

-- Single facts about this file, by name.
CREATE TABLE facts (
    name   TEXT PRIMARY KEY,
    value  INTEGER NOT NULL
) STRICT;

-- What went wrong with ourselves; guild_id 0 is no guild's. One row while it lasts.
CREATE TABLE incidents (
    id        INTEGER PRIMARY KEY,
    guild_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    sentence  TEXT NOT NULL,
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    times     INTEGER NOT NULL DEFAULT 1,
    ended_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX incidents_going_on ON incidents (guild_id, kind, subject) WHERE ended_at IS NULL;

-- What readers said of a posted report, by the message id of its glance.
CREATE TABLE feedback (
    glance_id  INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL,
    report_id  INTEGER REFERENCES reports (id) ON DELETE SET NULL,
    user_id    INTEGER NOT NULL,
    verdict    TEXT NOT NULL,
    words      TEXT NOT NULL DEFAULT '',
    given_at   INTEGER NOT NULL,
    PRIMARY KEY (glance_id, user_id, verdict)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_by_report ON feedback (report_id);
CREATE TRIGGER feedback_go AFTER DELETE ON feedback WHEN old.words <> '' BEGIN
    UPDATE upkeep SET traces = traces + 1;
END;

ALTER TABLE guild_settings ADD COLUMN weekly INTEGER;
ALTER TABLE guild_settings ADD COLUMN monthly INTEGER NOT NULL DEFAULT 0;
ALTER TABLE guild_settings ADD COLUMN skip_quiet INTEGER NOT NULL DEFAULT 0;

ALTER TABLE channels ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE channels ADD COLUMN applied_tag_ids TEXT NOT NULL DEFAULT '[]';

ALTER TABLE messages ADD COLUMN attachment_kinds TEXT NOT NULL DEFAULT '';

-- SQLite does not promise an order in which triggers fire: as two, the one that took the old words
-- out of the search index came last, and with them went those that the new text has, too.
DROP TRIGGER messages_change;
DROP TRIGGER messages_changed;
CREATE TRIGGER messages_change AFTER UPDATE OF text ON messages WHEN old.text IS NOT new.text BEGIN
    INSERT INTO messages_fts (messages_fts, rowid, text)
        SELECT 'delete', old.id, old.text WHERE old.text <> '';
    UPDATE upkeep SET traces = traces + 1 WHERE old.text <> '';
    INSERT INTO messages_fts (rowid, text) SELECT new.id, new.text WHERE new.text <> '';
END;
INSERT INTO messages_fts (messages_fts) VALUES ('rebuild');
