"""Who may read what: pure functions over guilds, channels, roles and members."""

from guildwatch.audience.crowds import has_ended, who_reads, who_sees
from guildwatch.audience.permissions import (
    Permissions,
    can_read,
    is_hidden,
    permissions,
    standing_channel,
)
from guildwatch.audience.sources import (
    sources_for_channel_post,
    sources_for_member,
    sources_for_public_answer,
)

__all__ = [
    "Permissions",
    "can_read",
    "has_ended",
    "is_hidden",
    "permissions",
    "sources_for_channel_post",
    "sources_for_member",
    "sources_for_public_answer",
    "standing_channel",
    "who_reads",
    "who_sees",
]
