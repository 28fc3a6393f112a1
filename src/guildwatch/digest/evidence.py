"""What speaks for a line's joining each conversation, and for its beginning a new one.

Numbers without weights: `weights.py` has those, found by `benchmarks/train_separation.py`.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from guildwatch.digest.lines import Line
from guildwatch.digest.memory import Going, Memory

_CANDIDATES = 20
_LOOKED_AT = 60  # conversations among which some of the line's people are looked for
_LAST_MINUTES = 900.0
_USUAL = 50  # lines that we act as if we had seen, so that the first ones count as usual
_NAMING, _NAMING_USUAL = 0.3, 40  # the share of lines that name somebody, and how firm that is
_NEVER = 1e5  # seconds since somebody spoke who did not
GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hallo|greetings|good (?:morning|evening|day))\b", re.IGNORECASE
)
_OPENING = re.compile(
    r"\?\s*$|\b(?:how (?:do|can|to)|can (?:any|some)one|does any|any ?(?:one|body)|is there|"
    r"i(?:'m| am|'ve| have) (?:trying|having|got|a )|need help|problem with)\b",
    re.IGNORECASE,
)
_ASSENT = re.compile(
    r"^\W*(?:yes|yeah|yep|no|nope|ok|okay|thanks|thank you|thx|ty|right|sure|ah|oh|hm+|lol|true|"
    r"agreed|\+1|cool|great)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^\W*#?\[?(?:sub)?topic\b|^#(?:start|end)meeting|\bnext (?:topic|item|up|on the agenda)\b|"
    r"\bany other business\b|\baob\b|^\W*(?:moving on|let'?s (?:move on|get started|start))\b|"
    r"\banything else\b|\bagenda\b",
    re.IGNORECASE,
)

JOINING = (
    "pause", "pause_minute", "pause_ten", "latest", "latest_alone", "latest_unnaming",
    "latest_unnamed", "rank", "distance", "shared", "shared_lately", "addressed",
    "addressed_lately", "addressed_last", "addressed_home", "addressed_elsewhere", "answered",
    "answered_lately", "answered_last", "talk_of_others", "latest_of_others", "waited_for",
    "mutual", "returning", "returning_lately", "spoke_here", "own_home", "own_home_lately",
    "own_home_addressing", "continuing", "continuing_slowly", "lone", "lone_question",
    "lone_unaddressed", "assent_latest", "assent_own", "opening_own", "opening_foreign", "size",
    "short_latest", "after_question", "pause_latest", "pause_naming", "spoke_naming",
    "pause_spoke", "quick_stranger", "people", "turn_latest", "turn_own", "newcomer_lone",
)  # fmt: skip
BEGINNING = (
    "new", "greeting", "opening", "homeless", "addressing", "addressing_known", "length",
    "own_silence", "silence", "busy", "assent", "naming", "short", "opening_homeless",
    "unaddressed_naming", "link", "going", "turn", "turn_silence", "newcomer", "long_pause",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """The candidates for a line, with what speaks for each, and for none of them."""

    goings: Sequence[Going]
    joining: Sequence[Sequence[float]]
    beginning: Sequence[float]


def evidence(memory: Memory, line: Line, spoken_to: frozenset[int]) -> Evidence:
    """What speaks for each conversation that may go on, in the order of JOINING and BEGINNING."""
    now, author, text = line.at, line.author_id, line.text
    goings: list[Going] = []
    for going in islice(memory.latest_first(), _LOOKED_AT):
        if (
            len(goings) < _CANDIDATES
            or author in going.spoke
            or author in going.addressed
            or (spoken_to and not spoken_to.isdisjoint(going.spoke))
        ):
            goings.append(going)
    latest = goings[0] if goings else None
    busy = max(
        1, sum(now - each.last.at < _LAST_MINUTES and len(each.lines) > 1 for each in goings)
    )
    naming = (memory.naming + _NAMING * _NAMING_USUAL) / (len(memory) + _NAMING_USUAL)
    homes = sum(author in each.spoke for each in goings)
    opening = 1.0 if _OPENING.search(text) else 0.0
    assent = 1.0 if _ASSENT.search(text) else 0.0
    turn = 1.0 if _TURN.search(text) else 0.0
    count = len(text.split())
    short = 1.0 if count <= 4 else 0.0
    said = set(line.said)
    telling = {
        word: math.log((len(memory) + _USUAL) / (memory.seen[word] + 1)) / 4.0 for word in said
    }
    unaddressed = 0.0 if spoken_to else 1.0
    mine = memory.last_of.get(author)
    my_home = mine.home if mine else None
    their = max(
        (memory.last_of[id_] for id_ in spoken_to if id_ in memory.last_of),
        key=lambda heard: heard.at,
        default=None,
    )
    their_home = their.home if their else None
    newest = memory.lines[-1].number if memory.lines else 0
    rows = []
    for rank, going in enumerate(goings):
        last = going.last
        gap = max(0.0, now - last.at)
        pause = math.log1p(gap / 60.0)
        is_latest = 1.0 if going is latest else 0.0
        shared = lately = 0.0
        if said:
            shared = min(3.0, sum(telling[word] for word in said if word in going.said))
            if shared:
                recent = set().union(*(each.said for each in list(going.lines)[-3:]))
                lately = min(3.0, sum(telling[word] for word in said if word in recent))
        fresh = max((going.spoke[id_].at for id_ in spoken_to if id_ in going.spoke), default=None)
        addressed = addressed_lately = 0.0
        if fresh is not None:
            addressed = math.exp((fresh - now) / 12000.0)
            addressed_lately = math.exp((fresh - now) / 1200.0)
        called = going.addressed.get(author)
        own = going.spoke.get(author)
        answered = math.exp((called.at - now) / 12000.0) if called else 0.0
        answered_lately = math.exp((called.at - now) / 600.0) if called else 0.0
        same = 1.0 if last.author_id == author else 0.0
        to_me = 1.0 if author in last.spoken_to else 0.0
        of_others = 1.0 if last.spoken_to and not to_me and not same else 0.0
        spoke = 1.0 if own else 0.0
        mutual = 1.0 if called and called.author_id in spoken_to else 0.0
        waited = 1.0 if called and (own is None or own.at <= called.at) else 0.0
        returning = math.exp((own.at - now) / 6000.0) / homes**0.67 if own else 0.0
        returning_lately = math.exp((own.at - now) / 600.0) if own else 0.0
        at_home = 1.0 if going is my_home else 0.0
        home_lately = at_home * math.exp((mine.at - now) / 600.0) if mine else 0.0
        lone = 1.0 if len(going.spoke) == 1 and not own else 0.0
        rows.append((
            pause, math.exp(-gap / 60.0), math.exp(-gap / 600.0), is_latest, is_latest / busy,
            is_latest * (1.0 - naming) * unaddressed, is_latest * unaddressed, math.log1p(rank),
            math.log1p(newest - last.number), shared, lately, addressed,
            addressed_lately, 1.0 if last.author_id in spoken_to else 0.0,
            1.0 if going is their_home else 0.0,
            1.0 if their_home and fresh is None else 0.0, answered,
            answered_lately, to_me, of_others * unaddressed, of_others * is_latest, waited,
            mutual, returning, returning_lately, spoke, at_home, home_lately,
            at_home * (1.0 - unaddressed), is_latest * same * math.exp(-gap / 120.0),
            same * math.exp(-gap / 600.0), lone, lone * (1.0 if going.lines[0].asks else 0.0),
            lone * (0.0 if last.spoken_to else 1.0), assent * is_latest, assent * spoke,
            opening * spoke, opening * (1.0 - spoke) * unaddressed, math.log1p(len(going.lines)),
            short * is_latest, (1.0 if last.asks else 0.0) * (1.0 - same), pause * is_latest,
            pause * naming, spoke * naming,
            pause * spoke, (1.0 - spoke) * is_latest * math.exp(-gap / 60.0),
            math.log(len(going.spoke)), turn * is_latest, turn * spoke,
            lone if mine is None else 0.0,
        ))  # fmt: skip
    own_silence = min(5.0, math.log1p((now - mine.at if mine else _NEVER) / 60.0))
    silence = min(5.0, math.log1p(max(0.0, now - latest.last.at) / 60.0)) if latest else 5.0
    homeless = 0.0 if homes else 1.0
    beginning = (
        1.0, 1.0 if GREETING.search(text) else 0.0, opening, homeless, 1.0 - unaddressed,
        1.0 if their else 0.0, math.log1p(count), own_silence, silence, math.log(busy), assent,
        naming, short, opening * homeless, unaddressed * naming, 1.0 if line.urls else 0.0,
        math.log1p(len(goings)), turn, turn * silence, 0.0 if mine else 1.0,
        1.0 if silence > 3.4 else 0.0,
    )  # fmt: skip
    return Evidence(goings, rows, beginning)
