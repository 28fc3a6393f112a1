"""`/setsummary`: who may, what is checked, and what is answered."""

from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.audience import Permissions
from guildwatch.discord.commands.desk import RefusalError
from guildwatch.discord.commands.setsummary import time_named, zone_named, zones
from guildwatch.model import LANGUAGES, GuildSettings, Overwrite
from guildwatch.sandbox.errors import RefusedError


def settings(town):
    return town.desk.roster.settings(town.guild_id)


def stamp(*when):
    return f"<t:{int(datetime(*when, tzinfo=UTC).timestamp())}:F>"


async def test_an_admin_chooses_where_and_when_and_hears_when_the_next_report_comes(town):
    answer = await town.ask(
        town.mara,
        "setsummary",
        {"channel": town.channels["support"], "time": "21:30", "zone": "america/new_york"},
    )

    assert settings(town) == GuildSettings(
        guild_id=town.guild_id,
        channel_id=town.channels["support"],
        report_time=time(21, 30),
        zone="America/New_York",
        configured_by=town.mara,
        since=town.clock.now,
    )
    assert await town.store.settings.one(town.guild_id) == settings(town)
    assert f"<#{town.channels['support']}> every day at 21:30 (America/New_York)" in answer.text
    assert stamp(2026, 11, 22, 2, 30) in answer.text
    assert answer.ephemeral


async def test_without_options_it_says_how_it_is_set_and_changes_nothing(town):
    answer = await town.ask(town.mara, "setsummary")

    assert f"<#{town.channels['daily-summary']}> every day at 00:00 (Europe/Berlin)" in answer.text
    assert stamp(2026, 11, 21, 23, 0) in answer.text
    assert settings(town) == GuildSettings(town.guild_id)


async def test_direct_messages_replace_the_channel_and_the_other_way_round(town):
    answer = await town.ask(town.mara, "setsummary", {"dm": True})
    assert "to you by direct message" in answer.text
    assert (settings(town).dm_user_id, settings(town).channel_id) == (town.mara, None)
    (told,) = town.world.messages(town.world.open_dm(town.mara))
    assert told["content"] == "The reports of Pixel Forge will come here."

    await town.ask(town.mara, "setsummary", {"channel": town.channels["general"]})
    assert (settings(town).dm_user_id, settings(town).channel_id) == (
        None,
        town.channels["general"],
    )


async def test_an_admin_who_takes_no_direct_messages_keeps_the_channel(town):
    town.world.closed_dms.add(town.mara)

    answer = await town.ask(town.mara, "setsummary", {"dm": True})

    assert answer.text.startswith("I can't write to you")
    assert settings(town) == GuildSettings(town.guild_id)


async def test_a_member_who_may_not_manage_the_server_can_neither_see_nor_use_it(town):
    with pytest.raises(RefusedError):
        await town.ask(town.tiff, "setsummary", {"time": "09:00"})
    for command in town.world.application.commands[None].values():
        command["default_member_permissions"] = None  # as an admin may override it in Discord

    answer = await town.ask(town.tiff, "setsummary", {"time": "09:00"})

    assert answer.text == "Only members who may manage this server can do that."
    assert settings(town) == GuildSettings(town.guild_id)


async def test_a_role_with_manage_server_may(town):
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()

    await town.ask(town.jonas, "setsummary", {"time": "9:05"})

    assert settings(town).report_time == time(9, 5)


async def test_the_rights_that_the_bot_lacks_are_named_and_nothing_is_set(town):
    lacking = Permissions.EMBED_LINKS | Permissions.READ_MESSAGE_HISTORY
    bot = Overwrite(town.world.bot.id, True, 0, int(lacking))
    town.world.set_overwrites(town.channels["support"], [bot])
    await town.look()

    answer = await town.ask(town.mara, "setsummary", {"channel": town.channels["support"]})

    assert "*Embed Links* and *Read Message History*" in answer.text
    assert settings(town) == GuildSettings(town.guild_id)


async def test_what_is_wrong_is_refused_in_one_sentence_and_nothing_is_set(town):
    wrong = (
        ({"time": "25:00"}, "I don't know that time"),
        ({"time": "noon"}, "I don't know that time"),
        ({"zone": "Berlin time"}, "I don't know that time zone"),
        ({"time": "09:00", "zone": "Mars/Olympus"}, "I don't know that time zone"),
        ({"dm": True, "channel": town.channels["general"]}, "Choose either a channel or `dm`"),
    )
    for options, sentence in wrong:
        answer = await town.ask(town.mara, "setsummary", options)
        assert answer.text.startswith(sentence)
        assert answer.ephemeral
    assert settings(town) == GuildSettings(town.guild_id)


