"""A point is told only if the messages it names bear it out."""

import pytest

from guildwatch.digest.checking.check import Failure, check_point
from guildwatch.digest.transcript.clean import clean
from guildwatch.model import Point


@pytest.fixture
def lines(day, context):
    return dict(enumerate(clean(day.messages, context).lines, 1))


def point(text, refs, kind="fact"):
    return {"text": text, "kind": kind, "refs": refs}


TRUE = [
    ("Saves vanished when the map's name had an umlaut.", [1]),
    ("Jonas reported that his saves vanish with an umlaut in the map's name.", [1]),
    ("Mara found that the editor encodes the save path as latin-1.", [5]),
    ("The editor of version 2.4 wrote an empty save file on Windows.", [3]),
    ("The game jam's theme is Lighthouse, by 14 votes to 5.", [13]),
    ("Kim asked which licence the sound pack has.", [9]),
    ("Tiff asked for a vote on “Lighthouse or Deep Sea” until Sunday.", [10]),
    ("The editor, which is version 2.4, writes an empty file on Windows.", [3]),
    ("Two members voted for Lighthouse as the game jam's theme.", [11, 12]),
    ("Members voted for Lighthouse as the game jam theme.", [11, 12]),
]

FALSE = [
    ("Saves vanished in version 2.5 when the name had an umlaut.", [1, 3], "number"),
    ("The game jam's theme is Lighthouse, by 15 votes to 5.", [13], "number"),
    ("Tiff found that the editor encodes the save path as latin-1.", [5], "Tiff"),
    ("Zorblax reported that saves vanish with an umlaut.", [1], "Zorblax"),
    ("Saves vanish with an umlaut, says Zorblax.", [1], "Zorblax"),
    ("Mara releases a fixed editor on Friday.", [7], "Friday"),
    ("Mara said “the database is gone” about the editor's save path.", [5], "quotes"),
    ("The donkey travelled to a village at the sea shore.", [1], "no word"),
    ("A fix is at https://evil.example/fix for the editor's save path.", [5], "link"),
    ("See www.evil.example for the editor's save path.", [5], "link"),
    ("The fix for the editor's save path is at evil.example/fix now.", [5], "link"),
    ("The editor's save path is encoded by evil.exe, which is Mara's.", [5], "link"),
    ("The editor's save path is explained at ftp://evil.example/fix.", [5], "link"),
    ("Who knows the editor's save path writes to mail@evil.example.", [5], "link"),
    ("Mara said `the database is gone` about the editor's save path.", [5], "quotes"),
    ("The editor encodes ½ of the save path as latin-1.", [5], "number"),
    ("tiff found that the editor encodes the save path as latin-1.", [5], "tiff"),
    ("Saves vanish with an umlaut @everyone", [1], "formatting"),
    ("Saves vanish with an [umlaut](https://evil.example)", [1], "formatting"),
    ("Saves vanish with an umlaut, discord.gg/abc", [1], "formatting"),
    ("Saves vanish with an umlaut <@11>", [1], "formatting"),
    ("Saves vanish with\u202e an umlaut", [1], "formatting"),
    ("It was.", [1], "says nothing"),
    ("Twenty saves vanish with an umlaut.", [1], "twenty"),
    ("Saves vanish with an umlaut, zwölf times.", [1], "zwölf"),
    ("Saves vanish with an umlaut for ٣٤ people.", [1], "34"),
    ("Saves of 10GB vanish with an umlaut.", [1], "number"),
    ("Saves vanish with an umlaut, says zorblax.", [1], "zorblax"),
    ("Saves vanish with an umlaut, see evil。example", [1], "link"),
    ("Saves vanish with an umlaut, see evil . example", [1], "link"),
    ("Saves vanish with an umlaut, see evil dot example", [1], "link"),
    ("Saves vanish with an umlaut on http://[::1]:x", [1], "link"),
    ("@jonasson's saves vanish with an umlaut.", [1], "@jonasson"),
    ("Saves vanish with an umlaut since Feb 3.", [1], "3"),
    ("Saves vanish with an umlaut, wrote Зорблакс.", [1], "Зорблакс"),
    ("Tiff said: the editor encodes the save path as latin-1", [5, 10], "did not say"),
    ("It was decided that saves vanish with an umlaut.", [1], "decided"),
    ("", [1], "characters"),
    ("saves vanish " * 40, [1], "characters"),
]


