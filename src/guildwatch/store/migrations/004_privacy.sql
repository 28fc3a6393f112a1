-- Who may do what, what members asked for, and what was changed by whom.
-- Times are microseconds since 1970 (UTC).

-- Options of a guild. The limits are of what costs something, an hour (NULL: what the operator says).
ALTER TABLE guild_settings ADD COLUMN member_limit INTEGER;
ALTER TABLE guild_settings ADD COLUMN guild_limit INTEGER;
ALTER TABLE guild_settings ADD COLUMN min_people INTEGER NOT NULL DEFAULT 1;
ALTER TABLE guild_settings ADD COLUMN names INTEGER NOT NULL DEFAULT 1;
ALTER TABLE guild_settings ADD COLUMN top INTEGER NOT NULL DEFAULT 1;
ALTER TABLE guild_settings ADD COLUMN board INTEGER NOT NULL DEFAULT 0;

-- Only these roles, or only in these channels, may a command be used.
CREATE TABLE gates (
    guild_id   INTEGER NOT NULL,
    command    TEXT NOT NULL,     -- 'all': every command that has no gate of its own of that kind
    is_role    INTEGER NOT NULL,  -- 1: a role, 0: a channel or category
    target_id  INTEGER NOT NULL,
    PRIMARY KEY (guild_id, command, is_role, target_id)
) STRICT, WITHOUT ROWID;

-- Every change of what is configured. `author_id` is the member who made it; 0 is the operator, or
-- somebody who was forgotten since: whoever erases a member sets it to 0, nothing else here is
-- theirs (no other column ever holds a member's id or name).
CREATE TABLE record (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    guild_id   INTEGER,           -- NULL: the operator's configuration
    author_id  INTEGER NOT NULL,
    source     TEXT NOT NULL,     -- command, console or file
    name       TEXT NOT NULL,
    before     TEXT NOT NULL,     -- '' where nothing was set
    after      TEXT NOT NULL
) STRICT;
CREATE INDEX record_by_guild ON record (guild_id, id);
CREATE INDEX record_by_author ON record (author_id);

-- The operator's configuration as it was last seen; of a secret only whether there is one.
CREATE TABLE configuration (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Members of whom everything up to this id is still to be taken out; they opted out or were
-- forgotten. The row goes when nothing of it is left.
CREATE TABLE erasures (
    author_id  INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL,
    until_id   INTEGER NOT NULL,
    PRIMARY KEY (author_id, guild_id)
) STRICT, WITHOUT ROWID;

-- Channels of which an admin lets the reports tell although not all of their readers can read them.
-- `readers` is who could read the reports when that was chosen, `insiders` who the channel itself
-- (JSON): it ends where there are more of the former or fewer of the latter. A row with an
-- `ended_at` is only a record. `made_by` and `ended_by` are members, 0 where it ended by itself or
-- the member was forgotten since; `reason` says why it ended by itself.
CREATE TABLE widenings (
    id          INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    target_id   INTEGER NOT NULL,  -- where the reports went
    readers     TEXT NOT NULL,
    insiders    TEXT NOT NULL,
    made_by     INTEGER NOT NULL,
    made_at     INTEGER NOT NULL,
    ended_by    INTEGER,
    ended_at    INTEGER,
    reason      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX widenings_going_on ON widenings (guild_id, channel_id) WHERE ended_at IS NULL;

-- What the daily comparison of posts with their readers came to: how many were looked at, how many
-- were narrowed by so many points, and of how many nobody could tell who reads them.
CREATE TABLE audits (
    at        INTEGER PRIMARY KEY,
    posts     INTEGER NOT NULL,
    narrowed  INTEGER NOT NULL,
    points    INTEGER NOT NULL,
    unknown   INTEGER NOT NULL
) STRICT;

-- Whether who posts secrets or personal data is told so by direct message.
ALTER TABLE guild_settings ADD COLUMN hints INTEGER NOT NULL DEFAULT 0;

-- The channels whose messages the model read in the same call: what it told then is for nobody who
-- may not read all of them. Of what was told before nobody knows, so it is told anew.
DELETE FROM conversations;
ALTER TABLE conversations ADD COLUMN among TEXT NOT NULL DEFAULT '[]';

-- By which messages a question was answered or taken back: readers of different channels may each
-- have an answer of their own.
CREATE TABLE question_endings (
    message_id  INTEGER NOT NULL REFERENCES questions (message_id) ON DELETE CASCADE,
    ended_by    INTEGER NOT NULL,
    PRIMARY KEY (message_id, ended_by)
) STRICT, WITHOUT ROWID;
INSERT INTO question_endings SELECT message_id, ended_by FROM questions WHERE ended_by IS NOT NULL;
UPDATE questions SET ended_by = NULL;

-- What members were called before, until they are forgotten: reports of that time have these names.
CREATE TABLE former_names (
    author_id  INTEGER NOT NULL,
    guild_id   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (author_id, guild_id, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER authors_renamed AFTER UPDATE OF name ON authors WHEN old.name <> new.name BEGIN
    -- An OR IGNORE here would give way to the conflict clause of the statement that fires this.
    INSERT INTO former_names SELECT old.id, old.guild_id, old.name WHERE NOT EXISTS (
        SELECT 1 FROM former_names
        WHERE author_id = old.id AND guild_id = old.guild_id AND name = old.name
    );
END;
CREATE TRIGGER authors_gone AFTER DELETE ON authors BEGIN
    DELETE FROM former_names WHERE author_id = old.id AND guild_id = old.guild_id;
END;
