"""The manual's table of settings tells of the settings that there are, and in their own words."""

import re
from pathlib import Path

from guildwatch.config import fields

MANUAL = Path(__file__).parents[2] / "docs" / "manual.md"
MACHINE_DEPENDENT = {"ollama.host", "report.zone"}
ROW = re.compile(
    r"^\| `([a-z]+\.[a-z_]+)` \| `(GUILDWATCH_[A-Z_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE
)


def rows() -> dict[str, tuple[str, str, str]]:
    found = ROW.findall(MANUAL.read_text(encoding="utf-8"))
    return {name: (variable, default, meaning) for name, variable, default, meaning in found}


def test_every_setting_stands_in_the_manual_and_no_other() -> None:
    assert {name: row[0] for name, row in rows().items()} == {
        field.name: field.variable for field in fields()
    }


def test_the_manual_says_of_a_setting_what_the_settings_screen_says() -> None:
    table = rows()
    for field in fields():
        _, default, meaning = table[field.name]
        assert meaning == field.description
        if field.name not in MACHINE_DEPENDENT:
            assert default.strip(" `") == field.default
