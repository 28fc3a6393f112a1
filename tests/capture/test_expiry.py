"""Once an hour what has been kept long enough goes, each thing by its own rule."""

from datetime import UTC, datetime, timedelta

import pytest

from guildwatch.capture import Expiry, KeepRules, Spans
from guildwatch.model import Author, Channel, ChannelKind, Guild, Message, first_id_at
from guildwatch.store import Store, StoreError, expire_backups

GUILD, CATEGORY, CHANNEL, LONE, OTHER_GUILD = 1, 13, 10, 11, 2
ADA = Author(5, "Ada")


class Hand:
    """A clock that stands until it is moved."""

    now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
async def store(tmp_path, hand):
    async with Store.open(tmp_path / "data" / "guildwatch.db", clock=hand) as opened:
        await opened.guilds.save(
            Guild(
                GUILD,
                "Lighthouse",
                owner_id=5,
                channels=(
                    Channel(CATEGORY, GUILD, "talk", ChannelKind.CATEGORY),
                    Channel(CHANNEL, GUILD, "general", ChannelKind.TEXT, CATEGORY),
                    Channel(LONE, GUILD, "lone", ChannelKind.TEXT),
                ),
            )
        )
        yield opened


@pytest.fixture
def say(hand):
    numbers = iter(range(10**6))

    def make(text, days_ago, channel_id=CHANNEL, guild_id=GUILD):
        at = hand() - timedelta(days=days_ago)
        return Message(first_id_at(at) + next(numbers), guild_id, channel_id, ADA, text)

    return make


def expiry(store, hand, *, default=30, operator=None, left_days=30, **more):
    spans = Spans(KeepRules(default, operator or {}), left_days=left_days)
    return Expiry(store, spans, clock=hand, **more)


async def twice(patient):
    """Looks as it does after a day without a look: the clock may have leapt by mistake."""
    await patient.look()
    await patient.look()


async def texts(store):
    return sorted(one.text for one in await store.messages.latest())


async def test_each_channel_has_its_own_days(store, hand, say):
    await store.messages.apply(
        [
            say("general old", 8),
            say("general young", 6),
            say("lone old", 31, LONE),
            say("lone young", 29, LONE),
            say("elsewhere", 40, 77),
        ]
    )
    await expiry(store, hand, operator={CATEGORY: 7, 77: 50}).look()
    assert await texts(store) == ["elsewhere", "general young", "lone young"]
    await store.retention.choose(GUILD, LONE, 3)
    await store.retention.choose(GUILD, 77, 300)
    await expiry(store, hand, operator={77: 50}).look()
    assert await texts(store) == ["elsewhere", "general young"]


async def test_a_clock_that_leaps_by_mistake_costs_nothing(store, hand, say):
    await store.messages.apply([say("young", 1)])
    patient = expiry(store, hand)
    assert await patient.look()
    hand.now += timedelta(days=3650)
    assert not await patient.look()
    assert await texts(store) == ["young"]
    hand.now -= timedelta(days=3650)
    assert await patient.look()
    assert await texts(store) == ["young"]


async def test_what_was_imported_stays(store, hand, say):
    await store.messages.apply([say("from an export", 400)], imported=True)
    await expiry(store, hand).look()
    assert await texts(store) == ["from an export"]


async def test_a_guild_left_long_ago_is_forgotten_and_one_that_came_back_is_not(store, hand, say):
    await store.guilds.save(Guild(OTHER_GUILD, "Harbour", owner_id=5))
    await store.messages.apply([say("here", 1), say("there", 1, 20, OTHER_GUILD)])
    for guild_id in (GUILD, OTHER_GUILD):
        await store.guilds.mark_left(guild_id, hand())
    patient = expiry(store, hand, default=365)
    hand.now += timedelta(days=20)
    await twice(patient)
    assert await texts(store) == ["here", "there"]
    await store.guilds.save(Guild(OTHER_GUILD, "Harbour", owner_id=5))
    hand.now += timedelta(days=20)
    await twice(patient)
    assert await texts(store) == ["there"]
    assert await store.guilds.one(GUILD) is None


async def test_a_full_archive_keeps_its_messages_and_holds_up_nothing_else(
    store, hand, say, caplog
):
    class Full:
        async def keep(self, messages):
            raise StoreError("The archive is full.")

    await store.messages.apply([say("old", 40)])
    await store.guilds.save(Guild(OTHER_GUILD, "Harbour", owner_id=5))
    await store.guilds.mark_left(OTHER_GUILD, hand() - timedelta(days=31))
    await expiry(store, hand, archive=Full()).look()
    assert await texts(store) == ["old"]
    assert "The archive is full." in caplog.text
    assert await store.guilds.one(OTHER_GUILD) is None


async def test_old_automatic_backups_go_and_others_stay(store, hand, tmp_path):
    folder = tmp_path / "data" / "backups"
    folder.mkdir()
    young = (hand() - timedelta(days=2)).strftime("guildwatch-%Y%m%dT%H%M%S%f-version-1.db")
    names = ["guildwatch-20200101T000000000000-version-1.db", "mine-2020.db", young]
    for name in names:
        (folder / name).touch()
    await expiry(store, hand, expire_backups=lambda before: expire_backups(folder, before)).look()
    assert sorted(one.name for one in folder.iterdir()) == sorted(names[1:])
