"""The Reports screen: days that were told, and today so far while it is being written."""

import asyncio
from datetime import timedelta

import pytest

from guildwatch.language import ModelError
from guildwatch.model import Deletion, Feedback, GuildSettings, Verdict

GENERAL, FORGE = 1101, 1000


@pytest.fixture
async def week(scene):
    """Days with talk, of which two have been told."""
    async with scene.parts():
        await scene.day()
        for days_ago in (2, 1):
            await scene.keep_report(days_ago)
        yield scene


@pytest.fixture
async def modelled(scene, model):
    """A morning of talk that a model is asked to tell; the test lets it write piece by piece."""
    scene.model = model
    async with scene.parts():
        await scene.day()
        await scene.keep_report(1)
        yield scene


def deletion_of(words, scene):
    message = next(one for one in scene.view.pulse.recent if words in (one.text or ""))
    return Deletion(FORGE, message.channel_id, (message.id,))


async def test_the_newest_report_is_open_and_another_one_opens_when_it_is_chosen(week):
    async with week.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Fri 20 Nov 2026 · 1", "Thu 19 Nov 2026 · 1")
        await terminal.shows("Friday, 20 November 2026", "1 message by 1 person", "jonas")
        await terminal.press("down")
        await terminal.shows("Thursday, 19 November 2026", "Tiff", "w Write today")
        assert "n Guild" not in terminal.rows[-1]  # there is only one
        await terminal.resize(80, 24)
        await terminal.shows("Thursday, 19 November 2026")
        assert all(row.rstrip().endswith(("│", "╮", "╯")) for row in terminal.rows[1:-1])


async def test_a_report_that_is_stored_while_the_screen_is_open_appears(week):
    async with week.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        week.now += timedelta(days=1)
        await week.keep_report(1)
        await terminal.shows("Sat 21 Nov 2026 · 8")
        # What was being read stays open.
        assert "Friday, 20 November 2026" in terminal.text


async def test_what_is_deleted_vanishes_from_the_report_on_the_screen(week):
    async with week.console() as terminal:
        week.now += timedelta(days=1)
        await week.keep_report(1)
        await terminal.press("2")
        await terminal.shows("Saturday, 21 November 2026", "My saves vanish")
        await week.happen(deletion_of("saves vanish", week))
        await terminal.hides("saves vanish")
        await terminal.shows("1 point withdrawn after deletions")


async def test_what_readers_said_of_a_report_stands_above_it(week):
    async with week.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        assert "Readers" not in terminal.text
        feedback, report = week.view.store.feedback, (await stored(week))[0]
        for user_id, verdict in ((1, Verdict.GOOD), (2, Verdict.GOOD), (3, Verdict.BAD)):
            await feedback.vote(Feedback(7, FORGE, report, user_id, verdict, week.now))
        wrong = Feedback(7, FORGE, report, 3, Verdict.WRONG, week.now, "It was\nWednesday.")
        await feedback.correct(wrong)

        await terminal.shows("Readers: 2 helpful, 1 not helpful, correction: “It was Wednesday.”")
        await terminal.press("down")
        await terminal.shows("Thursday, 19 November 2026")
        assert "Readers" not in terminal.text


async def stored(week):
    """The ids of the stored reports, the newest first."""
    return [one.id for one in await week.view.store.reports.overview(FORGE)]


async def test_w_writes_today_so_far_and_neither_saves_nor_posts_it(week):
    async with week.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("w")
        await terminal.shows("Today until 12:04", "not posted", "Saturday, 21 November 2026")
        await terminal.shows("My saves vanish", "8 messages by 4 people")
        assert len(await week.view.store.reports.overview(FORGE)) == 2
        assert not await week.view.store.ledger.recent()


async def test_the_draft_is_shown_while_the_model_writes_and_other_days_stay_readable(modelled):
    async with modelled.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("w")
        await terminal.shows("being written…", "Digesting #", "x Cancel writing")
        modelled.model.pieces.put_nowait('{"topics": [{"title": "Umlaut \\u00fc')
        await terminal.shows("Umlaut ü")
        modelled.model.pieces.put_nowait(' bug", "points": [{"text": "Saves \\"vanish')
        await terminal.shows("Umlaut ü bug", '• Saves "vanish')
        await terminal.shows("writing Pixel Forge")
        await terminal.press("down")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("up")
        await terminal.shows("Umlaut ü bug")
        for _ in range(40):  # as many calls as it may make: it says nothing more
            modelled.model.pieces.put_nowait("")
        await terminal.shows("Today until 12:04", "Saturday, 21 November 2026")
        assert "Umlaut ü bug" not in terminal.text  # unchecked, and not borne out
        await terminal.hides("x Cancel writing")


async def test_cancelling_ends_the_writing_and_it_can_be_begun_again(modelled):
    async with modelled.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("w")
        await terminal.shows("being written…")
        await terminal.press("x")
        await terminal.shows("Cancelled. Nothing was posted or saved.", "Friday, 20 November 2026")
        assert "being written" not in terminal.text
        assert not modelled.view.writer.under_way
        await terminal.press("w")
        await terminal.shows("being written…")


async def test_a_model_that_fails_leaves_an_extractive_report_and_nothing_hangs(modelled):
    async with modelled.console() as terminal:
        await terminal.press("2", "w")
        await terminal.shows("being written…")
        for _ in range(40):
            modelled.model.pieces.put_nowait(ModelError("unreachable", "Ollama has gone away."))
        await terminal.shows("Today until 12:04", "My saves vanish")


async def test_a_draft_that_tells_of_a_deleted_message_is_taken_back(week):
    async with week.console() as terminal:
        await terminal.press("2", "w")
        await terminal.shows("not posted", "My saves vanish")
        await week.happen(deletion_of("saves vanish", week))
        await terminal.shows("A message that it told of was deleted. Press w to write it anew.")
        await terminal.press("w")
        await terminal.hides("saves vanish", "was deleted")


async def test_n_goes_on_to_the_next_guild_and_back(scene):
    scene.guilds.append(scene.owls())
    async with scene.parts():
        await scene.day()
        await scene.say("owls are awake at noon", 2101, "Tiff", ago=1440)
        for guild in scene.guilds:
            await scene.keep_report(1, guild)
        async with scene.console() as terminal:
            await terminal.press("2")
            await terminal.shows("Reports · Night Owls", "Night Owls · Friday")
            await terminal.press("n")
            await terminal.shows("Reports · Pixel Forge", "Pixel Forge · Friday")
            await terminal.press("n")
            await terminal.shows("Reports · Night Owls", "Night Owls · Friday")


async def test_before_the_first_report_it_says_when_there_will_be_one(scene):
    async with scene.parts(), scene.console(80, 24) as terminal:
        await terminal.press("2")
        await terminal.shows("No report yet.", "Press w to")
        await terminal.press("w")
        await terminal.shows("Today until 12:04")


async def test_it_tells_when_the_reports_of_a_week_and_of_a_month_come(week):
    view = week.view
    await view.store.settings.save(GuildSettings(FORGE, weekly=0, monthly=True))
    schedule = asyncio.create_task(view.runner.run())
    async with week.console() as terminal:
        await terminal.press("2")
        await terminal.shows("week Mon 23 Nov · month Tue 01 Dec")
    schedule.cancel()
    await asyncio.wait([schedule])
