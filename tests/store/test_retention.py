"""What has been kept long enough goes from the file; what has to stay stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from guildwatch.model import Author, Deletion, Message, first_id_at
from guildwatch.store import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = Author(7, "Ada")


def said(days_ago: int, text: str, number: int = 0) -> Message:
    return Message(first_id_at(NOW - timedelta(days=days_ago)) + number, 1, 2, ADA, text)


async def test_old_texts_go_and_young_ones_and_counts_stay(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        old = [said(40, f"marmalade {number}", number) for number in range(1200)]
        await store.messages.apply([*old, said(3, "toast")])
        assert await store.retention.expire(NOW - timedelta(days=30)) == 1200
        assert await store.retention.expire(NOW - timedelta(days=30)) == 0
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
        assert await store.retention.expire(NOW - timedelta(days=30)) == 0
        await store.messages.apply([deleted])
        found = await store.messages.by_ids([deleted.id, said(400, "").id])
        assert [message.text for message in found.values()] == ["from an export", None]


async def test_a_digest_cached_of_an_old_message_goes_with_it(tmp_path: Path) -> None:
    async with Store.open(tmp_path / "guildwatch.db") as store:
        old = said(40, "old")
        await store.messages.apply([old])
        await store.conversations.keep("key", 1, 2, [old.id], "{}")
        await store.retention.expire(NOW - timedelta(days=30))
        assert await store.conversations.cached("key") is None
