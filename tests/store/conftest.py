"""A store in a folder of its own, and short ways to say something in it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildwatch.model import Author, Message, first_id_at
from guildwatch.store import Store

GUILD, CHANNEL = 1, 10
NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
ANN = Author(100, "Ann")

Say = Callable[..., Message]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "guildwatch.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    async with Store.open(path) as opened:
        yield opened


@pytest.fixture
def say() -> Say:
    """Makes messages: `say("hello")`, one a second from noon on unless `id` or `at` is given."""
    count = 0

    def make(text: str | None = "hello", **fields: object) -> Message:
        nonlocal count
        count += 1
        at = fields.pop("at", NOON)
        assert isinstance(at, datetime)
        values: dict[str, object] = {
            "id": first_id_at(at) + (count * 1000 << 22 if at is NOON else count),
            "guild_id": GUILD,
            "channel_id": CHANNEL,
            "author": ANN,
            "text": text,
        }
        return Message(**(values | fields))  # type: ignore[arg-type]

    return make
