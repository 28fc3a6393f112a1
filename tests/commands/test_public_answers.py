"""A public answer is a post like others: what is deleted or edited away leaves it."""

from datetime import timedelta

import pytest

from guildwatch.audience import Permissions
from guildwatch.model import Deletion, MessageEdit, Overwrite
from guildwatch.report import day_period
from guildwatch.sandbox.faults import Trouble

MESSAGE = "/channels/{channel_id}/messages/{message_id}"
ORIGINAL = "/webhooks/{webhook_id}/{token}/messages/@original"


@pytest.fixture
async def asked(town):
    """A public answer in #general; `lost` is how a message begins that it quotes."""
    answer = await town.ask(town.mara, "summary now", {"public": True})
    report = await town.store.reports.load(1)
    points = [point for topic in report.digest.topics for point in topic.points]
    texts = {
        int(one["id"]): one["content"]
        for name in ("general", "support")
        for one in town.world.messages(town.channels[name])
    }
    town.lost = texts[points[0].message_ids[0]][:30]
    assert town.lost in answer.text
    going = {id_ for id_, text in texts.items() if text.startswith(town.lost)}
    town.left = [point.message_ids[0] for point in points if going.isdisjoint(point.message_ids)]
    assert town.left
    town.world.log.clear()
    return town


def shown(town):
    """What the bot says in #general."""
    (message,) = (
        one
        for one in town.world.messages(town.channels["general"])
        if int(one["author"]["id"]) == town.world.bot.id
    )
    return message


def about(town):
    """All that was said like what is lost."""
    return [
        one
        for name in ("general", "support")
        for one in town.world.messages(town.channels[name])
        if town.lost in one["content"]
    ]


async def delete(town):
    for one in about(town):
        town.world.delete(int(one["id"]))
        place = int(one["channel_id"])
        await town.store.messages.apply([Deletion(town.guild_id, place, (int(one["id"]),))])


def edits(town):
    return town.world.log.of("PATCH", MESSAGE)


async def test_what_is_deleted_leaves_it_by_one_edit_and_the_rest_stays(asked):
    before = shown(asked)
    await delete(asked)
    await asked.amend()

    now = shown(asked)
    assert asked.lost not in str(now["embeds"])
    assert all(str(one) in str(now["embeds"]) for one in asked.left)
    assert now["embeds"][0]["image"] == before["embeds"][0]["image"]
    assert now["attachments"] == before["attachments"]
    assert len(edits(asked)) == 1
    assert await asked.store.amendments.waiting() == 0
    await asked.amend()
    assert len(edits(asked)) == 1


async def test_hours_later_it_is_edited_too(asked):
    asked.clock.now += timedelta(hours=5)
    asked.timer.now += 5 * 3600
    await delete(asked)
    await asked.amend()
    assert asked.lost not in str(shown(asked)["embeds"])


async def test_what_is_edited_away_leaves_it(asked):
    for one in about(asked):
        edit = MessageEdit(
            int(one["id"]), asked.guild_id, int(one["channel_id"]), "never mind", asked.clock()
        )
        await asked.store.messages.apply([edit])
    await asked.amend()
    assert asked.lost not in str(shown(asked)["embeds"])
    assert all(str(one) in str(shown(asked)["embeds"]) for one in asked.left)


async def test_an_answer_that_is_gone_is_forgotten_with_its_report(asked):
    asked.world.delete(int(shown(asked)["id"]))
    await delete(asked)
    await asked.amend()
    assert await asked.store.amendments.waiting() == 0
    assert await asked.store.amendments.due(asked.clock()) == []
    assert await asked.store.tidy()
    assert asked.lost.encode() not in b"".join(
        path.read_bytes() for path in asked.store.path.parent.glob("guildwatch.db*")
    )


async def test_without_access_it_is_told_once_and_edited_when_that_is_back(asked):
    bot_role = next(iter(asked.world.member(asked.guild_id, asked.world.bot.id).role_ids))
    general = asked.channels["general"]
    view = int(Permissions.VIEW_CHANNEL)
    asked.world.set_overwrites(general, [Overwrite(bot_role, False, 0, view)])
    await delete(asked)
    for _ in range(3):
        await asked.amend()
    (incident,) = await asked.store.incidents.going_on()
    assert "public answer" in incident.sentence
    assert "Missing Access" in incident.sentence
    assert incident.times == 1

    asked.world.set_overwrites(general, [])
    asked.clock.now += timedelta(hours=1)
    await asked.amend()
    assert asked.lost not in str(shown(asked)["embeds"])
    assert await asked.store.incidents.going_on() == []


async def test_one_that_never_showed_its_report_is_left_as_it_is(asked):
    """As after a kill between noting it and showing it."""
    report = await asked.store.reports.load(1)
    said = asked.world.say(asked.world.bot.id, asked.channels["support"], "Reading…")
    await asked.store.answers.keep(report, asked.channels["support"], said)
    await delete(asked)
    await asked.amend()
    assert asked.world.messages(asked.channels["support"])[-1]["content"] == "Reading…"
    assert await asked.store.answers.of_report(2) is None
    assert await asked.store.amendments.waiting() == 0


async def test_one_that_was_shown_and_not_noted_is_edited(asked):
    (answer,) = [await asked.store.answers.of_report(1)]
    await asked.store.answers.shows(answer, None)
    await delete(asked)
    await asked.amend()
    assert asked.lost not in str(shown(asked)["embeds"])
    assert shown(asked)["embeds"][0]["image"]


async def test_what_it_shows_is_no_stored_report_of_its_period(town):
    """A day that is not over must not be taken for the whole one."""
    await town.ask(town.mara, "summary day", {"date": "today", "public": True})
    assert await town.store.reports.overview() == []
    period = day_period(town.clock().date(), "Europe/Berlin")
    found = await town.store.reports.of_period(town.guild_id, period.start, period.end)
    assert found is None


async def test_an_answer_to_the_asker_alone_is_not_kept(town):
    await town.ask(town.mara, "summary now")
    assert await town.store.answers.of_report(1) is None
    assert await town.store.amendments.waiting() == 0


async def test_an_answer_that_discord_has_not_yet_is_shown_and_follows_all_the_same(town):
    town.faults.strike(Trouble.ERROR, "GET", ORIGINAL, status=404)

    answer = await town.ask(town.mara, "summary now", {"public": True})
    await answer.wait_for(lambda seen: "Pixel Forge" in seen.text)

    assert not shown(town)["content"]
    assert not answer.ephemeral
    kept = await town.store.answers.of_report(1)
    assert kept.message_id == int(shown(town)["id"])
