"""Words: which of them tell something, and their stems, good enough to compare by."""

import re
from functools import lru_cache

from guildwatch.sensitive import MARKS

_WORD = re.compile(r"[^\W_](?:[\w'’.+/-]*[^\W_])?|[^\W_]", re.UNICODE)
_STEM_ENDS = ("ations", "ation", "ings", "ing", "ies", "ied", "edly", "ed", "es", "ly", "s", "e")

_STOP = """
    a about above actually after again against ah all almost already also although always am an
    and another any anybody anymore anyone anything anyway are aren't around as ask at away back be
    because been before being believe below best better between bit both but by call came can can't
    cant cannot case come comes coming could couldn't course cuz day did didn't didnt different do
    does doesn't doesnt doing don't dont done down during each easy either else em end enough etc
    even ever every everybody everyone everything exactly far feel few find fine first for found
    from gave get gets getting give given go goes going gone gonna good got gotta great guess guy
    guys had hadn't hardly has hasn't have haven't having he he'd he'll he's her here here's hers
    herself hi him himself his how how's however i i'd i'll i'm i've id idea if ill im in indeed
    instead into is isn't isnt it it'd it'll it's its itself ive just keep kind know known last
    later least less let let's lets like likely little long look looking looks lot lots made make
    makes making many maybe me mean means might mine more most much must my myself need needed
    needs never new next nice no nobody none nope nor not nothing now of off often oh ok okay old
    on once one ones only onto or other others otherwise ought our ours ourselves out over own
    perhaps please point possible pretty probably put quite rather re real really right said same
    saw say saying says see seem seems seen set several shall she she'd she's should shouldn't
    show similar simply since so some somebody somehow someone something sometimes somewhere soon
    sorry sort still stuff such suppose sure take taken takes tell than thank thanks that that's
    thats the their theirs them themselves then there there's theres these they they'd they'll
    they're they've thing things think this those though thought through thus till time times to
    today together told tomorrow too took tried tries try trying two u um under unless until up
    upon ur us use used useful uses using usually very via want wanted wants was wasn't way we we'd
    we'll we're we've well went were weren't what what's whatever when where where's whether which
    while who who's whole whom whose why will with within without won't wont wonder word work
    working works would wouldn't yeah yep yes yesterday yet you you'd you'll you're you've your
    yours yourself yup hello hey lol haha hehe thx ty np pls plz btw imo imho afaik iirc hmm hm
    huh wow cool thank ya yo brb gtg hmmm mhm aha ooh ah uh eh damn man dude folks evening morning
    night afternoon welcome bye cheers glad hope happy hopefully basically literally honestly
    anyways kinda
    second seconds minute minutes hour hours day days week weeks month months year years
    three four five six seven eight nine ten half apparently fairly especially currently recently
"""
# The marks stand in the place of words, but tell nothing of a subject.
STOP = frozenset(_STOP.split()) | {mark.strip("[]") for mark in MARKS.values()}


def words(text: str) -> list[str]:
    """All words of a text as they stand, numbers and names among them."""
    return _WORD.findall(text)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its most common endings, in lower case: `saving` and `saves` are `sav`."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    for end in _STEM_ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: len(word) - len(end)]
    return word


@lru_cache(maxsize=50_000)
def is_telling(word: str) -> bool:
    """Whether a word says something about a subject: no filler, not a lone letter or number."""
    low = word.lower().replace("’", "'")
    return len(low) > 2 and low not in STOP and not low.isdigit()


def telling_stems(text: str) -> tuple[str, ...]:
    """The stems of a text's telling words, in order."""
    return tuple(stem(word) for word in words(text) if is_telling(word))
