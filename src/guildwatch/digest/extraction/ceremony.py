"""What is said in every meeting and tells nothing of it: greetings, roll calls, bots' lines."""

import re

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


def is_ceremony(text: str) -> bool:
    """Whether a text is only a greeting, calls people up, or belongs to a meeting's bot."""
    short = len(text) < 80
    return bool(
        _GREETING.fullmatch(text) or (short and _ROLL_CALL.search(text)) or _OF_A_BOT.search(text)
    )
