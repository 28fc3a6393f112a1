"""All that is stored about a member, as a JSON file for them."""

import io
import json
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from guildwatch.model import Channel, Guild, Message, created_at
from guildwatch.store import Holding

FORMAT = "guildwatch-mydata"
VERSION = 1


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file for a member; it has `messages` of the `total` that are stored, the newest ones."""

    name: str
    content: bytes
    messages: int
    total: int


def data_file(
    holding: Holding,
    guild: Guild,
    member_id: int,
    *,
    readable: Collection[int] | None,
    now: datetime,
    limit: int | None = None,
) -> DataFile:
    """The file of what is stored about a member, of at most `limit` bytes.

    What is too big is packed; where that is not enough, the older messages are left out. Of
    channels that the member cannot read (those not in `readable`; None: all can be told) neither
    the names nor what others wrote there is in it.
    """
    name, kept = f"guildwatch-{guild.id}-{member_id}.json", holding
    while True:
        document = _document(kept, guild, member_id, readable, now)
        text = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        found = DataFile(name, text, len(kept.messages), len(holding.messages))
        if limit is not None and len(text) > limit:
            found = replace(found, name=f"{name}.zip", content=_packed(name, text))
        if limit is None or len(found.content) <= limit or not kept.messages:
            return found
        kept = replace(kept, messages=kept.messages[(len(kept.messages) + 1) // 2 :])


def _packed(name: str, text: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Places:
    """A guild's channels as a member may be told of them: see `data_file`."""

    guild: Guild
    readable: Collection[int] | None

    def told(self, channel_id: int) -> bool:
        return self.readable is None or channel_id in self.readable

    def of(self, channel_id: int) -> dict[str, Any]:
        channel = self.guild.channel(channel_id) if self.told(channel_id) else None
        return {"channel_id": str(channel_id), "channel": channel.name if channel else None}


def _document(
    holding: Holding,
    guild: Guild,
    member_id: int,
    readable: Collection[int] | None,
    now: datetime,
) -> dict[str, Any]:
    """The document; its keys are described in the manual."""
    places, until = _Places(guild, readable), holding.forgotten_until
    return {
        "format": FORMAT,
        "version": VERSION,
        "written_at": now.isoformat(),
        "guild": {"id": str(guild.id), "name": guild.name},
        "member": {
            "id": str(member_id),
            "name": holding.name or None,
            "former_names": list(holding.former_names),
        },
        "opted_out": holding.has_opted_out,
        "forgotten_until": created_at(until).isoformat() if until else None,
        **_said(holding, places),
        **_made_of_it(holding, places),
        "permissions": [
            places.of(one.id)
            for one in guild.channels
            if places.told(one.id) and _names(one, member_id)
        ],
        "feedback": [
            {
                "post_id": str(one.glance_id),
                "given_at": one.given_at.isoformat(),
                "verdict": one.verdict.value,
                "words": one.words,
            }
            for one in holding.feedback
        ],
        "settings": _chosen(holding, places),
    }


def _said(holding: Holding, places: _Places) -> dict[str, Any]:
    """What they said, where others mention them, and how much they said when."""
    return {
        "messages": [{**_message(one), **places.of(one.channel_id)} for one in holding.messages],
        "deleted_message_ids": [str(one) for one in holding.deleted],
        "mentioned_in": [
            {"id": str(one), **places.of(at)}
            for one, at in holding.mentioning.items()
            if places.told(at)
        ],
        "activity": [
            {
                "hour": one.count.start.isoformat(),
                **places.of(one.channel_id),
                "messages": one.count.messages,
                "scored": one.count.scored,
                "score_sum": round(one.count.score_sum, 6),
                "positive": one.count.positive,
                "negative": one.count.negative,
            }
            for one in holding.counts
        ],
    }


def _made_of_it(holding: Holding, places: _Places) -> dict[str, Any]:
    """What was made of what they said: reports, conversations and questions."""
    return {
        "reports": [
            {
                "start": one.start.isoformat(),
                "end": one.end.isoformat(),
                "message_id": str(one.message_id),
            }
            for one in holding.citations
            if places.told(one.channel_id)
        ],
        "ranked_in": [
            {
                "start": one.start.isoformat(),
                "end": one.end.isoformat(),
                "among": "most messages" if one.said_most else "best mood",
            }
            for one in holding.rankings
            if all(map(places.told, one.source_ids))
        ],
        "conversations": [
            {
                "message_id": str(one.message_id),
                "conversation_id": str(one.conversation_id),
                "reason": one.reason,
            }
            for one in holding.conversations
            if places.told(one.channel_id)
        ],
        "followed_questions": [str(one) for one in holding.questions],
    }


def _chosen(holding: Holding, places: _Places) -> dict[str, Any]:
    """What they are to the bot, and what they changed as an admin."""
    return {
        "is_contact": holding.is_contact,
        "gets_reports": holding.gets_reports,
        "changes": [
            {
                "at": one.at.isoformat(),
                "name": one.name,
                "before": one.before,
                "after": one.after,
            }
            for one in holding.configured
        ],
        "opened_channels": [
            {"at": one.at.isoformat(), **places.of(one.channel_id)} for one in holding.opened
        ],
    }


def _names(channel: Channel, member_id: int) -> bool:
    """Whether a channel's permissions speak of this very member."""
    return any(one.is_member and one.id == member_id for one in channel.overwrites)


def _message(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "sent_at": message.created_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "kind": message.kind.value,
        "text": message.text,
        "reply_to": str(message.reply_to) if message.reply_to else None,
        "mentions": [str(one.id) for one in message.mentioned],
        "attachments": message.attachments,
        "attachment_kinds": [one.value for one in message.attachment_kinds],
        "stickers": message.stickers,
        "reactions": message.reactions,
        "mood": message.score,
    }
