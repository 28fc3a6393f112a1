"""A readable title for a conversation: what was asked, or the phrase that it is most about."""

import re
from collections.abc import Mapping, Sequence

from guildwatch.digest.extraction.cues import asks, tells_trouble
from guildwatch.digest.extraction.leaning import bare, leans
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
_CLAUSE = re.compile(r"[,;:()–—…](?!\w)|\(|\s-\s|\.\.+|(?<=[.!?])\s+")
_JOINED = re.compile(r"\s+(?:and|but|because|so|since|if|when|though|although)\s+", re.IGNORECASE)
# What stands before what is wrong and says nothing of it.
_SAID_BEFORE = re.compile(
    r"^(?:(?:today|yesterday|recently|i(?:['’](?:m|ve)|m| am| have)?|we(?:['’](?:re|ve))?|you|have|"
    r"had|has|having|get|got|gets|getting|keep|keeps|see|is|it(?:['’]s)?|there(?:['’]s| is| are)|"
    r"a|an|the|my|some|this|that|always|just|only|also|now|still)\s+)+",
    re.IGNORECASE,
)
# What does not say by itself whom or what it speaks of, or is no name for a matter.
_POINTS = re.compile(
    r"\b(?:same|it|its|this|that|these|those|they|them|he|him|she|you|so|assuming|if|i|i['’]?m|"
    r"i['’](?:ve|ll|d)|me|we|us|u|page|someone|somebody|something|whatever)\b|[?|<>=*{}\[\]]|://",
    re.IGNORECASE,
)
_NO_BEGINNING = re.compile(
    r"(?:not|do|does|did|am|are|be|been|never|don['’]?t|\d+|\w+ed (?:to|for|by|in|on|at))\b",
    re.IGNORECASE,
)
_FEWEST_TELLING = 2
_CORE = 4  # words
_ENOUGH, _LITTLE, _NEARLY = 0.5, 0.5, 0.6
_SAYS_LITTLE = 0.3  # of the core, below which a phrase is not enough


def title(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """A title out of the words that are quoted (the key message first): their receipts are its own.

    What somebody wants or what is wrong, where that is what the conversation is about; else the
    phrase that it is most about; else the weightiest things of the key message. More stands after
    it where it leaves most unsaid.
    """
    phrase = best_phrase(lines, told, about, names)
    aims = [(aim, _share(aim, about)) for text in told[:2] if (aim := _aim(text, about))]
    wrong = _wrong(told[0], about)
    best = max([*aims, (wrong, _share(wrong, about))], key=lambda each: each[1])
    if best[1] < _ENOUGH * _share(phrase, about) or not best[0]:
        return _capitalised(_of_terms(phrase, lines, told, about, names) or shortened(told[0]))
    more = best_phrase(lines, told[1:], _without(about, best[0]), names)
    both = f"{best[0]}, {more}"
    is_much = _share(more, about) > _NEARLY * best[1] and _is_shared(more, lines)
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
    if _share(phrase, about) >= _SAYS_LITTLE:
        return phrase
    more = key_terms(lines, told, _without(about, phrase), names, most=1)
    both = f"{phrase}, {more}"
    is_more = more and _share(more, about) > _NEARLY * _share(phrase, about)
    return both if is_more and len(both) <= LONGEST_TITLE else phrase


def _share(text: str, about: Mapping[str, float]) -> float:
    """How much of what a conversation is most about a text says, 0..1."""
    most = sum(sorted(about.values(), reverse=True)[:_CORE]) or 1.0
    return min(1.0, sum(about.get(word, 0.0) for word in set(telling_stems(text))) / most)


def _is_shared(phrase: str, lines: Sequence[Line]) -> bool:
    """Whether more than one person says each of its words."""
    named = filter(str.isalpha, telling_stems(phrase))
    by = {word: {one.author_id for one in lines if word in one.said} for word in named}
    return bool(by) and all(len(people) > 1 for people in by.values())


def _without(about: Mapping[str, float], text: str) -> dict[str, float]:
    said = set(telling_stems(text))
    return {word: weight for word, weight in about.items() if word not in said}


def _reads_alone(text: str) -> bool:
    """Whether a clause names what it speaks of and quotes nothing by half."""
    halves = any(text.count(mark) % 2 for mark in '"`') or text.count("“") != text.count("”")
    pointing = _POINTS.search(text) or _NO_BEGINNING.match(text)
    return not halves and not pointing and len(set(telling_stems(text))) >= _FEWEST_TELLING


def _wrong(text: str, about: Mapping[str, float]) -> str:
    """The clause that says what is wrong, where one is short enough and names what."""
    best, best_share = "", 0.0
    for part in _CLAUSE.split(text):
        for piece in _JOINED.split(part):
            clause = _SAID_BEFORE.sub("", bare(piece.strip(" .!?'-"))).strip()
            fits = 8 <= len(clause) <= LONGEST_TITLE and "`" not in clause
            fits = fits and _reads_alone(clause) and not asks(part)
            if fits and tells_trouble(clause) and not leans(clause):
                share = _share(clause, about)
                if share > best_share:
                    best, best_share = clause, share
    return best


def _aim(text: str, about: Mapping[str, float]) -> str | None:
    """What somebody asked for or tried to do, where it is short and to the point."""
    for found in _AIM.finditer(text):
        if found["how"] and not (asks(text) or text.lower().startswith("how to")):
            continue
        aim = _CLAUSE_END.sub("", found["aim"]).strip(" -'")
        telling = [stem(word) for word in words(aim) if is_telling(word)]
        central = [word for word in telling if about.get(word, 0.0) > 0.3]
        if _reads_alone(aim) and central and 10 <= len(aim) <= _LONGEST_AIM:
            return f"How to {aim}" if found["how"] else aim
    return None


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
