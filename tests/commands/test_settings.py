"""`/settings`: everything in one answer, and for how long texts are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guildwatch.audience import Permissions
from guildwatch.model import LedgerEntry, LedgerState, Period, PeriodKind


async def kept(town):
    return (await town.store.retention.chosen()).get(town.guild_id, {})


async def test_everything_that_is_set_is_in_one_answer(town):
    await town.ask(town.mara, "setsummary", {"time": "21:30", "weekly": "Friday", "quiet": "skip"})
    await town.ask(town.mara, "settings keep", {"days": 14, "channel": town.channels["support"]})

    answer = await town.ask(town.mara, "settings show")

    assert answer.ephemeral
    assert answer.text.startswith("Reports go to")
    for line in (
        f"Reports go to <#{town.channels['daily-summary']}> every day at 21:30 (Europe/Berlin)",
        "A report of the week comes on Fridays, next <t:",
        "**Quiet days** are not posted",
        f"are kept for 30 days; <#{town.channels['support']}> 14 days",
        "3 of the channels",
        f"**Last set by** <@{town.mara}>",
    ):
        assert line in answer.text


async def test_admins_may_have_texts_kept_for_less_but_not_for_more(town):
    answer = await town.ask(town.mara, "settings keep", {"days": 7})
    assert answer.text.startswith("Texts here are kept for 7 days.")
    assert await kept(town) == {0: 7}
    assert town.desk.roster.settings(town.guild_id).configured_by == town.mara

    answer = await town.ask(town.mara, "settings keep", {"days": 90})
    assert answer.text.startswith(
        "Texts here are kept for 30 days. The operator of this bot keeps them no longer."
    )

    answer = await town.ask(town.mara, "settings keep", {"days": 0})
    assert answer.text.startswith("Texts here are kept for 30 days.")
    assert await kept(town) == {}


async def test_a_member_who_may_not_manage_the_server_hears_and_changes_nothing(town):
    for command in town.world.application.commands[None].values():
        command["default_member_permissions"] = None  # as an admin may override it in Discord

    for command, options in (("settings show", None), ("settings keep", {"days": 1})):
        answer = await town.ask(town.jonas, command, options)
        assert answer.text == "Only members who may manage this server can do that."
    assert await kept(town) == {}


async def test_channels_that_the_asker_cannot_see_are_neither_listed_nor_set(town):
    staff = town.channels["staff"]
    await town.ask(town.mara, "settings keep", {"days": 3, "channel": staff})
    await town.ask(town.mara, "setsummary", {"channel": staff})
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()
    await town.store.ledger.update(waiting(town, "I can't post in #staff: I lack *Embed Links*."))

    shown = (await town.ask(town.jonas, "settings show")).text
    refused = (await town.ask(town.jonas, "settings keep", {"days": 1, "channel": staff})).text

    assert "staff" not in shown
    assert str(staff) not in shown
    assert "**Waiting** A report waits. I lack something in the report channel." in shown
    assert refused == "I know no such channel that you can read."
    assert await kept(town) == {staff: 3}


async def test_what_keeps_reports_back_is_told(town):
    await town.store.ledger.update(waiting(town, "I lack *Embed Links*."))
    other = replace(waiting(town, "Not yours."), guild_id=77)
    await town.store.ledger.update(other)

    text = (await town.ask(town.mara, "settings show")).text

    assert "**Waiting** A report waits. I lack *Embed Links*." in text
    assert "Not yours" not in text


def waiting(town, reason):
    end = datetime(2026, 11, 20, 23, tzinfo=UTC)
    period = Period(PeriodKind.DAY, end - timedelta(days=1), end, "Europe/Berlin")
    return LedgerEntry(town.guild_id, period, LedgerState.FAILED, reason)
