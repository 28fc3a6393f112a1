"""The buttons under a report, and what their custom ids say: which report, and what about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import hikari
from hikari.impl import MessageActionRowBuilder

from guildwatch.discord.fields import Raw, mappings, text

_MARK = "gw"
_SEPARATOR = ":"
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
    Action.WRONG: "Correct…",
    Action.DETAILS: "Details",
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed, under the report with this key (`LedgerEntry.key`)."""

    action: Action
    key: str


def custom_id(action: Action, key: str) -> str:
    """The custom id of one button (or of the form that it opens) of the report with this key."""
    return _SEPARATOR.join((_MARK, action, key))


def pressed(custom_id: object) -> Pressed | None:
    """What a custom id says; None for one that is not ours."""
    mark, _, rest = text(custom_id).partition(_SEPARATOR)
    action, _, key = rest.partition(_SEPARATOR)
    if mark != _MARK or action not in _LABELS or not key:
        return None
    return Pressed(Action(action), key)


def row(key: str, *, with_details: bool) -> MessageActionRowBuilder:
    """The row of buttons under a report; one without details needs no button for them."""
    row = MessageActionRowBuilder()
    for action, label in _LABELS.items():
        if action is not Action.DETAILS or with_details:
            row.add_interactive_button(
                hikari.ButtonStyle.SECONDARY, custom_id(action, key), label=label
            )
    return row


def keys_of(message: Raw) -> frozenset[str]:
    """The keys of the reports whose buttons stand under a message: one, or none."""
    found = (pressed(button.get("custom_id")) for button in _buttons(message))
    return frozenset(one.key for one in found if one is not None)


def _buttons(message: Raw) -> Iterator[Raw]:
    for line in mappings(message.get("components")):
        yield from mappings(line.get("components"))
