"""The rules by which what happens on Discord changes what is stored; pure, one batch at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from guildwatch.model import (
    Author,
    Captured,
    ChannelClosed,
    Deletion,
    GuildLeft,
    Message,
    MessageEdit,
    ReactionChange,
)
from guildwatch.store.nameless import unaddressed
from guildwatch.store.plain import moment_to_integer, storable
from guildwatch.store.rows import FORGOTTEN, Row, row_of_message

_NEVER = -1


@dataclass(frozen=True, slots=True)
class Barred:
    """What may not come (back), whoever tells of it.

    `opted_out` are (guild, author) pairs, `forgotten` such pairs up to an id, `buried` messages
    that were deleted without ever having been here. `floors` are the ids up to which history is
    not taken again, by guild and channel (0 for the whole guild).
    """

    opted_out: Collection[tuple[int, int]] = ()
    forgotten: Mapping[tuple[int, int], int] = field(default_factory=dict)
    buried: Collection[int] = ()
    floors: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def is_forgotten(self, guild_id: int, author_id: int | None, message_id: int) -> bool:
        """Whether a message's author does not want it to be kept."""
        pair = (guild_id, author_id or 0)
        return pair in self.opted_out or message_id <= self.forgotten.get(pair, _NEVER)

    def is_below_floor(self, row: Row) -> bool:
        """Whether a message was purged with everything up to it."""
        return any(
            row.id <= self.floors.get((row.guild_id, channel_id), _NEVER)
            for channel_id in (0, row.channel_id)
        )


