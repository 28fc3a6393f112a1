"""Answers stay within Discord's limits and end at whole lines."""

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.discord import embeds
from guildwatch.report import Post

lines = st.lists(st.text("a🗼 ", max_size=300).map(str.strip), max_size=60)


def units(text):
    return len(text.encode("utf-16-le")) // 2


@given(lines, st.integers(100, 6000))
def test_shortened_keeps_whole_lines_and_says_what_is_left(given_lines, room):
    told = embeds.shortened(given_lines, room)

    assert units(told) <= room
    kept = told.split("\n")
    if kept[-1].startswith("… and "):
        assert units("\n".join(given_lines)) > room - 1
        kept = kept[:-1]
    assert all(line in given_lines or not line for line in kept)


@given(st.lists(st.text("b🗼\n", min_size=1, max_size=2000), max_size=12), st.integers(0, 4096))
def test_glance_and_details_fit_into_one_message(thread, description):
    post = Post("T" * 256, "d" * description, 1, "f" * 1000, "n" * 100, tuple(thread))

    answer = embeds.whole(post, chart=None)

    texts = [text for one in answer for text in (one.title, one.description) if text]
    footer = answer[0].footer
    assert footer is not None
    assert sum(map(units, texts)) + units(footer.text or "") <= 6000
    assert all(units(one.description or "") <= 4096 for one in answer)
