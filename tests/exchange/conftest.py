"""Exports as DiscordChatExporter writes them, made up here."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from guildwatch.mood import Vader
from guildwatch.store import Store

GUILD, CHANNEL = 111, 222
FIRST_ID = 1214361737625600000  # 2024-03-05T00:00:00 UTC

Message = dict[str, Any]
Write = Callable[..., Path]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store.open(tmp_path / "data" / "guildwatch.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def scorer() -> Vader:
    return Vader()


@pytest.fixture
def message() -> Callable[..., Message]:
    """One exported message with all keys of the newest version."""

    def make(number: int = 1, content: str = "hello", **changes: object) -> Message:
        author = {
            "id": "7",
            "name": "ann",
            "discriminator": "0000",
            "nickname": "Ann",
            "color": None,
            "isBot": False,
            "roles": [{"id": "1", "name": "x", "color": None, "position": 1}],
            "avatarUrl": "https://cdn.example/a.png",
        }
        exported: Message = {
            "id": str(FIRST_ID + (number << 22)),
            "type": "Default",
            "timestamp": "2024-03-05T01:00:00.21+01:00",
            "timestampEdited": None,
            "callEndedTimestamp": None,
            "isPinned": False,
            "content": content,
            "author": author,
            "attachments": [],
            "embeds": [],
            "stickers": [],
            "reactions": [],
            "mentions": [],
            "inlineEmojis": [],
        }
        return exported | changes

    return make


@pytest.fixture
def export(tmp_path: Path) -> Write:
    """Writes an export file and gives its path."""

    def write(
        *messages: Message,
        name: str = "general",
        folder: str = "exports",
        guild: object = None,
        **channel: object,
    ) -> Path:
        path = tmp_path / folder / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        root = {
            "guild": guild or {"id": str(GUILD), "name": "Place", "iconUrl": "x.png"},
            "channel": {
                "id": str(CHANNEL),
                "type": "GuildTextChat",
                "categoryId": "333",
                "category": "Talk",
                "name": name,
                "topic": "All sorts",
                **channel,
            },
            "dateRange": {"after": None, "before": None},
            "exportedAt": "2026-11-22T12:00:00.1234567-04:00",
            "messages": list(messages),
            "messageCount": len(messages),
        }
        path.write_text(json.dumps(root, indent=2, ensure_ascii=False), "utf-8")
        return path

    return write
