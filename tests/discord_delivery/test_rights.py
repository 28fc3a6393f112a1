"""What happens where the bot lacks rights: as much as can be is posted, and the admin hears it."""

from dataclasses import replace

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.places import MissingRightsError
from guildwatch.discord.targets import ChannelTarget

PNG = b"\x89PNG\r\n\x1a\n picture"


async def send(town, entry, post):
    channel = town.guild.channel(town.channels["daily-summary"])
    return await town.delivery.post(town.guild, entry, post, PNG, ChannelTarget(channel))


@pytest.mark.parametrize(
    ("rights", "named"),
    [
        (Permissions.EMBED_LINKS, r"I lack \*Embed Links\* there"),
        (Permissions.SEND_MESSAGES, r"I lack \*Send Messages\* there"),
        (Permissions.VIEW_CHANNEL, r"I lack \*View Channel\* there"),
    ],
)
async def test_without_the_right_to_post_nothing_is_tried_and_the_right_is_named(
    town, entry, post, rights, named
):
    town.world.obfuscate = False
    await town.deny("daily-summary", rights)

    with pytest.raises(MissingRightsError, match=named):
        await send(town, entry, post)

    assert town.posted() == []
    assert await town.store.ledger.parts(entry) == []


@pytest.mark.parametrize(
    "rights", [Permissions.CREATE_PUBLIC_THREADS, Permissions.SEND_MESSAGES_IN_THREADS]
)
async def test_without_the_right_to_threads_the_glance_is_posted_alone(town, entry, post, rights):
    await town.deny("daily-summary", rights)

    left_out = await send(town, entry, post)

    (glance,) = town.posted()
    assert "thread" not in glance
    assert "Threads*" in left_out.replace("in Threads", "Threads")


async def test_without_the_right_to_attach_files_the_report_goes_without_its_chart(
    town, entry, post
):
    await town.deny("daily-summary", Permissions.ATTACH_FILES)

    left_out = await send(town, entry, post)

    (glance,) = town.posted()
    assert glance["attachments"] == []
    assert "*Attach Files*" in left_out
    assert "thread" in glance


async def test_a_mended_right_lets_the_report_out(town, entry, post):
    await town.deny("daily-summary", Permissions.EMBED_LINKS)
    with pytest.raises(MissingRightsError):
        await send(town, entry, post)

    town.world.set_overwrites(town.channels["daily-summary"], [])
    await town.look()
    await send(town, entry, post)

    assert len(town.posted()) == 1


async def test_an_admin_is_told_once_in_a_month_and_by_whom_it_concerns(town):
    settings = town.roster.settings(town.guild_id)
    for _ in range(3):
        await town.notices.tell(town.guild, settings, "I lack *Embed Links*.")
        town.timer.now += 3600
        town.later(days=1)
    assert town.told(town.mara) == ["**Pixel Forge**: I lack *Embed Links*."]

    town.later(days=40)
    await town.notices.tell(town.guild, settings, "I lack *Embed Links*.")
    assert len(town.told(town.mara)) == 2


async def test_whoever_configured_last_is_told_instead_of_the_owner(town):
    await town.settle(configured_by=town.jonas)

    await town.notices.tell(town.guild, town.roster.settings(town.guild_id), "Something.")

    assert town.told(town.jonas)
    assert not town.told(town.mara)


async def test_an_admin_who_takes_no_direct_messages_stops_nothing(town, caplog):
    town.world.closed_dms.add(town.mara)

    await town.notices.tell(town.guild, town.roster.settings(town.guild_id), "Something.")

    assert "takes no direct messages" in caplog.text


async def test_a_thread_that_discord_refuses_leaves_the_glance_standing(town, entry, post):
    await send(town, entry, post)
    (glance,) = town.posted()
    town.world.delete_channel(int(glance["id"]))
    part = (await town.store.ledger.parts(entry))[-1]
    await town.store.ledger.save_part(entry, replace(part, message_id=None, attempted_at=None))

    left_out = await send(town, entry, post)

    assert "not complete" in left_out
    assert len(town.posted()) == 1
