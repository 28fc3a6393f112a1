"""What a model is writing, readable at every moment."""

import json

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.console.preview import readable
from guildwatch.console.wording import steady

ANSWER = {
    "topics": [
        {
            "title": "Umlaut — “bug” 🗼",
            "points": [{"text": 'Saves "vanish"\n\x1b[31m \\ \u00fc', "kind": "fact", "refs": [1]}],
        }
    ]
}


def test_a_whole_answer_shows_titles_and_points():
    assert readable(json.dumps(ANSWER)) == ("Umlaut — “bug” 🗼", '  • Saves "vanish" [31m \\ ü')


def test_at_every_character_it_shows_what_is_there_so_far():
    text = json.dumps(ANSWER)
    whole = readable(text)
    for end in range(len(text)):
        for shown, full in zip(readable(text[:end]), whole, strict=False):
            assert full.startswith(shown.removesuffix("�").rstrip())


@given(st.text())
def test_no_answer_is_too_odd_and_none_commands_the_terminal(text):
    for line in readable(f'{{"topics": [{{"title": {json.dumps(text)}, "text": "{text}'):
        assert "\x1b" not in line
        assert "\n" not in line


@given(st.text())
def test_steady_words_are_one_line_of_signs_that_every_terminal_measures_alike(text):
    assert not set(steady(text)) & {"\n", "\x1b", "\u200d", "\ufe0f", "\u202e"}
    assert steady(steady(text)) == steady(text)
