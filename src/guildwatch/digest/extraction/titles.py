"""A readable title for a conversation: what was asked, or the phrase that it is most about."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from guildwatch.digest.extraction.cues import asks, tells_trouble
from guildwatch.digest.extraction.leaning import bare, leans
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import is_telling, stem, telling_stems, words

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
    r"\s+(?:but|because|and (?:i|then|now|it|they|we|he|she)|so (?:i|that)|when i|if i|which|"
    r"without|since|or|before|after|until|while)\b.*$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"`[^`]*`?|[^\w\s'’./+#-]+|\s[-–—/.]+\s|\.\s|\.$|\.\.+")
_FEWEST_WORDS, _MOST_WORDS = 2, 4
_SHORT_NAME = 4  # letters: CPU, RAM and BIOS are spoken of everywhere
_LONGEST = 60
_CLAUSE = re.compile(r"[,;:()–—…](?!\w)|\(|\s-\s|\.\.+|(?<=[.!?])\s+")
_JOINED = re.compile(r"\s+(?:and|but|because|so|since|if|when|though|although)\s+", re.IGNORECASE)
# What stands before what is wrong and says nothing of it.
_SAID_BEFORE = re.compile(
    r"^(?:(?:today|yesterday|recently|i(?:['’](?:m|ve)|m| am| have)?|we(?:['’](?:re|ve))?|you|have|"
    r"had|has|having|get|got|gets|getting|keep|keeps|see|is|it(?:['’]s)?|there(?:['’]s| is| are)|"
    r"a|an|the|my|some|this|that|always|just|only|also|now|still)\s+)+",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:same|it|this|that|they|them|he|she|you|so|assuming|if)\b", re.IGNORECASE
)
_PERSON = re.compile(r"\b(?:i|i['’]?m|i['’]ve|me|my|you|your|we|he|she)\b", re.IGNORECASE)
_PERSONAL = 0.25  # of what a clause says that somebody says of themselves
_CORE = 4  # words
_ENOUGH, _LITTLE, _NEARLY = 0.5, 0.5, 0.6
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
    meeting meetings agenda item items previous additional
    add allow apply ask attach boot build call change check choose click close come comes copy
    create crashed deal delete disable do download drop enable expect explain fail fails fix
    follow give happen happens hear help hold install installed installing is keep lead learn
    load lost missing mount move moves need open paste pass passes pay plug press pull push read
    reboot reinstall reload remove rename reopened replace require run running save saved select
    send ship show start starts stop suggest switch test tested treat tried type update upgrade
    upload want wipe wish wonder write
"""
_COMMANDS = frozenset({"sudo", "apt", "apt-get", "apt-cache", "cd", "ls", "grep", "cat"})
_BEFORE_NOUNS = frozenset(_NOUNS_FOLLOW.split())
_BEFORE_VERBS = frozenset(_VERBS_FOLLOW.split())
_SELDOM = frozenset(_SELDOM_AT_ENDS.split())
_TOLD_OFTEN = 2  # lines
_GOOD = 0.35  # of the best that a phrase could be worth here; below, a clause says more


def title(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """A title out of the words that are quoted (the key message first): their receipts are its own.

    What somebody wants or what is wrong, where that is what the conversation is about; else the
    phrase that it is most about; else the most telling clause of the key message. A second phrase
    stands after it where the first leaves most of it unsaid.
    """
    phrase = _best_phrase(lines, told, about, names)
    aims = [(aim, _share(aim, about)) for text in told[:2] if (aim := _aim(text, about))]
    wrong = _wrong(told[0], about)
    best = max([*aims, (wrong, _share(wrong, about))], key=lambda each: each[1])
    if best[1] < _ENOUGH * _share(phrase, about) or not best[0]:
        return _capitalised(phrase or _clause(told[0], about, names))
    more = _best_phrase(lines, told[1:], _without(about, best[0]), names)
    both = f"{best[0]}, {more}"
    is_much = _share(more, about) > _NEARLY * best[1] and _is_shared(more, lines)
    unsaid = best in aims and best[1] < _LITTLE and is_much
    return _capitalised(both if unsaid and len(both) <= _LONGEST else best[0])


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


def _wrong(text: str, about: Mapping[str, float]) -> str:
    """The clause that says what is wrong, where one is short enough and names what."""
    best, best_share = "", 0.0
    for part in _CLAUSE.split(text):
        for piece in _JOINED.split(part):
            clause = _SAID_BEFORE.sub("", bare(piece.strip(" .!?'\"-"))).strip()
            fits = 8 <= len(clause) <= _LONGEST and "`" not in clause
            fits = fits and not _ELSEWHERE.search(clause) and not asks(part)
            if fits and tells_trouble(clause) and not leans(clause):
                share = _share(clause, about)
                if share > best_share and len(clause.split()) > 1:
                    best, best_share = clause, share
    return best


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
    if part[0].lower() in _COMMANDS:
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
    second = parts[start + 1].lower()
    does = second in _ARTICLES or (first.endswith("ed") and second in _LINKING)
    like *= 0.35 if does or first in _SELDOM or first.endswith("ly") else 1.0
    like *= 0.35 if last in _SELDOM or last.endswith(("ly", "'t", "ed")) else 1.0
    inner = [word.lower() for word in parts[start + 1 : end - 1]]
    like *= 0.4 if any(word in _SELDOM or word.endswith("ly") for word in inner) else 1.0
    for word in (before, after):
        like *= 0.7 if is_telling(word) and word not in _SELDOM else 1.0
    return like


def _clause(text: str, about: Mapping[str, float], names: frozenset[str]) -> str:
    """The part of a text from pause to pause that tells most, if one is short enough."""
    best, best_worth = "", 0.0
    for part in _CLAUSE.split(text):
        clause = part.strip(" .!?'\"")
        telling = {stem(word) for word in words(clause) if is_telling(word)}
        fits = 10 <= len(clause) <= _LONGEST and clause.count("`") % 2 == 0
        worth = sum(about.get(word, 0.0) for word in telling)
        is_personal = "@" in clause or any(stem(word) in names for word in words(clause))
        worth *= _PERSONAL if is_personal or _PERSON.search(clause) else 1.0
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
