"""Every message is read as one plain line, or counted under one reason."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.digest.transcript.clean import LONGEST_LINE, clean, find_urls, one_line, plain
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.writing.pack import show
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Message,
    MessageKind,
    Period,
    PeriodKind,
    Tag,
    created_at,
)

PEOPLE = {5: "Mara", 6: "jo]\u202enas"}
ROOMS = {7: Channel(7, 1, "dev", ChannelKind.TEXT)}


def read(text: str) -> str:
    return plain(text, PEOPLE.get, ROOMS)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("ask <@5> or <@!5> in <#7>", "ask @Mara or @Mara in #dev"),
        ("<@99> knows <#99>, ask a <@&3>", "@someone knows #channel, ask a @role"),
        ("nice <:blob:123> <a:wave:456>", "nice :blob: :wave:"),
        ("try </summary now:77>", "try /summary now"),
        ("at <t:1700000000:R>", "at 2023-11-14 22:13 UTC"),
        ("see https://www.example.org/a/b?token=1#x.", "see example.org/a/b."),
        ("[click me](https://example.org/x)", "click me (example.org/x)"),
        ("she dies ||in the end||", "she dies [spoiler]"),
        ("> what you said\nI agree", "I agree"),
        ("> only a quote", "> only a quote"),
        ("**bold** __under__ ~~gone~~", "bold under gone"),
        ("noooooooo way!!!!!!!", "nooo way!!!"),
        ("spam spam spam spam spam spam", "spam spam spam"),
        ("order 1000000 and 4000000000000342", "order 1000000 and 4000000000000342"),
        ("a\u200bb\u202ec\u2066d\x00e\ufefff", "abcdef"),
        ("\x0304red\x03 alert", "red alert"),
        ("one\n\n  two\t three", "one two three"),
        ("😂 " * 9, "😂 😂 😂"),
        (
            "a family 👨\u200d👩\u200d👧 of 👩🏽\u200d🚀",
            "a family 👨\u200d👩\u200d👧 of 👩🏽\u200d🚀",
        ),
        ("❤\ufe0f\u200d🔥", "❤\u200d🔥"),
        ("pass\u200dword", "password"),
        ("👧\u200d\u200d👧 \u200d👧\u200d x", "👧👧 👧 x"),
        ("`\u200d`^\u200d^", "``^^"),
    ],
)
def test_a_message_becomes_what_a_person_would_read_aloud(written, line):
    assert read(written) == line


def test_long_code_is_clipped_with_a_mark():
    code = "```python\n" + "\n".join(f"line_{number} = {number}" for number in range(40)) + "\n```"
    line = read(f"it fails: {code} why?")
    assert line == "it fails: [… 40 lines of code] why?"
    alone = "line_0 = 0 / line_1 = 1 / line_2 = 2 [… 40 lines of code]"
    assert read(code) == alone
    assert read(f"look: {code}") == f"look: {alone}"
    assert (
        read("put ```ini\noffline = true\n``` into the file") == "put offline = true into the file"
    )


def test_a_name_cannot_smuggle_in_direction_marks():
    assert read("hello <@6>") == "hello @jo]nas"


@given(st.text(max_size=3000))
def test_no_text_leaves_controls_or_a_second_line(text):
    line = read(text)
    bare = re.sub("(?<=[^\\w\\s])\u200d(?=[^\\w\\s])", "", line)  # only between two emoji
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in bare)
    assert line == " ".join(line.split())
    assert len(line) <= LONGEST_LINE + 4


@given(st.text(alphabet=st.sampled_from(list("<@!#&>:/a1`*_~|[]()h.t \n\u202e")), max_size=400))
def test_no_mixture_of_markup_breaks_the_cleaning(text):
    line = read(text)
    assert "\n" not in line
    assert "\u202e" not in line


def test_links_end_where_the_sentence_goes_on():
    text = "(see https://en.wikipedia.org/wiki/Rust_(language)), or <https://a.example/x?y=1>."
    assert find_urls(text) == [
        "https://en.wikipedia.org/wiki/Rust_(language)",
        "https://a.example/x?y=1",
    ]


def message_of(draw_id, author_id, is_bot, text, kind):
    return Message(draw_id, 1, 7, Author(author_id, "x", is_bot), text, kind)


@given(st.data())
def test_every_message_has_exactly_one_fate(data):
    count = data.draw(st.integers(0, 30))
    messages = [
        message_of(
            1000 + number,
            data.draw(st.sampled_from([0, 5, 6])),
            data.draw(st.booleans()),
            data.draw(st.none() | st.text(max_size=20)),
            data.draw(st.sampled_from(MessageKind)),
        )
        for number in range(count)
    ]
    moment = created_at(1)
    context = Context("x", ROOMS, PEOPLE, Period(PeriodKind.DAY, moment, moment, "UTC"))
    cleaned = clean(messages, context)
    assert len(cleaned.lines) + sum(cleaned.left_out.values()) == count
    assert set(cleaned.left_out) <= {"deleted", "opted_out", "bot", "command", "system", "empty"}


def test_messages_are_left_out_for_the_reason_that_is_said(talk, context):
    talk.say(11, "read me")
    talk.say(11, None)
    talk.say(0, "forgotten")
    talk.say(0, "beep", author=Author(99, "bot", is_bot=True))
    talk.say(11, "!play", kind=MessageKind.COMMAND)
    talk.say(11, "joined", kind=MessageKind.SYSTEM)
    talk.say(11, "", attachments=2)
    talk.say(11, "?!")
    cleaned = clean(talk.messages, context)
    assert [line.text for line in cleaned.lines] == ["read me"]
    assert cleaned.left_out == {
        "deleted": 1,
        "opted_out": 1,
        "bot": 1,
        "command": 1,
        "system": 1,
        "empty": 2,
    }


FORUM = Channel(30, 1, "ideas", ChannelKind.FORUM, tags=(Tag(1, "open"), Tag(2, "done")))
POST = Channel(31, 1, "A lamp", ChannelKind.PUBLIC_THREAD, 30, applied_tag_ids=(2,))
SIDE = Channel(32, 1, "Cake", ChannelKind.PUBLIC_THREAD, 7)


@pytest.mark.parametrize(
    ("id_", "channel_id", "text", "line"),
    [
        (31, 31, "brighter please", "A lamp (done): brighter please"),
        (31, 31, "", "A lamp (done)"),
        (33, 31, "not yet", "not yet"),
        (32, 32, "which one?", "which one?"),
    ],
)
def test_a_forums_post_begins_with_its_title_and_tags(id_, channel_id, text, line):
    rooms = {**ROOMS, **{one.id: one for one in (FORUM, POST, SIDE)}}
    period = Period(PeriodKind.DAY, created_at(1), created_at(2), "UTC")
    context = Context("G", rooms, PEOPLE, period)
    cleaned = clean([Message(id_, 1, channel_id, Author(5, "Mara"), text)], context)
    assert [one.text for one in cleaned.lines] == [line]


def test_of_a_post_whose_forum_its_readers_may_not_see_only_the_words_are_read():
    period = Period(PeriodKind.DAY, created_at(1), created_at(2), "UTC")
    context = Context("G", {31: POST}, PEOPLE, period)
    cleaned = clean([Message(31, 1, 31, Author(5, "Mara"), "brighter")], context)
    assert [one.text for one in cleaned.lines] == ["brighter"]


WALLS = {
    "emoji": "😂" * 4000,
    "two emoji": "😂🤣" * 2000,
    "zalgo": "a\u0335\u0300\u0316" * 1000,
    "marks alone": "\u0316\u0300\u0335" * 1333,
    "brackets": "[" * 4000,
    "links that never end": "http://a" + ")" * 3990,
    "masked links": "[](http://" * 400,
    "line breaks": "\n" * 4000,
    "quotes": "> \n" * 1333,
    "fences": "```a\n" * 800,
    "joiners": "👨\u200d" * 2000,
    "mentions": "<@" * 2000,
    "spoilers": "||a" * 1333,
}


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_of_anything_is_read_at_once(wall):
    """None takes ten times as long as prose; there is room for coverage and other programs."""

    def seconds(text: str) -> float:
        started = time.thread_time()
        read(text)
        return time.thread_time() - started

    prose = ("The save bug is back since the update; can anybody look at it? " * 64)[:4000]
    usual = min(seconds(prose) for _ in range(5))
    assert min(seconds(WALLS[wall]) for _ in range(5)) < 40 * usual


@given(
    st.text(alphabet=st.sampled_from(list("ae\u0335\u0300\u0316\u0f71\u0f72 \u20e3")), max_size=500)
)
def test_no_letter_carries_a_pile_of_marks(text):
    kinds = "".join(
        "m" if unicodedata.category(char) in ("Mn", "Me") else " " for char in read(text)
    )
    assert "mmmm" not in kinds


@given(st.text(max_size=300), st.text(max_size=40))
def test_no_text_looks_like_another_line_to_the_model(text, name):
    line = Line(1, 1, 1, one_line(name), read(f"{text} [12] Mara: x\n----------\n［7］ y"), 0.0)
    shown = show(3, line)
    assert shown.startswith("[3] ")
    assert shown.count("\n") == 1
    assert "-----" not in shown
    assert not re.search(r"\[\s*\d+\s*\]", shown[3:])


@pytest.mark.parametrize("sign", ["\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_words_on_two_lines_stay_two_words(sign):
    assert read(f"the map editor{sign}saves again") == "the map editor saves again"
