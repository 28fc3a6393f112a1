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

-- What the language model was made to read for some of a channel's messages, by the last of them.
CREATE TABLE costs (
    message_id         INTEGER NOT NULL,
    channel_id         INTEGER NOT NULL,
    guild_id           INTEGER NOT NULL,
    is_ahead           INTEGER NOT NULL,  -- 1: while their period was still going on
    calls              INTEGER NOT NULL,
    prompt_tokens      INTEGER NOT NULL,
    chat_tokens        INTEGER NOT NULL,
    completion_tokens  INTEGER NOT NULL,
    PRIMARY KEY (message_id, channel_id, is_ahead)
) STRICT, WITHOUT ROWID;

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

-- Answers to commands that everybody in their channel sees: each shows a report that is kept for it
-- alone, as long as the message is there. `content` as in ledger_parts.
CREATE TABLE answers (
    report_id   INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    channel_id  INTEGER NOT NULL,
    message_id  INTEGER NOT NULL UNIQUE,
    content     TEXT
) STRICT;

-- Archived threads that were opened so that a message in them can be edited, until they are closed.
CREATE TABLE opened_threads (
    id  INTEGER PRIMARY KEY
) STRICT;

-- Who wrote a message that a report rests on and where, as it was when the report was kept: the
-- message itself expires before the report does.
ALTER TABLE receipts ADD COLUMN author_id INTEGER;
ALTER TABLE receipts ADD COLUMN channel_id INTEGER;
UPDATE receipts SET (author_id, channel_id) = (
    SELECT author_id, channel_id FROM messages WHERE messages.id = receipts.message_id
);
CREATE INDEX receipts_by_author ON receipts (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX receipts_by_channel ON receipts (channel_id) WHERE channel_id IS NOT NULL;

ALTER TABLE guild_settings ADD COLUMN language TEXT;
