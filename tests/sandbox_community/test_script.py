"""The grammar of scripts: what is understood, and how a mistake is told."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.sandbox.community import ScriptError, parse
from guildwatch.sandbox.community.cast import PIXEL_FORGE
from guildwatch.sandbox.community.events import (
    AnswerCommand,
    Delete,
    Edit,
    Event,
    Extras,
    Join,
    Leave,
    OpenThread,
    Pin,
    React,
    Say,
)


def read(text: str) -> tuple[Event, ...]:
    return parse(text, PIXEL_FORGE, name="test.chat")


def refused(text: str) -> str:
    with pytest.raises(ScriptError) as caught:
        read(text)
    return str(caught.value)


def at(hour: int, minute: int, second: int) -> timedelta:
    return timedelta(hours=hour, minutes=minute, seconds=second)


def test_a_line_is_a_message() -> None:
    assert read("09:14:20 #general Priya: morning: all") == (
        Say(at(9, 14, 20), 1, "#general", "Priya", "morning: all"),
    )


def test_everything_at_once_in_one_line() -> None:
    text = "09:00 #dev Mara [a]: x\n09:01 #dev Ola [b] ^a {file a.png; sticker wave}: look"
    assert read(text)[1] == Say(
        at(9, 1, 30), 2, "#dev", "Ola", "look", "b", "a", Extras(("a.png",), stickers=("wave",))
    )


def test_indented_lines_go_on_with_their_blank_lines_and_indentation() -> None:
    text = "09:00 #dev Mara: see\n    ```py\n    def f():\n\n        pass\n    ```\n\n09:01 Kit"
    script = text.removesuffix("09:01 Kit")
    assert read(script)[0] == Say(
        at(9, 0, 30), 1, "#dev", "Mara", "see\n```py\ndef f():\n\n    pass\n```"
    )


def test_messages_of_one_minute_are_spread_over_it() -> None:
    events = read("09:00 #dev Mara: a\n09:00 #dev Ola: b\n09:00 #dev Mara: c")
    assert [event.at for event in events] == [at(9, 0, 15), at(9, 0, 30), at(9, 0, 45)]


def test_days_before_have_negative_times() -> None:
    (event,) = read("== -2\n# Thursday\n09:00:00 #dev Mara: a")
    assert event.at == timedelta(days=-2, hours=9)


def test_every_kind_of_deed_is_understood() -> None:
    events = read(
        "10:00 Bo joins\n"
        "10:01 #general Bo [a]: hello\n"
        "10:02 Bo edits a: hello!\n    there\n"
        "10:03 Ola, Tiff reacts a :goose:\n"
        "10:04 Ola unreacts a :goose:\n"
        "10:05 Mara pins a\n"
        "10:06 #general Mara opens [t] ^a: A thread\n"
        "10:07 >t Bo: in it\n"
        "10:08 #showcase Ola posts [p] {game, wip}: My game\n    is here\n"
        "10:09 #general Dicey answers Tiff /roll 2d6: 7\n"
        "10:10 Tiff deletes a p\n"
        "10:11 Bo leaves"
    )
    assert [type(event) for event in events] == [
        Join, Say, Edit, React, React, Pin, OpenThread, Say, OpenThread, AnswerCommand, Delete,
        Leave,
    ]  # fmt: skip
    assert events[2] == Edit(at(10, 2, 30), 3, "Bo", "a", "hello!\nthere")
    assert events[8] == OpenThread(
        at(10, 8, 30), 10, "#showcase", "Ola", "p", "My game", None, "is here", ("game", "wip")
    )


def test_extras_carry_what_a_message_has_beside_its_text() -> None:
    events = read(
        "10:00 #general Ola [a] {poll Tea? | yes | no}: vote\n"
        "10:01 #general Ola {voice 7.5}:\n"
        "10:02 #general Ola {forward a}:\n"
        "10:03 #general Anvil {embed Title | words}: see"
    )
    assert [event.extras for event in events if isinstance(event, Say)] == [
        Extras(poll=("Tea?", ("yes", "no"))),
        Extras(voice_seconds=7.5),
        Extras(forward="a"),
        Extras(embed=("Title", "words")),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nine #dev Mara: a", "begins with a time"),
        ("25:00 #dev Mara: a", "begins with a time"),
        ("09:00 #dev Mara says hello", "expected `#channel Speaker: text`"),
        ("09:00 Mara", "expected `Name verb"),
        ("09:00 #nowhere Mara: a", "no #nowhere"),
        ("09:00 >nowhere Mara: a", "no >nowhere"),
        ("09:00 #dev Nobody: a", "called Nobody"),
        ("09:00 #general Bo: a", "Bo is not in the guild"),
        ("09:00 Mara joins", "no newcomer"),
        ("09:00 Bo joins\n09:01 Bo leaves\n09:02 #general Bo: a", "Bo is not in the guild"),
        ("09:00 #dev Mara ^gone: a", "called [gone] in #dev"),
        ("09:00 #dev Mara [a]: x\n09:01 #art Mara ^a: y", "called [a] in #art"),
        ("09:00 #dev Mara [a] ^a: x", "called [a] in #dev"),
        ("09:00 #dev Mara [a]: x\n09:01 #dev Ola [a]: y", "message [a] already"),
        ("09:00 #dev Mara opens [t]: x\n09:01 #dev Ola opens [t]: y", "thread [t] already"),
        ("09:00 #showcase Mara posts [t]: x", "first text"),
        ("09:00 #dev Mara:", "nothing is said"),
        ("09:00 #dev Mara {hat}: x", "no such extra as {hat}"),
        ("09:00 #dev Mara {voice soon}: x", "no such extra as {voice soon}"),
        ("09:00 #dev Mara {poll Tea?}: x", "no such extra as {poll Tea?}"),
        ("09:00 #dev Mara {forward a}: x", "no message is called [a]"),
        ("09:00 Mara dances a", "nobody can 'dances'"),
        ("09:00 #dev Mara [a]: x\n09:01 Ola edits a: y", "not Ola's to change"),
        ("09:00 #dev Mara [a]: x\n09:01 Ola deletes a", "not Ola's to change"),
        ("09:01 #dev Mara: x\n09:00 #dev Mara: y", "before the line above"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(text: str, told: str) -> None:
    line = text.count("\n") + 1
    error = refused(text)
    assert error.startswith(f"test.chat, line {line}: ")
    assert told in error


def mistake_in(text: str) -> str | None:
    try:
        parse(text, PIXEL_FORGE, name="any.chat")
    except ScriptError as error:
        return str(error)
    return None


@given(st.text(alphabet="09:# \n[]^{}|>=MaraOl-;devs", max_size=80))
def test_any_text_is_either_a_script_or_a_told_mistake(text: str) -> None:
    mistake = mistake_in(text)
    assert mistake is None or mistake.startswith("any.chat, line ")