async def test_zones_are_offered_by_what_is_typed(town):
    assert (await town.offered(town.mara, "setsummary", "zone", "berl"))[0] == "Europe/Berlin"
    assert "America/New_York" in await town.offered(town.mara, "setsummary", "zone", "new york")
    assert len(await town.offered(town.mara, "setsummary", "zone", "")) == 25
    assert await town.offered(town.mara, "setsummary", "zone", "zzz") == []


async def test_an_admin_who_cannot_see_the_report_channel_does_not_learn_its_name(town):
    admins = town.world.add_role(town.guild_id, "admins", int(Permissions.MANAGE_GUILD))
    town.world.set_roles(town.guild_id, town.jonas, [admins])
    await town.look()
    await town.ask(town.mara, "setsummary", {"channel": town.channels["staff"]})

    told = await town.ask(town.jonas, "setsummary")
    refused = await town.ask(town.jonas, "setsummary", {"channel": town.channels["staff"]})

    assert "a channel that you can't see" in told.text
    assert refused.text == "I know no such channel that you can read."
    assert str(town.channels["staff"]) not in told.text + refused.text


@given(st.times())
def test_every_time_is_understood_as_it_is_written(moment):
    assert time_named(f"{moment:%H:%M}") == moment.replace(second=0, microsecond=0)


@given(st.text())
def test_any_text_is_a_time_or_is_refused(text):
    with suppress(RefusalError):
        assert isinstance(time_named(text), time)


@given(st.sampled_from(zones()), st.booleans())
def test_every_zone_is_known_in_any_case(zone, upper):
    assert zone_named(zone.upper() if upper else zone.lower()) == zone


async def test_weekly_and_monthly_reports_and_quiet_days_are_chosen_with_it(town):
    answer = await town.ask(
        town.mara, "setsummary", {"weekly": "Monday", "monthly": True, "quiet": "skip"}
    )

    assert (settings(town).weekly, settings(town).monthly, settings(town).skip_quiet) == (
        0,
        True,
        True,
    )
    assert settings(town).since == town.clock.now
    assert settings(town).configured_by == town.mara
    assert await town.store.settings.one(town.guild_id) == settings(town)
    assert f"on Mondays, next {stamp(2026, 11, 22, 23)}" in answer.text
    assert f"on the first, next {stamp(2026, 11, 30, 23)}" in answer.text
    assert "Quiet days are not posted." in answer.text

    answer = await town.ask(
        town.mara, "setsummary", {"weekly": "off", "monthly": False, "quiet": "post"}
    )

    assert (settings(town).weekly, settings(town).monthly, settings(town).skip_quiet) == (
        None,
        False,
        False,
    )
    assert "week" not in answer.text


async def test_what_was_due_under_the_old_settings_is_entered_before_they_change(town):
    await town.ask(town.mara, "setsummary", {"time": "12:00"})
    town.clock.now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

    await town.ask(town.mara, "setsummary", {"time": "21:00"})

    (entry,) = await town.store.ledger.open_entries()
    assert entry.period.end == datetime(2026, 11, 22, 11, tzinfo=UTC)


async def test_an_admin_chooses_the_language_by_its_name_and_it_is_kept(town):
    answer = await town.ask(town.mara, "setsummary", {"language": "deutsch"})

    assert settings(town).language == "de"
    assert await town.store.settings.one(town.guild_id) == settings(town)
    assert "They are told in German." in answer.text
    assert "**Language** German." in (await town.ask(town.mara, "settings show")).text


async def test_languages_are_offered_by_their_own_names(town):
    assert await town.offered(town.mara, "setsummary", "language", "ger") == ["Deutsch"]
    assert await town.offered(town.mara, "setsummary", "language", "fran") == ["Français"]
    assert len(await town.offered(town.mara, "setsummary", "language", "")) == len(LANGUAGES)


async def test_a_language_without_words_of_ours_is_refused_in_a_sentence(town):
    answer = await town.ask(town.mara, "setsummary", {"language": "Klingon"})

    assert answer.text.startswith("I can't tell reports in that language; choose English, Deutsch")
    assert answer.ephemeral
    assert settings(town) == GuildSettings(town.guild_id)
