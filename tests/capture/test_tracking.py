"""Which channels the bot listens to."""

import pytest

from guildwatch.audience import Permissions
from guildwatch.capture import Roster
from guildwatch.model import ChannelKind, GuildSettings, Overwrite, Role

PRIVATE_THREAD = ChannelKind.PRIVATE_THREAD
VIEW = int(Permissions.VIEW_CHANNEL)


@pytest.fixture
async def tracked(parts, make):
    """Tells which of some channels are tracked, as the only ones of the guild."""

    async def look(*channels, roles=(make.EVERYONE,)):
        await parts.roster.put_guild(make.guild(*channels, roles=roles), make.BOT_MEMBER)
        return {one.id for one in channels if parts.roster.is_tracked(one.id)}

    return look


async def test_what_the_bot_can_read_is_tracked_private_or_not(tracked, make):
    staff = Role(50, "staff", 0)
    closed = Overwrite(make.GUILD, is_member=False, allow=0, deny=VIEW)
    opened = Overwrite(make.BOT, is_member=True, allow=VIEW, deny=0)
    channels = (
        make.channel(10),
        make.channel(11, overwrites=(closed,)),
        make.channel(12, overwrites=(closed, opened)),
    )
    assert await tracked(*channels, roles=(make.EVERYONE, staff)) == {10, 12}


async def test_without_the_right_to_read_history_nothing_is_tracked(tracked, make):
    assert await tracked(make.channel(), roles=(Role(make.GUILD, "@everyone", VIEW),)) == set()


async def test_hidden_unknown_and_age_restricted_channels_are_not(tracked, make):
    assert (
        await tracked(
            make.channel(10, name="___hidden___"),
            make.channel(11, known=False),
            make.channel(12, age_restricted=True),
        )
        == set()
    )


async def test_threads_stand_with_their_channel(tracked, make, parts):
    channels = (
        make.channel(10, age_restricted=True),
        make.channel(11),
        make.channel(20, ChannelKind.PUBLIC_THREAD, parent_id=10),
        make.channel(21, ChannelKind.PUBLIC_THREAD, parent_id=11),
        make.channel(22, PRIVATE_THREAD, parent_id=11),
        make.channel(23, PRIVATE_THREAD, parent_id=11, member_ids=frozenset({make.BOT})),
    )
    assert await tracked(*channels) == {11, 21, 23}


async def test_what_changes_in_a_channel_counts_for_its_threads_at_once(tracked, make, parts):
    thread = make.channel(20, ChannelKind.PUBLIC_THREAD, parent_id=10)
    assert await tracked(make.channel(10), thread) == {10, 20}
    closed = Overwrite(make.GUILD, is_member=False, allow=0, deny=VIEW)
    await parts.roster.put_channel(make.channel(10, overwrites=(closed,)))
    assert not parts.roster.is_tracked(20)
    await parts.roster.put_channel(make.channel(10, name="daily-summary"))
    assert not parts.roster.is_tracked(20)
    await parts.roster.put_channel(make.channel(10, name="renamed"))
    assert parts.roster.is_tracked(20)


async def test_the_report_channel_is_the_chosen_one_or_the_one_of_that_name(tracked, make, parts):
    channels = (make.channel(10), make.channel(11, name="daily-summary"))
    assert await tracked(*channels) == {10}

    await parts.roster.save_settings(GuildSettings(make.GUILD, channel_id=10))
    assert await tracked(*channels) == {11}

    await parts.roster.save_settings(GuildSettings(make.GUILD, dm_user_id=5))
    assert await tracked(*channels) == {10, 11}


async def test_the_nearest_choice_counts(tracked, make, parts):
    channels = (
        make.channel(13, ChannelKind.CATEGORY),
        make.channel(10, parent_id=13),
        make.channel(11, parent_id=13),
        make.channel(20, ChannelKind.PUBLIC_THREAD, parent_id=10),
        make.channel(21, ChannelKind.PUBLIC_THREAD, parent_id=10),
    )
    choose = parts.roster.choose_tracking
    await choose(13, tracked=False)
    assert await tracked(*channels) == set()
    await choose(10, tracked=True)
    await choose(21, tracked=False)
    assert await tracked(*channels) == {10, 20}
    await choose(10, tracked=None)
    assert await tracked(*channels) == set()


async def test_an_age_restricted_channel_has_to_be_chosen_itself(tracked, make, parts):
    channels = (
        make.channel(13, ChannelKind.CATEGORY),
        make.channel(10, parent_id=13, age_restricted=True),
    )
    await parts.roster.choose_tracking(13, tracked=True)
    assert await tracked(*channels) == set()
    await parts.roster.choose_tracking(10, tracked=True)
    assert await tracked(*channels) == {10}


async def test_choices_settings_and_the_picture_outlive_a_restart(parts, make):
    thread = make.channel(20, ChannelKind.PUBLIC_THREAD, parent_id=make.GENERAL)
    await parts.roster.put_channel(thread)
    await parts.roster.choose_tracking(make.SIDE, tracked=False)
    await parts.roster.save_settings(GuildSettings(make.GUILD, zone="Europe/Vienna"))
    roster = Roster(parts.store)
    await roster.load()

    assert [one.name for one in roster.guilds()] == ["Lighthouse"]
    assert roster.channel(20) == thread
    assert roster.choice(make.SIDE) is False
    assert roster.settings(make.GUILD).zone == "Europe/Vienna"


async def test_threads_that_a_new_picture_does_not_list_are_archived(parts, make):
    kept = make.channel(20, ChannelKind.PUBLIC_THREAD, parent_id=make.GENERAL)
    gone = make.channel(21, ChannelKind.PUBLIC_THREAD, parent_id=make.SIDE)
    await parts.roster.put_channels(make.GUILD, (kept, gone))
    await parts.roster.put_guild(make.guild(make.channel()), make.BOT_MEMBER)

    assert parts.roster.channel(20).archived
    assert parts.roster.channel(21) is None
    assert parts.roster.is_tracked(20)


async def test_every_change_makes_a_new_revision_and_is_told(parts, make):
    told = []
    parts.roster.when_changed(lambda: told.append(parts.roster.revision))
    await parts.roster.put_role(make.GUILD, Role(50, "staff", 0))
    await parts.roster.drop_role(make.GUILD, 50)
    await parts.roster.drop_channel(make.SIDE)
    await parts.roster.drop_guild(make.GUILD)

    assert told == sorted(set(told))
    assert len(told) == 4
    assert parts.roster.guilds() == []
    assert await parts.store.guilds.all() == []


async def test_a_deleted_role_takes_its_overwrites_along(parts, make):
    closed = Overwrite(50, is_member=False, allow=0, deny=1024)
    await parts.roster.put_role(make.GUILD, Role(50, "staff", 0))
    await parts.roster.put_channel(make.channel(30, overwrites=(closed,)))
    await parts.roster.drop_role(make.GUILD, 50)

    assert parts.roster.channel(30).overwrites == ()
    assert parts.roster.guild(make.GUILD).channel(30).overwrites == ()
