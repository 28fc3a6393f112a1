"""How a line is said, by the words that give it away: opening, greeting, assenting, turning."""

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
POINTING = ("^", "+", ">")  # how a line begins that means the one above it
