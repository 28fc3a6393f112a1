"""`/summary`: who asks decides what it tells."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from guildwatch.discord.commands.dates import NO_SUMMARY
from guildwatch.language import Priority
from guildwatch.model import LedgerEntry, LedgerState, Period, PeriodKind
from guildwatch.report import day_period


async def test_now_tells_each_member_what_they_can_read_and_nobody_else_sees_it(town):
    for who, hears in ((town.jonas, False), (town.tiff, True), (town.mara, True)):
        answer = await town.ask(who, "summary now")
        assert "crashes" in answer.text
        assert ("moderator" in answer.text) is hears
        assert answer.ephemeral
    assert all(
        one["author"]["username"] != "Watcher"
        for one in town.world.messages(town.channels["general"])
    )


@pytest.mark.parametrize("goes_to", ["staff", "tiff"])
async def test_when_the_last_report_came_is_told_only_to_who_can_read_it(town, goes_to):
    last = town.clock() + timedelta(minutes=1)
    period = Period(PeriodKind.DAY, last - timedelta(days=1), last, "UTC")
    await town.store.ledger.update(LedgerEntry(town.guild_id, period, LedgerState.POSTED))
    chosen = {"channel_id": town.channels["staff"]}
    chosen = chosen if goes_to == "staff" else {"dm_user_id": town.tiff}
    await town.desk.roster.save_settings(
        replace(town.desk.roster.settings(town.guild_id), **chosen)
    )
    town.clock.now = last + timedelta(hours=5)

    told = {
        (who, public): (await town.ask(who, "summary now", {"public": public})).text
        for who in (town.tiff, town.jonas)
        for public in (False, True)
    }

    assert told.pop((town.tiff, False)) == "Nothing was said in the last 5 hours that you can read."
    assert all("crashes" in one for one in told.values()), "those of a day"


async def test_a_public_answer_holds_what_all_readers_of_the_channel_can_read(town):
    answer = await town.ask(town.mara, "summary now", {"public": True})

    assert not answer.ephemeral
    assert "crashes" in answer.text
    assert "moderator" not in answer.text
    assert "staff" not in answer.text


async def test_in_the_staff_channel_a_public_answer_may_tell_of_it(town):
    answer = await town.ask(town.tiff, "summary now", {"public": True}, place="staff")

    assert "moderator" in answer.text


async def test_a_channel_that_is_opened_while_an_answer_is_written_is_not_told_of_there(town):
    town.model.holds = True
    staff = town.channels["staff"]
    answer = town.world.invoke(town.tiff, staff, "summary now", {"public": True})
    await answer.wait_for(lambda one: "conversations" in one.text)
    town.world.set_overwrites(staff, ())
    town.world.set_overwrites(town.channels["general"], town.closed)
    await town.look()
    town.model.holds = False

    await answer.wait_for(lambda one: "has changed" in one.text)
    assert "crashes" not in answer.text
    assert await town.store.shown.all(town.guild_id) == []


async def test_one_channel_can_be_asked_for(town):
    answer = await town.ask(town.jonas, "summary now", {"channel": town.channels["support"]})

    assert "map editor" in answer.text
    assert "crashes" not in answer.text


async def test_a_channel_that_the_asker_cannot_read_is_as_if_it_did_not_exist(town):
    answer = await town.ask(town.jonas, "summary now", {"channel": town.channels["staff"]})
    gone = town.world.add_channel(town.guild_id, "new", overwrites=())
    unknown = await town.ask(town.jonas, "summary now", {"channel": gone})

    assert answer.text == unknown.text == "I know nothing of that channel that you can read."


async def test_hours_reach_back_only_so_far(town):
    answer = await town.ask(town.jonas, "summary now", {"hours": 1})

    assert "map editor" in answer.text
    town.clock.now = town.clock.now.replace(hour=23)
    assert (await town.ask(town.jonas, "summary now", {"hours": 1})).text == (
        "Nothing was said in the last hour that you can read."
    )


async def test_while_history_is_still_being_read_nobody_is_told_that_nothing_was_said(town):
    town.clock.now = town.clock.now.replace(hour=23)
    town.behind.add(town.channels["staff"])
    told = [await town.ask(who, "summary now", {"hours": 1}) for who in (town.tiff, town.jonas)]
    assert told[0].text.startswith("I am still reading what was said while I was away.")
    assert told[1].text == "Nothing was said in the last hour that you can read."

    town.behind.add(town.channels["general"])
    answer = await town.ask(town.jonas, "summary now", {"hours": 1})
    assert answer.text == told[0].text


async def test_a_day_is_told_with_its_chart(town):
    answer = await town.ask(town.jonas, "summary day", {"date": "2026-11-21"})

    assert "crashes" in answer.text
    assert "Saturday, 21 November" in answer.text
    (message,) = answer.messages
    assert message["embeds"][0]["image"]["url"].endswith(".png")


async def test_dates_are_understood_as_people_write_them(town):
    for written in ("2026-11-21", "today", " Today "):
        assert "crashes" in (await town.ask(town.jonas, "summary day", {"date": written})).text


async def test_a_day_without_messages_has_no_summary(town):
    for day in ("2026-11-20", "yesterday", "1999-01-01", "2030-01-01"):
        assert (await town.ask(town.jonas, "summary day", {"date": day})).text == NO_SUMMARY


async def test_a_day_with_messages_only_in_private_has_no_summary_for_others(empty_town):
    town = empty_town
    town.world.say(town.mara, town.channels["staff"], "Nobody else may hear of this contract.")
    await town.listen()

    told = {who: await town.ask(getattr(town, who), "summary day") for who in ("jonas", "tiff")}

    assert told["jonas"].text == NO_SUMMARY
    assert told["tiff"].text != NO_SUMMARY
    assert await town.offered(town.jonas, "summary day", "date", "") == []
    assert await town.offered(town.tiff, "summary day", "date", "") == ["2026-11-21"]


async def test_what_is_no_date_is_refused_in_one_sentence(town):
    for written in ("soon", "21.11.2026", "2026-13-01", "2026-02-30"):
        answer = await town.ask(town.jonas, "summary day", {"date": written})
        assert answer.text.startswith("I don't know that date")
        assert answer.ephemeral


async def test_the_dates_that_exist_are_offered(town):
    assert await town.offered(town.jonas, "summary day", "date", "2026") == ["2026-11-21"]
    assert await town.offered(town.jonas, "summary day", "date", "1999") == []


async def test_without_a_date_it_is_the_last_whole_day(town):
    town.clock.now = town.clock.now.replace(day=22)
    town.world.say(town.mara, town.channels["general"], "Something new on Sunday morning.")
    await town.listen()

    assert "Saturday, 21 November" in (await town.ask(town.jonas, "summary day")).text


async def test_a_week_tells_its_whole_days(town):
    assert (await town.ask(town.jonas, "summary week")).text == (
        "Nothing was said in the last seven days that you can read."
    )
    town.clock.now = town.clock.now.replace(day=24)

    answer = await town.ask(town.jonas, "summary week")

    assert "crashes" in answer.text
    assert "moderator" not in answer.text


async def test_a_stored_report_serves_only_those_who_may_read_exactly_its_sources(town):
    town.clock.now = town.clock.now.replace(day=22)
    desk, guild = town.desk, town.desk.roster.guild(town.guild_id)
    day = day_period(date(2026, 11, 21), desk.zone)
    report = await desk.writer.write(guild, day, source_ids=None, priority=Priority.SCHEDULED)
    await desk.store.reports.save(report)

    answer = await town.ask(town.jonas, "summary day", {"date": "2026-11-21"})

    assert "crashes" in answer.text
    assert "moderator" not in answer.text


async def test_a_month_tells_the_last_one_and_where_that_was_silent_this_one_so_far(town):
    assert "November" in (await town.ask(town.jonas, "summary month")).text
    town.clock.now = town.clock.now.replace(month=12, day=3)

    answer = await town.ask(town.jonas, "summary month")

    assert "November" in answer.text
    assert "crashes" in answer.text
    assert "moderator" not in answer.text
