"""Guilds, channels and threads as Discord's JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from guildwatch.model import ChannelKind, Overwrite
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import DM, Channel, Guild, Thread
from guildwatch.sandbox.render import people
from guildwatch.sandbox.render.values import moment, optional_id, optional_moment

if TYPE_CHECKING:
    from guildwatch.sandbox.state import State

HIDDEN_NAME = "___hidden___"
HIDDEN_FLAG = 1 << 17
_VOICE = (ChannelKind.VOICE, ChannelKind.STAGE)


def channel(state: "State", one: Channel) -> Json:
    """A channel of any kind, in full."""
    if one.type == DM:
        return _direct(state, one)
    if one.thread is not None:
        return _thread(state, one, one.thread)
    return _channel(one)


def channel_for(state: "State", one: Channel, viewer_id: int) -> Json:
    """A channel as the gateway tells it to someone: hidden if they cannot view it."""
    if state.obfuscate and not state.views(viewer_id, one):
        return _hidden(one)
    return channel(state, one)


def thread_for(state: "State", one: Channel, viewer_id: int) -> Json:
    """A thread with the viewer's membership, if they have joined it."""
    payload = channel(state, one)
    if one.thread is not None and viewer_id in one.thread.members:
        payload["member"] = thread_member(one, viewer_id)
    return payload


def thread_member(one: Channel, user_id: int) -> Json:
    """Who has joined a thread, since when."""
    joined = one.thread.members[user_id] if one.thread else None
    return {
        "id": str(one.id),
        "user_id": str(user_id),
        "join_timestamp": optional_moment(joined),
        "flags": 1,
    }


def thread_list(state: "State", threads: Sequence[Channel], viewer_id: int) -> Json:
    """Threads with the viewer's memberships, as the list endpoints answer."""
    joined = [one for one in threads if one.thread and viewer_id in one.thread.members]
    return {
        "threads": [channel(state, one) for one in threads],
        "members": [thread_member(one, viewer_id) for one in joined],
    }


def thread_list_sync(state: "State", guild: Guild, channel_ids: Sequence[int]) -> Json:
    """The active threads of channels that have just opened to the bot."""
    there = [one for one in state.threads_of(guild) if one.parent_id in channel_ids]
    seen = [one for one in there if state.views(state.bot.id, one)]
    return {
        "guild_id": str(guild.id),
        "channel_ids": [str(id_) for id_ in channel_ids],
        **thread_list(state, seen, state.bot.id),
    }


def overwrite(one: Overwrite) -> Json:
    """A permission overwrite."""
    return {
        "id": str(one.id),
        "type": int(one.is_member),
        "allow": str(one.allow),
        "deny": str(one.deny),
    }


def guild(one: Guild) -> Json:
    """A guild as REST tells it."""
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "preferred_locale": one.locale,
        "roles": [people.role(role) for role in one.roles.values()],
        "system_channel_id": optional_id(one.system_channel_id),
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_flags": 0,
        "max_members": 500_000,
        "max_presences": None,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "region": "deprecated",
        "widget_enabled": False,
        "features": [],
        "emojis": [],
        "stickers": [],
        **dict.fromkeys(_NULLS_OF_A_GUILD),
    }


def gateway_guild(state: "State", one: Guild, *, joining: bool) -> Json:
    """A guild as GUILD_CREATE tells it; only who has just joined gets no `unavailable`."""
    viewer = state.bot.id
    threads = [thread for thread in state.threads_of(one) if state.views(viewer, thread)]
    me = one.members[viewer]
    return {
        **guild(one),
        "joined_at": moment(me.joined_at),
        "large": False,
        "member_count": len(one.members),
        "members": [people.member(state, me)],
        "channels": [channel_for(state, place, viewer) for place in state.channels_of(one)],
        "threads": [thread_for(state, thread, viewer) for thread in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        **({} if joining else {"unavailable": False}),
    }


_NULLS_OF_A_GUILD = (
    "icon",
    "splash",
    "discovery_splash",
    "banner",
    "description",
    "afk_channel_id",
    "application_id",
    "widget_channel_id",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "vanity_url_code",
    "incidents_data",
    "hub_type",
    "icon_hash",
    "home_header",
    "latest_onboarding_question_id",
)


def _channel(one: Channel) -> Json:
    payload: Json = {
        "id": str(one.id),
        "type": one.type,
        "guild_id": optional_id(one.guild_id),
        "name": one.name,
        "position": one.position,
        "parent_id": optional_id(one.parent_id),
        "permission_overwrites": [overwrite(entry) for entry in one.overwrites.values()],
        "flags": 0,
    }
    if one.type == ChannelKind.CATEGORY:
        return payload
    payload |= {
        "topic": one.topic,
        "nsfw": one.nsfw,
        "rate_limit_per_user": one.slowmode,
        "last_message_id": optional_id(one.last_message_id),
        "last_pin_timestamp": optional_moment(one.last_pin_at),
    }
    if one.type in _VOICE:
        payload |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
        payload |= {"video_quality_mode": 1, "status": None}
    if one.is_forum:
        payload |= _forum(one)
    return payload


def _forum(one: Channel) -> Json:
    return {
        "available_tags": [
            {
                "id": str(tag.id),
                "name": tag.name,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag in one.tags
        ],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_auto_archive_duration": 4320,
        "default_thread_rate_limit_per_user": 0,
        "template": "",
    }


def _hidden(one: Channel) -> Json:
    """What is left of a channel that the viewer must not know: its id, type and place."""
    deny = Overwrite(one.guild_id or 0, is_member=False, allow=0, deny=Permission.VIEW_CHANNEL)
    blank = Channel(
        id=one.id,
        type=one.type,
        guild_id=one.guild_id,
        name=HIDDEN_NAME,
        parent_id=one.parent_id,
        position=one.position,
        overwrites={deny.id: deny},
    )
    return {**_channel(blank), "flags": HIDDEN_FLAG}


def _thread(state: "State", one: Channel, thread: Thread) -> Json:
    parent = state.channels[one.parent_id or 0]
    return {
        "id": str(one.id),
        "type": one.type,
        "guild_id": optional_id(one.guild_id),
        "parent_id": optional_id(one.parent_id),
        "owner_id": str(thread.owner_id),
        "name": one.name,
        "last_message_id": optional_id(one.last_message_id),
        "last_pin_timestamp": optional_moment(one.last_pin_at),
        "rate_limit_per_user": one.slowmode,
        "message_count": len(one.message_ids),
        "total_message_sent": thread.messages_ever,
        "member_count": min(len(thread.members), 50),
        "flags": 0,
        "thread_metadata": _thread_metadata(one, thread),
        **({"applied_tags": [str(id_) for id_ in thread.tag_ids]} if parent.is_forum else {}),
    }


def _thread_metadata(one: Channel, thread: Thread) -> Json:
    return {
        "archived": thread.archived,
        "archive_timestamp": moment(thread.archive_changed_at),
        "auto_archive_duration": thread.auto_archive_minutes,
        "locked": thread.locked,
        "create_timestamp": moment(thread.created_at),
        **({"invitable": thread.invitable} if one.is_private_thread else {}),
    }


def _direct(state: "State", one: Channel) -> Json:
    others = [state.users[id_] for id_ in one.recipients if id_ != state.bot.id]
    return {
        "id": str(one.id),
        "type": DM,
        "last_message_id": optional_id(one.last_message_id),
        "last_pin_timestamp": optional_moment(one.last_pin_at),
        "recipients": [people.user(other) for other in others],
        "flags": 0,
    }
