-- What the digest remembers: where messages belong, what is still asked, which posts must change.
-- Times are microseconds since 1970 (UTC) unless a column says otherwise.

-- The conversation that each message belongs to, by the id of the message that began it, and why.
-- Nothing in here is a word of anybody's.
CREATE TABLE homes (
    message_id       INTEGER PRIMARY KEY,
    channel_id       INTEGER NOT NULL,
    conversation_id  INTEGER NOT NULL,
    reason           TEXT NOT NULL,
    because_id       INTEGER  -- the message that it was joined for
) STRICT;
CREATE INDEX homes_by_channel ON homes (channel_id, message_id);

-- Questions that a report told as open, until they are answered or stale.
CREATE TABLE questions (
    message_id   INTEGER PRIMARY KEY,
    guild_id     INTEGER NOT NULL,
    channel_id   INTEGER NOT NULL,
    asked_at     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    answered_by  INTEGER,
    ended_at     INTEGER
) STRICT;
CREATE INDEX questions_by_guild ON questions (guild_id, state);

-- Posted reports that say more than they still may, until their posts are edited.
CREATE TABLE amendments (
    report_id  INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    since      INTEGER NOT NULL,
    failures   INTEGER NOT NULL DEFAULT 0,
    next_try   INTEGER
) STRICT;

ALTER TABLE guild_settings ADD COLUMN language TEXT;
