"""What kind of thing a line says, by the words that give it away."""

import re

from guildwatch.digest.checking.orders import gives_orders
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import MessageKind, PointKind

_DECISION = re.compile(
    r"\[agreed\]|\bagreed\b(?=\W*(?:to|that|on|:)\s|\W*$)|"
    r"\b(?:all|both|everybody|everyone|have|it(?:'s| is| was)) agreed\b|"
    r"^\W*(?:approved|decided)\b|"
    r"\b(?:we|i)(?:'ve| have)? (?:decided?|agreed|settled on)\b|"
    r"\b(?:it'?s|that'?s|is|are) (?:decided|approved|settled|agreed|postponed|cancell?ed)\b|"
    r"\blet'?s (?:go with|settle on|move (?:it|that|the)|postpone|do it)\b|"
    r"\bwe(?:'ll| will) go with\b|\bdecision(?: is|:)|\bgets? (?:postponed|moved to)\b|"
    r"\b(?:wins?|won|is\W+\w+) (?:with|by) \d+ votes\b|"
    r"\b(?:moves?|moved|pushed|postponed) (?:it |the \w+ )?to "
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)
_UNLESS = re.compile(r"\b(?:if|when|once|until|unless|before|not)\b[^.!?]*$", re.IGNORECASE)
_ACTION = re.compile(
    r"^\[?action\b|\baction(?: item)?:|"
    r"\b(?:i'll|i will|i am going to|i'm going to|i'm gonna|let me) (?:\w+ ){0,2}?"
    r"(?:add|announce|build|contact|create|draft|email|file|finish|fix|merge|open|organi[sz]e|post|"
    r"prepare|publish|push|release|report|revert|review|schedule|send|set up|upload|write)\b",
    re.IGNORECASE,
)
# Somebody by name is said to do something; what else begins so with a capital is a pronoun.
_TASK = re.compile(
    r"\b(?!(?:It|That|This|He|She|We|You|They|There|What|Who|Which|One|Nobody|Somebody)\b)"
    r"[A-Z]\w+ (?:takes(?= (?:the|it|this|over|care))|will (?:add|build|fix|merge|post|prepare|"
    r"do (?:it|that|this|the)|release|send|take|test|write))\b"
)
_SOLVED = re.compile(
    r"\b(?:fixed|solved|resolved|that was it|that did it|works now|it works|worked|working now|"
    r"turns out|the (?:problem|issue|cause|reason) (?:was|is (?:that|the|in|a|with))\b|"
    r"got it working|found (?:it|the)|"
    r"(?:did|does) the trick|(?:that|this|it|which) helped|now works|sorted (?:it )?out|"
    r"all (?:good|set|well) now|back to normal|managed to|was able to|success(?:fully)?|ended up|"
    r"(?:compiles|runs|boots|loads|starts|builds) (?:\w+ ){0,3}now|"
    r"(?:working|works|fine|gone) (?:now|again)|recovered|restored|"
    r"(?:it|they|all|everything)(?:['’](?:s|re)| is| are) (?:all )?(?:there|back)(?! to)|"
    r"(?:got|have) (?:it|them|everything|all) back)\b|"
    r"^works (?:on|for|fine|great|now|perfectly)\b",
    re.IGNORECASE,
)
# What did not, does not yet or may one day end well has not ended.
_NOT_ENDED = re.compile(
    r"\b(?:n[o'’]?t|\w+n['’]t|not|never|if|whether|until|once|unless|will|would|should|could|might|"
    r"may|can|must|get|gets|getting|to|hope\w*|maybe|perhaps|probably)\b (?:\w+ ){0,3}?(?:be )?"
    r"(?:fixed|solved|resolved|worked|works|working|managed|helped|found|recovered|restored|"
    r"there|back)\b",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"^\W*(?:ok(?:ay)?|alright|right|so)?\W*(?:in the end|in conclusion|to sum up|bottom line)\b|"
    r"\b(?:conclusion|consensus|outcome|upshot)\b|\bwe(?:'ll|’ll| will)\b|"
    r"\bthe plan is\b|\bi(?:['’]?ll| will| have to| am going to)\b|"
    r"\bi['’]m (?:going to|gonna|stuck)\b|"
    r"\b(?:going|gonna) (?:with|to (?:go|try|use|stay|stick|do|have))\b|\bgiving up\b",
    re.IGNORECASE,
)
# What is asked for effect, or for assent, and waits for no answer.
_RHETORICAL = re.compile(
    r"^\W*(?:(?:and|but|so|well|oh|lol|ok(?:ay)?|i mean|ah)\b\W*)*(?:"
    r"who (?:cares|knew|knows|needs|even|would (?:want|do|ever)|(?:does|would|is)n['’]?t)\b|"
    r"why (?:not|bother|would (?:any|some)(?:one|body)|should i care|me|oh why)\b|so what\b|"
    r"(?:now )?what (?:could|can) (?:possibly )?go wrong|what(?:['’]s| is) not to like|"
    r"what (?:the|in the world|on earth)\b|wtf\b|how (?:hard|bad|difficult) (?:can|could)\b|"
    r"how (?:cool|great|nice|sad|weird|dare|about that)\b|"
    r"what (?:else|now|of it|gives|did (?:i|you) (?:say|expect))\b|"
    r"(?:do|did|does) (?:i|it|you) (?:look|really (?:matter|care)|even)\b|does it matter|"
    r"(?:are|r) (?:you|u) (?:kidding|serious|joking|mad|insane|sure)|am i right|"
    r"you know(?: what)?\W*$|guess (?:what|who)|remember (?:when|that)|"
    r"isn['’]?t (?:it|that|this)\b|aren['’]?t (?:we|they)\b|"
    r"(?:can|could|would) (?:you|we) (?:believe|imagine)|is (?:it|that) just me|know what i mean|"
    r"where would we be|when (?:did|does) (?:it|that) ever|since when)",
    re.IGNORECASE,
)
_ASKED_SENTENCE = re.compile(r"[^.!?]*\?+")
# What says that something is not as it should be, whatever it is.
_TROUBLE = re.compile(
    r"\b(?:errors?|fail(?:s|ed|ing|ures?)?|crash\w*|panics?|hangs?|hung|fr(?:eez|oz)\w*|brok\w+|"
    r"breaks?|breaking|stuck|gone|lost|los(?:es|ing)|missing|dead|corrupt\w*|wrong|vanish\w*|"
    r"disappear\w*|problems?|trouble|conflicts?|leaks?|refus(?:es|ed)|rejects?|"
    r"rejected|declined?|denied|unable|no longer|too slow|complain(?:s|ed)|"
    r"un(?:recogni[sz]ed|allocated|mountable|usable|bootable|readable|supported|responsive)|"
    r"there(?:['’]s| is| are) no|not (?:\w+ )?(?:recogni[sz]ed|detected|found|visible|mounted|"
    r"responding|available|showing|loading|starting)|"
    r"(?:can|wo|does|is|did|could)n[o'’]?t|(?:does|is|can|did|will) ?not|cannot)\b",
    re.IGNORECASE,
)
_NO_TROUBLE = re.compile(
    r"\b(?:no|without|any|not (?:hav|gett)ing (?:a|an|any)?) (?:\w+ )?"
    r"(?:errors?|problems?|trouble)\b|"
    r"\b(?:can|could|did)(?:n[o'’]?t| ?not) (?:find|know|see|say|think|remember|tell|understand)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"^(?:@?[^\s,:]{2,32}[,:]\s+)?[\"“][^\"“”]+[\"”]\W*$")
_SUGGESTS = re.compile(
    r"^\W*(?:just |then |so |well |ok |also |and |maybe |please )*(?:try|use|run|set|add|remove|"
    r"install|check|put|make|copy|open|see|look|do|don'?t|start|stop|turn|switch|change)\b|"
    r"\b(?:maybe|just|can|could|should|may|might|please|suggest|recommend|better|to) "
    r"(?:also |just )?"
    r"(?:try|use|run|set|add|remove|install|check|put|make|copy|open|reinstall|change|switch)\b|"
    r"\byou(?:'ll| will| can| could| should| need| have to| might|'d have to)\b|"
    r"\bi(?:'d| would) \w+",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"^\W*\d{1,2}[.):]\s+(?=\D)|^\W*(?:topic|agenda|next(?: (?:up|item|topic))?|first (?:up|item)|"
    r"moving on to|on to|lastly|finally)\b\W",
    re.IGNORECASE,
)
_QUESTION_MARK = re.compile(r"\?\W*$|\?\s")
# Only these beginnings ask without a mark: "What I mean is", "Who does what: …" do not.
_ASKING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|and|also|but|ok(?:ay)?)\b\W*)*(?:"
    r"how (?:do|does|did|can|could|should|would|to|is|are|about|many|much|come)\b|"
    r"(?:what|who|where|when|why)"
    r"(?:'s| is| are| was| do| does| did| can| could| should| would)\b|"
    r"which (?:(?:is|are|was) (?:the|a|your|better|best)|one|of|do|does|did|can|should|would)\b|"
    r"is there\b|are there\b|does any|do any|(?:can|could) (?:i|we|any|some)|"
    r"any(?:one|body) (?:know|have|has|here|got|using)|any (?:idea|hint|suggestion))",
    re.IGNORECASE,
)
_STATING = re.compile(r":\s|[.!…]\W*$")
_TAG = re.compile(
    r"[,.;…]\s*(?:but |or )?(?:right|maybe|perhaps|yes|no|ok(?:ay)?|huh|eh|correct|not|isn't it)"
    r"\?\W*$",
    re.IGNORECASE,
)
_OF_YOU = re.compile(
    r"\b(?:have|did|are|were|would|will|do) you\b(?! (?:guys|all|know|think|have))", re.IGNORECASE
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|ty|tnx|cheers|danke|merci|gracias)\b", re.IGNORECASE
)
_NEVER_MIND = re.compile(r"\b(?:never ?mind|nvm|forget it|no longer needed)\b", re.IGNORECASE)


