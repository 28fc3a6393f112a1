"""A message's text without what chat and logs put around a trace, cut into the lines it had."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

LONGEST_TEXT = 16_000
"""Characters that are read; a message of Discord's has 4,000 at most."""

LONGEST_LINE = 600
_MOST_LINES = 800
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]{0,20}[A-Za-z]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
_COLOUR = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\ufeff]")
_FENCE = re.compile(
    r"```(?:[\w+#.-]{1,20}(?=\n))?|(?<!`)`(?=[ \t]*+$)|^[ \t]*+`(?!`)", re.MULTILINE
)
_QUOTE = re.compile(r"(?:\s{0,3}>(?!>> )[ \t]?)+")
_NICK = re.compile(r"(?:\[?\d\d?:\d\d(?::\d\d)?\]? )?<[@+~&%]?[\w\[\]{}^|`-]{1,32}> ")
_STAMP = r"\[?\d{1,4}[-/.:]\d\d?[-/.:]\d{1,4}[T ]?(?:\d\d?:\d\d)?(?::\d\d)?[.,\d]{0,10}Z?\]?"
_LEVEL = r"(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|ERR|FATAL|SEVERE|CRITICAL)"
_LOG = re.compile(
    rf"(?:{_STAMP}[ ]{{1,4}})"
    rf"(?:\[[^\[\]]{{1,60}}\][: ]{{1,3}}|{_LEVEL}[: ]{{1,4}}|\d{{1,7}}[ ]{{1,4}}|[VDIWEF] "
    r"|[\w.$-]{1,60}: (?=[\s]))*"
    r"(?:AndroidRuntime[ ]{0,4}: )?"
    rf"|[VDIWEF]/[\w.$-]{{1,40}}[ ]?\([ ]*\d{{1,7}}\):[ ]?|\[?{_LEVEL}\]?:? (?=\S)"
    r"|[\w.-]{1,40} {1,6}\| |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,60} "
    r"[\w./-]{1,60}(?:\[\d{1,7}\])?: "
)
_BRANCH = re.compile(r"[ ]{0,12}(?:\||\+(?: |-[+-]{0,40}))[ ]?")
_NUMBERED = re.compile(r"[ \t]{0,6}(\d{1,5})[|:.)]?(?:[ \t]|$)")
# Where a line began that somebody joined to the one before it.
_JOINED = re.compile(
    r"(?<=\s)(?<!\beval\s)(?<!panicked\s)(?="
    r"at (?:[\w$<(/.~]|\[[\w.])|File [\"~/]|Caused by: |Suppressed: |Wrapped by: |"
    r"During handling of the above|The above exception was|Traceback \(most recent|"
    r"#\d{1,3}\s|from \S{1,200}:\d+:in |goroutine \d+ \[|[Ss]tack trace:|stack backtrace:|"
    r"stack traceback:|\.\.\. \d+ (?:more|common)|--- End of|---> )"
)


def bare_lines(text: str) -> list[str]:
    """The lines, each with its own indentation, without quoting, fences, colours and log heads."""
    text = _COLOUR.sub("", _ANSI.sub("", text[:LONGEST_TEXT].replace("\r\n", "\n")))
    text = _FENCE.sub("", text).replace("\r", "\n")
    lines = [_unquoted(line) for line in text.split("\n")]
    if _is_numbered(lines):
        lines = [_NUMBERED.sub("", line, count=1) for line in lines]
    return [line for line in lines if line.strip()][:_MOST_LINES]


def pieces(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each line's number and text without indentation; lines that were joined are parted again."""
    for number, line in enumerate(lines):
        start = 0
        for found in _JOINED.finditer(line):
            if piece := line[start : found.start()].strip():
                yield number, piece[:LONGEST_LINE]
            start = found.start()
        if piece := line[start:].strip():
            yield number, piece[:LONGEST_LINE]


def _unquoted(line: str) -> str:
    for prefix in (_QUOTE, _NICK, _LOG, _BRANCH):
        if (found := prefix.match(line)) and found.end():
            line = line[found.end() :]
    return line


def _is_numbered(lines: list[str]) -> bool:
    """Whether an editor's line numbers stand before the lines, one by one."""
    found = [_NUMBERED.match(line) for line in lines if line.strip()]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < 2 or len(numbers) < len(found):
        return False
    return all(next_ - one == 1 for one, next_ in pairwise(numbers))
