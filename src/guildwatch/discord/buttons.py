"""The buttons under a report, and what their custom ids say: which report, and what about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import hikari
from hikari.impl import MessageActionRowBuilder

from guildwatch.discord.fields import Raw, mappings, text
from guildwatch.model import LedgerEntry
from guildwatch.report import phrases

_MARK = "gw"
_SEPARATOR = ":"
_FIELDS = 3  # of a key: guild, kind and end
LONGEST = 100
"""https://docs.discord.com/developers/components/reference#anatomy-of-a-component-custom-id"""


class Action(StrEnum):
    """What a button is for; the values stand in posts for ever."""

    GOOD = "good"
    BAD = "bad"
    WRONG = "wrong"
    DETAILS = "details"


_LABELS = {
    Action.GOOD: "👍",
    Action.BAD: "👎",
    Action.WRONG: "words.correct",
    Action.DETAILS: "words.details",
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed, under the report with this key (`LedgerEntry.key`).

    `start` is where the time of a report for several days begins, as UNIX seconds; None of others.
    """

    action: Action
    key: str
    start: int | None = None

    def tells(self, entry: LedgerEntry) -> bool:
        """Whether the report is this entry's, or one for several days that it lies within."""
        if self.key == entry.key or self.start is None:
            return self.key == entry.key
        guild_id, _, end = self.key.split(_SEPARATOR)
        within = self.start <= entry.period.start.timestamp() < entry.period.end.timestamp()
        return (
            guild_id == str(entry.guild_id) and within and entry.period.end.timestamp() <= int(end)
        )


def custom_id(action: Action, mark: str) -> str:
    """The custom id of one button (or of the form that it opens) of the report with this mark."""
    return _SEPARATOR.join((_MARK, action, mark))


def pressed(custom_id: object) -> Pressed | None:
    """What a custom id says; None for one that is not ours."""
    mark, _, rest = text(custom_id).partition(_SEPARATOR)
    action, _, named = rest.partition(_SEPARATOR)
    if mark != _MARK or action not in _LABELS or not named:
        return None
    *key, start = named.split(_SEPARATOR)
    if len(key) == _FIELDS and start.isascii() and start.isdigit():
        return Pressed(Action(action), _SEPARATOR.join(key), int(start))
    return Pressed(Action(action), named)


def row(mark: str, language: str, *, with_details: bool) -> MessageActionRowBuilder:
    """The row of buttons under a report; one without details needs no button for them."""
    row = MessageActionRowBuilder()
    for action, said in _LABELS.items():
        label = phrases(language).say(said) if "." in said else said
        if action is not Action.DETAILS or with_details:
            row.add_interactive_button(
                hikari.ButtonStyle.SECONDARY, custom_id(action, mark), label=label
            )
    return row


def buttons_of(message: Raw) -> list[Pressed]:
    """The buttons of a report that stand under a message: those of one, or none."""
    found = (pressed(button.get("custom_id")) for button in _buttons(message))
    return [one for one in found if one is not None]


def _buttons(message: Raw) -> Iterator[Raw]:
    for line in mappings(message.get("components")):
        yield from mappings(line.get("components"))