def asks(text: str) -> bool:
    """Whether a text is a question; one that only seeks assent at its end is none."""
    if _QUESTION_MARK.search(text):
        return not (text.count("?") == 1 and _TAG.search(text))
    return bool(_ASKING.search(text)) and not _STATING.search(text)


def asks_one_person(text: str) -> bool:
    """Whether a question is put to somebody and not to whoever knows."""
    return bool(_OF_YOU.search(text))


def is_elsewhere(text: str) -> bool:
    """Whether a text is all in quotation marks: words of a page, or of somebody else."""
    return bool(_ELSEWHERE.match(text))


def gives_up(text: str) -> bool:
    """Whether somebody takes back what they asked."""
    return bool(_NEVER_MIND.search(text))


def orders_machines(text: str) -> bool:
    """Whether a text tries to give orders to a program that reads along."""
    return gives_orders(text)


def tells_outcome(text: str) -> bool:
    """Whether a text says how something ended."""
    solved = bool(_SOLVED.search(_NOT_ENDED.sub("", text)))
    return solved and not asks(text) and not is_elsewhere(text)


def concludes(text: str) -> bool:
    """Whether a text says what somebody makes of it all, or will do now."""
    return bool(_CONCLUDES.search(text)) and not asks(text)


def is_rhetorical(text: str) -> bool:
    """Whether all that a text asks is asked for effect or assent, or says not what it asks after.

    "Who cares?", "why not?", "right?"
    """
    asked = [one[0] for one in _ASKED_SENTENCE.finditer(text)]
    return bool(asked) and all(_RHETORICAL.match(one) or not telling_stems(one) for one in asked)


