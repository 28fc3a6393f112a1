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

-- Questions that a report told as open, and the message by which each was answered or taken back.
CREATE TABLE questions (
    message_id  INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    ended_by    INTEGER
) STRICT;
CREATE INDEX questions_by_guild ON questions (guild_id, message_id);

-- Posted reports that say more than they still may, until their posts are edited. `changes` counts
-- what happened to them meanwhile; `urgent` is 0 where only counts have changed.
CREATE TABLE amendments (
    report_id  INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    changes    INTEGER NOT NULL DEFAULT 1,
    urgent     INTEGER NOT NULL,
    failures   INTEGER NOT NULL DEFAULT 0,
    next_try   INTEGER
) STRICT;

-- Edited messages on which stored reports rest, until what rests on them has been checked again.
CREATE TABLE rechecks (
    report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    message_id  INTEGER NOT NULL,
    PRIMARY KEY (report_id, message_id)
) STRICT, WITHOUT ROWID;

-- What a part of a post shows: which report, the hash of its content (NULL: not known), and whether
-- its message is gone.
ALTER TABLE ledger_parts ADD COLUMN report_id INTEGER REFERENCES reports (id) ON DELETE SET NULL;
ALTER TABLE ledger_parts ADD COLUMN content TEXT;
ALTER TABLE ledger_parts ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
UPDATE ledger_parts SET report_id = (
    SELECT report_id FROM ledger WHERE ledger.guild_id = ledger_parts.guild_id
    AND ledger.kind = ledger_parts.kind AND ledger.period_end = ledger_parts.period_end
);
CREATE INDEX ledger_parts_by_report ON ledger_parts (report_id);

ALTER TABLE guild_settings ADD COLUMN language TEXT;
