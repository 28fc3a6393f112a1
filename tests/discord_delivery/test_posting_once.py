"""A report arrives once, whatever happens on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.errors import AwayError
from guildwatch.discord.parts import nonce_of
from guildwatch.discord.places import PostInDoubtError
from guildwatch.discord.targets import ChannelTarget, DirectTarget
from guildwatch.model import PeriodKind
from guildwatch.sandbox.faults import Trouble

MESSAGES = "/channels/{channel_id}/messages"
PNG = b"\x89PNG\r\n\x1a\n picture"


def channel_target(town, name="daily-summary"):
    channel = town.guild.channel(town.channels[name])
    return ChannelTarget(channel)


async def send(town, entry, post, target=None):
    return await town.delivery.post(town.guild, entry, post, PNG, target or channel_target(town))


def everything(town, place="daily-summary"):
    """The glances and the details that stand there, as texts."""
    glances = [one for one in town.posted(place) if one["embeds"]]
    details = [
        one["content"]
        for glance in glances
        if "thread" in glance
        for one in town.posted(int(glance["id"]))
        if one["content"]
    ]
    return [one["embeds"][0]["title"] for one in glances], details


async def until_settled(attempts, make):
    """Try as the schedule does, until it is out."""
    for _ in range(attempts):
        try:
            return await make()
        except AwayError:
            continue
    raise AssertionError("it never got out")


async def test_a_report_is_one_message_with_a_chart_and_a_thread_with_its_details(
    town, entry, post
):
    assert await send(town, entry, post) == ""

    (glance,) = town.posted()
    assert glance["embeds"][0]["description"] == post.description
    assert glance["embeds"][0]["footer"]["text"] == post.footer
    assert glance["attachments"] or glance["embeds"][0]["image"]
    assert glance["thread"]["name"] == post.thread_name
    assert everything(town) == ([post.title], list(post.thread))


async def test_nobody_is_pinged_and_no_link_in_the_thread_shows_a_preview(town, entry, post):
    await send(town, entry, post)

    (glance,) = town.posted()
    details = [one for one in town.posted(int(glance["id"])) if one["content"]]
    for message in (glance, *details):
        assert not message["mention_everyone"]
        assert not message["mentions"]
    assert all(message["flags"] & 1 << 2 for message in details)


async def test_posting_again_posts_nothing(town, entry, post):
    await send(town, entry, post)
    await send(town, entry, post)

    assert everything(town) == ([post.title], list(post.thread))


@pytest.mark.parametrize("trouble", [Trouble.DROP_AFTER, Trouble.ERROR_AFTER, Trouble.HALF])
@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_a_connection_lost_after_the_effect_makes_no_second_copy(
    town, entry, post, trouble, nth
):
    town.faults.strike(trouble, "POST", MESSAGES, every=nth)

    await until_settled(2, lambda: send(town, entry, post))

    assert everything(town) == ([post.title], list(post.thread))


@pytest.mark.parametrize("nth", [1, 2, 3])
async def test_a_crash_between_posting_and_noting_is_made_good_after_the_nonce_is_forgotten(
    town, entry, post, nth
):
    town.faults.strike(Trouble.DROP_AFTER, "POST", MESSAGES, every=nth, times=None)
    dying = asyncio.create_task(send(town, entry, post))
    while len(said_by_bot(town)) < nth:
        await asyncio.sleep(0)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    town.faults.rules.clear()

    town.later(hours=3)
    town.timer.now += 3 * 3600
    await send(town, entry, post)

    assert everything(town) == ([post.title], list(post.thread))


def said_by_bot(town):
    glances, details = everything(town)
    return glances + details


async def forget(town, entry, *names):
    """Leave these parts as a crash after the attempt would."""
    for part in await town.store.ledger.parts(entry):
        if part.name in names:
            await town.store.ledger.save_part(entry, replace(part, message_id=None))
    town.timer.now += 3600


@pytest.mark.parametrize(
    "names",
    [("glance",), ("thread",), ("thread/1",), ("thread/2",), ("glance", "thread", "thread/1")],
)
async def test_every_part_in_doubt_is_found_again(town, entry, post, names):
    await send(town, entry, post)
    await forget(town, entry, *names)

    assert await send(town, entry, post) == ""

    assert everything(town) == ([post.title], list(post.thread))


async def test_a_part_in_doubt_that_never_went_out_is_posted(town, entry, post):
    town.faults.strike(Trouble.DROP, "POST", MESSAGES, times=1)
    with pytest.raises(AwayError):
        await send(town, entry, post)

    await send(town, entry, post)

    assert everything(town) == ([post.title], list(post.thread))


async def test_details_written_anew_do_not_repeat_the_part_in_doubt(town, entry, post):
    await send(town, entry, post)
    await forget(town, entry, "thread/1")

    await send(town, entry, replace(post, thread=("**Release** without it", post.thread[1])))

    assert everything(town) == ([post.title], list(post.thread))


async def test_a_glance_in_doubt_is_not_confused_with_another_days_post(town, entry, post):
    day = timedelta(days=1)
    period = replace(entry.period, start=entry.period.start - day, end=entry.period.end - day)
    await send(town, replace(entry, period=period), post)
    town.faults.strike(Trouble.DROP, "POST", MESSAGES, times=1)
    with pytest.raises(AwayError):
        await send(town, entry, post)

    await send(town, entry, post)

    assert len(everything(town)[0]) == 2


async def test_without_the_history_a_post_in_doubt_is_not_repeated(town, entry, post):
    await send(town, entry, post)
    await forget(town, entry, "glance")
    await town.deny("daily-summary", Permissions.READ_MESSAGE_HISTORY)

    with pytest.raises(PostInDoubtError, match="Read Message History"):
        await send(town, entry, post)

    assert len(everything(town)[0]) == 1


async def test_what_members_and_answers_say_in_the_thread_is_not_taken_for_a_detail(
    town, entry, post
):
    await send(town, entry, replace(post, thread=post.thread[:1]))
    thread_id = int(town.posted()[0]["id"])
    town.world.say(town.jonas, thread_id, "thank you")
    town.faults.strike(Trouble.DROP, "POST", MESSAGES, times=1)
    with pytest.raises(AwayError):
        await send(town, entry, post)

    await send(town, entry, post)

    assert [one for one in everything(town)[1] if one != "thank you"] == list(post.thread)


async def test_a_post_whose_channel_was_changed_is_not_continued_under_the_old_glance(
    town, entry, post
):
    town.faults.strike(
        Trouble.ERROR, "POST", "/channels/{channel_id}/messages/{message_id}/threads", times=1
    )
    with pytest.raises(AwayError):
        await send(town, entry, post)
    town.faults.rules.clear()

    left_out = await send(town, entry, post, channel_target(town, "general"))

    assert "changed" in left_out
    assert everything(town) == ([post.title], [])
    assert town.posted("general") == []


@pytest.mark.parametrize("names", [(), ("glance",), ("thread/1",), ("thread/2",)])
async def test_a_report_by_direct_message_arrives_once_too(town, entry, post, names):
    to_mara = DirectTarget(town.mara)
    await send(town, entry, post, to_mara)
    await forget(town, entry, *names)
    await send(town, entry, post, to_mara)

    texts = [one["content"] for one in town.posted(town.world.open_dm(town.mara))]
    assert texts == ["", *post.thread]


def test_the_parts_of_all_reports_have_nonces_of_their_own(entry):
    kinds = [replace(entry, period=replace(entry.period, kind=kind)) for kind in PeriodKind]
    names = ("glance", "thread", "thread/1", "thread/2")
    nonces = {nonce_of(one, name) for one in kinds for name in names}

    assert len(nonces) == len(kinds) * len(names)
    assert all(len(nonce) <= 25 for nonce in nonces)


async def test_an_odd_message_does_not_hide_a_post_in_doubt(town, entry, post):
    place = town.channels["daily-summary"]
    for _ in range(2):
        odd = town.world.message(town.world.say(town.mara, place, "from the future"))
        odd.embeds = [{"type": "rich", "fields": [{"title": 3}]}]
        await send(town, entry, post)
        await forget(town, entry, "glance")

    await send(town, entry, post)

    assert len([one for one in town.posted() if one["author"]["id"] == str(town.world.bot.id)]) == 1


async def test_without_a_connection_the_report_waits(town, entry, post):
    town.line.close()

    with pytest.raises(AwayError):
        await send(town, entry, post)

    assert await town.store.ledger.parts(entry) == []


@pytest.mark.parametrize("who", [channel_target, lambda town: DirectTarget(town.mara)])
async def test_a_token_that_is_taken_back_uses_up_no_try_and_says_so(town, entry, post, who):
    good, town.world.application.token = town.world.token, "MTEx.GsAnDb.another"
    for _ in range(3):
        with pytest.raises(AwayError, match="Discord refused the token"):
            await send(town, entry, post, who(town))

    town.world.application.token = good
    await until_settled(3, lambda: send(town, entry, post, who(town)))
    place = "daily-summary" if who is channel_target else town.world.open_dm(town.mara)
    assert len(everything(town, place)[0]) == 1