@pytest.mark.parametrize(("text", "refs"), TRUE)
def test_what_the_messages_say_is_kept_with_their_ids(lines, text, refs):
    kept = check_point(point(text, refs), lines)
    assert isinstance(kept, Point), kept
    assert kept.message_ids == tuple(lines[ref].id for ref in refs)


@pytest.mark.parametrize(("text", "refs", "because"), FALSE)
def test_what_they_do_not_say_is_not(lines, text, refs, because):
    failed = check_point(point(text, refs), lines)
    assert isinstance(failed, Failure), failed
    assert because in failed.reason


@pytest.mark.parametrize(
    "refs", [[], [99], [1, 99], [0], [-1], ["1"], [True], [1.0], None, "1", list(range(1, 9))]
)
def test_references_are_numbers_of_messages_that_were_shown(lines, refs):
    assert isinstance(check_point(point("Saves vanish with an umlaut.", refs), lines), Failure)


@pytest.mark.parametrize("raw", [None, 7, "text", [], {}, {"text": 5}, {"refs": [1]}])
def test_a_point_of_another_shape_fails_quietly(lines, raw):
    assert isinstance(check_point(raw, lines), Failure)


def test_a_kind_that_its_messages_do_not_bear_out_is_only_a_fact(lines):
    decided = point("The game jam theme is Lighthouse.", [13], "decision")
    invented = point("Saves vanish with an umlaut.", [1], "decision")
    unknown = point("Saves vanish with an umlaut.", [1], "scandal")
    assert check_point(decided, lines).kind == "decision"
    assert check_point(invented, lines).kind == "fact"
    assert check_point(unknown, lines).kind == "fact"


def test_a_link_that_stands_in_the_message_may_be_told(talk, context):
    talk.say(11, "the fix for the editor is at https://example.org/fix?id=7")
    lines = dict(enumerate(clean(talk.messages, context).lines, 1))
    told = "The fix for the editor is at https://example.org/fix?id=7"
    other = "The fix for the editor is at https://example.org/fix"
    assert isinstance(check_point(point(told, [1]), lines), Point)
    assert isinstance(check_point(point(other, [1]), lines), Failure)


def test_a_german_noun_excuses_no_name_in_a_spanish_sentence(talk, context):
    said = "El cometa se ve muy bajo hacia el oeste después de la puesta de sol"
    talk.say(11, said)
    lines = dict(enumerate(clean(talk.messages, context).lines, 1))
    assert isinstance(check_point(point(said, [1]), lines), Point)
    for stranger in ("Nordwind Systems", "Sonnenbau"):
        assert isinstance(check_point(point(f"{said} de {stranger}", [1]), lines), Failure)


@pytest.mark.parametrize(
    ("said", "claimed"),
    [
        ("lo vi con prismáticos desde la azotea", "Se decidió por unanimidad que {}"),
        ("er hing lose, der Druck läuft seit gestern", "Alle haben einstimmig beschlossen: {}"),
        ("wir sollten fünf Stück auf Lager legen", "Der Ausschuss hat es genehmigt: {}"),
        ("wir sollten fünf Stück auf Lager legen", "The committee approved it: {}"),
        ("podríamos guardar los originales en la nube", "La junta directiva recordó: {}"),
        ("on pourrait garder les anciens livres", "Il a été décidé à l'unanimité : {}"),
        ("potremmo spostare la cena in terrazza", "È stato deciso che {}"),
        ("we zouden de boeken kunnen bewaren", "Er is besloten: {}"),
        ("może zostawimy stare książki na półce", "{}, postanowiono jednogłośnie"),
        ("talvez os livros fiquem guardados aqui", "Foi decidido por unanimidade: {}"),
        ("raised the timeout and it loads again", "Everybody voted unanimously to accept that {}"),
    ],
)
def test_no_language_makes_a_decision_of_what_nobody_decided(talk, context, said, claimed):
    talk.say(11, said)
    lines = dict(enumerate(clean(talk.messages, context).lines, 1))
    kept = check_point(point(claimed.format(said), [1]), lines)
    assert isinstance(kept, Failure)
    assert kept.check == "kind"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("hemos decidido guardar los originales", "Se decidió guardar los originales."),
        ("gut, dann feiern wir im Garten", "Es wurde beschlossen, im Garten zu feiern."),
    ],
)
def test_what_was_decided_in_another_language_is_told(talk, context, said, told):
    talk.say(11, said)
    lines = dict(enumerate(clean(talk.messages, context).lines, 1))
    assert isinstance(check_point(point(told, [1]), lines), Point)
