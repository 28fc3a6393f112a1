"""What has been kept long enough goes from the file; what has to stay stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildwatch.model import Author, Deletion, Message, first_id_at
from guildwatch.store import Store, StoreError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = Author(7, "Ada")


def said(days_ago: int, text: str, number: int = 0) -> Message:
    return Message(first_id_at(NOW - timedelta(days=days_ago)) + number, 1, 2, ADA, text)


async def test_old_texts_go_and_young_ones_and_counts_stay(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        old = [said(40, f"marmalade {number}", number) for number in range(1200)]
        await store.messages.apply([*old, said(3, "toast")])
        assert await store.retention.expire(2, NOW - timedelta(days=30)) == 1200
        assert await store.retention.expire(2, NOW - timedelta(days=30)) == 0
        long_ago = NOW - timedelta(days=90)
        kept = await store.messages.between(1, long_ago, NOW)
        assert [message.text for message in kept] == ["toast"]
        assert not await store.messages.search(1, "marmalade")
        counts = await store.activity.hours(1, long_ago, NOW)
        assert sum(hour.messages for hour in counts) == 1201
        await store.tidy()
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert b"marmalade" not in files


async def test_imports_and_tombstones_stay(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        await store.messages.apply([said(400, "from an export")], imported=True)
        deleted = said(40, "gone", 1)
        await store.messages.apply([deleted])
        await store.messages.apply([Deletion(1, 2, (deleted.id,))])
        assert await store.retention.expire(2, NOW - timedelta(days=30)) == 0
        await store.messages.apply([deleted])
        found = await store.messages.by_ids([deleted.id, said(400, "").id])
        assert [message.text for message in found.values()] == ["from an export", None]


async def test_a_digest_cached_of_an_old_message_goes_with_it(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        old = said(40, "old")
        await store.messages.apply([old])
        await store.conversations.keep("key", 1, 2, [old.id], "{}")
        await store.retention.expire(2, NOW - timedelta(days=30))
        assert await store.conversations.cached("key") is None


async def test_what_admins_chose_is_kept_until_it_is_taken_back(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        await store.retention.choose(1, None, 20)
        await store.retention.choose(1, 2, 10)
        await store.retention.choose(1, 2, 5)
        await store.retention.choose(3, None, 1)
        assert await store.retention.chosen() == {1: {0: 20, 2: 5}, 3: {0: 1}}
        await store.retention.choose(1, None, None)
        assert await store.retention.chosen() == {1: {2: 5}, 3: {0: 1}}


async def test_every_channel_with_messages_is_known_by_its_guild(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        assert await store.retention.places() == []
        places = [(1, 2), (1, 5), (3, 4)]
        await store.messages.apply(
            [
                Message(number, guild_id, channel_id, ADA, "hello")
                for number, (guild_id, channel_id) in enumerate(places * 3, 1)
            ]
        )
        assert sorted(await store.retention.places()) == places


async def test_what_the_archive_does_not_take_stays(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        old = [said(40, f"marmalade {number}", number) for number in range(1200)]
        await store.messages.apply(old)
        taken: list[Message] = []

        async def keep(messages: Sequence[Message]) -> None:
            if len(taken) >= 500:
                raise StoreError("The archive is full.")
            taken.extend(messages)

        with pytest.raises(StoreError, match="archive is full"):
            await store.retention.expire(2, NOW, keep=keep)
        assert taken == old[:500]
        assert await store.messages.latest(limit=9999) == old[500:]


async def test_one_deleted_while_it_is_archived_is_a_tombstone(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        first, second = said(40, "first"), said(40, "second", 1)
        await store.messages.apply([first, second])

        async def keep(messages: Sequence[Message]) -> None:
            await store.messages.apply([Deletion(1, 2, (second.id,))])

        await store.retention.expire(2, NOW, keep=keep)
        left = await store.messages.by_ids([first.id, second.id])
        assert [(one.id, one.text) for one in left.values()] == [(second.id, None)]
