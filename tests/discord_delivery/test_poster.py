"""The client that posts: one request for one try, and no waiting for hours."""

import pytest

from guildwatch.discord.errors import AwayError
from guildwatch.discord.places import MissingRightsError
from guildwatch.discord.targets import ChannelTarget
from guildwatch.model import Overwrite
from guildwatch.sandbox import Permission, Trouble

MESSAGES = "/channels/{channel_id}/messages"
THREADS = "/channels/{channel_id}/messages/{message_id}/threads"


async def send(town, entry, post):
    target = ChannelTarget(town.guild.channel(town.channels["daily-summary"]))
    return await town.delivery.post(town.guild, entry, post, None, target)


def posts(town, route=MESSAGES):
    """How often was a message posted, or tried to be."""
    return len(town.world.log.of("POST", route))


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.ERROR_AFTER])
async def test_a_failed_post_is_not_repeated_before_somebody_has_looked(town, entry, post, trouble):
    town.faults.strike(trouble, "POST", MESSAGES, times=None)

    with pytest.raises(AwayError):
        await send(town, entry, post)

    assert posts(town) == 1


@pytest.mark.parametrize("trouble", [Trouble.RATE_LIMIT, Trouble.GLOBAL_LIMIT])
async def test_a_short_limit_is_waited_for(town, entry, post, trouble):
    town.faults.strike(trouble, "POST", MESSAGES, times=2, seconds=0.02)

    assert await send(town, entry, post) == ""

    assert len(town.posted()) == 1
    assert posts(town) == 2 + 3


@pytest.mark.parametrize("trouble", [Trouble.RATE_LIMIT, Trouble.GLOBAL_LIMIT])
@pytest.mark.parametrize("route", [MESSAGES, THREADS])
async def test_a_limit_of_hours_holds_nobody_up_and_is_no_doubt(town, entry, post, trouble, route):
    town.faults.strike(trouble, "POST", route, times=1, seconds=7_200)

    with pytest.raises(AwayError, match="limits"):
        await send(town, entry, post)

    assert posts(town, route) == 1
    assert all(part.message_id or not part.attempted_at for part in await parts(town, entry))


async def parts(town, entry):
    return await town.store.ledger.parts(entry)


async def test_rights_that_went_unnoticed_are_missing_rights(town, entry, post):
    """The roster has not heard of it yet."""
    role = next(iter(town.bot.role_ids))
    gone = Overwrite(role, False, 0, int(Permission.SEND_MESSAGES))
    town.world.set_overwrites(town.channels["daily-summary"], [gone])

    with pytest.raises(MissingRightsError, match="daily-summary"):
        await send(town, entry, post)

    town.world.set_overwrites(town.channels["daily-summary"], [])
    await send(town, entry, post)
    assert len(town.posted()) == 1


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.ERROR_AFTER, Trouble.DROP_AFTER])
async def test_a_notice_is_tried_again_and_told_once(town, trouble):
    town.faults.strike(trouble, "POST", MESSAGES, times=1)
    town.timer.now += 3600

    await town.notices.tell(town.guild, town.roster.settings(town.guild_id), "Mend it.")

    assert len(town.told(town.mara)) == 1
