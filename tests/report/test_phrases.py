"""Every language says everything, with the same places to fill in, and counts as its people do."""

import string
import tomllib
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import get_args

import pytest

from guildwatch.digest.engines import BARREN, FALLBACKS, UNTRUE
from guildwatch.model import LANGUAGES, EngineUse, LanguageCode, Period, PeriodKind
from guildwatch.report import catalogue, dates, wording
from guildwatch.report.phrases import phrases, reworded

PLURALS = {"pl": {"one", "few", "many"}}
LISTS = {"weekdays": 7, "weekdays_short": 7, "months": 12, "months_alone": 12, "months_short": 12}


def table(language):
    return tomllib.loads(files(catalogue).joinpath(f"{language}.toml").read_text("utf-8"))


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_a_file_for_each_language_and_for_no_other():
    there = {each.name for each in files(catalogue).iterdir() if each.name.endswith(".toml")}
    assert there == {f"{code}.toml" for code in LANGUAGES}
    assert set(LANGUAGES) == set(get_args(LanguageCode))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_key_with_the_same_places(language):
    english, other = table("en"), table(language)
    assert {name: set(section) for name, section in other.items()} == {
        name: set(section) for name, section in english.items()
    }
    for section, words in english.items():
        for key, said in words.items():
            theirs = other[section][key]
            if isinstance(said, dict):
                assert set(theirs) == PLURALS.get(language, {"one", "other"})
                assert all(fields(each) == {"n"} for each in theirs.values()), key
            elif key in LISTS:
                assert len(set(theirs)) == LISTS[key]
            elif isinstance(said, str):
                assert fields(theirs) == fields(said), f"{language}: {section}.{key}"
                assert theirs.strip() or key == "separator"


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "1 message"),
        ("en", 1204, "1,204 messages"),
        ("de", 1204, "1.204 Nachrichten"),
        ("es", 1204, "1204 mensajes"),
        ("es", 12045, "12.045 mensajes"),
        ("fr", 0, "0 message"),
        ("fr", 1204, "1\u202f204 messages"),
        ("it", 2, "2 messaggi"),
        ("nl", 1, "1 bericht"),
        ("pt", 1, "1 mensagem"),
        ("pl", 12045, "12\u00a0045 wiadomości"),
    ],
)
def test_numbers_and_plurals_are_those_of_the_language(language, number, said):
    assert phrases(language).count("counts.message", number) == said


def test_polish_has_three_plurals():
    said = [phrases("pl").count("counts.person", number) for number in (1, 2, 5, 12, 22, 25, 112)]
    assert said == [
        "1 osoba",
        "2 osoby",
        "5 osób",
        "12 osób",
        "22 osoby",
        "25 osób",
        "112 osób",
    ]


DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "Saturday, 21 November", "21 Nov"),
        ("de", "Samstag, 21. November", "21. Nov."),
        ("es", "sábado, 21 de noviembre", "21 nov"),
        ("fr", "samedi 21 novembre", "21 nov."),
        ("it", "sabato 21 novembre", "21 nov"),
        ("nl", "zaterdag 21 november", "21 nov"),
        ("pl", "sobota, 21 listopada", "21 lis"),
        ("pt", "sábado, 21 de novembro", "21 de nov."),
    ],
)
def test_days_are_said_as_the_language_says_them(language, long, short):
    assert dates.day(DAY, language) == long
    assert dates.short_day(DAY, language) == short


def test_a_week_and_a_month_have_their_names():
    week = Period(PeriodKind.WEEK, *_days(16, 23), "UTC")
    assert dates.when(week, "UTC", year=False, language="de") == "Woche vom 16. bis 22. November"
    assert dates.when(week, "UTC", year=True, language="es") == (
        "Semana del 16 al 22 de noviembre de 2026"
    )
    month = Period(PeriodKind.MONTH, *_days(1, 31), "UTC")
    assert dates.when(month, "UTC", year=True, language="pl") == "Listopad 2026"


def _days(first, end):
    start = datetime(2026, 11, first, tzinfo=UTC)
    return start, start + timedelta(days=end - first)


def test_a_language_without_words_is_told_in_english():
    assert phrases("tlh").count("counts.message", 2) == "2 messages"


REASONS = {
    f"{reason}, so {what} told in the messages' own words."
    for reason in (*FALLBACKS.values(), UNTRUE, BARREN)
    for what in ("some topics are", "these are")
} | {
    f"{UNTRUE}, so the summariser small-bart stood in.",
    (
        f"{UNTRUE}, and the summariser cannot be used (There is no checkpoint in /a/b: name a "
        "folder with a config.json, a tokenizer and a model.safetensors as report.checkpoint, or "
        "leave it empty.), so some topics are told in the messages' own words."
    ),
    "a message that Discord sent in an unknown form",
    (
        "Discord does not let the bot read the history of #café. "
        "Grant it View Channel and Read Message History there, or ignore the channel."
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_is_kept_in_english_is_told_in_the_reports_language(language):
    for reason in REASONS:
        told = reworded(reason, language)
        assert (told == reason) is (language == "en"), reason
        assert ("#café" in told) is ("#café" in reason)
        assert ("small-bart" in told) is ("small-bart" in reason)


def test_a_reason_that_nobody_foresaw_stands_as_it_is():
    assert reworded("Discord fell into the sea.", "de") == "Discord fell into the sea."


def test_what_the_model_read_is_told_with_the_numbers_of_the_reports_language():
    engine = EngineUse(
        "ollama", "m", prompt_tokens=12_000, chat_tokens=9_000, ahead_prompt_tokens=6_000
    )
    told = wording.engine_line(engine, "de", why=True)
    assert "12.000 Prompt-Tokens, davon 25 % Anweisungen, 50 % im Lauf des Tages gelesen" in told
