"""Traces of the same error share a fingerprint, others do not."""

import re

import pytest

from guildwatch.traces import detect
from support.traces import JAVA, KNOWN, NODE, PYTHON


def fingerprint(text: str) -> str:
    trace = detect(text)
    assert trace is not None
    return trace.fingerprint


@pytest.mark.parametrize("name", KNOWN)
def test_other_line_numbers_addresses_and_folders_change_nothing(name: str) -> None:
    text = KNOWN[name][0]
    moved = re.sub(r"(?<=[:(])\d+(?=[:)]|$| \+|\n)", lambda found: str(int(found[0]) + 7), text)
    moved = re.sub(r"(?<=line )\d+", "977", moved)
    moved = re.sub(r"0x[0-9a-f]+", "0x7ffe12345678", moved)
    for folder in ("/home/mara/", "/srv/", "/src/", "C:\\src\\", "/tmp/"):
        moved = moved.replace(folder, folder + folder[-1].join(("Users", "bo", "")))
    assert fingerprint(moved) == fingerprint(text)


def test_all_of_these_are_different_errors() -> None:
    seen = {}
    for name, (text, _, _) in KNOWN.items():
        seen.setdefault(fingerprint(text), []).append(name)
    assert [names for names in seen.values() if len(names) > 1] == []


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (PYTHON, "KeyError", "IndexError"),
        (PYTHON, "__getitem__", "find"),
        (PYTHON, "answers.py", "questions.py"),
        (JAVA, "IllegalStateException", "IllegalArgumentException"),
        (JAVA, "java.io.IOException", "java.io.EOFException"),
        (JAVA, "Region.open", "Region.close"),
        (JAVA, "is not loaded", "is full"),
        (NODE, "RangeError", "TypeError"),
        (NODE, "light (", "dim ("),
    ],
)
def test_another_error_has_another_fingerprint(text: str, old: str, new: str) -> None:
    assert fingerprint(text.replace(old, new)) != fingerprint(text)


@pytest.mark.parametrize(
    ("old", "new"), [("'hello'", "'good morning'"), ("/home/mara/bot/", "C:\\Users\\bo\\bot\\")]
)
def test_the_value_in_the_message_and_whose_machine_it_was_do_not_matter(
    old: str, new: str
) -> None:
    assert fingerprint(PYTHON.replace(old, new)) == fingerprint(PYTHON)


def test_library_calls_below_the_program_do_not_matter() -> None:
    deeper = PYTHON.replace(
        "KeyError",
        '  File "/usr/lib/python3.12/site-packages/lib.py", line 9, in find\n    x[y]\nKeyError',
    )
    assert fingerprint(deeper) == fingerprint(PYTHON)


def test_how_deep_a_recursion_went_does_not_matter() -> None:
    call = (
        '  File "a.py", line 2, in a\n    return b()\n  File "a.py", line 5, in b\n    return a()\n'
    )
    texts = [
        "Traceback (most recent call last):\n" + call * times + "RecursionError: too deep"
        for times in (3, 8)
    ]
    one, other = map(fingerprint, texts)
    assert one == other


def test_a_fingerprint_is_the_same_in_every_run() -> None:
    assert fingerprint(PYTHON) == "d8055fb0fc1754ee"
