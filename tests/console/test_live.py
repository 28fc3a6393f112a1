"""The Live screen: what is said appears, can be found, held still, and never tears the screen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.widgets import Input

from guildwatch.capture import BackfillProgress
from guildwatch.console.feed import Feed
from guildwatch.console.places import Places
from guildwatch.model import Author, Channel, ChannelKind, Deletion, MessageEdit, MessageKind

GENERAL, SUPPORT, STAFF, UMLAUT, PERCH, FORGE = 1101, 1102, 1103, 1104, 2101, 1000


@pytest.fixture
async def morning(scene):
    """A community that has been talking since nine."""
    async with scene.parts():
        await scene.day()
        yield scene


async def test_what_is_said_appears_at_once_with_time_place_person_and_mood(morning):
    async with morning.console() as terminal:
        await morning.say("I love this wonderful lighthouse!", SUPPORT, "Tiff")
        await terminal.shows("12:04 #support", "wonderful lighthouse")
        row = terminal.row_with("wonderful lighthouse")
        assert "Tiff" in row
        assert row.rstrip("│ ").endswith("+")
        await terminal.shows("── Friday, 20 November ──", "── Saturday, 21 November ──")


async def test_an_edit_changes_the_line_and_a_deletion_takes_it_away(morning):
    async with morning.console() as terminal:
        message = await morning.say("a first thought")
        await terminal.shows("a first thought")
        edited = morning.now + timedelta(seconds=9)
        await morning.happen(MessageEdit(message.id, FORGE, GENERAL, "a second thought", edited))
        await terminal.shows("a second thought (edited)")
        await morning.happen(Deletion(FORGE, GENERAL, (message.id,)))
        await terminal.hides("thought")


async def test_mentions_are_shown_by_name(morning):
    async with morning.console() as terminal:
        jonas = Author(101, "jonas")
        await morning.say(f"<@101> please look at <#{SUPPORT}> <:kevin:55>", mentioned=(jonas,))
        await terminal.shows("@jonas please look at #support :kevin:")


async def test_no_name_or_text_however_strange_tears_the_screen(scene):
    strange = [
        ("Z̴̡̛͖̱̺͙͚̲͍a̸̧͎͓̗͓̣ļ̷̛̤̗͕̘̥g̸̢̛͖̱̺͙o̴̡", "z̴̡̛͖̱̺͙͚̲͍͎͓̗͓̣ " * 30),
        ("שלום עולם", "\u202eright to left\u202c مرحبا بالعالم 👋🏽"),
        ("👨‍👩‍👧‍👦🇩🇪❤️1️⃣", "👨‍👩‍👧‍👦" * 500),
        ("灯台守の男の人たち", "灯台" * 2_000),
        ("a\tb\x1b[31mc\nd", "\x1b]0;owned\x07 \x9b2J\r\nline two\x00" * 20),
        ("[bold red]", "[/] [link=https://x.invalid]press[/link] \\["),
        ("", "   \u200b\u2800  "),
        ("x" * 32, "y" * 4_000),
    ]
    guild = scene.guilds[0]
    named = replace(
        guild,
        name="[b]Fo\u202erge 🏳️‍🌈[/b]\x1b",
        channels=(*guild.channels, Channel(7, FORGE, "🔥" * 50, ChannelKind.TEXT)),
    )
    scene.guilds = [named]
    async with scene.parts():
        for who, text in strange:
            await scene.say(text, GENERAL, who)
            await scene.say(text, 7, who, kind=MessageKind.REPLY)
        async with scene.console() as terminal:
            await terminal.until(lambda: len(terminal.app.screen.query_one(Feed).rows) > 15)
            for size in ((120, 36), (80, 24), (40, 12), (200, 50)):
                await terminal.resize(*size)
                await terminal.press("g")
                assert len(terminal.rows) == size[1]  # and each is as wide as the terminal
                assert not set(terminal.text) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200d", "\t"}
            await terminal.press("2")
            await terminal.shows("Reports · [b]Forge")


async def test_choosing_a_channel_shows_it_with_its_threads_and_escape_shows_all_again(morning):
    async with morning.console() as terminal:
        await terminal.shows("#support")
        await terminal.press("down", "down", "down", "enter")  # guild, category, general, support
        await terminal.shows("Live · support", "umlaut work now in your build")
        assert "lighthouse theme" not in terminal.text
        thread = Channel(1199, FORGE, "Saves again", ChannelKind.PUBLIC_THREAD, SUPPORT)
        await morning.view.roster.put_channel(thread)  # opened while its channel is chosen
        await morning.say("it happened again", 1199)
        await terminal.shows("it happened again", "↳ Saves again")
        await terminal.press("escape")
        await terminal.shows("Live · all guilds", "lighthouse theme")


async def test_words_filter_the_feed_while_they_are_typed(morning):
    async with morning.console() as terminal:
        await terminal.press("/")
        await terminal.paste("umlaut")
        await terminal.shows("“umlaut”", "My saves vanish")
        assert "lighthouse theme" not in terminal.text
        await morning.say("another UMLAUT appears")
        await morning.say("nothing of interest")
        await terminal.shows("another UMLAUT appears")
        assert "nothing of interest" not in terminal.text
        found = next(one for one in morning.view.pulse.recent if "UMLAUT" in (one.text or ""))
        await morning.happen(Deletion(FORGE, GENERAL, (found.id,)))
        await terminal.hides("another UMLAUT appears")
        await terminal.press("escape")
        await terminal.shows("nothing of interest", "lighthouse theme")


async def test_keys_typed_into_the_filter_are_words_and_nothing_else(morning):
    async with morning.console() as terminal:
        await terminal.press("/")
        await terminal.press(*"q1wp/4")
        assert terminal.app.screen.query_one(Input).value == "q1wp/4"
        await terminal.shows("Nothing here yet.", "Esc shows everything again.")
        await terminal.press("enter")  # after Enter the keys are keys again
        await terminal.shows("2 Reports")
        await terminal.press("2")
        await terminal.shows("Reports · Pixel Forge")


async def test_a_paused_feed_stands_still_counts_what_is_new_and_runs_on(morning):
    async with morning.console(120, 60) as terminal:  # high enough for all of it
        await terminal.press("p")
        await terminal.shows("paused")
        for number in range(3):
            await morning.say(f"while you read {number}")
        await terminal.shows("paused, 3 newer")
        assert "while you read" not in terminal.text
        await terminal.press("p")
        await terminal.shows("while you read 2")
        assert "paused" not in terminal.text


async def test_what_a_reader_has_scrolled_to_stays_put_when_more_is_said(morning):
    morning.view.pulse._kept = 60  # a small feed, so that its oldest lines go
    for number in range(60):
        await morning.say(f"line {number:03}")
    async with morning.console() as terminal:
        feed = terminal.app.screen.query_one(Feed)
        await terminal.shows("line 059")
        feed.focus()
        await terminal.press("pageup")
        await terminal.until(lambda: "line 059" not in terminal.text)
        first = next(row[28:] for row in terminal.rows if "line 0" in row)
        for number in range(60, 65):
            await morning.say(f"line {number:03}")
        await terminal.until(lambda: feed.rows.messages[-1].text == "line 064")
        await terminal.pilot.pause()
        assert next(row[28:] for row in terminal.rows if "line 0" in row) == first
        await terminal.press("end")
        await terminal.shows("line 064")


async def test_the_feed_stays_at_its_end_when_a_trouble_takes_room_from_it(morning):
    async with morning.console(80, 24) as terminal:
        for number in range(30):
            await morning.say(f"line {number}")
        await terminal.shows("line 29")
        morning.discord.trouble = "Discord does not answer. " * 8
        await terminal.shows("Discord does not answer.", "line 29")
        await morning.say("and on it goes")
        await terminal.shows("and on it goes")


async def test_t_ignores_a_channel_and_tracks_it_again(morning):
    async with morning.console() as terminal:
        await terminal.shows("● #general")
        await terminal.press("down", "down", "t")
        await terminal.shows("○ #general", "general is ignored from now on.")
        assert not morning.view.roster.is_tracked(GENERAL)
        await terminal.press("t")
        await terminal.shows("● #general")
        assert morning.view.roster.is_tracked(GENERAL)
        await terminal.press("up", "t")  # the category: all that stands in it
        await terminal.shows("○ #support", "● #general", "● #staff")  # but what was chosen itself


async def test_a_tree_that_changes_does_not_take_back_a_step_of_the_cursor(morning):
    async with morning.console() as terminal:
        await terminal.shows("● #general")
        await terminal.press("down", "down")
        places = terminal.app.screen.query_one(Places)
        await morning.view.roster.choose_tracking(STAFF, False)
        assert places.look()
        places.action_cursor_down()  # a key that comes before the next drawing
        await terminal.shows("○ #staff")
        await terminal.pilot.pause()
        assert places.place.channel_id == SUPPORT


async def test_the_tree_counts_today_by_place_and_marks_what_is_not_open_to_all(morning):
    async with morning.console() as terminal:
        await terminal.shows("#staff 🔒")
        counted = {"Pixel Forge ": "8", "▼ Community": "7", "#general": "3", "#staff": "1"}
        for place, count in counted.items():
            tree = next(row[:28] for row in terminal.rows if place in row[:28])
            assert tree.rstrip("│ ╭").split()[-1] == count


async def test_the_mood_panel_follows_the_guild_under_the_cursor_over_thirty_days(scene):
    scene.guilds.append(scene.owls())
    async with scene.parts():
        await scene.day()
        async with scene.console() as terminal:
            await terminal.shows("Mood · Night Owls", "mood now ·····│····· –")
            await terminal.press("down", "down")
            await terminal.shows("Mood · Pixel Forge", "usual    ·····│██··· +0.18")
            await terminal.shows("mood, last 7 days", "Su Mo Tu We Th Fr Sa")
            await terminal.shows("mood, 30 days, to +0.84", "by hour, to 3 messages")


async def test_in_a_small_terminal_the_tree_is_a_drawer_and_the_mood_a_line(morning):
    async with morning.console(80, 24) as terminal:
        await terminal.shows("lighthouse theme", "mood −", "7 d ", "30 d ")
        assert "Guilds ─" not in terminal.text
        await terminal.press("g")
        await terminal.shows("─ Guilds", "● #general")
        await terminal.press("escape")
        await terminal.hides("─ Guilds")


async def test_the_mouse_does_what_the_keys_do(morning):
    async with morning.console() as terminal:
        await terminal.click("#support")
        await terminal.shows("Live · support")
        await terminal.click("esc All")
        await terminal.shows("Live · all guilds")
        await terminal.click("2 Reports")
        await terminal.shows("Reports · Pixel Forge")


async def test_every_key_is_told_at_eighty_columns(morning):
    async with morning.console(80, 24) as terminal:
        for key, words in {
            "1": "/ Filter p Pause t Track g Guilds 1 Live 2 Reports 3 Settings 4 Log q Quit",
            "2": "⏎ Open w Write today 1 Live 2 Reports 3 Settings 4 Log q Quit",
            "3": "^s Save c Changes 1 Live 2 Reports 3 Settings 4 Log q Quit",
        }.items():
            await terminal.press(key)
            await terminal.until(lambda words=words: words in " ".join(terminal.text.split()))


async def test_without_a_guild_it_says_what_to_do(scene):
    scene.guilds = []
    async with scene.parts(), scene.console(80, 24) as terminal:
        await terminal.shows("No guild yet.", "Invite the bot", "applications.commands")
        await terminal.press("2")
        await terminal.shows("Reports appear here once the bot is in a")
        await terminal.press("w", "1")
        await scene.view.roster.put_guild(scene.forge(), None)
        await terminal.shows("Quiet so far.", "mood –")


async def test_troubles_are_whole_sentences_even_at_eighty_columns(morning):
    lost = "The connection to Discord is lost; guildwatch keeps trying and will catch up by itself."
    morning.discord.connected_since, morning.discord.trouble = None, lost
    full = "The database cannot be written (disk full). Free some space; nothing is lost so far."
    morning.view.intake.trouble = full
    morning.discord.progress = BackfillProgress(3, 0, None, "", estimated=1_200)
    async with morning.console(80, 24) as terminal:
        await terminal.shows("○ not connected", "reading history, 3 channels left")
        await terminal.resize(120, 36)
        await terminal.shows("~1,200 to come")
        await terminal.resize(80, 24)
        told = " ".join(" ".join(terminal.rows).split())
        assert lost in told
        assert full in told
        morning.discord.trouble, morning.view.intake.trouble = "", None
        morning.discord.connected_since = morning.now
        await terminal.hides("keeps trying", "disk full")


async def test_every_key_is_in_the_palette_too(morning):
    async with morning.console() as terminal:
        await terminal.press("ctrl+p")
        await terminal.paste("pause")
        await terminal.shows("Hold the feed still")
        await terminal.press("enter")
        await terminal.until(lambda: "paused" in terminal.text)


async def test_q_ends_the_console(morning):
    async with morning.console() as terminal:
        await terminal.press("q")
        await terminal.until(lambda: not terminal.app.is_running)
