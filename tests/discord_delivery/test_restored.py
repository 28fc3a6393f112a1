"""After a backup was put back: what was posted since it was made is found, not posted again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.delivery import Delivery
from guildwatch.discord.places import PostInDoubtError
from guildwatch.discord.targets import ChannelTarget, DirectTarget
from guildwatch.model import PeriodKind
from guildwatch.store import Store, back_up

DAY = timedelta(days=1)


@pytest.fixture
def limited() -> bool:
    return False


def days(entry, count=3):
    periods = (
        replace(entry.period, start=entry.period.start + DAY * n, end=entry.period.end + DAY * n)
        for n in range(count)
    )
    return [replace(entry, period=period) for period in periods]


def target(town):
    return ChannelTarget(town.guild.channel(town.channels["daily-summary"]))


async def send(town, store, entry, post, place=None):
    await delivery_of(town, store).post(town.guild, entry, post, None, place or target(town))


def delivery_of(town, store):
    return Delivery(
        town.line,
        store.ledger,
        town.roster,
        facts=store.facts,
        incidents=store.incidents,
        clock=town.clock,
    )


@pytest.fixture
async def restored(town, entry, post, tmp_path):
    """Three days were posted, and the backup from before the second one was put back."""
    for number, day in enumerate(days(entry)):
        if number == 1:
            await back_up(town.store.path, tmp_path / "backup.db")
        town.clock.now = day.period.end + timedelta(seconds=5)
        await send(town, town.store, day, post)
    town.later(hours=5)
    town.timer.now += 5 * 3600
    async with Store.open(tmp_path / "backup.db", clock=town.clock) as store:
        await store.facts.note("restored_at", town.clock())
        yield store


def all_messages(town):
    """Every message that stands in the report channel and below, with its place."""
    found = []
    for glance in town.posted():
        found.append(int(glance["id"]))
        if "thread" in glance:
            found += [int(one["id"]) for one in town.posted(int(glance["id"]))]
    return found


async def noted(store, entry):
    return [(part.name, part.message_id) for part in await store.ledger.parts(entry)]


@pytest.mark.parametrize("words", ["as before", "anew", "more", "fewer"])
async def test_days_posted_since_the_backup_are_found_and_noted(town, restored, entry, post, words):
    thread = {
        "as before": post.thread,
        "anew": ("**Release**", "**Editor**"),
        "more": ("**Release**", "**Editor**", "**Jam**"),
        "fewer": ("**Release**",),
    }
    before = all_messages(town)

    for day in days(entry)[1:]:
        await send(town, restored, day, replace(post, thread=thread[words]))
        known = dict(await noted(town.store, day))
        found = dict(await noted(restored, day))
        assert found == {name: known[name] for name in found}
        assert len(found) >= 3

    assert all_messages(town) == before


async def test_they_are_known_before_anything_is_written_for_them(town, restored, entry):
    before = all_messages(town)
    delivery = delivery_of(town, restored)

    for day in days(entry)[1:]:
        assert await delivery.was_posted(town.guild, day, target(town))
        assert await noted(restored, day) == await noted(town.store, day)

    assert all_messages(town) == before


async def test_days_that_were_told_as_one_are_known_each(town, entry, post, tmp_path):
    first, *_, last = several = days(entry, 5)
    period = replace(entry.period, kind=PeriodKind.SPAN, end=last.period.end)
    await back_up(town.store.path, tmp_path / "backup.db")
    town.clock.now = last.period.end + timedelta(seconds=5)
    await send(town, town.store, replace(entry, period=period), post)
    town.later(days=1)
    async with Store.open(tmp_path / "backup.db", clock=town.clock) as store:
        await store.facts.note("restored_at", town.clock())
        delivery = delivery_of(town, store)
        before = replace(first, period=replace(first.period, start=first.period.start - DAY))
        known = [
            await delivery.was_posted(town.guild, day, target(town)) for day in (*several, before)
        ]
    assert known == [True] * 5 + [False]


async def test_a_day_that_was_never_posted_is_posted(town, restored, entry, post):
    missing = days(entry, 4)[3]
    assert not await delivery_of(town, restored).was_posted(town.guild, missing, target(town))

    town.later(days=1)
    await restored.facts.note("restored_at", town.clock())
    assert not await delivery_of(town, restored).was_posted(town.guild, missing, target(town))
    await send(town, restored, missing, post)

    assert len(town.posted()) == 4


async def test_a_post_that_the_backup_saw_begun_is_completed_once(town, entry, post, tmp_path):
    await send(town, town.store, entry, replace(post, thread=post.thread[:1]))
    await back_up(town.store.path, tmp_path / "backup.db")
    await send(town, town.store, entry, post)
    before = all_messages(town)
    town.later(days=1)
    town.timer.now += 3600

    async with Store.open(tmp_path / "backup.db", clock=town.clock) as store:
        await store.facts.note("restored_at", town.clock())
        await send(town, store, entry, post)
        assert await noted(store, entry) == await noted(town.store, entry)

    assert all_messages(town) == before


async def test_where_the_past_is_closed_nothing_is_posted_after_a_restore(
    town, restored, entry, post
):
    await town.deny("daily-summary", Permissions.READ_MESSAGE_HISTORY)

    for day in days(entry)[1:]:
        assert not await delivery_of(town, restored).was_posted(town.guild, day, target(town))
        with pytest.raises(PostInDoubtError):
            await send(town, restored, day, post)

    assert len(town.posted()) == 3


async def test_direct_messages_are_found_too(town, entry, post, tmp_path):
    to_mara = DirectTarget(town.mara)
    town.later(hours=13)
    await back_up(town.store.path, tmp_path / "backup.db")
    await send(town, town.store, entry, post, to_mara)
    before = [one["id"] for one in town.posted(town.world.open_dm(town.mara))]
    town.later(days=1)
    town.timer.now += 3600

    async with Store.open(tmp_path / "backup.db", clock=town.clock) as store:
        await store.facts.note("restored_at", town.clock())
        assert await delivery_of(town, store).was_posted(town.guild, entry, to_mara)
        await send(town, store, entry, post, to_mara)

    assert [one["id"] for one in town.posted(town.world.open_dm(town.mara))] == before


async def test_a_second_guildwatch_with_the_same_token_is_noticed(town, entry, post, tmp_path):
    town.later(hours=13)
    await send(town, town.store, entry, post)
    before = all_messages(town)
    town.timer.now += 3600

    async with Store.open(tmp_path / "other.db", clock=town.clock) as other:
        await send(town, other, entry, post)
        (incident,) = await other.incidents.going_on()
        assert "same token" in incident.sentence
        assert await noted(other, entry) == await noted(town.store, entry)
        assert all_messages(town) == before

        await send(town, other, days(entry, 2)[1], post)
        assert await other.incidents.going_on() == []
