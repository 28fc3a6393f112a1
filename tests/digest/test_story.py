"""A conversation is told by its problem, what helped and how it ended; nothing is torn."""

import pytest

from guildwatch.digest import Digester
from guildwatch.digest.extraction.cues import is_rhetorical, kind_of, tells_outcome
from guildwatch.digest.extraction.leaning import leans
from guildwatch.digest.extraction.quotes import LONGEST_QUOTE, may_be_told
from guildwatch.digest.extraction.story import story
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.language import Priority
from guildwatch.model import PointKind


async def digest(messages, context):
    return await Digester(None, cache=None).digest(messages, context, priority=Priority.COMMAND)


def line(text):
    return Line(1, 21, 11, "jonas", text, 0.0, said=("a", "b", "c"))


def lamp(talk):
    """Somebody's lamp controller is lost after an update; the third idea helps."""
    ask = talk.say(11, "hello, the lamp controller is gone since the firmware update")
    talk.say(12, "jonas: have you looked for the lamp controller behind the shelf?")
    talk.say(11, "Mara: it has a sticker of the Brandt LX-90b on it, bought years ago in Oslo")
    talk.say(13, "jonas: some say the firmware update wants a longer cable for the lamp controller")
    answer = talk.say(12, "jonas: try pairing the lamp controller again with the red button held")
    talk.say(13, "could do, but a longer cable is never wrong for anybody with lamps at home")
    ended = talk.say(11, "Mara: that did the trick, every room shines as before, thank you so much")
    return ask, answer, ended


async def test_the_problem_what_helped_and_how_it_ended_are_told_in_this_order(talk, context):
    wanted = lamp(talk)
    result = await digest(talk.messages, context)
    told = [point.message_ids[0] for point in result.topics[0].points]
    assert told[0] == wanted[0]
    assert [one for one in told if one in wanted] == list(wanted)


async def test_the_title_names_the_problem_and_no_product_named_in_passing(talk, context):
    lamp(talk)
    result = await digest(talk.messages, context)
    assert result.topics[0].title == "Lamp controller is gone"


async def test_what_who_asked_will_do_in_the_end_is_told(talk, context):
    ask = talk.say(11, "hello, how do I keep the lamp controller from forgetting every room?")
    talk.say(12, "jonas: the lamp controller of 2019 has no memory for its rooms at all")
    talk.say(13, "jonas: there is a newer lamp controller with memory for every room")
    talk.say(12, "the newer lamp controller needs another cable for the rooms upstairs")
    talk.say(13, "jonas: the cable is in the box of the newer lamp controller")
    talk.say(12, "my rooms have the newer lamp controller since the spring")
    end = talk.say(11, "then I'll order the newer lamp controller with its cable tonight")
    talk.say(13, "good night")
    result = await digest(talk.messages, context)
    told = [point.message_ids[0] for point in result.topics[0].points]
    assert told[0] == ask
    assert end in told


def test_a_need_said_after_other_talk_opens_the_story():
    chatter = "every harbour of the atlas has a lighthouse as well"
    answer = "jonas: pages of the atlas come from the printer in the harbour"
    need = "there is no harbour in my copy of the atlas, only a blank page"
    texts = [chatter] * 12 + [need] + [answer] * 14
    lines = [
        Line(at, 21, 11 if text == need else 12, "ab"[text == need], text, 60.0 * at, said=said)
        for at, text in enumerate(texts)
        if (said := telling_stems(text))
    ]
    found = story(lines, dict.fromkeys(telling_stems(need), 1.0))
    assert found.needs
    assert lines[found.opening].text == need


def test_an_ending_of_few_words_is_one_when_it_names_the_matter():
    lost = "I lost the whole atlas when the editor crashed"
    texts = [
        lost,
        "jonas: open the copy in the folder of backups",
        "it's back, the ATLAS, every page",
    ]
    lines = [
        Line(at, 21, (11, 12, 11)[at], "aba"[at], text, 60.0 * at, said=telling_stems(text))
        for at, text in enumerate(texts)
    ]
    assert story(lines, {"atla": 1.0, "editor": 0.5}).endings == {2}
    assert not story(lines, {"copy": 1.0, "atla": 0.1}).endings


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("turns out the cable was loose", True),
        ("it compiles and runs fine now", True),
        ("I managed to pair the lamp", True),
        ("it's there, all pages are back", True),
        ("the atlas is recovered", True),
        ("maybe it works without the lamp", False),
        ("they should be restored by now", False),
        ("it never worked on my lamp", False),
        ("it doesn't worked well here", False),
        ("buy a new lamp and it will be fixed", False),
        ("a ticket helps to get the lamp fixed", False),
    ],
)
def test_only_what_has_ended_is_an_outcome(text, ended):
    assert tells_outcome(text) is ended


