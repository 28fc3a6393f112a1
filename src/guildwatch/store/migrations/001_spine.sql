-- Times are microseconds since 1970 (UTC) unless a column says otherwise; lists are JSON.

CREATE TABLE guilds (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    owner_id  INTEGER NOT NULL DEFAULT 0,
    locale    TEXT NOT NULL DEFAULT 'en-US',
    roles     TEXT NOT NULL DEFAULT '[]',
    imported  INTEGER NOT NULL DEFAULT 0,  -- 1: only an export has told us of it
    left_at   INTEGER
) STRICT;

CREATE TABLE channels (
    id               INTEGER PRIMARY KEY,
    guild_id         INTEGER NOT NULL,
    name             TEXT NOT NULL,
    kind             INTEGER NOT NULL,
    parent_id        INTEGER,
    position         INTEGER NOT NULL DEFAULT 0,
    topic            TEXT NOT NULL DEFAULT '',
    age_restricted   INTEGER NOT NULL DEFAULT 0,
    archived         INTEGER NOT NULL DEFAULT 0,
    overwrites       TEXT NOT NULL DEFAULT '[]',
    member_ids       TEXT NOT NULL DEFAULT '[]',
    last_message_id  INTEGER,
    known            INTEGER NOT NULL,            -- 0: nobody tells us its permissions (any more)
    closed           INTEGER NOT NULL DEFAULT 0   -- 1: deleted, texts still to go; 2: all gone
) STRICT;
CREATE INDEX channels_by_guild ON channels (guild_id);
CREATE INDEX channels_by_parent ON channels (parent_id);

CREATE TABLE tracking (
    channel_id  INTEGER PRIMARY KEY,
    tracked     INTEGER NOT NULL
) STRICT;

CREATE TABLE authors (
    id        INTEGER NOT NULL,
    guild_id  INTEGER NOT NULL,
    name      TEXT NOT NULL,
    is_bot    INTEGER NOT NULL,
    imported  INTEGER NOT NULL,
    PRIMARY KEY (id, guild_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE opt_outs (
    author_id  INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL,
    PRIMARY KEY (author_id, guild_id)
) STRICT, WITHOUT ROWID;

-- A row whose text is NULL is a tombstone: of a deleted message (its author kept where known), or
-- of somebody who opted out or was forgotten (author_id 0).
CREATE TABLE messages (
    id           INTEGER PRIMARY KEY,
    guild_id     INTEGER NOT NULL,
    channel_id   INTEGER NOT NULL,
    author_id    INTEGER,
    text         TEXT,
    kind         TEXT,
    is_bot       INTEGER NOT NULL DEFAULT 0,
    reply_to     INTEGER,
    edited_at    INTEGER,
    mentions     TEXT,
    attachments  INTEGER NOT NULL DEFAULT 0,
    stickers     INTEGER NOT NULL DEFAULT 0,
    reactions    INTEGER NOT NULL DEFAULT 0,
    score        REAL,
    imported     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX messages_by_guild ON messages (guild_id);
CREATE INDEX messages_by_channel ON messages (channel_id);

CREATE VIRTUAL TABLE messages_fts USING fts5 (
    text, content = 'messages', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- `traces` counts how often text has gone; upkeep sets it back once the file is clean of it.
CREATE TABLE upkeep (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    traces  INTEGER NOT NULL
) STRICT;
INSERT INTO upkeep VALUES (1, 0);

CREATE TRIGGER messages_come AFTER INSERT ON messages WHEN new.text <> '' BEGIN
    INSERT INTO messages_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER messages_change AFTER UPDATE OF text ON messages
WHEN old.text <> '' AND old.text IS NOT new.text BEGIN
    INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
    UPDATE upkeep SET traces = traces + 1;
END;
CREATE TRIGGER messages_changed AFTER UPDATE OF text ON messages
WHEN new.text <> '' AND old.text IS NOT new.text BEGIN
    INSERT INTO messages_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER messages_go AFTER DELETE ON messages WHEN old.text <> '' BEGIN
    INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.id, old.text);
    UPDATE upkeep SET traces = traces + 1;
END;

CREATE TABLE watermarks (
    channel_id  INTEGER PRIMARY KEY,
    message_id  INTEGER NOT NULL
) STRICT;

CREATE TABLE gaps (
    channel_id  INTEGER NOT NULL,
    start_id    INTEGER NOT NULL,
    end_id      INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (channel_id, start_id, end_id)
) STRICT, WITHOUT ROWID;

-- What people said, by UTC hour (hours since 1970); score_sum in millionths, so that sums are exact.
CREATE TABLE activity (
    guild_id    INTEGER NOT NULL,
    hour        INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    author_id   INTEGER NOT NULL,
    messages    INTEGER NOT NULL,
    scored      INTEGER NOT NULL,
    score_sum   INTEGER NOT NULL,
    positive    INTEGER NOT NULL,
    negative    INTEGER NOT NULL,
    PRIMARY KEY (guild_id, hour, channel_id, author_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    key         TEXT PRIMARY KEY,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    result      TEXT NOT NULL
) STRICT;

CREATE TABLE conversation_messages (
    message_id  INTEGER NOT NULL,
    key         TEXT NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    PRIMARY KEY (message_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_messages_by_key ON conversation_messages (key);

-- `body` is the whole report as JSON; the other columns are what it is found and listed by.
CREATE TABLE reports (
    id            INTEGER PRIMARY KEY,
    guild_id      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    period_start  INTEGER NOT NULL,
    period_end    INTEGER NOT NULL,
    zone          TEXT NOT NULL,
    sources       TEXT NOT NULL,  -- hash of the source ids
    headline      TEXT NOT NULL,
    engine        TEXT NOT NULL,
    messages      INTEGER NOT NULL,
    written_at    INTEGER NOT NULL,
    body          TEXT NOT NULL,
    UNIQUE (guild_id, kind, period_start, period_end, zone, sources)
) STRICT;

-- Every message that a report cites anywhere: in its points, headline, links or highlights.
CREATE TABLE receipts (
    message_id  INTEGER NOT NULL,
    report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, report_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_by_report ON receipts (report_id);

CREATE TABLE ledger (
    guild_id      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    period_start  INTEGER NOT NULL,
    period_end    INTEGER NOT NULL,
    zone          TEXT NOT NULL,
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL DEFAULT '',
    failures      INTEGER NOT NULL DEFAULT 0,
    next_try      INTEGER,
    report_id     INTEGER REFERENCES reports (id) ON DELETE SET NULL,
    PRIMARY KEY (guild_id, kind, period_end)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_by_report ON ledger (report_id);

CREATE TABLE ledger_parts (
    guild_id      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    period_end    INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    name          TEXT NOT NULL,
    nonce         TEXT NOT NULL,
    channel_id    INTEGER NOT NULL,
    attempted_at  INTEGER,
    message_id    INTEGER,
    PRIMARY KEY (guild_id, kind, period_end, name),
    FOREIGN KEY (guild_id, kind, period_end) REFERENCES ledger (guild_id, kind, period_end)
        ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE guild_settings (
    guild_id       INTEGER PRIMARY KEY,
    channel_id     INTEGER,
    dm_user_id     INTEGER,
    report_time    TEXT,  -- local, ISO 8601
    zone           TEXT,
    configured_by  INTEGER,
    since          INTEGER
) STRICT;

CREATE TABLE calibration (
    model                 TEXT PRIMARY KEY,
    characters_per_token  REAL NOT NULL
) STRICT;
