"""What was said, changed and taken back in a sandbox: the truth that a store is compared with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guildwatch.sandbox import World

REREAD = timedelta(hours=48)
"""`storage.reread_hours`, as it is unless somebody chooses otherwise."""


@dataclass
class Said:
    """One message of a person: all that it ever said, oldest first, each text with its own mark.

    `touched_at` is when it was last changed, `gone_at` when it was deleted.
    """

    id: int
    guild_id: int
    channel_id: int
    said_at: datetime
    texts: list[str]
    marks: list[str]
    touched_at: datetime
    gone_at: datetime | None = None

    @property
    def was_old(self) -> bool:
        """Whether it was changed or deleted when it was older than what is read again at once."""
        return (self.gone_at or self.touched_at) - self.said_at >= REREAD


@dataclass
class Truth:
    """Every message that a life has made.

    `parents` are the channels of threads, `quoted` marks that may outlive their messages, in
    forwards of them. `choices` are what
    admins chose for channels and got an answer to, `unsure` the channels where they got none.
    """

    world: World
    quoted: set[str] = field(default_factory=set)
    said: dict[int, Said] = field(default_factory=dict)
    alive: set[int] = field(default_factory=set)
    parents: dict[int, int] = field(default_factory=dict)
    choices: dict[int, bool] = field(default_factory=dict)
    unsure: set[int] = field(default_factory=set)

    def note(self, message_id: int, text: str, mark: str) -> None:
        """A message was said."""
        message = self.world.kept_messages[message_id]
        channel = self.world.channels[message.channel_id]
        guild_id = channel.guild_id or 0
        now = self.world.clock()
        one = Said(message_id, guild_id, message.channel_id, now, [text], [mark], now)
        self.said[message_id] = one
        if channel.thread is not None:
            self.parents[channel.id] = channel.parent_id or 0
        self.alive.add(message_id)

    def note_edit(self, message_id: int, text: str, mark: str) -> None:
        """A message was changed."""
        one = self.said[message_id]
        one.texts.append(text)
        one.marks.append(mark)
        one.touched_at = self.world.clock()

    def look(self) -> None:
        """Note which messages are gone, by whatever act."""
        for id_ in [one for one in self.alive if one not in self.world.kept_messages]:
            self.said[id_].gone_at = self.world.clock()
            self.alive.discard(id_)

    def alive_in(self, channel_id: int) -> list[int]:
        """The ids of the people's messages that are there."""
        ids = self.world.channels[channel_id].message_ids
        return [one for one in ids if one in self.alive]
