"""A readable title for a conversation: what was asked, or the phrase that it is most about."""

import math
import re
from collections.abc import Iterator, Sequence

from guildwatch.digest.cues import asks
from guildwatch.digest.lines import Line
from guildwatch.digest.words import is_telling, stem, words

_AIM = re.compile(
    r"\b(?:(?P<how>how (?:do|can|could|should|would|to)(?: (?:i|you|we|one))?)|"
    r"(?:i'?m|i am|i was|we're|i've been) trying to|"
    r"(?:i|we) (?:want|need|have|would like|'d like) to|i'd like to|wants? to|"
    r"is it (?:possible|ok|okay|safe) to|is there (?:a|any) way to|a way to|"
    r"(?:what is|what's) the (?:\w+ )?way to|know how to|"
    r"(?:can|could) (?:i|we|one)|having (?:a )?(?:problems?|trouble|issues?) (?:with )?|"
    r"(?P<what>what(?:'s| is| are)(?: the)?))\s+(?P<aim>.+?)(?=[.?!;,:]+(?:\s|$)|\s\(|$)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(
    r"\s+(?:but|because|and (?:i|then|now|it)|so (?:i|that)|when i|if i|which|without|since|or|"
    r"before|after|until|while)"
    r"\b.*$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"`[^`]*`?|[^\w\s'’./+#-]+|\s[-–—/.]+\s|\.\s|\.$|\.\.+")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_SHORT_NAME = 4  # letters: CPU, RAM and BIOS are spoken of everywhere
_LONGEST = 60
_CLAUSE = re.compile(r"[,;:()–—…](?!\w)|\(|\s-\s|\.\.+|(?<=[.!?])\s+")
_BY_LENGTH = (0.0, 0.7, 1.0, 1.1, 0.9)
_LINKING = frozenset({"of", "for", "to", "in", "on", "with", "the", "a", "an"})
_ARTICLES = frozenset({"the", "a", "an"})
_NOUNS_FOLLOW = """
    the a an my your our their his her its this that these of for in with on about from no
"""
_VERBS_FOLLOW = """
    to i you we they he she it can could should would will must might don't didn't won't can't
    doesn't not please let's i'll we'll you'll i'd just and
"""
_SELDOM_AT_ENDS = """
    version versions zero whole
    add allow apply ask attach boot build call change check choose click close come comes copy
    create crashed deal delete disable do download drop enable expect explain fail fails fix
    follow give happen happens hear help hold install installed installing is keep lead learn
    load lost missing mount move moves need open paste pass passes pay plug press pull push read
    reboot reinstall reload remove rename reopened replace require run running save saved select
    send ship show start starts stop suggest switch test tested treat tried type update upgrade
    upload want wipe wish wonder write
"""
_BEFORE_NOUNS = frozenset(_NOUNS_FOLLOW.split())
_BEFORE_VERBS = frozenset(_VERBS_FOLLOW.split())
_SELDOM = frozenset(_SELDOM_AT_ENDS.split())
_TOLD_OFTEN = 2  # lines
_GOOD = 0.35  # of the best that a phrase could be worth here; below, a clause says more


def title(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """A title out of the words that are quoted (the key message first): their receipts are its own.

    What somebody asked for or tried to do; else the phrase that the conversation is most about;
    else the most telling clause of the key message.
    """
    for text in told[:2]:
        aim = _aim(text, about)
        if aim:
            return _capitalised(aim)
    phrase = _best_phrase(lines, told, about, names)
    return _capitalised(phrase or _clause(told[0], about))


def names_a_matter(text: str) -> bool:
    """Whether a phrase says by itself what it means: several words that are no deed, or a name."""
    parts = text.split()
    if any(part.lower() in _SELDOM or part.lower().endswith(("ly", "'t")) for part in parts):
        return False
    if len(parts) < _FEWEST_WORDS:
        return len(text) > _SHORT_NAME and text.isalpha() and any(map(str.isupper, text[1:]))
    return all(part[0].isalpha() for part in parts)


def _aim(text: str, about: dict[str, float]) -> str | None:
    """What somebody asked for or tried to do, where it is short and to the point."""
    for found in _AIM.finditer(text):
        if found["how"] and not asks(text):
            continue
        aim = _CLAUSE_END.sub("", found["aim"]).strip(" -'\"")
        if aim.count("`") % 2:
            continue  # never cut inside code
        telling = [stem(word) for word in words(aim) if is_telling(word)]
        central = [word for word in telling if about.get(word, 0.0) > 0.3]
        if len(telling) >= 2 and central and 10 <= len(aim) <= _LONGEST - 8:
            return f"How to {aim}" if found["how"] else aim
    return None


