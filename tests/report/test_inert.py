"""People's words made harmless."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.report.inert import link, markup, plain, shortened, split, units

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\\`*_~|[](){}<>@#:-+.!/\u202e\u2066\u200b\x1b\x07\n\r\u0301"),
    ),
    max_size=200,
)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[`*_~|\[\]<>]")


@given(HOSTILE)
def test_a_terminal_gets_no_command_and_no_turned_line(text):
    forbidden = {"Cc", "Cs", "Zl", "Zp"}
    for character in plain(text):
        assert unicodedata.category(character) not in forbidden
        assert unicodedata.bidirectional(character) not in {
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
        }


@given(HOSTILE)
def test_nothing_that_people_write_is_markup(text):
    assert not UNESCAPED.search(markup(text))


@pytest.mark.parametrize(
    "text",
    ["@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ban:1>", "<t:1>", "<a:x:1>"],
)
def test_nothing_that_people_write_is_a_mention(text):
    assert text not in markup(text)
    assert not re.search(r"@everyone|@here|<[@#/ta]", markup(text))


def test_a_link_opens_only_if_a_message_held_it():
    known = "https://example.org/a_(b)"
    text = f"see {known}, not https://evil.example/x or javascript://y"
    shown = markup(text, [known])
    assert f"<{known}>," in shown
    assert "https://evil" not in shown
    assert "javascript://" not in shown


@pytest.mark.parametrize("invite", ["https://discord.gg/abc", "https://discord.com/invite/abc"])
def test_an_invite_neither_opens_nor_shows_a_preview(invite):
    for shown in (link(invite), markup(invite), markup(invite, [invite]), markup(invite[8:])):
        assert "://" not in shown
        assert not re.search(r"discord\.(gg|com/invite)/", shown)


def test_a_link_that_could_break_out_of_its_brackets_is_shown_as_text():
    assert "<" not in link("javascript:alert(1)")
    assert not UNESCAPED.search(link("https://a.example/ <b>"))


def test_a_line_cannot_become_a_heading_list_or_quote():
    for text in ("# big", "-# small", "- item", "> quote", "1. first", "+ item"):
        assert markup(text)[0] == "\\" or markup(text)[1] == "\\"


def test_a_character_named_by_its_number_stays_its_name():
    assert markup("&#x202E;evil &lt;b&gt; R&D; A&B") == r"\&#x202E;evil \&lt;b\&gt; R\&D; A&B"


def test_letters_keep_their_marks_but_not_towers_of_them():
    assert plain("ไทย ế שָׁלוֹם") == "ไทย ế שָׁלוֹם"
    assert len(plain("z" + "\u0335" * 500)) <= 5


def test_families_persian_and_new_emoji_survive():
    for text in ("👩‍👩‍👧", "می‌خواهم", "\U0001fae9"):
        assert plain(text) == text


@given(HOSTILE, st.integers(40, 120))
def test_shortened_text_fits(text, room):
    assert units(shortened(text, room)) <= room


@given(HOSTILE, st.integers(40, 120))
def test_split_text_fits_and_loses_nothing(text, room):
    pieces = split(text, room)
    assert all(units(piece) <= room for piece in pieces)
    undo = re.compile(r"[\s\\\u200b]")
    assert undo.sub("", "".join(pieces)) == undo.sub("", markup(text))
