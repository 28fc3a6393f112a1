"""The record of changes as the operator sees it."""

from guildwatch.config import as_values, load
from guildwatch.model import ChangedBy, ChangeSource, Gate, GuildSettings

FORGE, SUPPORT, GENERAL = 1000, 1102, 1101

AT_START = ChangedBy(ChangeSource.FILE)
MARA = ChangedBy(ChangeSource.COMMAND, 77)


async def some(store):
    await store.settings.save(GuildSettings(FORGE, names=False), MARA)
    await store.gates.add(Gate(FORGE, "summary", GENERAL, is_role=False), by=MARA)
    await store.guilds.choose_tracking(SUPPORT, False)
    await store.retention.choose(FORGE, 5555, 7, ChangedBy(ChangeSource.COMMAND))


async def test_the_operator_sees_who_changed_what(scene):
    async with scene.parts(), scene.console() as terminal:
        await some(scene.view.store)
        await terminal.press("3", "c")
        await terminal.shows("Pixel Forge: names of members  on → off  member 77")
        await terminal.shows("gate of summary  not set → #general")
        await terminal.shows("tracking of #support  not set → ignored  operator")
        await terminal.shows("texts of #5555 kept for  not set → 7 days  a former member")
        await terminal.press("escape")
        await terminal.shows("Where Ollama listens")


async def test_what_is_saved_at_the_console_is_recorded_once_and_as_the_operators(scene):
    scene.write_config('[discord]\ntoken = "a-secret-token"\n')
    async with scene.parts(), scene.console(80, 24) as terminal:
        record = scene.view.store.record
        assert await record.see_configuration(configured(scene), AT_START) == []
        await terminal.press("3")
        await terminal.focus(terminal.app.screen.query_one("#report--time"))
        await terminal.paste("7:15")
        await terminal.focus(terminal.app.screen.query_one("#discord--token"))
        await terminal.paste("another-secret")
        await terminal.press("ctrl+s")
        await terminal.shows("Saved.")
        await terminal.app.workers.wait_for_complete()
        await terminal.press("escape", "c")
        await terminal.shows("report.time  00:00 → 07:15  operator")
        await terminal.shows("discord.token  set → set anew  operator")
        assert "secret" not in terminal.text
        assert await record.see_configuration(configured(scene), AT_START) == []
        assert len(await record.latest()) == 2


async def test_a_token_that_was_not_set_before_is_one_change(scene):
    scene.write_config('[ollama]\nhost = "http://user:pass-word@127.0.0.1:11434"\n')
    async with scene.parts(), scene.console(80, 24) as terminal:
        record = scene.view.store.record
        await record.see_configuration(configured(scene), AT_START)
        await terminal.press("3")
        await terminal.focus(terminal.app.screen.query_one("#discord--token"))
        await terminal.paste("a-secret")
        await terminal.press("ctrl+s")
        await terminal.shows("Saved.")
        await terminal.app.workers.wait_for_complete()
        (change,) = await record.latest()
        assert (change.name, change.before, change.after) == ("discord.token", "", "set")


def configured(scene):
    """What a start would see."""
    return as_values(load(scene.view.config_file, scene.view.environ))
