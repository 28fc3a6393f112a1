"""Which words of a text may name what a conversation is about: whole things, nobody's deeds."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from guildwatch.digest.extraction.cues import tells_trouble
from guildwatch.digest.extraction.keywords import names_a_thing, without_links
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, words

LONGEST_TITLE = 60

_BREAK = re.compile(
    r"`[^`]*`?|(?<=[a-z]{3})\.(?=[A-Z])|[^\w\s'’./+#-]+|\s[-–—/.]+\s|\.\s|\.$|\.\.+"
)
_CODE = re.compile(r"`[^`]*`?")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_SHORT_NAME = 4  # letters: CPU, RAM and BIOS are spoken of everywhere
_MOST_TERMS = 2
_IN_FIRST = 1.4  # more for what the key message says
_NAMED = 1.3  # more for what is written as a name
_LEAST_TERM = 0.35  # of the best term's weight
_BY_LENGTH = (0.0, 0.7, 1.0, 1.1, 0.9)
_LINKING = frozenset({"of", "for", "to", "in", "on", "with", "the", "a", "an"})
_ARTICLES = frozenset({"the", "a", "an"})
_NOUNS_FOLLOW = """
    the a an my your our their his her its this that these of for in with on about from no
"""
_VERBS_FOLLOW = """
    to i you we they he she it can could should would will must might don't didn't won't can't
    doesn't not please let's i'll we'll you'll i'd just and who cannot
"""
_OBJECTS = "the a an my your our their his its them me this these those him her"
_AFTER_SUBJECTS = (
    "is are was were has had will won't can can't doesn't didn't isn't wasn't does did"
)
_SELDOM_AT_ENDS = """
    zero whole
    meeting meetings agenda item items previous additional
    add allow apply ask attach boot build call change check choose click close come comes copy
    create crashed deal delete disable do download drop enable expect explain fail fails fix
    follow give happen happens hear help hold install installed installing is keep lead learn
    load lost missing mount move moves need open paste pass passes pay plug press pull push read
    reboot reinstall reload remove rename reopened replace require run running save saved select
    send ship show start starts stop suggest switch test tested treat tried type update upgrade
    upload want wipe wish wonder write
"""
_SAY_NOTHING = """
    version versions appropriate canonical certain concerning correct creating current damn
    different exact
    existing explanation following general idea ideas implies latest matter matters near newest
    name newer older participate part parts proper receives refused regarding related relevant
    running
    single slight specific technical unrelated usual various wrong
"""
_DAY_NAMES = """
    monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow
"""
_COMMANDS = frozenset({"sudo", "apt", "apt-get", "apt-cache", "cd", "ls", "grep", "cat"})
_DAYS = frozenset(_DAY_NAMES.split())
_BEFORE_NOUNS = frozenset(_NOUNS_FOLLOW.split())
_BEFORE_VERBS = frozenset(_VERBS_FOLLOW.split())
_BEFORE_OBJECTS = frozenset(_OBJECTS.split())
_AFTER_A_SUBJECT = frozenset(_AFTER_SUBJECTS.split())
_EMPTY = frozenset(_SAY_NOTHING.split())
_SELDOM = frozenset(_SELDOM_AT_ENDS.split()) | _EMPTY
_TOLD_OFTEN = 2  # lines
_GOOD = 0.35  # of the best that a phrase could be worth here; below, single terms say more


def names_a_matter(text: str) -> bool:
    """Whether a phrase says by itself what it means: several words that are no deed, or a name."""
    parts = text.split()
    if any(_seldom(part) for part in parts):
        return False
    if len(parts) < _FEWEST_WORDS:
        return len(text) > _SHORT_NAME and text.isalpha() and any(map(str.isupper, text[1:]))
    return all(part[0].isalpha() for part in parts)


def best_phrase(
    lines: Sequence[Line], told: Sequence[str], about: Mapping[str, float], names: frozenset[str]
) -> str:
    """The phrase that most of it is about, whole and a thing rather than a deed, if any will do."""
    said = [frozenset(line.said) for line in lines]
    deeds = deeds_in(lines)
    best, best_worth = "", 0.0
    for place, text in enumerate(told):
        for run in _BREAK.split(text):
            parts = run.split()
            for start, end in _phrases(parts, names, deeds):
                worth = _worth(parts, start, end, about, said) * (1.4 if place == 0 else 1.0)
                if worth > best_worth:
                    best, best_worth = " ".join(parts[start:end]), worth
    most = sum(sorted(about.values(), reverse=True)[:2]) / math.sqrt(2)
    return best if best_worth >= _GOOD * most else ""


def key_terms(
    lines: Sequence[Line],
    told: Sequence[str],
    about: Mapping[str, float],
    names: frozenset[str],
    most: int = _MOST_TERMS,
) -> str:
    """The weightiest things of a text, literally, with commas between; neighbours stay together."""
    deeds = deeds_in(lines)
    best: list[tuple[float, int, str]] = []
    spoken = without_links(_CODE.sub(" , ", " , ".join(told))).split()
    of_first = len(without_links(_CODE.sub(" , ", told[0])).split()) if told else 0
    for place, raw in enumerate(spoken):
        before = spoken[place - 1].lower() if place else ""
        word = raw.strip(".,:;!?()[]\"'“”’*")
        if not names_a_thing(word) or not word[0].isalpha():
            continue
        key = stem(word)
        if key in names or word.lower() in _COMMANDS | _DAYS or _is_deed(word, before):
            continue
        if key in deeds and not tells_trouble(word):
            continue
        if word.isupper() and len(word) > _SHORT_NAME:
            continue  # shouted
        is_named = any(map(str.isupper, word[1:]))
        weight = about.get(key, 0.0) * (_NAMED if is_named else 1.0)
        best.append((weight * (_IN_FIRST if place < of_first else 1.0), place, word))
    best.sort(key=lambda each: (-each[0], each[1]))
    picked: dict[str, tuple[int, str]] = {}
    for weight, place, word in best:
        is_little = weight < _LEAST_TERM * best[0][0] and len(picked) >= min(most, _FEWEST_WORDS)
        if is_little or len(picked) == most:
            break
        picked.setdefault(stem(word), (place, word))
    return _joined(sorted(picked.values()), spoken)


def _joined(picked: Sequence[tuple[int, str]], spoken: Sequence[str]) -> str:
    text, last = "", -2
    for place, word in picked:
        beside = place == last + 1 and spoken[last][-1:].isalnum()
        more = f"{' ' if beside else ', '}{word}" if text else word
        if len(text) + len(more) <= LONGEST_TITLE:
            text, last = text + more, place
    return text


def deeds_in(lines: Sequence[Line]) -> frozenset[str]:
    """The stems that are mostly said as something that somebody does, by the word before them."""
    done: dict[str, int] = {}
    named: dict[str, int] = {}
    for line in lines:
        spoken = words(line.text)
        for before, word in pairwise(spoken):
            low = before.lower().replace("’", "'")
            if not is_telling(word):
                continue
            if low in _BEFORE_VERBS and low != "and":
                done[stem(word)] = done.get(stem(word), 0) + 1
            elif low in _BEFORE_NOUNS:
                named[stem(word)] = named.get(stem(word), 0) + 1
    return frozenset(key for key, count in done.items() if count > 2 * named.get(key, 0))


def _seldom(word: str) -> bool:
    low = word.lower().replace("’", "'")
    return low in _SELDOM or low.endswith(("ly", "'t"))


def _is_deed(word: str, before: str) -> bool:
    """Whether a word is seldom a thing's name, and not said as one ("the read errors")."""
    low = word.lower()
    return low in _EMPTY or (
        (_seldom(word) or (low.endswith("ed") and not low.startswith("un")))
        and (before not in _BEFORE_NOUNS or low.endswith("ly"))
    )


