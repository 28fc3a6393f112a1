"""Masks: who is named in a text, and who only seems to be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.digest.transcript.masks import Masks

NAMES = {
    1: "Mara Lind",
    2: "jonas_92",
    3: "Mark",
    4: "the",
    5: "★Tiff★",
    6: "田中",
    7: "Bo",
    8: "release",
    9: "José",
    10: "xX_Dragon_Xx",
    11: "𝓜𝓲𝓷𝓪",
    12: "12345",
    13: "",
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Mara builds it, thanks jonas_92 and JONAS.",
            "Someone builds it, thanks someone and someone.",
        ),
        ("It is @Mara Lind's; Maras idea", "It is someone's; someones idea"),
        ("Mark said: mark the date.", "Someone said: mark the date."),
        ("mark, can you? thanks, mark", "Someone, can you? thanks, someone"),
        ("The release of 12345 moves to the end.", None),
        ("@the and @release know", "Someone and someone know"),
        ("★Tiff★ and tiff: Tiffany is not", "Someone and someone: Tiffany is not"),
        ("田中さんは来ます maraさん", "Someoneさんは来ます someoneさん"),
        ("Bo came. Bobby did not", "Someone came. Bobby did not"),
        ("jose and José’s cat", "Someone and someone’s cat"),
        ("Xx_dragon_xX slew a dragon", "Someone slew a dragon"),
        ("Mina! MINA? (mina)", "Someone! Someone? (Someone)"),
        ("Marathon, Marabou and remarks", None),
        ("", None),
        ("ask @Petra or @petra.k92, please", "ask someone or someone, please"),
        ("@jonas_92_too is @mara-lind", "Someone is someone"),
        ("@田中さん @鈴木 です", "Someoneさん someone です"),
        ("npm i @types/node, then @cached() and a@b.example at medium.com/@petra", None),
        ("@everyone @here @role @someone: it is out @ noon, 2@5", None),
    ],
)
def test_members_become_someone_and_words_stay_words(text, told):
    assert Masks(NAMES).settle(text, "someone") == (text if told is None else told)


def test_a_mask_is_the_same_for_a_member_always_and_another_for_others():
    masks = {Masks().of(id_) for id_ in range(2_000)}
    assert len(masks) > 1_990
    assert Masks({1: "Mara"}).of(1) == Masks().of(1)
    assert all(re.fullmatch("X[aeiou][a-z]{6}x", mask) for mask in masks)


def test_no_member_can_turn_everyday_words_into_someone():
    words = "the and is to of it we you not can this will have time new game server error post"
    masks = Masks(dict(enumerate(words.split(), 1)))
    text = "We have time to post this error of the new game, and it is not the server you can see."
    assert masks.cover(text) == text


@given(
    st.dictionaries(st.integers(1, 50), st.text(max_size=40), max_size=30),
    st.text(max_size=400),
)
def test_any_names_and_any_text_are_borne(names, text):
    masks = Masks(names)
    told = masks.settle(text, "someone")
    assert len(told) <= 12 * len(text) + 10


@given(st.sampled_from(["Zarquon", "Ümit", "Нина", "max_power99", "Ann-Marie", "Élodie B."]))
def test_a_name_as_it_is_written_never_stays(name):
    masks = Masks({1: name})
    for text in (f"{name} did it", f"ask @{name}!", f"it was {name}'s", f"({name})", name.upper()):
        told = masks.settle(text, "someone")
        assert name.lower() not in told.lower()
        assert "omeone" in told


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("Łukasz", "Lukasz lukasz ŁUKASZ Łukasza Łukaszowi"),
        ("Mara", "Mary Marą Marę Maro"),
        ("Anna", "Anny Annie Anną"),
        ("Дмитрий", "Дмитрия Дмитрию дмитрием"),
        ("Ольга", "Ольги Ольгой"),
        ("Jürgen Müller", "Juergen Jurgen Mueller MÜLLERS"),
        ("Søren", "Soren SOEREN"),
        ("Đurić", "Duric đurić"),
    ],
)
def test_a_name_in_another_case_or_without_its_keys_is_the_same_name(name, ways):
    masks = Masks({1: name})
    for way in ways.split():
        assert masks.settle(f"so {way} said", "someone").startswith("so someone"), way


@pytest.mark.parametrize(
    ("name", "word"),
    [("Lina", "line"), ("Tina", "tiny"), ("Mina", "mining"), ("Bo", "boa")],
)
def test_no_other_word_is_taken_for_a_case_of_a_name(name, word):
    assert Masks({1: name}).settle(f"so {word} said", "someone") == f"so {word} said"


def test_whom_one_addresses_is_someone_whether_or_not_they_are_known():
    text = "thanks @Petra, that was @petra's idea"
    known, unknown = Masks({1: "Petra"}), Masks()
    assert known.settle(text, "someone") == unknown.settle(text, "someone")
    assert unknown.cover("@Petra and @petra").count(unknown.cover("@petra")[1:]) == 2
    assert unknown.cover(unknown.cover(text)) == unknown.cover(text)