def tells_trouble(text: str) -> bool:
    """Whether a text says that something is not as it should be."""
    return bool(_TROUBLE.search(_NO_TROUBLE.sub("", text)))


def suggests(text: str) -> bool:
    """Whether a text tells somebody what they might do."""
    return bool(_SUGGESTS.search(text))


def announces(text: str) -> bool:
    """Whether a text says which matter comes now, as an agenda or who chairs a meeting does."""
    return bool(_ANNOUNCES.search(text))


def is_thanks(text: str) -> bool:
    """Whether a text gives thanks, as people do once they were helped."""
    return bool(_THANKS.search(text))


def kind_of(line: Line, *, answered: bool) -> PointKind:
    """The kind of a line; a question counts as one only while nobody has taken it up."""
    if line.kind is MessageKind.POLL:
        return PointKind.FACT
    if asks(line.text):
        is_open = not answered and not is_rhetorical(line.text)
        return PointKind.QUESTION if is_open else PointKind.FACT
    decided = _DECISION.search(line.text)
    if decided and not _UNLESS.search(line.text[: decided.start()]):
        return PointKind.DECISION
    if _ACTION.search(line.text) or _TASK.search(line.text):
        return PointKind.ACTION
    return PointKind.FACT


_LOOSE = {
    PointKind.QUESTION: re.compile(
        _QUESTION_MARK.pattern + r"|^(?:how|what|why|where|which|who|when)\b|" + _ASKING.pattern,
        re.IGNORECASE,
    ),
    PointKind.DECISION: re.compile(
        _DECISION.pattern
        + r"|\b(?:decid|agree|let'?s|we(?:'ll| will| should)|approved?|vote|final)",
        re.IGNORECASE,
    ),
    PointKind.ACTION: re.compile(
        _ACTION.pattern + r"|\b(?:i'll|i will|todo|going to|gonna|please|need(?:s|ed)? to|on it)\b",
        re.IGNORECASE,
    ),
}


def supports(kind: PointKind, text: str) -> bool:
    """Whether a text can bear out a point of this kind that somebody else made of it."""
    return kind not in _LOOSE or bool(_LOOSE[kind].search(text))
