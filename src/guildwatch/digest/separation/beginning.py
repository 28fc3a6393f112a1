"""What speaks for a line's beginning something new."""

import math
from itertools import islice

from guildwatch.digest.separation.manner import ASSENT, GREETING, OTHER_MATTER
from guildwatch.digest.separation.memory import Heard, Memory
from guildwatch.digest.transcript.lines import Line

SHORT = 4  # words
_AROUND = 15  # lines in which we look how many people talk
_ECHO = 12  # lines in which a word is the talk of the moment
_REPLYING, _REPLYING_USUAL = 40, 3  # lines, and how many we act as if we had seen without a reply
_NAMING, _NAMING_USUAL = 0.3, 40  # the share of lines that name somebody, and how firm that is
_REPLIES_USUAL = 5
_NEVER = 1e5  # seconds since somebody spoke who did not
_LULL = 1800.0  # seconds

BEGINNING = (
    "new", "greeting", "newcomer", "addressing", "addressing_known", "length", "own_silence",
    "silence", "people", "assent", "naming", "short", "opening_newcomer", "unaddressed_naming",
    "link", "turn", "called", "lull", "opening_silence", "replies", "greeting_newcomer", "feed",
    "feed_silence", "replying", "replying_addressing", "replying_newcomer", "replying_silence",
    "replying_own_silence", "unheard", "unheard_opening", "other_matter", "closed_opening", "echo",
    "called_opening", "heading",
)  # fmt: skip


def naming(memory: Memory) -> float:
    """The share of the remembered lines that name somebody."""
    return (memory.addressing + _NAMING * _NAMING_USUAL) / (len(memory) + _NAMING_USUAL)


def replying(memory: Memory) -> float:
    """The share of the last lines that are replies."""
    latest = [heard.is_reply for heard in islice(reversed(memory.lines), _REPLYING)]
    return sum(latest) / (len(latest) + _REPLYING_USUAL)


def beginning(memory: Memory, line: Line, new: Heard) -> list[float]:
    """What speaks for beginning something new, in the order of BEGINNING."""
    now, mine = line.at, memory.last_of.get(new.author_id)
    called_by = memory.last_to.get(new.author_id)
    own_silence = _silence(now - mine.at if mine else _NEVER)
    quiet = max(0.0, now - memory.lines[-1].at) if memory.lines else _NEVER
    silence, words = _silence(quiet), len(line.text.split())
    newcomer, greeting = mine is None, bool(GREETING.search(line.text))
    addressing, names = bool(new.spoken_to), naming(memory)
    called = called_by is not None and (mine is None or mine.number < called_by.number)
    replies = replying(memory)
    unheard = math.log1p(sum(not memory.seen[word] for word in new.said)) / 2.0
    latest = islice(reversed(memory.lines), _ECHO)
    people = len({each.author_id for each in islice(reversed(memory.lines), _AROUND)})
    return [
        1.0, greeting, newcomer, addressing, any(id_ in memory.last_of for id_ in new.spoken_to),
        math.log1p(words), own_silence, silence, math.log(people or 1),
        bool(ASSENT.search(line.text)), names, words <= SHORT, new.opens * newcomer,
        (not addressing) * names, bool(line.urls), new.turns, called, quiet > _LULL,
        new.opens * silence, memory.replies / (len(memory) + _REPLIES_USUAL),
        greeting * newcomer, new.is_feed, new.is_feed * silence, replies, replies * addressing,
        replies * newcomer, replies * silence, replies * own_silence, unheard,
        unheard * new.opens, bool(OTHER_MATTER.search(line.text)),
        mine is not None and mine.closes and new.opens,
        any(not new.said.isdisjoint(each.said) for each in latest), called * new.opens, new.heads,
    ]  # fmt: skip


def _silence(seconds: float) -> float:
    return min(5.0, math.log1p(seconds / 60.0))