def _best_phrase(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """The phrase that most of it is about, whole and a thing rather than a deed, if any will do."""
    said = [frozenset(line.said) for line in lines]
    best, best_worth = "", 0.0
    for place, text in enumerate(told):
        for run in _BREAK.split(text):
            parts = run.split()
            for start, end in _phrases(parts, names):
                worth = _worth(parts, start, end, about, said) * (1.4 if place == 0 else 1.0)
                if worth > best_worth:
                    best, best_worth = " ".join(parts[start:end]), worth
    most = sum(sorted(about.values(), reverse=True)[:2]) / math.sqrt(2)
    return best if best_worth >= _GOOD * most else ""


def _phrases(parts: list[str], names: frozenset[str]) -> Iterator[tuple[int, int]]:
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + _MOST_WORDS) + 1):
            if _is_phrase(parts[start:end], names):
                yield start, end


def _is_phrase(part: list[str], names: frozenset[str]) -> bool:
    """Whether words can be a title at all: several, telling ones at the ends, nobody's name."""
    if len(part) < _FEWEST_WORDS or all(word.isupper() for word in part):
        return False
    inner_ok = all(is_telling(word) or word.lower() in _LINKING for word in part[1:-1])
    clean = all(stem(word) not in names and len(word) < 28 and "/" not in word for word in part)
    ends_well = part[0][0].isalpha() and is_telling(part[0]) and _ends_well(part)
    return inner_ok and clean and ends_well


def _ends_well(part: list[str]) -> bool:
    """Whether the last word may end a title: a thing, a version, a round; "Stairs 6" is a count."""
    last = part[-1]
    if last[0].isdigit():
        return "." in last or (len(part) > _FEWEST_WORDS and part[-2][0].isupper())
    return last[0].isalpha() and is_telling(last)


def _worth(
    parts: list[str], start: int, end: int, about: dict[str, float], said: list[frozenset[str]]
) -> float:
    part = parts[start:end]
    stems = {stem(word) for word in part if is_telling(word)}
    worth = sum(about.get(word, 0.0) for word in stems) / math.sqrt(len(stems))
    together = sum(stems <= each for each in said)
    worth *= _BY_LENGTH[min(len(stems), 4)] * (0.6 if together < _TOLD_OFTEN else 1.0)
    return worth * (1.0 + 0.2 * min(4, together)) * _likeness(parts, start, end)


def _likeness(parts: list[str], start: int, end: int) -> float:
    """How much a phrase looks like a whole thing's name, by its ends and what stands around it."""
    first, last = parts[start].lower(), parts[end - 1].lower()
    before = parts[start - 1].lower() if start else ""
    after = parts[end].lower() if end < len(parts) else ""
    like = 1.3 if before in _BEFORE_NOUNS else 1.0
    like *= 0.5 if before in _BEFORE_VERBS and parts[start].islower() else 1.0
    does = parts[start + 1].lower() in _ARTICLES
    like *= 0.35 if does or first in _SELDOM or first.endswith("ly") else 1.0
    like *= 0.35 if last in _SELDOM or last.endswith(("ly", "'t", "ed")) else 1.0
    inner = [word.lower() for word in parts[start + 1 : end - 1]]
    like *= 0.4 if any(word in _SELDOM or word.endswith("ly") for word in inner) else 1.0
    for word in (before, after):
        like *= 0.7 if is_telling(word) and word not in _SELDOM else 1.0
    return like


def _clause(text: str, about: dict[str, float]) -> str:
    """The part of a text from pause to pause that tells most, if one is short enough."""
    best, best_worth = "", 0.0
    for part in _CLAUSE.split(text):
        clause = part.strip(" .!?'\"")
        telling = {stem(word) for word in words(clause) if is_telling(word)}
        fits = 10 <= len(clause) <= _LONGEST and clause.count("`") % 2 == 0
        worth = sum(about.get(word, 0.0) for word in telling)
        if len(telling) > 1 and fits and worth > best_worth:
            best, best_worth = clause, worth
    return best or shortened(text)


def shortened(text: str) -> str:
    """The text, or as many of its first words as a title may have; code is kept whole or left."""
    if len(text) <= _LONGEST:
        return text
    cut = text[:_LONGEST].rsplit(" ", 1)[0]
    return (cut if cut.count("`") % 2 == 0 else cut[: cut.rindex("`")]).rstrip() + " …"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
