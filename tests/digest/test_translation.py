"""A report's language is not always the chat's: what is translated, and what never is."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.digest import Digester
from guildwatch.digest.checking.faithful import why_unfaithful
from guildwatch.language import ModelError, Priority
from guildwatch.model import LANGUAGES

NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
GERMAN = {
    "jonas's saves vanish when the map's name has an umlaut.": (
        "Die Spielstände von jonas verschwinden, wenn der Name der Karte einen Umlaut hat."
    ),
    "Mara found that the editor encodes the save path as latin-1.": (
        "Mara fand heraus, dass der Editor den Speicherpfad als latin-1 kodiert."
    ),
    "The jam got its theme from 14 votes to 5, Lighthouse.": (
        "Der Jam bekam sein Thema mit 14 Stimmen zu 5, Lighthouse ist es."
    ),
    "Saves vanish with an umlaut": "Spielstände verschwinden bei einem Umlaut",
    "Lighthouse as theme of the jam": "Lighthouse als Thema des Jam",
}
BUG, CAUSE, THEME, *_ = GERMAN
WRITTEN = {
    "umlaut, any idea": ("Saves vanish with an umlaut", BUG),
    "latin-1": ("", CAUSE),
    "14 votes": ("Lighthouse as theme of the jam", THEME),
}


def written(prompt, shown):
    """The points of an honest reporter."""
    topics = {}
    for number, _, text in shown(prompt):
        for mark, (title, sentence) in WRITTEN.items():
            if mark in text:
                place = "jam" if "votes" in mark else "bug"
                topic = topics.setdefault(place, {"title": title, "points": []})
                topic["points"].append({"text": sentence, "kind": "fact", "refs": [number]})
    return {"topics": list(topics.values()), "points": []}


def asked(prompt):
    return [(int(number), text) for number, text in NUMBERED.findall(prompt.content)]


def is_translation(prompt):
    return prompt.content.startswith("Translate into ")


@pytest.fixture
def bilingual(models):
    """A model that reports in English and translates as a function of each sentence says."""
    build, _, shown = models

    def made(translate=GERMAN.get):
        def answer(prompt):
            if not is_translation(prompt):
                return written(prompt, shown)
            found = [{"number": n, "text": translate(text) or text} for n, text in asked(prompt)]
            return {"sentences": found}

        return build(answer)

    return made


async def digest(talk, context, model, language="de", cache=None):
    return await Digester(model, cache=cache).digest(
        talk.messages, replace(context, language=language), priority=Priority.COMMAND
    )


def points(result):
    return [point for topic in result.topics for point in topic.points if not point.quoted]


async def test_points_titles_and_headline_are_told_in_the_language_of_the_report(
    day, context, bilingual
):
    model = bilingual()
    result = await digest(day, context, model)

    texts = {point.text for point in points(result)}
    assert texts == {GERMAN[sentence] for _, sentence in WRITTEN.values()}
    assert {topic.title for topic in result.topics} >= {
        "Spielstände verschwinden bei einem Umlaut",
        "Lighthouse als Thema des Jam",
    }
    assert "Die Spielstände von jonas" in result.headline
    assert {point.original for point in points(result)} == {one for _, one in WRITTEN.values()}
    assert (result.engine.translated, result.engine.untranslated) == (3, 0)
    assert sum(map(is_translation, model.prompts)) == 1


async def test_without_a_language_and_in_its_own_nothing_is_translated(day, context, bilingual):
    for language in (None, "en"):
        model = bilingual()
        result = await digest(day, context, model, language)
        assert not any(map(is_translation, model.prompts))
        assert {point.text for point in points(result)} == {one for _, one in WRITTEN.values()}


async def test_quotations_are_never_translated(day, context, models):
    build, _, _ = models
    model = build(lambda _: {"topics": [], "points": []})
    result = await digest(day, context, model)
    assert not any(map(is_translation, model.prompts))
    assert "jonas: “Hi all, my saves vanish" in result.topics[0].points[0].text


LIES = {
    "another number": lambda text: text.replace("14", "19").replace("latin-1", "latin-2"),
    "another person": lambda text: text.replace("jonas", "Tiff").replace("Mara", "Ole"),
    "a new name": lambda text: text.removesuffix(".") + ", sagt Bernadotte.",
    "a link": lambda text: text + " Siehe https://evil.example/win",
    "a host": lambda text: text.removesuffix(".") + " (evil.example).",
    "a mention": lambda text: "@everyone " + text,
    "an invitation": lambda text: text + " discord.gg/abcdef",
    "a quotation": lambda text: text.removesuffix(".") + ", denn „alles ist kaputt“.",
    "another sentence": lambda text: text + " Alle waren sehr begeistert davon.",
    "a denial": lambda text: text.replace(" ist ", " ist nicht ").replace(" als ", " nicht als "),
    "a day": lambda text: text.removesuffix(".") + " am Mittwoch.",
    "markup": lambda text: f"[{text}](https://evil.example)",
    "English": lambda text: next(one for one, other in GERMAN.items() if other == text),
    "nothing": lambda _: " ",
    "babble": lambda text: text * 4,
    "an invisible sign": lambda text: text.replace(" ", " \u202e", 1),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_translation_that_is_not_faithful_is_refused_and_the_original_kept(
    day, context, bilingual, lie
):
    result = await digest(day, context, bilingual(lambda text: LIES[lie](GERMAN[text])))
    changed = {GERMAN[one] for one in GERMAN if LIES[lie](GERMAN[one]).strip() != GERMAN[one]}
    for point in points(result):
        true = GERMAN[point.original] if point.original else point.text
        assert point.text == true
        assert not point.original or true not in changed
    assert {topic.title for topic in result.topics if not topic.points[0].quoted} <= {
        *GERMAN,
        *set(GERMAN.values()) - changed,
    }
    assert result.engine.untranslated > 0


@pytest.mark.parametrize(
    "answer",
    [
        ModelError("garbled", "It cannot be read."),
        ModelError("unreachable", "It does not answer."),
        {"sentences": "none"},
        {"sentences": [{"number": "1", "text": 7}, 3, {"number": 99, "text": "Neu"}]},
        [],
    ],
    ids=str,
)
async def test_a_model_that_breaks_while_translating_costs_only_the_translation(
    day, context, models, answer
):
    build, _, shown = models
    model = build(lambda prompt: answer if is_translation(prompt) else written(prompt, shown))
    result = await digest(day, context, model)
    assert {point.text for point in points(result)} == {one for _, one in WRITTEN.values()}
    assert result.engine.untranslated == 3


async def test_what_was_translated_once_is_not_asked_for_again(day, context, bilingual, shelf):
    first = await digest(day, context, bilingual(), cache=shelf)
    model = bilingual()
    again = await digest(day, context, model, cache=shelf)
    assert not model.prompts
    assert [point.text for point in points(again)] == [point.text for point in points(first)]
    other = bilingual(lambda _: None)
    await digest(day, context, other, "fr", cache=shelf)
    assert sum(map(is_translation, other.prompts)) == 1


async def test_what_the_cache_kept_is_checked_as_if_it_had_just_been_written(
    day, context, bilingual, shelf
):
    await digest(day, context, bilingual(), cache=shelf)
    for key, text in shelf.kept.items():
        if text in GERMAN.values():
            shelf.kept[key] = text + " https://evil.example"
    model = bilingual()
    result = await digest(day, context, model, cache=shelf)
    assert all("evil" not in point.text for point in points(result))


TRUE = {
    "de": "Release 2.4 wurde auf Dienstag verschoben, weil zwei Abstürze unter Windows übrig sind.",
    "es": "La versión 2.4 se aplazó al martes porque quedan dos fallos en Windows.",
    "fr": "La version 2.4 passe à mardi car il reste deux plantages sous Windows.",
    "it": "La versione 2.4 slitta a martedì perché restano due crash su Windows.",
    "nl": "Versie 2.4 verschoof naar dinsdag omdat er nog twee crashes op Windows zijn.",
    "pl": "Wydanie 2.4 przesunięto na wtorek, bo zostały dwie awarie w Windows.",
    "pt": "A versão 2.4 passou para terça-feira porque restam duas falhas no Windows.",
}
SENTENCE = "Release 2.4 moved to Tuesday because two crashes on Windows are left."
OTHER_DAYS = {
    "de": ("Dienstag", "Freitag"), "es": ("martes", "viernes"), "fr": ("mardi", "vendredi"),
    "it": ("martedì", "venerdì"), "nl": ("dinsdag", "vrijdag"), "pl": ("wtorek", "piątek"),
    "pt": ("terça-feira", "sexta-feira"),
}  # fmt: skip


@pytest.mark.parametrize("language", TRUE)
def test_a_faithful_translation_passes_in_every_language_and_another_day_does_not(language):
    assert why_unfaithful(TRUE[language], SENTENCE, [], {"Mara"}, language) is None
    wrong = TRUE[language].replace(*OTHER_DAYS[language])
    assert why_unfaithful(wrong, SENTENCE, [], {"Mara"}, language)
    named = TRUE[language].removesuffix(".") + " Bernadotte."
    assert why_unfaithful(named, SENTENCE, [], {"Mara"}, language)


def test_every_language_of_reports_can_be_checked():
    for language in LANGUAGES:
        assert why_unfaithful(SENTENCE, SENTENCE, [], set(), language) is None or language != "en"


@given(st.text(), st.text(), st.sampled_from(sorted(LANGUAGES)))
def test_whatever_is_written_is_refused_or_passes_without_an_error(text, original, language):
    why_unfaithful(text, original, [], {"Mara", "jonas"}, language)
