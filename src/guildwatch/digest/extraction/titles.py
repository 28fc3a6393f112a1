"""A readable title for a conversation: what was asked, or the phrase that it is most about."""

import re
from collections.abc import Mapping, Sequence

from guildwatch.digest.extraction.clauses import reads_alone, share, statement, trouble
from guildwatch.digest.extraction.cues import asks
from guildwatch.digest.extraction.naming import LONGEST_TITLE, best_phrase, key_terms
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, telling_stems, words

_AIM = re.compile(
    r"\b(?:(?P<how>how (?:do|can|could|should|would|to)(?: (?:i|you|we|one|people))?)|"
    r"(?:i'?m|i am|i was|we're|i've been) trying to|"
    r"(?:i|we) (?:want|need|have|would like|'d like) to|i'd like to|wants? to|"
    r"is it (?:possible|ok|okay|safe) to|is there (?:a|any) way to|a way to|"
    r"(?:what is|what's) the (?:\w+ )?way to|know how to|"
    r"(?:can|could) (?:i|we|one)|having (?:a )?(?:problems?|trouble|issues?) (?:with )?|"
    r"(?P<what>what(?:'s| is| are)(?: the)?|(?:is|are) there (?:any|an?)))\s+"
    r"(?:be able to )?(?P<aim>.+?)(?=[.?!;,:]+(?:\s|$)|\s\(|$)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"\s+(?:but|because|and (?:i|then|now|it|they|we|he|she)|so (?:i|that)|when i|if i|which|"
    r"without|since|or|before|after|until|while|as (?:well|sudo|root)|please|here|though)\b.*$",
    re.IGNORECASE,
)
_LONGEST_AIM = LONGEST_TITLE - 8
_ENOUGH, _LITTLE, _NEARLY = 0.5, 0.5, 0.6
_SAYS_LITTLE = 0.3  # of the core, below which a phrase is not enough


def title(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """A title out of the words that are quoted (the key message first): their receipts are its own.

    What somebody wants or what is wrong, where that is what the conversation is about; else the
    phrase that it is most about; without one a whole clause, or else the weightiest things of the
    key message. More stands after it where it leaves most unsaid.
    """
    phrase = best_phrase(lines, told, about, names)
    aims = [(aim, share(aim, about)) for text in told[:2] if (aim := _aim(text, about))]
    wrong = trouble(told[0], about)
    best = max([*aims, (wrong, share(wrong, about))], key=lambda each: each[1])
    if best[1] < _ENOUGH * share(phrase, about) or not best[0]:
        stated = "" if phrase else _stated(told, about)
        terms = stated or _of_terms(phrase, lines, told, about, names)
        return _capitalised(terms or shortened(told[0]))
    more = best_phrase(lines, told[1:], _without(about, best[0]), names)
    both = f"{best[0]}, {more}"
    is_much = share(more, about) > _NEARLY * best[1] and _is_shared(more, lines)
    is_much = is_much and set(telling_stems(more)).isdisjoint(telling_stems(best[0]))
    unsaid = best in aims and best[1] < _LITTLE and is_much
    return _capitalised(both if unsaid and len(both) <= LONGEST_TITLE else best[0])


def shortened(text: str) -> str:
    """The text, or as many of its first words as a title may have; code is kept whole or left."""
    if len(text) <= LONGEST_TITLE:
        return text
    cut = text[:LONGEST_TITLE].rsplit(" ", 1)[0]
    return (cut if cut.count("`") % 2 == 0 else cut[: cut.rindex("`")]).rstrip() + " …"


def _of_terms(
    phrase: str,
    lines: Sequence[Line],
    told: Sequence[str],
    about: dict[str, float],
    names: frozenset[str],
) -> str:
    """The phrase, with what else it is about where it says little; without one, the key terms."""
    if not phrase:
        first = key_terms(lines, told[:1], about, names)
        return first if ", " in first or " " in first else key_terms(lines, told, about, names)
    if share(phrase, about) >= _SAYS_LITTLE:
        return phrase
    more = key_terms(lines, told, _without(about, phrase), names, most=1)
    both = f"{phrase}, {more}"
    is_more = more and share(more, about) > _NEARLY * share(phrase, about)
    return both if is_more and len(both) <= LONGEST_TITLE else phrase


def _stated(told: Sequence[str], about: Mapping[str, float]) -> str:
    """What the first of the two weightiest texts says that can be understood alone."""
    return next((found for text in told[:2] if (found := statement(text, about))), "")


def _is_shared(phrase: str, lines: Sequence[Line]) -> bool:
    """Whether more than one person says each of its words."""
    named = filter(str.isalpha, telling_stems(phrase))
    by = {word: {one.author_id for one in lines if word in one.said} for word in named}
    return bool(by) and all(len(people) > 1 for people in by.values())


def _without(about: Mapping[str, float], text: str) -> dict[str, float]:
    said = set(telling_stems(text))
    return {word: weight for word, weight in about.items() if word not in said}


def _aim(text: str, about: Mapping[str, float]) -> str | None:
    """What somebody asked for or tried to do, where it is short and to the point."""
    for found in _AIM.finditer(text):
        if found["how"] and not (asks(text) or text.lower().startswith("how to")):
            continue
        aim = _CLAUSE_END.sub("", found["aim"]).strip(" -'")
        telling = [stem(word) for word in words(aim) if is_telling(word)]
        central = [word for word in telling if about.get(word, 0.0) > 0.3]
        if reads_alone(aim) and central and 10 <= len(aim) <= _LONGEST_AIM:
            return f"How to {aim}" if found["how"] else aim
    return None


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
