"""What is said in every meeting and tells nothing of it: greetings, roll calls, how it is led."""

import re
from collections.abc import Collection

from guildwatch.digest.transcript.words import is_telling, stem, words

_GREETING = re.compile(
    r"\W*(?:(?:hi|hello|hey|heya|hiya|howdy|hola|hallo|moin|salut|bonjour|привет|o/|good|morning|"
    r"evening|afternoon|night|bye|cya|welcome|back|ok|okay|hokay|so|and|all|every(?:one|body)|folks|"
    r"guys|there|again|you|to|for|coming|attending|joining|thanks|thank|thx|here|present|yes|lol|"
    r"hah|haha|heh|cool|great|nice)\b\W*)*",
    re.IGNORECASE,
)
_ROLL_CALL = re.compile(
    r"\b(?:who(?: else)?(?:'s| is|'s all| are| all)?|any(?:one|body)(?: else)?|every(?:one|body)|"
    r"you(?: guys)?)(?: \w+)? (?:here|around|present|missing|ready|i(?:'ve)? missed)\b",
    re.IGNORECASE,
)
_OF_A_BOT = re.compile(
    r"^\W*[#!.](?:start|end)meeting|^[#!](?:chair|meetingname|topic\W*$)|"
    r"^meeting (?:started|ended) \w{3}|^(?:current|the) chairs? (?:is|are)|^current chairs?:|"
    r"\buseful commands\b|\bmeetbot\b|^(?:minutes|log)(?: \(\w+\))?:|^[!.$]\w+(?:\s\S+)?$",
    re.IGNORECASE,
)
# What whoever leads a meeting says of the meeting itself, whatever it is about.
_LED = re.compile(
    r"\b(?:agenda|greetings?|roll ?call|aob|any other business|o(?:n|ff)[- ]topic|adjourn\w*|"
    r"mov(?:e|es|ing) (?:on|along|forward|ahead)|anything (?:else|more)|get started|"
    r"wrap (?:it )?up|(?:go|carry|start|proceed\w*) (?:on|ahead|with)|"
    r"on ?to (?:the )?(?:next|point|item|topic)|"
    r"(?:next|additional|other|more|any|remaining|last|first) (?:\w+ )?"
    r"(?:items?|points?|topics?|meeting|questions?|comments?|thoughts|objections?|matters?)|"
    r"(?:items?|points?|topics?) (?:no\.? ?)?\d+|next (?:one|up|on)|meeting to (?:start|begin|end)|"
    r"(?:start\w*|beg[iau]n|ends?|conclud\w+|clos\w+|welcome to) (?:the |this |our )?meeting)\b",
    re.IGNORECASE,
)
_LEADING_WORDS = """
    meeting meetings agenda item items point points topic topics greeting greetings roll call
    rollcall business aob move moves moving forward ahead along proceed proceeding planned start
    started starting begin beginning end ended ending conclude concludes concluded close closed
    adjourn adjourned wrap anything question questions comment comments thoughts objections
    objection matter matters additional previous confirm date discuss discussion discussing
    regular bring brings add order hand floor open forum everybody present attendance welcome list
    remaining quick quickly hear heard speak ready wait join joined
"""
_LEADING = frozenset(map(stem, _LEADING_WORDS.split()))
_DATE_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december utc gmt
"""
_OF_AN_AGENDA = _LEADING | frozenset(map(stem, _DATE_WORDS.split()))
_AGENDA = re.compile(r"\bagenda\b", re.IGNORECASE)


def is_ceremony(text: str) -> bool:
    """Whether a text is only a greeting, calls people up, or belongs to a meeting's bot."""
    short = len(text) < 80
    return bool(
        _GREETING.fullmatch(text) or (short and _ROLL_CALL.search(text)) or _OF_A_BOT.search(text)
    )


def leads_a_meeting(text: str, low_names: Collection[str] = ()) -> bool:
    """Whether a text only leads through a meeting: it names no matter but the meeting itself.

    "Let's move on to item 3", "any additional meeting items", "confirm the next date". Names of
    people, `low_names`, are no matter.
    """
    if not _LED.search(text):
        return False
    formal = _OF_AN_AGENDA if _AGENDA.search(text) else _LEADING
    return all(
        stem(part) in formal
        for word in words(text)
        for part in word.split("/")
        if is_telling(part) and not part[0].isdigit() and part.lower() not in low_names
    )
