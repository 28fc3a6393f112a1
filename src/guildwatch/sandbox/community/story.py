"""The story of a community: its cast, the week before, and the day that is played live."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from guildwatch.sandbox.community.cast import PIXEL_FORGE, Cast
from guildwatch.sandbox.community.events import Event
from guildwatch.sandbox.community.script import parse

SATURDAY = date(2026, 11, 21)
"""The day on which the story plays: its texts speak of this Saturday."""


@dataclass(frozen=True, slots=True)
class Story:
    """A cast and its scripts; `zone` is the owner's, in which the scripts' times are told."""

    cast: Cast
    before: tuple[Event, ...]
    live: tuple[Event, ...]
    day: date
    zone: str


def load_story() -> Story:
    """Pixel Forge's release Saturday, with the week that led to it."""
    return Story(
        PIXEL_FORGE,
        before=_script("week.chat"),
        live=_script("saturday.chat"),
        day=SATURDAY,
        zone="Europe/Berlin",
    )


def _script(name: str) -> tuple[Event, ...]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return parse(text, PIXEL_FORGE, name=name)
