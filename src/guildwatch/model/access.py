"""Who may use what in a guild, and who changed what: gates, limits, and the record of changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guildwatch.model.guild import GuildSettings
from guildwatch.model.language import LANGUAGES

EVERY_COMMAND = "all"
"""What a gate for every command names, which holds where a command has none of that kind."""

REPORT_BUTTONS = "buttons"
"""What a gate for the buttons under reports names."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Gate:
    """A role whose members may use a command, or a channel (or category) in which it may be used.

    Several roles of one command are alternatives, and so are several channels; where a command has
    both, both must hold.
    """

    guild_id: int
    command: str
    target_id: int
    is_role: bool

    @property
    def target(self) -> str:
        """The role or channel as Discord shows it to whoever may see it."""
        return f"<@&{self.target_id}>" if self.is_role else f"<#{self.target_id}>"


@dataclass(frozen=True, slots=True)
class Limits:
    """How often what costs something may be asked for within an hour.

    `member` is for each member, `guild` for all of a guild's members together; at least 1.
    """

    member: int = 10
    guild: int = 40

    def lowered_by(self, settings: GuildSettings) -> "Limits":
        """What holds in a guild: its admins may ask for less than the operator grants."""
        chosen = settings.member_limit or self.member, settings.guild_limit or self.guild
        return Limits(max(1, min(self.member, chosen[0])), max(1, min(self.guild, chosen[1])))


class ChangeSource(StrEnum):
    """Where a change of the configuration was made."""

    COMMAND = "command"
    CONSOLE = "console"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changes something: a member by a command, else (`member_id` 0) the operator."""

    source: ChangeSource
    member_id: int = 0


OPERATOR = ChangedBy(ChangeSource.CONSOLE)
"""The operator at the console."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the configuration, as recorded.

    `guild_id` is None for the operator's own. `member_id` is 0 for the operator, and for a member
    who was forgotten since. Channels and roles are written as Discord's mentions, empty is nothing.
    """

    at: datetime
    guild_id: int | None
    by: ChangedBy
    name: str
    before: str
    after: str


def described(settings: GuildSettings, *, upon: GuildSettings | None = None) -> Mapping[str, str]:
    """Everything that admins can choose, by its name, in words; empty where nothing is chosen.

    Of a member who gets reports by direct message no id is told, only that it is another one than
    in the settings `upon` which these were chosen.
    """
    return {
        "report channel": _channel(settings, upon or settings),
        "time": f"{settings.report_time:%H:%M}" if settings.report_time is not None else "",
        "zone": settings.zone or "",
        "weekly report": "" if settings.weekly is None else WEEKDAYS[settings.weekly],
        "monthly report": _switch(settings.monthly),
        "quiet days": "skipped" if settings.skip_quiet else "posted",
        "language": _language(settings.language),
        "limit of a member": _number(settings.member_limit),
        "limit of the server": _number(settings.guild_limit),
        "least people of a topic": str(settings.min_people),
        "names of members": _switch(settings.names),
        "most active members": _switch(settings.top),
        "board of the most positive": _switch(settings.board),
        "hints about secrets": _switch(settings.hints),
    }


def _language(code: str | None) -> str:
    return LANGUAGES[code].english if code in LANGUAGES else ""


def _channel(settings: GuildSettings, upon: GuildSettings) -> str:
    if settings.dm_user_id is not None:
        is_other = upon.dm_user_id not in (None, settings.dm_user_id)
        return f"direct message{' to another admin' if is_other else ''}"
    return f"<#{settings.channel_id}>" if settings.channel_id is not None else ""


def _switch(is_on: bool) -> str:
    return "on" if is_on else "off"


def _number(limit: int | None) -> str:
    return "" if limit is None else f"{limit} an hour"