@pytest.mark.parametrize(
    "text",
    [
        "who cares?",
        "why not?",
        "right?",
        "so what?",
        "Are you kidding?",
        "lol what could go wrong?",
    ],
)
def test_what_is_asked_for_effect_is_no_open_question(text):
    assert is_rhetorical(text)
    assert kind_of(line(text), answered=False) is PointKind.FACT


@pytest.mark.parametrize(
    "text",
    [
        "which licence does the pack have?",
        "why not pair the lamp by hand? or does the controller forget it?",
        "who knows the licence, right? which licence does the pack have?",
        "why does the lamp flicker?",
        "any idea how the controller stores rooms?",
    ],
)
def test_what_asks_for_something_is_a_question(text):
    assert not is_rhetorical(text)


async def test_the_headline_tells_problem_and_outcome_and_stands_alone(talk, context):
    wanted = lamp(talk)
    result = await digest(talk.messages, context)
    assert result.headline.startswith("jonas: “hello, the lamp controller is gone")
    assert "could do" not in result.headline
    assert set(result.headline_message_ids) <= set(wanted)


async def test_a_remark_is_not_told_without_what_it_answers(talk, context):
    talk.say(11, "the harbour map loses its lighthouse whenever somebody zooms out quickly")
    talk.say(12, "jonas: redraw the lighthouse layer of the harbour map after each zoom")
    base = talk.say(13, "somebody should report the lighthouse bug of the harbour map upstream")
    remark = talk.say(12, "would be right, but the harbour map authors never read lighthouse bugs")
    talk.say(11, "the lighthouse stays now in the harbour map after each zoom")
    result = await digest(talk.messages, context)
    told = {point.message_ids[0] for topic in result.topics for point in topic.points}
    assert remark not in told or base in told
    assert "would be right" not in result.headline


@pytest.mark.parametrize(
    "text",
    [
        "could do, but a ticket helps others",
        "yes, with the newest kernel",
        "that's what the manual of the lamp says",
        "but it works on the other machine",
        "jonas: because the cable is short",
    ],
)
def test_what_answers_or_points_back_leans(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "the lamp is gone since the update",
        "can anybody help with the lamp?",
        "ok so the release moves to Tuesday",
        "it seems that the lamp controller is broken",
        "creating the stick anew did the trick",
    ],
)
def test_what_names_its_subject_stands_alone(text):
    assert not leans(text)


def test_an_agendas_line_may_be_told_though_it_begins_like_a_heading():
    assert may_be_told("2. Which harbour the next map shows")
    assert may_be_told("# Harbours of the next map")
    assert not may_be_told("ask @everyone for harbours")


def test_assent_decides_nothing_but_an_agreement_does():
    assert kind_of(line("agreed, but the name is still open"), answered=True) is PointKind.FACT
    depends = "it depends on your lamp, but agreed it is good to store it"
    assert kind_of(line(depends), answered=True) is PointKind.FACT
    assert kind_of(line("use a cable where Lampada will do"), answered=True) is PointKind.FACT
    assert kind_of(line("[AGREED] the harbour map ships first"), answered=True) == "decision"
    assert kind_of(line("agreed: the harbour map ships first"), answered=True) == "decision"


async def test_a_long_sentence_is_cut_where_a_clause_ends(talk, context):
    text = (
        "the export of the harbour map stops in the middle because the lighthouse layer is larger "
        "than all the other layers of the map together, which nobody had expected of a lighthouse, "
        "and then the whole editor stands still until somebody pulls the plug out of the wall"
    )
    talk.say(11, text)
    talk.say(12, "the lighthouse layer of the harbour map stops my editor in the export as well")
    result = await digest(talk.messages, context)
    told = [point.text.partition("“")[2] for point in result.topics[0].points]
    (cut,) = [one for one in told if one.endswith("…”")]
    assert len(cut) <= LONGEST_QUOTE + 4
    assert text[len(cut.removesuffix(" …”")) :].startswith((",", " and", " which", " because"))


async def test_who_is_called_up_is_no_topic(talk, context):
    talk.say(11, "Mara / Tomasz / Priya / Kim you guys around?")
    talk.say(12, "hi all")
    talk.say(11, "who else is here?")
    assert (await digest(talk.messages, context)).topics == ()


async def test_other_languages_are_told_in_their_own_words(talk, context):
    talk.say(11, "Hallo, seit dem Update ist die Lampensteuerung im Hafen verschwunden")
    talk.say(12, "jonas: die Lampensteuerung im Hafen neu koppeln, dann kommt sie wieder")
    talk.say(11, "Mara: danke, die Lampensteuerung im Hafen leuchtet wieder")
    result = await digest(talk.messages, context)
    texts = {message.id: message.text for message in talk.messages}
    assert result.topics
    for point in result.topics[0].points:
        assert point.text.partition("“")[2][:20] in texts[point.message_ids[0]]
