"""Users, and what they are in a guild."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class User:
    """An account; `name` is unique, `display_name` what people see."""

    id: int
    name: str
    display_name: str | None = None
    bot: bool = False


@dataclass(slots=True)
class Member:
    """A user in a guild; `role_ids` without @everyone."""

    user_id: int
    guild_id: int
    joined_at: datetime
    role_ids: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: datetime | None = None


@dataclass(slots=True)
class Role:
    """A role; the one with its guild's id is @everyone. `bot_id` marks a bot's own role."""

    id: int
    guild_id: int
    name: str
    permissions: int
    position: int = 0
    color: int = 0
    bot_id: int | None = None
