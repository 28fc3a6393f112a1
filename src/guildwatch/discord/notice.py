"""The privacy notice of a guild: what is kept, for how long, who writes from it, and what to do."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from guildwatch.capture import KeepRules
from guildwatch.discord.targets import DirectTarget, target_of
from guildwatch.model import Channel, Guild, GuildSettings

ROOM = 2000
"""Characters of one message."""
_MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the operator's configuration says to members.

    `model` writes the reports, on `model_host` (empty: the operator's own machine); without a name
    none does. With `archives` what is no longer kept is archived on that machine. Copies of all
    that is kept are removed after `backup_days`, what is left of a guild `left_days` after the bot
    was removed from it.
    """

    model: str
    model_host: str
    archives: bool
    backup_days: int
    left_days: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A guild's privacy notice as one message; it names none but the `readable` channels.

    `chosen` are the days for which admins of the guild want texts kept, as the store has them.
    """

    guild: Guild
    settings: GuildSettings
    told: Disclosure
    keep: KeepRules
    chosen: Mapping[int, int]
    readable: Collection[int]

    def text(self) -> str:
        """The notice, of at most 2,000 characters."""
        return "\n".join(self._lines())[:ROOM]

    def _lines(self) -> Iterator[str]:
        yield "**What I keep of what is said here, and what you can do about it**"
        yield (
            "**What** What is written in the channels that I follow: the text, who wrote it and "
            "when, replies, mentions, how many reactions and attachments it has (not the files), "
            "and how its mood sounds. I count who writes how much, and keep what you tell me about "
            "reports."
        )
        yield f"**How long** {self._kept()} {_afterwards(self.told)}"
        yield f"**Where** {_machine(self.told)}"
        yield f"**What for** {self._posts()}"
        yield (
            "**Deleted** What is deleted in Discord is deleted here, and leaves the reports that "
            "were posted."
        )
        yield (
            "**You decide** `/privacy mydata` gives you all that I keep about you. `/privacy "
            "optout` erases it, and from then on I keep nothing of you but how many messages there "
            "were; `/privacy optin` takes that back. `/privacy forgetme` erases what there is "
            "until now. Nobody else is told."
        )

    def _kept(self) -> str:
        days = self.keep.days(self.guild, self.guild.id, self.chosen)
        others = list(self._others(days))
        shown = others[:_MOST_LISTED] + ["…"] * (len(others) > _MOST_LISTED)
        other = f" ({', '.join(shown)})" if shown else ""
        return f"Texts for {_days(days)}{other}; counts and reports stay."

    def _others(self, usual: int) -> Iterator[str]:
        """Channels whose texts are kept for another time."""
        for channel in sorted(self.guild.channels, key=_place):
            if channel.id in self.readable and not channel.kind.is_thread:
                days = self.keep.days(self.guild, channel.id, self.chosen)
                if days != usual:
                    yield f"in <#{channel.id}> {_days(days)}"

    def _posts(self) -> str:
        target = target_of(self.guild, self.settings)
        if isinstance(target, DirectTarget):
            place = "which a member who manages this server gets directly"
        elif target is None:
            place = "which is posted nowhere so far"
        elif target.channel.id in self.readable:
            place = f"posted in <#{target.channel.id}>"
        else:
            place = "posted in a channel that the admins chose"
        return (
            f"A short report every day, {place}, with links to the messages it rests on. It tells "
            "only what all who can read it could read anyway, unless the admins opened a channel "
            "to them; `/summary` tells you only what you can read."
        )


def _place(channel: Channel) -> tuple[int, int]:
    return channel.position, channel.id


def _afterwards(told: Disclosure) -> str:
    archived = "Older texts go into an archive on the operator's machine. " if told.archives else ""
    left = (
        f"within {_days(told.left_days)} after I am removed from this server"
        if told.left_days
        else "when I am removed from this server"
    )
    return (
        f"{archived}Safety copies are removed after {_days(told.backup_days)}; what was erased "
        f"since does not come back from one. Everything goes {left}."
    )


def _machine(told: Disclosure) -> str:
    own = "On the machine of the person who operates me."
    if not told.model:
        return f"{own} No language model reads it, and nothing is sent to anybody else."
    if not told.model_host:
        return (
            f"{own} The language model that writes the reports ({told.model}) runs there too. "
            "Nothing is sent to anybody else but what I post here."
        )
    return (
        f"{own} The language model that writes the reports ({told.model}) runs on "
        f"{told.model_host}, which the operator allowed; messages are sent there to be read, and "
        "to nobody else."
    )


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
