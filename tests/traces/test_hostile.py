"""No text makes the detector slow or fail."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.traces import LANGUAGES, Trace, detect

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "traces" / "traces_open.jsonl"
PARTS = [
    *("at ", "at a.", "(", ")", 'File "', '"', "line 1, in ", "@http://", "@", "#1 ", "0x1"),
    *(" in ", ":in `", "'", "Error: ", "E", "Exception", "Caused by: ", "<", ">", "\x1b[", "`"),
    *(":1", ":1:1", "/a", "\\a", "goroutine 1 [", "thread '", "panicked at ", "(a.java:1)", " "),
    *(
        "\t",
        "\n",
        "(node:",
        "at eval at (",
        "Line 1 of script ",
        "called at x line 1",
        "==1==",
        "- ",
    ),
    *("::", "[", "]", "{main}", "PHP ", "1. ", "12:00:00 ", "| ", "$$Lambda", ".go:1 +0x1", "```"),
    *(".lua:1: in function", "---> ", "Traceback (most recent call last):", "Fatal error: ", "a."),
]
PROSE = ("The save bug is back since the update; can anybody look at it? " * 64)[:4000]
MOST = 90  # times as long as prose; a third of it was found, the rest is for coverage and others


def seconds(text: str) -> float:
    """The least of three, since others use this machine too."""

    def once() -> float:
        began = time.thread_time()
        detect(text)
        return time.thread_time() - began

    return min(once() for _ in range(3))


@given(
    st.lists(st.sampled_from(PARTS), max_size=3),
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5),
)
def test_repeating_text_of_4000_characters_is_read_at_once(
    before: list[str], again: list[str]
) -> None:
    text = ("".join(before) + "".join(again) * 4000)[:4000]
    assert seconds(text) < MOST * seconds(PROSE)


@given(st.text(max_size=300) | st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
def test_any_text_is_a_trace_or_none(text: str) -> None:
    found = detect(text)
    assert found is None or (isinstance(found, Trace) and found.language in LANGUAGES)


def test_a_text_beyond_all_bounds_is_read_in_part() -> None:
    assert seconds("at a.b.C.d(E.java:12)\n" * 200_000) < 0.2


def test_the_open_traces_are_told_from_talk() -> None:
    if not DATA.exists():
        pytest.skip("needs the open traces in shared/data")
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    found = [detect(row["text"]) for row in rows]
    right = [(row, one) for row, one in zip(rows, found, strict=True) if row["is_trace"] and one]
    assert len(right) / sum(one is not None for one in found) >= 0.97
    assert len(right) / sum(row["is_trace"] for row in rows) >= 0.95
    assert sum(row["language"] == one.language for row, one in right) / len(right) >= 0.95
    named = [(row, one) for row, one in right if row["exception"]]
    assert sum(row["exception"] == one.exception for row, one in named) / len(named) >= 0.9
    assert len({one.fingerprint for _, one in right}) == len(right)