@dataclass(slots=True)
class Changes:
    """Stored rows, and what they become as the events of a batch are taken in order.

    `families` has for each channel that the batch closes its threads and itself; `closed` are
    channels known to be deleted; `barred` is what may not come (back). What was imported gives
    way to what Discord tells, never the other way round. A tombstone stays one whatever comes.

    In the end `after` are the rows, `authors` the names met (by guild and id), `closing` the
    guilds of channels that were deleted, `deleted` the ids of all messages that the batch says are
    gone. That a guild was left is the roster's to save, so that no late event undoes a return.
    """

    before: Mapping[int, Row]
    closed: set[int]
    families: Mapping[int, Collection[int]]
    barred: "Barred"
    imported: bool
    after: dict[int, Row] = field(default_factory=dict)
    authors: dict[tuple[int, int], Author] = field(default_factory=dict)
    closing: dict[int, int] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.after = dict(self.before)

    def take(self, event: Captured) -> None:
        """Takes one event."""
        match event:
            case Message():
                self._message(event)
            case MessageEdit():
                self._edit(event)
            case Deletion():
                self._delete(event)
            case ReactionChange():
                self._react(event)
            case ChannelClosed():
                self._close(event)
            case GuildLeft():
                pass

    def changed(self) -> list[Row]:
        """The rows to write."""
        return [row for row in self.after.values() if self.before.get(row.id) != row]

    def buried(self) -> list[Row]:
        """The rows, as they were, whose text went."""
        return [
            row for row in self.before.values() if row.is_alive and not self.after[row.id].is_alive
        ]

    def gone(self) -> set[int]:
        """The ids of all messages of which nothing may be left anywhere."""
        return self.deleted | {row.id for row in self.buried()}

    def fresh_tombstones(self) -> list[int]:
        """The ids that are not to come back, and of which that was not noted before.

        Whoever opted out may opt in again, so that their messages are not among them.
        """
        return [
            one
            for one in sorted(self.gone())
            if self.after[one].author_id != FORGOTTEN
            and (one not in self.before or self.before[one].is_alive)
        ]

    def reworded(self) -> list[int]:
        """The ids of messages whose text is not any more what it was."""
        return [row.id for row in self.before.values() if row.text != self.after[row.id].text]

    def come(self) -> dict[int, list[int]]:
        """The ids of new messages, by guild."""
        found: dict[int, list[int]] = {}
        for row in self.after.values():
            if row.is_alive and row.id not in self.before:
                found.setdefault(row.guild_id, []).append(row.id)
        return found

    def unkept(self) -> frozenset[int]:
        """The ids of messages of which nothing is kept, as their authors do not want it."""
        return frozenset(row.id for row in self.after.values() if row.author_id == FORGOTTEN)

    def figures(self) -> tuple[int, int, int]:
        """How many messages are new, changed, and deleted."""
        come = [row for row in self.after.values() if row.id not in self.before]
        kept = sum(row.is_alive and self.before.get(row.id, row) != row for row in self.changed())
        new = sum(row.is_alive or row.author_id == FORGOTTEN for row in come)
        return new, kept, len(self.buried())

    def _message(self, message: Message) -> None:
        new = self._admit(row_of_message(message, imported=self.imported), message.mentioned)
        old = self.after.get(new.id)
        if not self.imported and self.barred.is_below_floor(new):
            return
        if old is None:
            self.after[new.id] = new
        elif not old.is_alive or (self.imported and not old.imported):
            return
        elif not new.is_alive:
            self.after[new.id] = replace(old.buried(), author_id=new.author_id)
        elif _is_current(new.edited_at, old, strictly=self.imported):
            self.after[new.id] = _succeed(old, new)
        if new.is_alive:
            self._meet(new.guild_id, new.id, message.author, *message.mentioned)

    def _admit(self, row: Row, mentioned: Collection[Author]) -> Row:
        """A row without what must not be kept of it."""
        if self.barred.is_forgotten(row.guild_id, row.author_id, row.id):
            return replace(row.buried(), author_id=FORGOTTEN)
        if row.channel_id in self.closed or row.id in self.barred.buried:
            return row.buried()
        mentions = self._mentions(row.guild_id, row.id, mentioned)
        if mentions == row.mentions:
            return row
        text = row.text
        if self.imported and text:
            text = unaddressed(text, {one.name for one in mentioned if one.id not in mentions})
        return replace(row, mentions=mentions, text=text)

    def _mentions(
        self, guild_id: int, message_id: int, mentioned: Collection[Author]
    ) -> tuple[int, ...]:
        return tuple(
            one.id
            for one in mentioned
            if not self.barred.is_forgotten(guild_id, one.id, message_id)
        )

    def _meet(self, guild_id: int, message_id: int, *authors: Author) -> None:
        for author in authors:
            if not self.barred.is_forgotten(guild_id, author.id, message_id):
                self.authors[guild_id, author.id] = author

    def _edit(self, edit: MessageEdit) -> None:
        old = self.after.get(edit.id)
        edited_at = None if edit.edited_at is None else moment_to_integer(edit.edited_at)
        if old is None or not old.is_alive or not _is_current(edited_at, old, strictly=False):
            return
        self.after[edit.id] = replace(
            old,
            text=storable(edit.text),
            edited_at=edited_at,
            mentions=self._mentions(old.guild_id, old.id, edit.mentioned),
            attachments=edit.attachments,
            attachment_kinds=edit.attachment_kinds,
            score=edit.score,
            imported=False,
        )
        self._meet(old.guild_id, old.id, *edit.mentioned)

    def _delete(self, deletion: Deletion) -> None:
        self.deleted.update(deletion.ids)
        for one in deletion.ids:
            old = self.after.get(one, Row(one, deletion.guild_id, deletion.channel_id))
            self.after[one] = old.buried()

    def _react(self, change: ReactionChange) -> None:
        old = self.after.get(change.id)
        if old is not None and old.is_alive:
            kept = 0 if change.clear else old.reactions
            self.after[change.id] = replace(old, reactions=max(0, kept + change.delta))

    def _close(self, event: ChannelClosed) -> None:
        family = self.families[event.channel_id]
        self.closed.update(family)
        self.closing.update(dict.fromkeys(family, event.guild_id))
        for row in self.after.values():
            if row.is_alive and row.channel_id in family:
                self.after[row.id] = row.buried()


def _is_current(edited_at: int | None, old: Row, *, strictly: bool) -> bool:
    theirs = _NEVER if edited_at is None else edited_at
    ours = _NEVER if old.edited_at is None else old.edited_at
    return theirs > ours or (theirs == ours and not strictly)


def _succeed(old: Row, new: Row) -> Row:
    """The newer row; but history read without MESSAGE_CONTENT is empty, and says nothing.

    Such history has no attachments either: empty text beside attachments really is empty.
    """
    if new.text or new.attachments or not old.text:
        return replace(new, guild_id=old.guild_id, channel_id=old.channel_id)
    return replace(old, reactions=new.reactions)
