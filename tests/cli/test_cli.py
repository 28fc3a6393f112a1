"""The command line: what it prints where, and the exit codes that scripts rely on."""

import io
import json
import os
from datetime import date
from pathlib import Path

import pytest

from guildwatch.cli import main
from guildwatch.cli.progress import progress_bar
from guildwatch.model import first_id_at
from guildwatch.report import day_period
from support.strict_html import Page

DAY = "2026-03-05"
GUILD = "700000000000000001"
OTHER = "700000000000000002"


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the operator's own, and no model that answers."""
    monkeypatch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("GUILDWATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GUILDWATCH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("GUILDWATCH_REPORT__ZONE", "UTC")
    monkeypatch.setenv("COLUMNS", "100")


TALK = (
    ("Ada", "The ferry stops running after Sunday, the harbour is being dredged."),
    ("Bo", "Then let us decide on the bus for the trip, leaving at 9."),
    ("Cy", "Agreed, the bus it is! I will book seats for all of us today."),
    ("Ada", "Thank you Cy, that is wonderful. Does the bus take bicycles?"),
    ("Bo", "It takes four bicycles, I asked the harbour office."),
)


def export(
    path: Path,
    guild: str = GUILD,
    name: str = "Harbour",
    channel: str = "11",
    channel_name: str = "trips",
) -> Path:
    first = first_id_at(day_period(date(2026, 3, 5), "UTC").start)
    messages = [
        {
            "id": str(first + (number * 60_000 << 22) + int(channel)),
            "type": "Default",
            "timestamp": f"2026-03-05T00:{number:02}:00+00:00",
            "content": text,
            "author": {"id": str(100 + number % 3), "name": who, "isBot": False},
        }
        for number, (who, text) in enumerate(TALK)
    ]
    document = {
        "guild": {"id": guild, "name": name},
        "channel": {"id": channel, "type": "GuildTextChat", "name": channel_name},
        "messages": messages,
        "messageCount": len(messages),
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_importing_twice_brings_nothing_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path / "harbour.json")
    assert main(["import", str(path)]) == 0
    assert capsys.readouterr().out.startswith("5 messages, 1 channel: 5 new")
    assert main(["import", str(path)]) == 0
    assert "0 new" in capsys.readouterr().out


def test_a_skipped_file_is_named_and_fails_and_the_others_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = export(tmp_path / "fine.json")
    cut = tmp_path / "cut.json"
    cut.write_bytes(fine.read_bytes()[:-40])
    assert main(["import", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "5 new" in said.out
    assert str(cut) in said.err
    assert said.err.count("\n") == 1


def test_a_report_is_alone_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    capsys.readouterr()
    assert main(["report", "--guild", GUILD, "--date", DAY, "--format", "json"]) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["guild"] == {"id": GUILD, "name": "Harbour"}
    assert report["coverage"]["messages"] == 5
    assert report["engine"]["name"] == "extractive"
    assert "language model" in said.err


def test_a_guild_goes_by_its_name_and_a_report_into_a_file(tmp_path: Path) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    out = tmp_path / "report.md"
    words = ["report", "--guild", "harbour", "--from", DAY, "--to", DAY]
    assert main([*words, "--format", "markdown", "--out", str(out)]) == 0
    assert "Harbour" in out.read_text(encoding="utf-8")


def test_a_report_is_written_as_one_page_with_its_chart_in_it(tmp_path: Path) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    out = tmp_path / "report.html"
    words = ["report", "--guild", GUILD, "--date", DAY, "--format", "html"]
    assert main([*words, "--out", str(out)]) == 0
    page = Page(out.read_text(encoding="utf-8"))
    assert page.faults == []
    assert "Thursday, 5 March 2026" in page.text
    assert page.all("img")[0]["src"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("day", ["0001-01-01", "2014-12-31", "2084-09-06", "2200-01-01"])
def test_a_day_without_snowflakes_is_a_silent_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    assert main(["report", "--guild", GUILD, "--date", day]) == 0
    assert "A silent day: nobody wrote." in capsys.readouterr().out


def test_search_shows_where_and_who(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    capsys.readouterr()
    assert main(["search", "--guild", GUILD, "bicycles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("2026-03-05 00:04  #trips  Bo: ")
    assert main(["search", "--guild", GUILD, '"unclosed', "(*"]) == 0


def test_search_masks_secrets_in_the_names_of_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "write to jo.miller77@privatmail.org"
    main(["import", str(export(tmp_path / "harbour.json", channel_name=title))])
    capsys.readouterr()
    assert main(["search", "--guild", GUILD, "bicycles"]) == 0
    told = capsys.readouterr().out
    assert "#write to [" in told
    assert "miller77" not in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "--guild", "Nowhere"], "Harbour"),
        (["report", "--guild", GUILD, "--channel", "99"], "no channel 99"),
        (["report", "--guild", GUILD, "--date", DAY, "--out", "/dev/null/x"], "--out"),
        (["import", "/nowhere/at/all"], "does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    main(["import", str(export(tmp_path / "harbour.json"))])
    capsys.readouterr()
    assert main(words) == 1
    err = capsys.readouterr().err
    assert told in err
    assert "Traceback" not in err


def test_a_name_that_two_guilds_share_asks_for_the_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(tmp_path / "a.json")
    export(tmp_path / "b.json", guild=OTHER, channel="12")
    main(["import", str(tmp_path)])
    capsys.readouterr()
    assert main(["report", "--guild", "Harbour", "--date", DAY]) == 1
    err = capsys.readouterr().err
    assert GUILD in err
    assert OTHER in err


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["report"],
        ["report", "--guild", GUILD, "--date", "yesterday"],
        ["report", "--guild", GUILD, "--from", DAY],
        ["report", "--guild", GUILD, "--from", DAY, "--to", "2026-03-01"],
        ["report", "--guild", GUILD, "--date", DAY, "--from", DAY, "--to", DAY],
        ["report", "--guild", GUILD, "--format", "pdf"],
        ["search", "--guild", GUILD],
        ["import"],
        ["sandbox", "--port", "70000"],
    ],
)
def test_wrong_usage_is_exit_code_two(words: list[str]) -> None:
    assert main(words) == 2


@pytest.mark.parametrize("command", ["run", "demo", "import", "report", "search", "sandbox"])
def test_every_command_has_help_worth_reading(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 8


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("guildwatch 0.")


def test_without_a_store_the_way_to_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--guild", GUILD]) == 1
    assert "import" in capsys.readouterr().err


def test_an_output_without_unicode_gets_marks_in_place_of_signs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["import", str(export(tmp_path / "harbour.json", name="Häfen ⚓"))])
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["report", "--guild", GUILD, "--date", DAY]) == 0
    assert written.getvalue().startswith(b"H?fen ? ? Thursday")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_takes_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert main(["import", str(export(tmp_path / "harbour.json"))]) == 1
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert "Traceback" not in err


def test_names_command_neither_the_terminal_nor_the_progress_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a bar is drawn as on a terminal
    hostile = tmp_path / "a [b] [part 2]\x1b]0;mine\x07\u202e.json"
    export(hostile, name="[Har]bour\x1b[31m")
    assert main(["import", str(hostile)]) == 0
    assert main(["report", "--guild", "nobody"]) == 1
    err = capsys.readouterr().err
    assert "[Har]bour" in err
    assert "[part 2]" in err
    assert all(sign not in err for sign in ("\x1b]0", "bour\x1b", "\x07", "\u202e"))


def test_a_channel_named_like_markup_does_not_end_the_progress_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar() as advance:
        advance("Digesting #talk [/b]", 1, 2)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a home folder is always known")
def test_without_a_home_folder_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", "~nobody-of-this-name")
    assert main(["search", "--guild", GUILD, "word"]) == 1
    assert "HOME" in capsys.readouterr().err
