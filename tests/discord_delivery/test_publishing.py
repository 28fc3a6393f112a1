"""The schedule's two steps: who reads the place decides what the report draws on."""

from dataclasses import replace

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.errors import AwayError
from guildwatch.discord.places import MissingRightsError
from guildwatch.model import PeriodKind
from support.talk import TALK


@pytest.fixture
async def day(town):
    """A day of talk in public and among the staff."""
    for place, texts in TALK.items():
        people = (town.mara, town.tiff, town.mara if place == "staff" else town.jonas)
        for number in range(12):
            town.later(minutes=1)
            author = people[number % len(people)]
            again = "" if number < len(texts) else " As I said before."
            town.world.say(author, town.channels[place], texts[number % len(texts)] + again)
    await town.listen()
    town.later(hours=12)
    return town


async def publish(town, entry):
    report_id = await town.publisher.write(entry)
    return await town.publisher.post(replace(entry, report_id=report_id))


def words(town, place="daily-summary"):
    found = []
    for message in town.posted(place):
        found += [message["content"], *(str(embed) for embed in message["embeds"])]
        if "thread" in message:
            found.append(words(town, int(message["id"])))
    return "\n".join(found)


async def test_a_post_tells_nothing_that_some_of_its_readers_could_not_read(day, entry):
    outcome = await publish(day, entry)

    assert outcome.closed == ""
    assert "crashes" in words(day)
    assert "moderator" not in words(day)
    assert "staff" not in words(day)


async def test_a_report_for_the_staff_channel_draws_on_it(day, entry):
    await day.roster.choose_tracking(day.channels["staff"], True)
    await day.settle(channel_id=day.channels["staff"])

    await publish(day, entry)

    assert "moderator" in words(day, "staff")


async def test_a_channel_that_was_opened_up_after_writing_gets_another_report(day, entry):
    await day.roster.choose_tracking(day.channels["staff"], True)
    await day.settle(channel_id=day.channels["staff"])
    report_id = await day.publisher.write(entry)
    await day.settle(channel_id=day.channels["daily-summary"])

    outcome = await day.publisher.post(replace(entry, report_id=report_id))

    assert "crashes" in words(day)
    assert "moderator" not in words(day)
    posted = await day.store.reports.load(outcome.report_id)
    assert day.channels["staff"] not in posted.source_ids


async def test_a_direct_message_tells_what_that_person_can_read(day, entry):
    await day.settle(dm_user_id=day.jonas)
    await publish(day, entry)

    told = words(day, day.world.open_dm(day.jonas))
    assert "crashes" in told
    assert "moderator" not in told


async def test_the_owner_reads_the_staff_channel_by_direct_message(day, entry):
    await day.settle(dm_user_id=day.mara)
    await publish(day, entry)

    assert "moderator" in words(day, day.world.open_dm(day.mara))


async def test_an_admin_who_left_gets_nothing(day, entry):
    await day.settle(dm_user_id=day.jonas)
    day.world.leave(day.guild_id, day.jonas)

    assert await day.publisher.write(entry) is None


async def test_a_day_on_which_only_bots_spoke_is_silent(town, entry):
    helper = town.world.add_user("helper", bot=True)
    town.world.add_member(town.guild_id, helper)
    town.world.say(helper, town.channels["general"], "build 812 passed")
    await town.listen()

    assert await town.publisher.write(entry) is None


async def test_without_a_place_the_report_is_kept_and_closed(day, entry):
    channel_id = day.channels.pop("daily-summary")
    day.world.delete_channel(channel_id)
    await day.roster.drop_channel(channel_id)

    report_id = await day.publisher.write(entry)
    outcome = await day.publisher.post(replace(entry, report_id=report_id))

    assert outcome.closed == "no channel"
    assert (await day.store.reports.load(report_id)).activity.messages == 36


async def test_a_channel_that_nobody_chose_is_waited_for_too_while_it_is_closed_to_us(day, entry):
    await day.deny("daily-summary", Permissions.VIEW_CHANNEL)

    with pytest.raises(MissingRightsError, match="View Channel"):
        await publish(day, entry)
    assert "View Channel" in day.told(day.mara)[0]

    day.world.set_overwrites(day.channels["daily-summary"], [])
    await day.look()
    assert (await publish(day, entry)).closed == ""
    assert "crashes" in words(day)


async def test_a_chosen_channel_that_is_gone_is_not_replaced_by_another(day, entry):
    await day.settle(channel_id=day.channels["support"])
    day.world.delete_channel(day.channels.pop("support"))
    await day.look()

    with pytest.raises(MissingRightsError, match="View Channel"):
        await publish(day, entry)

    assert day.posted() == []
    assert len(day.told(day.mara)) == 1


async def test_missing_rights_are_told_to_the_admin_once_and_the_report_waits(day, entry):
    await day.deny("daily-summary", Permissions.EMBED_LINKS)
    for _ in range(2):
        with pytest.raises(MissingRightsError):
            await publish(day, entry)

    (told,) = day.told(day.mara)
    assert told == (
        "**Pixel Forge**: I can't post in #daily-summary: I lack *Embed Links* there. I kept the "
        "report; it goes out once that is mended."
    )


async def test_details_left_out_are_told_to_the_admin(day, entry):
    await day.deny("daily-summary", Permissions.CREATE_PUBLIC_THREADS)

    assert (await publish(day, entry)).closed == ""
    assert "*Create Public Threads*" in day.told(day.mara)[0]


async def test_a_week_is_rolled_up_from_its_days(day, entry):
    week = replace(entry.period, kind=PeriodKind.WEEK)

    assert (await publish(day, replace(entry, period=week))).closed == ""
    assert "crashes" in words(day)


async def test_a_guild_that_is_away_waits_without_failing(day, entry):
    await day.roster.drop_guild(day.guild_id)

    with pytest.raises(AwayError):
        await day.publisher.write(entry)


async def test_a_day_is_not_taken_for_silent_before_discord_has_told_who_the_bot_is(day, entry):
    """As after a start: the guild is known from the last time, the bot's roles are not."""
    day.__post_init__()
    await day.roster.load()
    assert day.roster.guild(day.guild_id).is_joined
    with pytest.raises(AwayError):
        await day.publisher.write(entry)
    with pytest.raises(AwayError):
        await day.publisher.post(entry)