def _phrases(
    parts: list[str], names: frozenset[str], deeds: frozenset[str]
) -> Iterator[tuple[int, int]]:
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + _MOST_WORDS) + 1):
            part = parts[start:end]
            if not _is_phrase(part, names):
                continue
            after = parts[end].lower() if end < len(parts) else ""
            before = parts[start - 1].lower() if start else ""
            if after in _BEFORE_OBJECTS or _seldom(part[-1]) or _is_deed(part[0], before):
                continue
            if not any(stem(word) in deeds and word.islower() for word in (part[0], part[-1])):
                yield start, end


def _is_phrase(part: list[str], names: frozenset[str]) -> bool:
    """Whether words can be a title at all: several, telling ones at the ends, nobody's name."""
    if len(part) < _FEWEST_WORDS or all(word.isupper() for word in part):
        return False
    if part[0].lower() in _COMMANDS or len({stem(word) for word in part}) < len(part):
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
    return last[0].isalpha() and is_telling(last) and not last.lower().endswith("ed")


def _worth(
    parts: list[str], start: int, end: int, about: Mapping[str, float], said: list[frozenset[str]]
) -> float:
    part = parts[start:end]
    stems = {stem(word) for word in part if is_telling(word)}
    worth = sum(about.get(word, 0.0) for word in stems) / math.sqrt(len(stems))
    together = sum(stems <= each for each in said)
    worth *= _BY_LENGTH[min(len(stems), 4)] * (0.6 if together < _TOLD_OFTEN else 1.0)
    return worth * (1.0 + 0.2 * min(4, together)) * _likeness(parts, start, end)


def _likeness(parts: list[str], start: int, end: int) -> float:
    """How much a phrase looks like a whole thing's name, by its ends and what stands around it."""
    first = parts[start].lower()
    before = parts[start - 1].lower() if start else ""
    after = parts[end].lower() if end < len(parts) else ""
    like = 1.3 if before in _BEFORE_NOUNS else 1.0
    like *= 1.15 if after in _AFTER_A_SUBJECT else 1.0
    like *= 0.5 if before in _BEFORE_VERBS and parts[start].islower() else 1.0
    does = parts[start + 1].lower() in _ARTICLES
    does = does or (first.endswith("ed") and parts[start + 1].lower() in _LINKING)
    like *= 0.35 if does else 1.0
    inner = parts[start + 1 : end - 1]
    like *= 0.4 if any(_seldom(word) for word in inner) else 1.0
    for word in (before, after):
        like *= 0.7 if is_telling(word) and not _seldom(word) else 1.0
    return like
