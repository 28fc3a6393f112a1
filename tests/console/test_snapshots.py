"""How the screens look: pictures that change only when somebody means them to."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension

from guildwatch.model import ChangedBy, ChangeSource, Gate, GuildSettings

DRAWN_BY = "8.2.8"
pytestmark = pytest.mark.skipif(
    version("textual") != DRAWN_BY,
    reason=f"the kept pictures were drawn by textual {DRAWN_BY}; another one draws a little else",
)

CONFIG = """[ollama]
host = "http://127.0.0.1:11434"
"""


@pytest.fixture
async def noon(scene):
    """A community at noon with two days told; nothing on its screens depends on the machine."""
    scene.write_config(CONFIG)
    scene.environ = {"GUILDWATCH_REPORT__TIME": "06:30"}
    async with scene.parts():
        scene.view = replace(scene.view, config_file=Path("config.toml"))
        await scene.day()
        for days_ago in (2, 1):
            await scene.keep_report(days_ago)
        yield scene


def draw(terminal):
    return terminal.app.export_screenshot(title="guildwatch", simplify=True)


@pytest.fixture
def picture(snapshot):
    """Compares a terminal with its kept picture (`pytest --snapshot-update` keeps a new one).

    Not `snap_compare`: that runs the app in a loop of its own, and the store lives in the test's.
    """

    async def matches(terminal):
        before, drawn = "", draw(terminal)
        while drawn != before:  # until it has come to rest
            await terminal.app.workers.wait_for_complete()
            await terminal.pilot.pause()
            before, drawn = drawn, draw(terminal)
        assert terminal.app._exception is None  # a crashed app has a picture too
        return drawn == snapshot.use_extension(SVGImageExtension)

    return matches


async def test_live_in_a_usual_terminal(noon, picture):
    async with noon.console() as terminal:
        await terminal.shows("lighthouse theme", "Mood · Pixel Forge")
        assert await picture(terminal)


async def test_live_in_a_small_terminal(noon, picture):
    async with noon.console(80, 24) as terminal:
        await terminal.shows("lighthouse theme", "30 d ")
        assert await picture(terminal)


async def test_live_in_the_light_theme_with_something_wrong(noon, picture):
    noon.discord.connected_since = None
    noon.discord.trouble = "The connection to Discord is lost. It is tried again every few seconds."
    async with noon.console() as terminal:
        terminal.app.theme = "guildwatch-light"
        await terminal.shows("is lost", "Mood · Pixel Forge")
        assert await picture(terminal)


async def test_reports(noon, picture):
    async with noon.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("w")
        await terminal.shows("Saturday, 21 November 2026", "My saves vanish")
        # The line on top looks twice a second: two pictures may agree that it is still writing.
        await terminal.hides("writing Pixel Forge", "being written", "Cancel writing")
        assert await picture(terminal)


async def test_receipts(noon, picture):
    async with noon.console() as terminal:
        await terminal.press("2")
        await terminal.shows("Friday, 20 November 2026")
        await terminal.press("w")
        await terminal.shows("not posted", "My saves vanish")
        await terminal.hides("writing Pixel Forge", "being written", "Cancel writing")
        await terminal.press("enter", "enter")
        await terminal.shows("Receipts", "Its conversation")
        assert await picture(terminal)


async def test_settings(noon, picture):
    async with noon.console() as terminal:
        await terminal.press("3")
        await terminal.shows("How long Ollama keeps")
        assert await picture(terminal)


async def test_the_record_of_changes_in_a_usual_terminal(noon, picture):
    by = ChangedBy(ChangeSource.COMMAND, 77)
    await noon.view.store.settings.save(GuildSettings(1000, names=False, min_people=2), by)
    await noon.view.store.gates.add(Gate(1000, "summary", 1101, is_role=False), by=by)
    await noon.view.store.guilds.choose_tracking(1102, False)
    async with noon.console() as terminal:
        await terminal.press("3", "c")
        await terminal.shows("gate of summary")
        assert await picture(terminal)
