"""The operator's configuration: what wins, what is refused and in which words, what is kept."""

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from guildwatch.config import Config, ConfigError, Paths, as_values, fields, load, save


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load(tmp_path / "config.toml", {})
    assert config.ollama.model == "gemma3:27b"
    assert config.report.time == dt.time(0, 0)
    assert config.discord.api_url == "https://discord.com/api/v10"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", '[ollama]\nmodel = "a"\ncontext = 4096\n')
    config = load(path, {"GUILDWATCH_OLLAMA__MODEL": "b"})
    assert (config.ollama.model, config.ollama.context) == ("b", 4096)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("GUILDWATCH_OLLAMA__CONTEXT", "many", ["ollama.context", "'many'", "integer"]),
        ("GUILDWATCH_OLLAMA__CONTEXT", "12", ["ollama.context", "'12'", "must be", "2048"]),
        ("GUILDWATCH_OLLAMA__KEEP_ALIVE", "10", ["ollama.keep_alive", "unit"]),
        ("GUILDWATCH_REPORT__TIME", "25:00", ["report.time", "'25:00'", "23:59"]),
        ("GUILDWATCH_REPORT__ZONE", "Mars/Olympus", ["report.zone", "Europe/Berlin"]),
        ("GUILDWATCH_REPORT__ZONE", "../etc/passwd", ["report.zone", "Europe/Berlin"]),
        ("GUILDWATCH_DISCORD__API_URL", "http://example.com", ["discord.api_url", "https"]),
        ("GUILDWATCH_DISCORD__API_URL", "discord", ["discord.api_url", "address"]),
        ("GUILDWATCH_LOG__LEVEL", "LOUD", ["log.level", "'DEBUG'"]),
        ("GUILDWATCH_STORAGE__KEPT", "1", ["storage.kept", "keep_days"]),
        ("GUILDWATCH_STORE__KEEP_DAYS", "1", ["GUILDWATCH_STORE__KEEP_DAYS", "storage"]),
    ],
)
def test_a_bad_value_is_one_sentence_with_field_value_and_remedy(
    tmp_path: Path, variable: str, value: str, words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "c.toml", {variable: value})
    sentence = str(caught.value)
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("value", ["5", "1.5", "true"])
def test_a_time_is_no_number_of_seconds(tmp_path: Path, value: str) -> None:
    path = write(tmp_path / "c.toml", f"[report]\ntime = {value}\n")
    with pytest.raises(ConfigError, match=r"report\.time.*07:30"):
        load(path, {})


@pytest.mark.parametrize("text", ["[ollama", "ollama = 3\n", "[nonsense]\nx = 1\n", "\xff\x00"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"c\.toml"):
        load(path, {})


def test_the_token_never_shows(tmp_path: Path) -> None:
    config = load(tmp_path / "c.toml", {"GUILDWATCH_DISCORD__TOKEN": "s3cret"})
    assert config.discord.read_token() == "s3cret"
    assert "s3cret" not in repr(config)
    path = write(tmp_path / "d.toml", '[discord]\ntoken = ["s3cret"]\n')
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert "s3cret" not in str(caught.value)


def test_the_token_may_live_in_a_file_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "token", "abc\n")
    environ = {"GUILDWATCH_DISCORD__TOKEN_FILE": str(tmp_path / "token")}
    assert load(tmp_path / "c.toml", environ).discord.read_token() == "abc"


@pytest.mark.parametrize("content", [None, ""])
def test_a_token_file_that_is_missing_or_empty_is_named(
    tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        write(tmp_path / "token", content)
    environ = {"GUILDWATCH_DISCORD__TOKEN_FILE": str(tmp_path / "token")}
    with pytest.raises(ConfigError, match="token_file"):
        load(tmp_path / "c.toml", environ).discord.read_token()


def test_no_token_says_where_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Developer Portal"):
        Config().discord.read_token()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_file_with_the_token_is_made_private(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", '[discord]\ntoken = "t"\n')
    path.chmod(0o644)
    load(path, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_address_without_a_path_means_discords_version_ten(tmp_path: Path) -> None:
    environ = {"GUILDWATCH_DISCORD__API_URL": "http://127.0.0.1:8080/"}
    config = load(tmp_path / "c.toml", environ)
    assert config.discord.api_url == "http://127.0.0.1:8080/api/v10"


def test_saving_keeps_comments_and_checks_first(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", '# mine\n[ollama]\nmodel = "a" # small\n')
    save(path, {"report.time": "07:30", "ollama.context": "4096"})
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# small" in text
    assert load(path, {}).report.time == dt.time(7, 30)
    with pytest.raises(ConfigError, match=r"report\.time"):
        save(path, {"report.time": "noon"})
    assert path.read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir()] == ["c.toml"]


def test_an_emptied_field_falls_back_to_its_default(tmp_path: Path) -> None:
    path = write(tmp_path / "c.toml", '[ollama]\nmodel = "a"\n')
    assert save(path, {"ollama.model": ""}).ollama.model == "gemma3:27b"


def test_every_field_has_its_manual() -> None:
    assert all(field.description.endswith((".", "always.")) for field in fields())
    assert "GUILDWATCH_STORAGE__REREAD_HOURS" in {field.variable for field in fields()}


def test_flags_come_before_the_environment() -> None:
    environ = {"GUILDWATCH_DATA_DIR": "/e", "GUILDWATCH_CONFIG": "/e/c.toml"}
    assert Paths.choose(environ=environ).database == Path("/e/guildwatch.db")
    paths = Paths.choose(data_dir=Path("/f"), environ=environ)
    assert paths.data_dir == Path("/f")
    assert paths.config_file == Path("/e/c.toml")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "file", "")
    with pytest.raises(ConfigError, match="--data-dir"):
        Paths.choose(data_dir=tmp_path / "file" / "data", environ={}).prepare()


def test_what_is_recorded_of_the_configuration_holds_no_secret(tmp_path: Path) -> None:
    text = (
        '[discord]\ntoken = "token-1"\n[ollama]\nhost = "http://me:pass@word-1@127.0.0.1:11434"\n'
    )
    told = as_values(load(write(tmp_path / "config.toml", text), {}))
    assert told["discord.token"] == "set"
    assert told["ollama.host"] == "http://…@127.0.0.1:11434"
    assert "-1" not in "".join(told.values())
