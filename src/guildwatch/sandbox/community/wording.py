"""A script's text as Discord would have it: names become mentions, `:name:` a custom emoji."""

import re

from guildwatch.sandbox.community.settlement import Settlement

_CODE = re.compile(r"(```.*?```|`[^`]*`|<?https?://\S+)", re.DOTALL)
_NAMES = re.compile(r"@(?P<person>\w+)|(?P<place>[#>][\w-]+)|:(?P<emoji>\w+):")


def worded(text: str, town: Settlement) -> str:
    """The text with what it names resolved; code and links stay as they are."""
    pieces = _CODE.split(text)
    return "".join(
        piece if index % 2 else _NAMES.sub(lambda match: _named(match, town), piece)
        for index, piece in enumerate(pieces)
    )


def reaction(emoji: str, town: Settlement) -> str:
    """A reaction as the API names it: the emoji itself, or `name:id`."""
    name = emoji.strip(":")
    return f"{name}:{town.emoji[name]}" if name in town.emoji else emoji


def _named(match: re.Match[str], town: Settlement) -> str:
    person, place, emoji = match["person"], match["place"], match["emoji"]
    if person in town.people:
        return f"<@{town.people[person]}>"
    if person in town.roles:
        return f"<@&{town.roles[person]}>"
    if place in town.places:
        return f"<#{town.places[place]}>"
    if emoji in town.emoji:
        return f"<:{emoji}:{town.emoji[emoji]}>"
    return match[0]
