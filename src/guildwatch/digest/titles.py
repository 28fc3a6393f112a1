"""A readable title for a conversation: what was asked, or the phrase that it is most about."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

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
_RUN = re.compile(r"[^\w\s'’./+#-]+|\s[-–—/.]+\s|\.\s|\.$|\.\.+")
_MOST_WORDS = 4
_LONGEST = 60
_LONGEST_LEAD = 70
_FEW = 3
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_BY_LENGTH = (0.0, 0.55, 1.0, 1.0, 0.85)
_LINKING = frozenset({"of", "for", "to", "in", "on", "with", "the", "a", "an"})


def title(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    """A title out of the words that are quoted, so that their receipts are its own.

    The last lone message's first sentence is a title by itself; else what somebody asked for or
    tried to do; else the phrase that the conversation is most about.
    """
    lead = _SENTENCE_END.split(told[-1], maxsplit=1)[0]
    alone = len(lines) <= _FEW and len({line.author_id for line in lines}) == 1
    if alone and 8 <= len(lead) <= _LONGEST_LEAD:
        return _capitalised(lead.rstrip(".:"))
    for text in told[:2]:
        aim = _aim(text, about)
        if aim:
            return _capitalised(aim)
    return _capitalised(_best_phrase(lines, told, about, names) or shortened(told[0]))


def _aim(text: str, about: dict[str, float]) -> str | None:
    """What somebody asked for or tried to do, where it is short and to the point."""
    for found in _AIM.finditer(text):
        aim = _CLAUSE_END.sub("", found["aim"]).replace("`", "").strip(" -'\"")
        telling = [stem(word) for word in words(aim) if is_telling(word)]
        central = [word for word in telling if about.get(word, 0.0) > 0.3]
        if len(telling) >= 2 and central and 10 <= len(aim) <= _LONGEST - 8:
            return f"How to {aim}" if found["how"] else aim
    return None


def _best_phrase(
    lines: Sequence[Line], told: Sequence[str], about: dict[str, float], names: frozenset[str]
) -> str:
    stated = Counter(word for line in lines for word in set(line.said))
    best, best_worth = "", 0.0
    for place, text in enumerate(told):
        for phrase in _phrases(text, names):
            stems = {stem(word) for word in phrase if is_telling(word)}
            worth = sum(about.get(word, 0.0) for word in stems) / len(stems) ** 0.5
            worth *= _BY_LENGTH[min(len(stems), 4)] * (1.3 if place == 0 else 1.0)
            worth *= 1.0 + 0.15 * min(4, *(stated[word] for word in stems))
            if worth > best_worth:
                best, best_worth = " ".join(phrase), worth
    return best


def _phrases(text: str, names: frozenset[str]) -> Iterator[list[str]]:
    for run in _RUN.split(text):
        parts = run.split()
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + _MOST_WORDS) + 1):
                if _is_phrase(parts[start:end], names):
                    yield parts[start:end]


def _is_phrase(part: list[str], names: frozenset[str]) -> bool:
    inner_ok = all(is_telling(word) or word.lower() in _LINKING for word in part[1:-1])
    clean = all(stem(word) not in names and len(word) < 28 and "/" not in word for word in part)
    ends_well = all(is_telling(word) and word[0].isalpha() for word in (part[0], part[-1]))
    return ends_well and inner_ok and clean


def shortened(text: str) -> str:
    """The text, or as many of its first words as a title may have."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
