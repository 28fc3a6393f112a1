"""Every line gets one home, for good, and a restart in between changes none of them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.digest.separation.memory import (
    RECALLED_LINES,
    RECALLED_SECONDS,
    REMEMBERED_LINES,
    REMEMBERED_SECONDS,
)
from guildwatch.digest.separation.separate import ChannelSeparator, separate
from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import Home, ReasonKind

SAID = "save map umlaut release goose? build n12: n13, the hello crash Tuesday [topic] ok"
WORDS = st.sampled_from(SAID.split())
STEPS = st.tuples(
    st.integers(11, 15),
    st.lists(WORDS, max_size=6),
    st.sampled_from([0, 5, 60, 900, 7200, 40_000]),
    st.integers(0, 12),
    st.sampled_from([21, 21, 22]),
)
TALK = st.lists(STEPS, min_size=1, max_size=60)


def lines_of(steps, first=1000):
    lines, at = [], 0.0
    for number, (who, said, wait, back, channel) in enumerate(steps):
        at += wait
        text = " ".join(said) or "x"
        reply = first + number - back if 0 < back <= number else None
        lines.append(
            Line(
                first + number,
                channel,
                who,
                f"n{who}",
                text,
                at,
                reply_to=reply,
                said=telling_stems(text),
            )
        )
    return lines


def homes_of(conversations):
    return {id_: home for each in conversations for id_, home in each.homes.items()}


@given(TALK)
def test_every_line_has_exactly_one_home(steps):
    lines = lines_of(steps)
    found = separate(lines)
    assert sorted(line.id for each in found for line in each.lines) == [each.id for each in lines]
    for conversation in found:
        assert set(conversation.homes) == {line.id for line in conversation.lines}
        assert {home.conversation_id for home in conversation.homes.values()} == {conversation.id}
        assert conversation.homes[conversation.id].reason is ReasonKind.NEW
        assert {line.channel_id for line in conversation.lines} == {conversation.channel_id}


@given(TALK)
def test_a_known_reply_is_always_obeyed(steps):
    lines = lines_of(steps)
    channel = {line.id: line.channel_id for line in lines}
    homes = homes_of(separate(lines))
    for line in lines:
        if line.reply_to is not None and channel[line.reply_to] == line.channel_id:
            assert homes[line.id].conversation_id == homes[line.reply_to].conversation_id
            assert homes[line.id].reason is ReasonKind.REPLY
            assert homes[line.id].because_id == line.reply_to


@given(TALK, st.integers(0, 60))
def test_a_restart_changes_no_home(steps, cut):
    lines = lines_of(steps)
    whole = homes_of(separate(lines))
    before = {line.id: whole[line.id] for line in lines[:cut]}
    assert homes_of(separate(lines, homes=before)) == whole


@settings(max_examples=5, deadline=None)
@given(st.lists(STEPS, min_size=40, max_size=80), st.integers(1, 900))
def test_after_a_restart_a_bounded_tail_is_enough(steps, past):
    """The talk goes round until it is longer than what is remembered."""
    count = RECALLED_LINES + past
    brisk = [(who, said, wait // 50, back, 21) for who, said, wait, back, _ in steps]
    lines = lines_of([brisk[number % len(brisk)] for number in range(count + 60)])
    whole = ChannelSeparator(21)
    homes = {}
    for line in lines:
        homes[line.id] = whole.add(line, homes.get(line.reply_to))
    after = ChannelSeparator(21)
    newest = lines[count - 1].at
    for line in lines[count - RECALLED_LINES : count]:
        if newest - line.at <= RECALLED_SECONDS:
            after.recall(line, homes[line.id])
    for line in lines[count:]:
        assert after.add(line, homes.get(line.reply_to)) == homes[line.id]


@given(TALK)
def test_no_channel_minds_what_another_says_or_when(steps):
    lines = lines_of(steps)
    apart = {}
    for channel in (22, 21):
        apart |= homes_of(separate([line for line in lines if line.channel_id == channel]))
    assert homes_of(separate(lines)) == apart


def test_a_home_that_is_known_is_kept_whatever_we_would_have_thought(talk, context):
    a = talk.say(11, "the build fails on Windows")
    b = talk.say(11, "it says the linker is missing", wait=10)
    c = talk.say(11, "and the linker is there, I looked", wait=10)
    lines = clean(talk.messages, context).lines
    known = {b: Home(b, 77, ReasonKind.REPLY, 77)}
    found = separate(lines, homes=known)
    assert [each.id for each in found] == [a, 77]
    assert c in [line.id for line in found[1].lines]


def test_a_reply_to_what_is_long_forgotten_goes_where_that_message_was(talk, context):
    old = Home(5, 3, ReasonKind.SPEAKER, 3)
    reply = talk.say(12, "they moved to the archive", reply_to=5)
    lines = clean(talk.messages, context).lines
    (found,) = separate(lines, homes={5: old})
    assert found.id == 3
    assert found.homes[reply] == Home(reply, 3, ReasonKind.REPLY, 5)
    assert ChannelSeparator(21).add(lines[0], old) == found.homes[reply]


def test_a_thread_is_the_home_of_all_that_is_written_in_it(talk, context):
    ids = [talk.say(who, "the save bug again", wait=50_000) for who in (11, 12, 13)]
    (found,) = separate(clean(talk.messages, context).lines, threads={21})
    assert found.id == 21
    assert [found.homes[id_].reason for id_ in ids] == [ReasonKind.THREAD] * 3


def test_each_line_says_why_it_is_where_it_is(talk, context):
    a = talk.say(11, "my saves vanish when the map has an umlaut, any idea?")
    b = talk.say(13, "can anyone recommend a drawing tablet for pixel art?")
    c = talk.say(12, "jonas: which version of the editor?")
    d = talk.say(11, "2.4 on Windows", wait=20)
    e = talk.say(14, "the small one from Huion", reply_to=b)
    homes = homes_of(separate(clean(talk.messages, context).lines))
    assert homes[a] == Home(a, a, ReasonKind.NEW)
    assert homes[b] == Home(b, b, ReasonKind.NEW)
    assert homes[c] == Home(c, a, ReasonKind.ADDRESSED, a)
    assert homes[d].conversation_id == a
    assert homes[d].reason in (ReasonKind.ANSWERED, ReasonKind.SPEAKER)
    assert homes[e] == Home(e, b, ReasonKind.REPLY, b)


def test_every_reason_can_be_told_to_a_person():
    assert len({reason.sentence for reason in ReasonKind}) == len(ReasonKind)


def test_what_is_remembered_is_bounded():
    separator = ChannelSeparator(21)
    for number in range(3 * REMEMBERED_LINES):
        separator.add(Line(number + 1, 21, number, f"n{number}", f"word{number}", number / 10))
    memory = separator._memory
    assert len(memory) == REMEMBERED_LINES
    assert len(memory.last_of) <= REMEMBERED_LINES
    separator.add(Line(9**9, 21, 1, "n1", "later", 10.0 * REMEMBERED_SECONDS))
    assert len(memory) == 1
    assert not memory.seen
    assert not memory.talked_with
    assert len(memory.last_of) == 1
    assert sum(memory.people_of(number + 1) for number in range(3 * REMEMBERED_LINES)) == 0
