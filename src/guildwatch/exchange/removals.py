"""What must leave the archive: read from the file of tombstones, from where it was last read to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guildwatch.store.tombstones import TITLE_BYTES, Mark, Title, Tombstone, parsed, told_of

_EVER = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Position:
    """How far which file of tombstones was heeded."""

    identity: int = 0
    end: int = 0


@dataclass(slots=True)
class Removals:
    """Ids of deleted messages; and up to which id what else goes.

    `authors` has that by (guild, author), `floors` by (guild, channel), channel 0 for all of it.
    Of those who `opted_out`, and have not opted in again, everything goes.
    """

    message_ids: set[int] = field(default_factory=set)
    authors: dict[tuple[int, int], int] = field(default_factory=dict)
    floors: dict[tuple[int, int], int] = field(default_factory=dict)
    opted_out: set[tuple[int, int]] = field(default_factory=set)

    def take(self, record: Tombstone) -> None:
        """Takes one record."""
        author = (record.guild_id, record.author_id)
        place = (record.guild_id, record.channel_id)
        if record.mark is Mark.MESSAGE:
            self.message_ids.add(record.message_id)
        elif record.mark is Mark.AUTHOR:
            self.authors[author] = max(record.message_id, self.authors.get(author, 0))
        elif record.mark is Mark.OPT_OUT:
            self.opted_out.add(author)
        elif record.mark is Mark.OPT_IN:
            self._let_in(author)
        elif record.mark in (Mark.GUILD, Mark.CHANNEL):
            self.floors[place] = max(record.message_id, self.floors.get(place, 0))

    def _let_in(self, author: tuple[int, int]) -> None:
        """Whoever opts in was forgotten up to then; without such a record all of theirs goes."""
        if author in self.opted_out and author not in self.authors:
            self.authors[author] = _EVER
        self.opted_out.discard(author)

    def of_guild(self, guild_id: int) -> Mapping[int, int]:
        """Up to which id what each author said in a guild goes."""
        untils = self.authors | dict.fromkeys(self.opted_out, _EVER)
        return {author: until for (guild, author), until in untils.items() if guild == guild_id}

    def floor(self, guild_id: int, channel_id: int) -> int:
        """Up to which id everything in a channel was purged, 0 when nothing was."""
        return max(self.floors.get((guild_id, one), 0) for one in (0, channel_id))


def removals_since(path: Path, position: Position) -> tuple[Removals, Position]:
    """What a file of tombstones says beyond a position, and the position behind it.

    Raises StoreError when it cannot be read. A file written anew is read from where the position
    is in it, else from its beginning.
    """
    removals = Removals()
    if not path.exists():
        return removals, position
    with told_of(path), path.open("rb") as file:
        title = Title.read(file.read(TITLE_BYTES))
        if title is None:
            return removals, position
        end = file.seek(_start(title, position))
        for line in file:
            if line.endswith(b"\n"):
                end += len(line)
            if record := parsed(line):
                removals.take(record)
    return removals, Position(title.identity, end)


def _start(title: Title, position: Position) -> int:
    if position.identity == title.identity:
        return position.end
    if (position.identity, position.end) == (title.old_identity, title.old_end):
        return title.body
    return TITLE_BYTES
