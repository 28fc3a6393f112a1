"""The Settings screen: fields are checked and saved, comments kept, and nothing typed is lost."""

from textual.widgets import Input, Select

FILE = """# my settings
[report]
time = "07:30"  # before breakfast

[discord]
token = "a-secret-token"
"""


def field(terminal, name):
    return terminal.app.screen.query_one("#" + name.replace(".", "--"))


async def test_a_field_is_changed_and_saved_and_every_comment_stays(scene):
    scene.write_config(FILE)
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("3")
        await terminal.focus(field(terminal, "report.time"))
        await terminal.shows("07:30", "When the daily report is due")
        await terminal.paste("21:15")
        await terminal.press("ctrl+s")
        await terminal.shows("Saved. It takes effect at the next start.")
    text = (scene.folder / "config.toml").read_text()
    assert 'time = "21:15" # before breakfast' in text.replace("  #", " #")
    assert "# my settings" in text
    assert 'token = "a-secret-token"' in text


async def test_a_fault_is_one_sentence_saves_nothing_and_loses_nothing_that_was_typed(scene):
    scene.write_config(FILE)
    async with scene.parts(), scene.console(80, 24) as terminal:
        await terminal.press("3")
        await terminal.focus(field(terminal, "report.time"))
        await terminal.paste("25:99")
        await terminal.focus(field(terminal, "ollama.model"))
        await terminal.paste("gemma3:12b")
        await terminal.press("enter")
        await terminal.shows("Not saved.", "report.time = '25:99'", "from 00:00 to 23:59")
        assert ".config-" not in terminal.text  # the operator's file, not the draft of it
        assert terminal.app.focused is field(terminal, "report.time")
        assert field(terminal, "report.time").value == "25:99"
        assert field(terminal, "ollama.model").value == "gemma3:12b"
        assert (scene.folder / "config.toml").read_text() == FILE
        await terminal.paste("06:00")
        await terminal.press("ctrl+s")
        await terminal.shows("Saved.")
    text = (scene.folder / "config.toml").read_text()
    assert '"06:00"' in text
    assert '"gemma3:12b"' in text


async def test_what_the_environment_sets_is_shown_and_cannot_be_changed(scene):
    scene.environ = {"GUILDWATCH_REPORT__TIME": "05:45", "GUILDWATCH_LOG__LEVEL": ""}
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("3")
        field(terminal, "report.time").scroll_visible()
        await terminal.shows("05:45  🔒 set by GUILDWATCH_REPORT__TIME")
        assert not isinstance(field(terminal, "report.time"), Input)
        assert isinstance(field(terminal, "log.level"), Select)  # an empty variable sets nothing


async def test_the_token_is_never_shown_not_even_while_it_is_typed(scene):
    scene.write_config(FILE)
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("3")
        await terminal.shows("one is set; type another to replace it")
        await terminal.focus(field(terminal, "discord.token"))
        await terminal.paste("another-secret")
        await terminal.shows("••••••••••••••")
        assert "secret" not in terminal.text.replace("config.toml", "")
        await terminal.press("ctrl+s")
        await terminal.shows("Saved.", "one is set; type another to replace it")
    text = (scene.folder / "config.toml").read_text()
    assert 'token = "another-secret"' in text
    assert "a-secret-token" not in text


async def test_keys_typed_into_a_field_are_its_text_until_escape_leaves_it(scene):
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("3")
        model = field(terminal, "ollama.model")
        await terminal.focus(model)
        await terminal.press(*"q14w")
        assert model.value == "q14w"
        await terminal.shows("esc Leave field", "^z Revert")
        await terminal.press("escape", "1")
        await terminal.shows("Live · all guilds")
        await terminal.press("3")
        assert model.value == "q14w"
        await terminal.press("ctrl+z")
        await terminal.until(lambda: model.value == "gemma3:27b")
        await terminal.press("ctrl+s")
        await terminal.shows("Nothing has changed.")


async def test_a_file_that_cannot_be_written_is_told_and_the_text_stays(scene):
    async with scene.parts(), scene.console() as terminal:
        await terminal.press("3")
        scene.write_config("[report\nbroken")  # by another hand, meanwhile
        await terminal.focus(field(terminal, "ollama.model"))
        await terminal.paste("gemma3:12b")
        await terminal.press("ctrl+s")
        await terminal.shows("Not saved. The configuration", "Unexpected character")
        assert field(terminal, "ollama.model").value == "gemma3:12b"


async def test_every_choice_and_every_field_has_its_manual(scene):
    async with scene.parts(), scene.console(120, 120) as terminal:
        await terminal.press("3")
        await terminal.shows("The bot's token", "Where Ollama listens", "Days for which texts")
        await terminal.focus(field(terminal, "log.level"))
        await terminal.press("enter", "up", "enter", "ctrl+s")
        await terminal.shows("Saved.")
    assert 'level = "DEBUG"' in (scene.folder / "config.toml").read_text()
