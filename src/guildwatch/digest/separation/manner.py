"""How a line is said, by the words that give it away: opening, greeting, assenting, closing."""

import re

GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hallo|greetings|good (?:morning|evening|day))\b", re.IGNORECASE
)
OPENING = re.compile(
    r"\?\s*$|\b(?:how (?:do|can|to)|can (?:any|some)one|does any|any ?(?:one|body)|is there|"
    r"i(?:'m| am|'ve| have) (?:trying|having|got|a )|need help|problem with)\b",
    re.IGNORECASE,
)
ASSENT = re.compile(
    r"^\W*(?:yes|yeah|yep|no|nope|ok|okay|thanks|thank you|thx|ty|right|sure|ah|oh|hm+|lol|true|"
    r"agreed|\+1|cool|great)\b",
    re.IGNORECASE,
)
TURN = re.compile(
    r"^\W*#?\[?(?:sub)?topic\b|^#(?:start|end)meeting|\bnext (?:topic|item|up|on the agenda)\b|"
    r"\bany other business\b|\baob\b|^\W*(?:moving on|let'?s (?:move on|get started|start))\b|"
    r"\banything else\b|\bagenda\b",
    re.IGNORECASE,
)
HEADING = re.compile(  # as the bots that keep a meeting's minutes take it
    r"^\W*(?:\[(?:sub)?topic\]|#(?:sub)?topic\b|(?:sub)?topic\s?:|#?startmeeting\b|agenda item\b|"
    r"next (?:topic|item|on the agenda)\b)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|bye|goodbye|good night|ttyl|gtg|gotta go|see you)\b",
    re.IGNORECASE,
)
OTHER_MATTER = re.compile(
    r"\b(?:another|quick|new|different|one more|other|general|separate|unrelated|next) "
    r"(?:question|issue|problem|thing|topic|matter|note)\b|"
    r"\b(?:unrelated|off-?topic|btw|by the way|anyone|anybody)\b|^\W*(?:q|question)\s?:|"
    r"\b(?:hi|hello|hey) (?:all|everyone|everybody|guys|folks|there)\b",
    re.IGNORECASE,
)
COMMAND = re.compile(r"[!/.?$;+-]{1,2}[a-z][\w-]{1,30}\b(?!\.)", re.IGNORECASE)  # to a bot
NUMBER = re.compile(r"\d{4,12}")  # of an issue, a review, an order: a lower one may be any count
