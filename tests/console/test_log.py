"""The Log screen: the end of the log file, followed over midnight, harmless and readable."""

import pytest

from guildwatch.console.log import Place, read
from guildwatch.model import Incident


@pytest.fixture
def log(tmp_path):
    return tmp_path / "guildwatch.log"


def append(path, text):
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


async def test_what_is_logged_appears_and_long_lines_go_on_below(scene):
    path = scene.folder / "guildwatch.log"
    append(path, "2026-11-21 INFO  started\n")
    async with scene.parts(), scene.console(80, 24) as terminal:
        await terminal.press("4")
        await terminal.shows("INFO  started")
        append(path, "2026-11-21 ERROR " + "word " * 30 + "end\n  File x\x1b[31m, line 1\n")
        await terminal.shows("    word", "word end", "  File x [31m, line 1")
        path.rename(path.with_name("guildwatch.log.2026-11-21"))
        append(path, "2026-11-22 INFO a new day\n")
        await terminal.shows("a new day", "INFO  started")


async def test_it_tells_how_much_is_kept_and_how_much_room_is_left(scene):
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("4")
        await terminal.shows("The database takes 0.", "are free on its disk.")


async def test_what_went_wrong_lately_stands_above_the_log(scene):
    async with scene.parts(), scene.console(80, 24) as terminal:
        incidents = scene.view.store.incidents
        await incidents.begin(0, "store", "", "The disk is full.", since=scene.now)
        await incidents.end(0, "store", "", at=scene.now)
        await incidents.begin(1, "report", "x", "A report was given up. \x1b[31mLook.")
        await terminal.press("4")
        await terminal.shows(
            "What went wrong lately", "○ 21 Nov 12:04 to 21 Nov 12:04: The disk is full.", "● since"
        )
        assert "\x1b" not in terminal.text


async def test_what_the_store_cannot_take_yet_is_shown_all_the_same(scene):
    async with scene.parts():
        scene.discord.going_on = [
            Incident(0, "store", "", "The disk is full.", scene.now, scene.now)
        ]
        async with scene.console(80, 24) as terminal:
            await terminal.shows("! The disk is full. (since 12:04)")
            await terminal.press("4")
            await terminal.shows("● since 21 Nov 12:04: The disk is full.")


def test_a_line_is_told_once_it_is_whole(log):
    append(log, "one\ntw")
    lines, place = read(log, Place())
    assert lines == ["one"]
    append(log, "o\n")
    assert read(log, place)[0] == ["two"]


def test_over_midnight_the_rest_of_the_old_file_comes_before_the_new_one(log):
    append(log, "yesterday 1\n")
    lines, place = read(log, Place())
    append(log, "yesterday 2\n")
    log.rename(log.with_name("guildwatch.log.2026-11-21"))
    append(log, "today 1, which is longer than all of yesterday\n")
    lines, place = read(log, place)
    assert lines == ["yesterday 2", "today 1, which is longer than all of yesterday"]
    assert read(log, place)[0] == []


def test_between_two_files_there_is_none_and_nothing_is_lost(log):
    append(log, "one\n")
    _, place = read(log, Place())
    log.rename(log.with_name("guildwatch.log.2026-11-21"))
    assert read(log, place) == ([], place)
    append(log, "two\n")
    assert read(log, place)[0] == ["two"]


def test_of_a_large_file_only_the_end_is_read(log):
    append(log, "".join(f"line {number}\n" for number in range(50_000)))
    lines, _ = read(log, Place())
    assert lines[-1] == "line 49999"
    assert all(line.startswith("line ") for line in lines)
    assert len(lines) < 20_000


def test_a_log_that_is_not_there_yet_is_no_trouble(log):
    assert read(log, Place()) == ([], Place())
