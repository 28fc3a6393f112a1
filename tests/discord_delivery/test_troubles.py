"""What keeps reports back is told once: to the admin, else in public without a name."""

from dataclasses import replace

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.notices import IN_PUBLIC
from guildwatch.discord.places import MissingRightsError
from guildwatch.model import Period, PeriodKind

LACKING = "I can't post in #daily-summary: I lack *Embed Links* there."


async def incidents(town):
    return [(one.kind, one.times) for one in await town.store.incidents.going_on()]


async def blocked(town, entry):
    with pytest.raises(MissingRightsError):
        await town.publisher.check(entry)


async def test_a_permission_that_lacks_is_one_notice_and_one_incident(town, entry):
    await town.deny("daily-summary", Permissions.EMBED_LINKS)
    for _ in range(5):
        await blocked(town, entry)
        town.timer.now += 3600

    (told,) = town.told(town.mara)
    assert told.startswith(f"**Pixel Forge**: {LACKING}")
    assert await incidents(town) == [("missing permission", 1)]
    assert await town.store.ledger.parts(entry) == []


async def test_it_is_told_again_after_it_was_mended_and_not_after_a_restart(town, entry):
    await town.deny("daily-summary", Permissions.EMBED_LINKS)
    await blocked(town, entry)
    town.timer.now += 3600
    town.__post_init__()  # a new process over the same store
    await town.look()
    await blocked(town, entry)
    assert len(town.told(town.mara)) == 1

    town.later(hours=2)
    await town.troubles.over(town.guild_id)
    assert await incidents(town) == []
    town.later(hours=2)
    town.timer.now += 3600
    await blocked(town, entry)
    assert len(town.told(town.mara)) == 2


async def test_who_takes_no_direct_messages_is_called_without_saying_what_it_is(town, entry):
    town.world.guild(town.guild_id).system_channel_id = town.channels["general"]
    town.world.closed_dms.add(town.mara)
    await town.deny("daily-summary", Permissions.EMBED_LINKS)
    await blocked(town, entry)
    await blocked(town, entry)

    (said,) = [one["content"] for one in town.posted("general")]
    assert said == IN_PUBLIC
    assert "daily-summary" not in said


async def test_a_report_given_up_is_told_with_its_day_and_its_reason(town, entry):
    await town.publisher.give_up(entry, "The disk is full.")

    (told,) = town.told(town.mara)
    assert "could not post the report of Saturday, 21 November. The disk is full." in told
    assert await incidents(town) == [("report given up", 1)]


async def test_a_quiet_day_is_skipped_if_an_admin_wants_that_and_a_quiet_week_is_not(town, entry):
    await town.settle(skip_quiet=True)
    town.world.say(town.mara, town.channels["general"], "Good morning to whoever is up.")
    await town.listen()
    town.later(hours=13)

    day = replace(entry, report_id=await town.publisher.write(entry))
    assert (await town.publisher.post(day)).closed == "quiet, skipped"
    assert town.posted() == []

    week = replace(
        entry, period=Period(PeriodKind.WEEK, entry.period.start, entry.period.end, "UTC")
    )
    week = replace(week, report_id=await town.publisher.write(week))
    assert (await town.publisher.post(week)).closed == ""
    assert len(town.posted()) == 1


async def test_what_was_posted_before_a_restore_is_found_before_anything_is_written(town, entry):
    for number in range(18):
        author = (town.mara, town.jonas, town.tiff)[number % 3]
        town.world.say(author, town.channels["general"], f"Version {number} is ready to test.")
    await town.listen()
    town.later(hours=13)
    assert await town.publisher.check(entry) is None
    written = replace(entry, report_id=await town.publisher.write(entry))
    await town.publisher.post(written)
    await town.store.ledger.amend([entry], [])  # as in a backup of the day before
    town.timer.now += 3600
    await town.store.facts.note("restored_at", town.clock.now)

    outcome = await town.publisher.check(entry)

    assert outcome is not None
    assert outcome.closed == ""
    assert len(town.posted()) == 1
