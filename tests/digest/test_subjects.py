"""A long conversation is told in the parts that it is really made of."""

import time

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.digest.separation.separate import separate
from guildwatch.digest.separation.subjects import parted
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import Home, ReasonKind


def parts(talk, context):
    lines = clean(talk.messages, context).lines
    found = parted(Conversation(21, lines))
    return [[line.id for line in part.lines] for part in found]


RELEASE = [
    (12, "state of the release: three exporters are moved, the fourth is missing"),
    (11, "so we would ship the release with that exporter open"),
    (13, "a release without the exporter is no release"),
    (12, "then the release moves to Tuesday, with the exporter"),
    (11, "Tuesday is fine for the release, I tell the translators"),
    (13, "the translators will love Tuesday"),
]
GOOSE = [
    (11, "I know whose goose it is, the checksum table was committed in March"),
    (13, "a checksum table that draws a goose?"),
    (11, "nobody calls that checksum table, it is only a goose"),
    (12, "the goose was company, the build was lonely in March"),
    (13, "a lonely goose in a checksum table"),
    (11, "the goose stays in the table"),
]


def test_a_turn_to_another_subject_makes_two_of_a_long_conversation(talk, context):
    release = [talk.say(who, text) for who, text in RELEASE]
    goose = [talk.say(*GOOSE[0], wait=1500)]
    goose += [talk.say(who, text) for who, text in GOOSE[1:]]
    assert parts(talk, context) == [release, goose]


def test_two_subjects_among_each_other_are_told_apart_by_who_is_answered(talk, context):
    first = talk.say(12, RELEASE[0][1])
    other = talk.say(15, "hi, can anyone read my crash log? the driver dies on the second monitor")
    release, log = [first], [other]
    for (_, text), answer in zip(RELEASE[1:], range(5), strict=True):
        release.append(talk.say(11 + len(release) % 2, text, reply_to=release[-1]))
        who, said = (
            (16, "Kim: which driver wrote that log?"),
            (15, "Bo: the second monitor's driver"),
        )
        log.append(talk.say(*(who if answer % 2 == 0 else said), reply_to=log[-1]))
    assert sorted(parts(talk, context)) == sorted([release, log])


def test_one_subject_stays_one_conversation_through_a_pause(talk, context):
    ids = [talk.say(who, text) for who, text in RELEASE]
    ids.append(talk.say(11, "the release has its exporter now, the fourth one", wait=1500))
    ids += [talk.say(who, text) for who, text in RELEASE[2:]]
    assert parts(talk, context) == [ids]


def test_a_short_conversation_is_left_whole(talk, context):
    ids = [talk.say(who, text) for who, text in RELEASE[:3]]
    ids += [talk.say(who, text, wait=1500) for who, text in GOOSE[:3]]
    assert parts(talk, context) == [ids]


def test_a_thread_is_one_conversation_however_long_it_pauses(talk, context):
    a = talk.say(11, "the save bug again", channel=21)
    b = talk.say(12, "breakfast is ready", channel=21, wait=40_000)
    lines = clean(talk.messages, context).lines
    assert len(separate(lines)) == 2
    found = separate(lines, threads={21})
    assert [[line.id for line in each.lines] for each in found] == [[a, b]]


SAID = """save map umlaut release goose? build Mara: the hello crash Tuesday"""
WORDS = st.sampled_from(SAID.split())


@given(
    st.lists(
        st.tuples(
            st.integers(11, 15),
            st.lists(WORDS, max_size=8),
            st.integers(0, 4000),
            st.integers(0, 9),
        ),
        max_size=50,
    )
)
def test_every_line_is_in_exactly_one_part_and_none_is_out_of_order(drawn):
    lines, at = [], 0.0
    for number, (who, said, wait, back) in enumerate(drawn):
        at += wait
        text = " ".join(said) or "x"
        reply = number - back if 0 < back <= number else None
        said_stems = telling_stems(text)
        lines.append(Line(number, 21, who, f"n{who}", text, at, reply_to=reply, said=said_stems))
    found = parted(Conversation(21, lines))
    assert sorted(line.id for part in found for line in part.lines) == [line.id for line in lines]
    for part in found:
        assert [line.id for line in part.lines] == sorted(line.id for line in part.lines)


def test_a_part_keeps_why_its_lines_are_there_and_the_first_one_its_id(talk, context):
    for number, (who, text) in enumerate(RELEASE + GOOSE):
        talk.say(who, text, wait=1500 if number == len(RELEASE) else 60)
    lines = clean(talk.messages, context).lines
    homes = {line.id: Home(line.id, 7, ReasonKind.LATEST) for line in lines}
    first, second = parted(Conversation(21, lines, 7, homes))
    assert (first.id, second.id) == (7, second.lines[0].id)
    assert first.homes | second.homes == homes


def test_a_very_long_conversation_takes_time_in_proportion(talk, context):
    for number in range(4000):
        talk.say(11 + number % 6, RELEASE[number % 6][1] + f" step{number % 97}", wait=number % 400)
    lines = clean(talk.messages, context).lines

    def seconds(count):
        conversation = Conversation(21, lines[:count])
        started = time.process_time()
        parted(conversation)
        return time.process_time() - started

    assert seconds(4000) < 20 * max(0.01, min(seconds(500) for _ in range(2)))
