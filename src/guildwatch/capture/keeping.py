"""For how many days a channel's texts are kept: what the operator says, and what admins shorten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guildwatch.model import Guild


@dataclass(frozen=True, slots=True)
class KeepRules:
    """Days for channels: of all that holds for one, the nearest counts.

    `operator` has days by the id of a thread, channel, category or guild, `default` holds
    elsewhere. What admins chose is given with each question, as the store has it: by channel, 0
    for the whole guild. It may only shorten what the operator says.
    """

    default: int
    operator: Mapping[int, int] = field(default_factory=dict)

    def days(self, guild: Guild, channel_id: int, chosen: Mapping[int, int]) -> int:
        """The days for a channel or thread of a guild, known in its picture or not."""
        places = list(_around(guild, channel_id))
        days = _nearest(self.operator, [*places, guild.id])
        wanted = _nearest(chosen, [*places, 0])
        kept = self.default if days is None else days
        return kept if wanted is None else min(kept, wanted)


def _around(guild: Guild, channel_id: int) -> Iterator[int]:
    """A thread, its channel, its category; at most so many, whatever circles a picture has."""
    place: int | None = channel_id
    for _ in range(3):
        if place is None:
            return
        yield place
        channel = guild.channel(place)
        place = channel.parent_id if channel else None


def _nearest(days: Mapping[int, int], places: list[int]) -> int | None:
    return next((days[place] for place in places if place in days), None)
