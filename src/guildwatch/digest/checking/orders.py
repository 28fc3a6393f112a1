"""Messages that give orders to whoever reads along as a machine; nothing may rest on them.

Only a second wall: what slips through is still checked, and told as somebody's words at most.
"""

import re

from guildwatch.digest.checking.folding import fold

_READER = (
    r"(?:summar(?:y|iz?s?er|izing|ising|ization)(?: (?:bot|ai|tool|engine|model))?|summary|digest"
    r"|recap|report(?:er| writer| bot| engine)?|ai|a\.i\.|assistant|(?:language )?model|llm|gpt"
    r"|chatgpt|chat ?bot|bot|guildwatch|ollama|gemma|llama|claude|machine|language model)s?"
)
_WRITING = (
    r"(?:say|write|state|claim|mention|include|insert|add|put|post|print|output|repeat|announce"
    r"|report|display|show|set|use|begin|start|end|finish|reply|respond|answer|append|prepend|tell"
    r"|produce|generate|return|emit|title|call)"
)
_PLACE = r"(?:summar(?:y|ies)|digest|recap|report|headline|titles?|topic title|first point|output)"
# Each with the letters that one of must be there: to search for them costs hardly anything.
_ORDERS = tuple(
    (letters.split("|"), re.compile(pattern, re.IGNORECASE))
    for letters, pattern in (
        # Old rules are to be forgotten, new ones obeyed.
        (
            "ignor|disregard|forget|overr|bypass|discard|skip",
            (
                r"\b(?:ignor|disregard|forget|overrid|overrul|bypass|discard|skip)\w*\b[^.!?\n]{0,50}"
                r"\b(?:instruct\w*|prompts?|rules?|guidelines?|directions?|orders?|directives?"
                r"|constraints?|training|messages? (?:above|before)|(?:above|previous|earlier) "
                r"(?:messages?|text)|system)\b"
            ),
        ),
        (
            "instruction|prompt|directive|task",
            (
                r"\b(?:new|updated|real|actual|revised|additional|following|hidden|secret|special) "
                r"(?:system )?(?:instructions?|prompt|directives?|task)\b\s*"
                r"(?::|for you|are|is|follow)"
            ),
        ),
        (
            "prompt|mode|message|override|instruction",
            (
                r"\b(?:system|developer|admin|root|debug|god|dan) ?"
                r"(?:prompt|mode|message|override|instruction)"
            ),
        ),
        (
            "you are|you're|act as|behave as|pretend|roleplay",
            (
                r"\b(?:you are|you're|act as|behave as|pretend to be|roleplay as) "
                r"(?:now |no longer )?"
                rf"(?:an? |the |my )?(?:\w+ )?(?:{_READER}|dan|free of|unrestricted|jailbroken)\b"
            ),
        ),
        (
            "from now on|henceforth|starting now",
            r"\b(?:from now on|henceforth|starting now),? (?:you|every|all|always|only|your)\b",
        ),
        (
            "prompt|instructions|rules",
            (
                r"\b(?:reveal|leak|print|show|repeat|output|dump)\w* (?:me |us )?(?:your|the) "
                r"(?:\w+ )?(?:system )?(?:prompt|instructions|rules)\b"
            ),
        ),
        ("as an ai|as a lang|as an ass", r"\bas an? (?:ai|language model|assistant)\b"),
        # Whoever reads along is spoken to, or what it writes.
        (
            "attention|not|hey|hi|hello|dear|mess|memo|instr|reminder|important",
            (
                r"\b(?:attention|note|notice|hey|hi|hello|dear|message|memo|instructions?|reminder"
                rf"|important),? (?:to |for )?(?:the |all |any |every )?{_READER}\b"
            ),
        ),
        (
            ":|,",
            rf"(?:^|[.!?\]]\s*)(?:the )?{_READER}\s*[:,]\s*(?:\w+\s+){{0,3}}{_WRITING}\b",
        ),
        (
            "must|should|shall|has to|required|needs to|will now|please",
            (
                rf"\b{_READER} (?:must|should|shall|has to|is required to|needs to|will now|please)"
                rf"\b[^.!?\n]{{0,40}}\b{_WRITING}\b"
            ),
        ),
        (
            "summar|digest|recap|report|headline|title|point|output",
            (
                rf"\b{_WRITING}\b[^.!?\n]{{0,160}}\b(?:in|into|as|to|on|of|with) "
                rf"(?:the|your|its|today's|this|all|every|each)(?: \w+)? {_PLACE}\b"
                rf"|\b(?:the|your|its|today's|this|all|every|each) (?:\w+ )?{_PLACE}\b"
                rf"[^.!?\n]{{0,40}}"
                r"\b(?:must|should|shall|has to|is to|needs to|will be)\b[^.!?\n]{0,40}"
                rf"\b(?:{_WRITING}s?|be|read|contain|consist)\b"
                rf"|\b(?:in|for) (?:the|your|today's|this) {_PLACE}\b[^.!?\n]{{0,20}}[,:]\s*"
                rf"{_WRITING}\b"
            ),
        ),
        (
            "only|nothing but|exclusively|just",
            (
                r"\b(?:respond|answer|reply|output|write)\w* (?:only|nothing but|exclusively|just) "
                r"(?:with|in)\b"
            ),
        ),
        (
            "decode|rot|base|deciph|decrypt|unscram|backwards",
            (
                r"\b(?:decode|rot ?13|base64|base 64|decipher|decrypt|unscramble|read backwards)\b"
                r"[^.!?\n]{0,60}\b(?:obey|execute|follow|do (?:it|as|what)|carry out|comply"
                r"|and (?:say|write|post|print))\b"
            ),
        ),
        # Turns and answers imitated.
        (
            "<|>|[|#|-",
            (
                r"<[|｜]|[|｜]>|<<sys>>|\[/?inst\]|<(?:start|end)_of_turn>"
                r"|</?(?:system|assistant|user|s|eos|bos|messages?|transcript|data|context|chat"
                r"|instructions?|prompt|untrusted)>"
                r"|(?:^|\s)#{1,6} ?(?:system|instruction|assistant|response|new task)"
                r"|(?:^|\s)\[\d{1,6}\] ?[^\s:\[\]]{1,32}\s*:"
            ),
        ),
        (
            "system|assistant|develop",
            (
                r"(?:^|[>\]/-]\s*)(?:system|assistant|developer)\s*"
                r"(?:\(\w+\))?\s*:"
            ),
        ),
        (
            "begin|start|end",
            (
                r"\b(?:begin|start|end)(?:ning)? (?:of )?(?:the )?(?:system|messages?|transcript"
                r"|conversation|chat ?log|data|untrusted|prompt|instructions?)\b"
                r"\s*(?:-{2,}|={2,}|\*{2,}|\]|>|$|:)"
            ),
        ),
        ('":|" :', r"\"(?:topics|points|refs|role|headline)\"\s*:"),
    )
)
# The same order in other languages: a word for disregarding near one for instructions.
_FORGET = (
    r"ignor\w*|missacht\w*|vergiss|vergesst|oubli\w*|olvid\w*|dimentic\w*|esque[cç]\w*|negeer\w*"
    r"|vergeet|игнорир\w*|забуд\w*|zignoruj\w*|zapomnij|yok say\w*|unut\w*|忽略|忘记|忘掉|无视|無視"
    r"|忽視|무시|잊|تجاهل|انس|התעלם|שכח|अनदेखा|भूल|忘れ"
)
_RULES = (
    r"anweisung\w*|vorgaben|regeln|instruc\w*|instruç\w*|istruzion\w*|instructie\w*|consignes"
    r"|règles|reglas|regole|regras|opdracht\w*|инструкц\w*|указани\w*|правил\w*|instrukcj\w*"
    r"|polecen\w*|talimat\w*|kurallar\w*|指令|指示|说明|提示|規則|规则|命令|지시|명령|규칙|تعليمات|أوامر"
    r"|הוראות|निर्देश\w*|prompts?"
)
_FORGETTING = re.compile(_FORGET, re.IGNORECASE)
_FOREIGN = re.compile(
    rf"(?:{_FORGET})[^.!?。！？\n]{{0,60}}(?:{_RULES})|(?:{_RULES})[^.!?。！？\n]{{0,30}}(?:{_FORGET})",
    re.IGNORECASE,
)


def gives_orders(text: str) -> bool:
    """Whether a text tries to give orders to a program that reads along."""
    low = fold(text).casefold()
    for letters, pattern in _ORDERS:
        if any(each in low for each in letters) and pattern.search(low):
            return True
    return bool(_FORGETTING.search(low) and _FOREIGN.search(low))
