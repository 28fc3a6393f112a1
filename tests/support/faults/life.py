"""What people do in the made-up community, at random: each act comes from the seed alone."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from guildwatch.model import ChannelKind
from guildwatch.sandbox import Attachment, Permission, Poll, RefusedError, World
from guildwatch.sandbox.places import Channel
from support.faults.town import Place, closed, invite
from support.faults.truth import Truth

_LINES = (
    "The save bug is back since the update of the map editor",
    "Shall we meet on Friday at eight for the tournament?",
    "I have fixed the crash in the loader, thanks for the logs",
    "Nobody likes the new colours of the menu, can we vote on it",
    "The server was slow again last night, who looks after it",
    "I will write the guide for newcomers until the weekend",
    "Great match yesterday, that last round was amazing",
    "We decided to keep the old rules for another month",
)
_LETTERS = "bcdfghjklmnpqrstvwxz"
_STRUCTURAL = (
    "private thread",
    "archive",
    "delete thread",
    "create channel",
    "delete channel",
    "move channel",
    "close channel",
    "open channel",
)
_EMOJI = ("👍", "🎉", "😂")


class Life:
    """The acts of all people of all guilds.

    `kinds` counts what was done, `refused` the acts that Discord's rules did not let happen; what
    changes more than messages is told to `tell`.
    """

    def __init__(
        self,
        world: World,
        places: list[Place],
        truth: Truth,
        random: Random,
        tell: Callable[[str], None],
    ) -> None:
        self.world = world
        self.places = places
        self.truth = truth
        self.kinds: dict[str, int] = {}
        self.refused = 0
        self.tell = tell
        self._random = random
        self._names = 0
        self._touched = 0
        self._opened: set[int] = set()
        self._acts: dict[Callable[[Place], None], float] = {
            self._say: 50,
            self._edit: 12,
            self._delete: 8,
            self._react: 5,
            self._delete_many: 1.5,
            self._open_thread: 4,
            self._private_thread: 1,
            self._archive: 1.5,
            self._delete_thread: 0.7,
            self._create_channel: 1,
            self._delete_channel: 0.5,
            self._move_channel: 0.8,
            self._close_channel: 0.8,
            self._open_channel: 1.2,
            self._rename_channel: 0.5,
            self._pin: 0.8,
            self._rename_person: 0.5,
            self._ban: 0.4,
            self._forward: 2,
        }

    def act(self) -> None:
        """One act of somebody."""
        act = self._random.choices(list(self._acts), list(self._acts.values()))[0]
        self._do(act, self._random.choice(self.places))

    def flood(self, messages: int) -> None:
        """Many messages at once in one channel, more than a page of history holds."""
        place = self._random.choice(self.places)
        channel_id = self._channel(place)
        for _ in range(messages):
            self._do(partial(self._say_in, channel_id=channel_id), place, "")

    def kick(self) -> None:
        """The bot is removed from a guild."""
        place = self._random.choice(self.places)
        if self.world.bot.id in self.world.guild(place.guild_id).members:
            self._do(lambda one: self.world.remove_bot(one.guild_id), place, "bot kicked")

    def invite(self) -> None:
        """The bot is invited wherever it is not."""
        for place in self.places:
            if self.world.bot.id not in self.world.guild(place.guild_id).members:
                invite(self.world, place.guild_id)

    def fail_guild(self) -> None:
        """A guild becomes unavailable."""
        place = self._random.choice(self.places)
        if self.world.guild(place.guild_id).available:
            self._do(lambda one: self.world.outage(one.guild_id), place, "guild unavailable")

    def recover(self) -> None:
        """Every guild is available again."""
        for place in self.places:
            if not self.world.guild(place.guild_id).available:
                self.world.recover(place.guild_id)

    def _do(self, act: Callable[[Place], None], place: Place, name: str = "") -> None:
        kind = name or getattr(act, "__name__", "say").strip("_").replace("_", " ")
        before = {**self.world.channels}
        try:
            act(place)
        except (RefusedError, IndexError):  # no message there to change, or nobody who may
            self.refused += 1
            return
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if name or kind in _STRUCTURAL:
            self.tell(f"{kind} {self._changed(before)}")
        self.truth.look()

    def _changed(self, before: Mapping[int, Channel]) -> str:
        """The channels that an act brought or took."""
        after = self.world.channels
        return " ".join(str(one) for one in before.keys() ^ after.keys()) or str(self._touched)

    def _place_in(self, place: Place) -> int:
        self._touched = self._random.choice(place.channels)
        return self._touched

    def _text(self) -> tuple[str, str]:
        """Something to say, and the word in it that no other text has."""
        mark = "".join(self._random.choices(_LETTERS, k=12))
        return f"{mark} {self._random.choice(_LINES)} {self._random.randint(1, 99)}", mark

    def _channel(self, place: Place) -> int:
        """A channel or thread that takes messages."""
        threads = [
            one.id
            for one in self.world.channels.values()
            if one.thread and one.guild_id == place.guild_id and one.parent_id != place.reports
        ]
        plain = [one for one in place.channels if self.world.channels[one].has_messages]
        return self._random.choice(self._random.choice((plain, plain, threads or plain)))

    def _speaker(self, place: Place, channel_id: int) -> int:
        channel = self.world.channel(channel_id)
        wanted = Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
        there = [one for one in place.people if self.world.may(one, channel, int(wanted))]
        return self._random.choice(there)

    def _message(self, place: Place) -> int:
        """Somebody's message, rather a new one."""
        ids = self.truth.alive_in(self._channel(place))
        return self._random.choice(ids[-20:] if self._random.random() < 0.8 else ids)

    def _say(self, place: Place) -> None:
        self._say_in(place, self._channel(place))

    def _say_in(self, place: Place, channel_id: int) -> None:
        text, mark = self._text()
        author = self._speaker(place, channel_id)
        dice = self._random.random()
        if dice < 0.15:
            answered = self._random.choice(self.truth.alive_in(channel_id) or [None])
            id_ = self.world.say(author, channel_id, text, reply_to=answered)
        elif dice < 0.2:
            file = Attachment("picture.png", b"\x89PNG")
            id_ = self.world.say(author, channel_id, text, attachments=[file])
        elif dice < 0.22:
            id_ = self.world.say(author, channel_id, text, stickers=["wave"])
        elif dice < 0.24:
            poll = Poll("Which one?", ["this", "that"])
            id_ = self.world.say(author, channel_id, text, poll=poll)
        else:
            id_ = self.world.say(author, channel_id, text)
        self.truth.note(id_, text, mark)

    def _edit(self, place: Place) -> None:
        id_ = self._message(place)
        text, mark = self._text()
        self.world.edit(id_, text)
        self.truth.note_edit(id_, text, mark)

    def _delete(self, place: Place) -> None:
        self.world.delete(self._message(place))

    def _delete_many(self, place: Place) -> None:
        ids = self.truth.alive_in(self._channel(place))
        chosen = self._random.sample(ids, min(len(ids), self._random.randint(2, 12)))
        if len(chosen) > 1:
            self.world.delete(*chosen)

    def _react(self, place: Place) -> None:
        id_ = self._message(place)
        self.world.react(place.owner, id_, self._random.choice(_EMOJI))

    def _pin(self, place: Place) -> None:
        self.world.pin(place.owner, self._message(place))

    def _name(self) -> str:
        self._names += 1
        return f"place-{self._names}"

    def _open_thread(self, place: Place) -> None:
        channel = self.world.channel(self._random.choice(place.channels))
        text, mark = self._text()
        from_message = None
        if not channel.is_forum and self._random.random() < 0.5:
            had_none = [one for one in self.truth.alive_in(channel.id) if one not in self._opened]
            from_message = self._random.choice(had_none)
            self._opened.add(from_message)
        thread = self.world.open_thread(
            place.owner,
            channel.id,
            self._name(),
            from_message=from_message,
            first_text=text,
            tags=("bug",),
        )
        self.truth.note(self.world.channel(thread).message_ids[-1], text, mark)

    def _private_thread(self, place: Place) -> None:
        parents = [
            one for one in place.channels if self.world.channel(one).type == ChannelKind.TEXT
        ]
        thread = self.world.open_thread(
            place.owner, self._random.choice(parents), self._name(), private=True
        )
        if (
            self._random.random() < 0.7
            and self.world.bot.id in self.world.guild(place.guild_id).members
        ):
            self.world.add_to_thread(thread, self.world.bot.id)

    def _threads(self, place: Place) -> list[int]:
        return [
            one.id
            for one in self.world.channels.values()
            if one.thread and one.guild_id == place.guild_id and one.parent_id != place.reports
        ]

    def _archive(self, place: Place) -> None:
        self._touched = self._random.choice(self._threads(place))
        self.world.archive(self._touched)

    def _delete_thread(self, place: Place) -> None:
        self.world.delete_channel(self._random.choice(self._threads(place)))

    def _create_channel(self, place: Place) -> None:
        kind = self._random.choice((ChannelKind.TEXT, ChannelKind.TEXT, ChannelKind.VOICE))
        parent = self._random.choice((None, *place.categories))
        place.channels.append(
            self.world.add_channel(place.guild_id, self._name(), kind, parent=parent)
        )

    def _delete_channel(self, place: Place) -> None:
        if len(place.channels) > 4:
            gone = self._random.choice(place.channels[1:])
            place.channels.remove(gone)
            self.world.delete_channel(gone)

    def _move_channel(self, place: Place) -> None:
        channel = self.world.channel(self._place_in(place))
        parent = self._random.choice((None, *place.categories))
        self.world.change_channel(channel, parent_id=parent)

    def _close_channel(self, place: Place) -> None:
        channel_id = self._place_in(place)
        to_bot = self._random.random() < 0.5
        self.world.set_overwrites(channel_id, closed(self.world, place.guild_id, to_bot=to_bot))

    def _open_channel(self, place: Place) -> None:
        self.world.set_overwrites(self._place_in(place), ())

    def _rename_channel(self, place: Place) -> None:
        channel = self.world.channel(self._random.choice(place.channels))
        self.world.change_channel(channel, name=self._name())

    def _forward(self, place: Place) -> None:
        """Forward what was just said: the words then stay here when they are gone there."""
        channel_id = self._channel(place)
        text, mark = self._text()
        first = self.world.say(place.owner, channel_id, text)
        self.truth.note(first, text, mark)
        self.truth.quoted.add(mark)
        elsewhere = self._channel(place)
        author = self._speaker(place, elsewhere)
        self.truth.note(self.world.say(author, elsewhere, "", forward=first), text, mark)

    def _ban(self, place: Place) -> None:
        """Somebody is banned with what they said lately, and forgiven."""
        banned = self._random.choice(place.people[1:])
        seconds = self._random.choice((0, 3600, 86_400, 604_800))
        self.world.ban(place.guild_id, banned, delete_seconds=seconds)
        self.world.guild(place.guild_id).banned.discard(banned)
        self.world.add_member(place.guild_id, banned)
        self.tell(f"ban of {banned} with {seconds} s")

    def _rename_person(self, place: Place) -> None:
        name = f"Nick{self._random.randint(1, 99)}"
        self.world.rename_member(place.guild_id, self._random.choice(place.people), name)
