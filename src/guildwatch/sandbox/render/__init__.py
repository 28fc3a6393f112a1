"""The sandbox's state as Discord's JSON; hikari and discord.py judge whether it is right."""

from guildwatch.sandbox.render.interactions import (
    context_of,
    interaction,
    interaction_metadata,
    resolve,
)
from guildwatch.sandbox.render.messages import (
    dispatched,
    emoji,
    file,
    message,
    snapshot,
    url_of,
    without_content,
)
from guildwatch.sandbox.render.people import bare_member, me, member, role, user
from guildwatch.sandbox.render.places import (
    channel,
    channel_for,
    gateway_guild,
    guild,
    thread_for,
    thread_list,
    thread_list_sync,
    thread_member,
)
from guildwatch.sandbox.render.values import moment, optional_id, optional_moment

__all__ = [
    "bare_member",
    "channel",
    "channel_for",
    "context_of",
    "dispatched",
    "emoji",
    "file",
    "gateway_guild",
    "guild",
    "interaction",
    "interaction_metadata",
    "me",
    "member",
    "message",
    "moment",
    "optional_id",
    "optional_moment",
    "resolve",
    "role",
    "snapshot",
    "thread_for",
    "thread_list",
    "thread_list_sync",
    "thread_member",
    "url_of",
    "user",
    "without_content",
]
