"""Which exceptions a trace names, and the heads that prove a trace even where no call is left."""

import re
from collections.abc import Sequence
from dataclasses import replace

from guildwatch.traces.trace import Frame, Raised

_NAME = re.compile(r"[A-Za-z_$][\w$]*+(?:(?:\.|::|\\|/)[\w$]++)*+")
_TELLING = re.compile(
    r"(?:Exceptions?|Error|Errors|Failure|Throwable|Fault|Interrupt|Panic|Timeout|Abort|Warning|"
    r"Iteration|Exit|Refused|Reset|Expired|NotFound|Forbidden|Unauthorized|Closed|Denied|Group|"
    r"Failed|Mismatch|Overflow|DoesNotExist)$"
)
_SURE = re.compile(r"(?:Exception|Error|Failure|Throwable|Errors)$")
_BEFORE = re.compile(
    r"(?:Exception in thread \"[^\"\n]{0,80}\"|Unhandled [Ee]xception[.:]|Caused by:|---> ?|"
    r"\(Inner Exception #\d+\)|Suppressed:|Uncaught(?: \(in promise\))?:?|"
    r"\(node:\d+\) UnhandledPromiseRejectionWarning:|UnhandledPromiseRejection:|\[ERR\]|ERROR|"
    r"FATAL|(?:PHP )?Fatal error: +Uncaught|Next|error:|\[cause\]:|Unhandled rejection|Wrapped by:|"
    r"Error thrown:|E(?= {2})) *"
)
_AFTER = re.compile(r"(?: ?\[[\w\d]{2,60}\])?(?:: ?| ?$| \(0x[0-9A-F]+\): )")
_RAILS_AFTER = re.compile(r" \((?P<message>.*)\):?\s*$")
_RUBY = re.compile(
    r":in [`'\u2018][^'\u2019\n]{1,200}['\u2019]: (?P<message>.*?) ?\((?P<name>[A-Z][\w:]*+)\)"
)
_RUBY_TAIL = re.compile(r"\((?P<name>[A-Z]\w*+(?:::\w++)*+)\)\s*$")
_OLD_PHP = re.compile(
    r"[Ee]xception '(?P<name>[\w\\]++)' with message '(?P<message>[^\n]*?)'(?: in |$)"
)
_MONOLOG = re.compile(r"\[object\] \((?P<name>[\w\\]++)\(code: [^)]{0,20}\): (?P<message>.{0,200})")
_ELIXIR = re.compile(r"\*\* \((?P<name>[\w.]++)\) ?(?P<message>.*)")
_DART = re.compile(r"Instance of '(?P<name>\w++)'")
_THROWN = re.compile(r"terminate called after throwing an instance of '(?P<name>[^'\n]++)'")
_WHAT = re.compile(r"^\s*what\(\): +(?P<message>.*)", re.MULTILINE)
_SANITIZER = re.compile(r"ERROR: (?P<name>\w+Sanitizer:? [\w-]++)")
_SIGNAL = re.compile(r"\bsignal (?P<name>SIG[A-Z]++)|\((?P<dart>SIG[A-Z]++)\)")
_RUST = re.compile(
    r"thread '[^'\n]{0,120}'(?: \(\d+\))? panicked at (?:'(?P<old>[^\n]*?)', )?"
    r"[^\s:,]{1,200}:\d+(?::\d+)?"
    r"(?::?[ \n]+(?P<message>[^\n]{0,300}))?"
)
_GO = re.compile(
    r"^(?:.{0,80}?)\b(?P<name>panic|fatal error)(?: serving [^\s]{1,80})?: "
    r"(?P<message>[^\n]{0,300})",
    re.MULTILINE,
)
_GO_DUMP = re.compile(r"goroutine \d+(?: [^\[\n]{0,60})?\[[\w ,()-]{1,80}\]:")
_PYTHON_HEAD = re.compile(r"Traceback \(most recent call last\):?|Exception Group Traceback")
_PHP_HEAD = re.compile(
    r"(?:Fatal|Parse) error: .{1,300}? in [^\n]{1,300}(?: on line |:)\d+|"
    r"Uncaught (?:[\w\\]+): [^\n]{0,300} in [^\s]{1,200}\.php:\d+"
)
_RUNS_ON = 2  # lines of a message below a qualified name, without a single call
_THREAD_HEAD = re.compile(r"Exception in thread \"[^\"\n]{1,80}\" \(?[\w.$]{3,200}")
_DOTNET_HEAD = re.compile(
    r"Unhandled [Ee]xception[.:] (?P<name>[\w.]{3,200})(?:: |$)", re.MULTILINE
)
_QUALIFIED = re.compile(r"(?P<name>[a-z][\w$]*+(?:\.[a-z][\w$]*+)+\.[A-Z][\w$.]*+)(?::|$)")


def proof(text: str, lines: Sequence[str]) -> str | None:
    """The language of which the text has an unmistakable head, whatever is left of the rest."""
    is_told: tuple[tuple[str, bool], ...] = (
        ("python", _PYTHON_HEAD.search(text) is not None and len(lines) > 1),
        ("rust", _RUST.search(text) is not None),
        ("go", _GO_DUMP.search(text) is not None),
        ("java", _THREAD_HEAD.search(text) is not None or _is_cut_jvm(lines)),
        ("c", _THROWN.search(text) is not None or _SANITIZER.search(text) is not None),
        ("php", ".php" in text and _PHP_HEAD.search(text) is not None),
        ("csharp", " at " in text and _DOTNET_HEAD.search(text) is not None),
    )
    return next((language for language, is_sure in is_told if is_sure), None)


def _is_cut_jvm(lines: Sequence[str]) -> bool:
    """A qualified exception with a message of several lines, the calls below it cut off."""
    found = _QUALIFIED.match(lines[0]) if len(lines) > _RUNS_ON else None
    return found is not None and _SURE.search(found["name"]) is not None


def raised(language: str, text: str, lines: Sequence[str], frames: Sequence[Frame]) -> list[Raised]:
    """The exceptions that a trace names: first the one raised in the end, last the root cause."""
    special = _SPECIAL.get(language)
    found = special(text, lines, frames) if special is not None else []
    return found or _ahead(lines, frames)


def named(line: str) -> Raised | None:
    """The exception that a line begins with, and its message."""
    line = line.strip()
    while (before := _BEFORE.match(line)) and before.end():
        line = line[before.end() :].lstrip()
    found = _NAME.match(line)
    if found is None or not _is_exception(found[0]):
        return None
    after = _AFTER.match(line, found.end())
    if after is not None:
        return Raised(found[0], line[after.end() :].strip())
    rails = _RAILS_AFTER.match(line, found.end())
    return Raised(found[0], rails["message"]) if rails else None


def _is_exception(name: str) -> bool:
    last = re.split(r"[.\\/$]|::", name)[-1]
    return last[:1].isupper() and _TELLING.search(last) is not None


def _inside(line: str) -> Raised | None:
    """The first exception anywhere in a line that a log or a person wrote before it."""
    for found in _NAME.finditer(line):
        after = _AFTER.match(line, found.end())
        if after is not None and _SURE.search(found[0]) and _is_exception(found[0]):
            return Raised(found[0], line[after.end() :].strip())
    return None


def _ahead(lines: Sequence[str], frames: Sequence[Frame]) -> list[Raised]:
    """The one above the first call, and the causes named further down."""
    first = frames[0].line if frames else len(lines)
    above = [line.split(" at ")[0] for line in lines[: first + 1]]
    top = next((one for line in above if (one := named(line))), None)
    top = top or next((one for line in reversed(above) if (one := _inside(line))), None)
    if top is None:
        return []
    causes = []
    for number, line in enumerate(lines):
        start = max(line.find("Caused by: "), line.find("---> "))
        if start >= 0 and (cause := named(line[start:].split(" at ")[0])):
            causes.append(replace(cause, line=number))
    return [top, *causes[-1:]]


def _python(_text: str, lines: Sequence[str], frames: Sequence[Frame]) -> list[Raised]:
    """The line below the last call that is indented less than that call."""
    last = frames[-1].line if frames else 0
    line = lines[last] if lines else ""
    depth = len(line) - len(line.lstrip())
    below = lines[last + 1 :]
    for whole in below:
        text = whole.lstrip()
        name = _NAME.match(text)
        if name is None or text[name.end() :][:1] not in ("", ":"):
            continue
        indent = len(whole) - len(text)
        if indent < depth or (indent == depth and _is_exception(name[0])):
            return [Raised(name[0], text[name.end() + 1 :].strip())]
    joined = [line.split('File "')[-1], *below]
    found = [one for each in reversed(joined) if (one := named(each) or _inside(each))]
    if not found:  # a notebook says it above the calls too
        found = [one for each in reversed(lines) if (one := named(each))]
    return found[:1]


def _go(text: str, _: Sequence[str], __: Sequence[Frame]) -> list[Raised]:
    found = _GO.search(text)
    return [Raised(found["name"], found["message"])] if found else []


def _rust(text: str, _: Sequence[str], __: Sequence[Frame]) -> list[Raised]:
    found = _RUST.search(text)
    if found is None:
        return []
    return [Raised("panic", found["old"] or found["message"] or "")]


def _ruby(text: str, lines: Sequence[str], frames: Sequence[Frame]) -> list[Raised]:
    found = _RUBY.search(text)
    if found:
        return [Raised(found["name"], found["message"])]
    tails = (_RUBY_TAIL.search(line) for line in lines[: frames[0].line + 3 if frames else 3])
    name = next((tail["name"] for tail in tails if tail), None)
    return [Raised(name)] if name and not named(lines[0]) else []


def _php(text: str, _: Sequence[str], __: Sequence[Frame]) -> list[Raised]:
    for pattern in (_OLD_PHP, _MONOLOG):
        if found := pattern.search(text):
            return [Raised(found["name"], found["message"])]
    return []


def _dart(text: str, lines: Sequence[str], frames: Sequence[Frame]) -> list[Raised]:
    if found := _DART.search(text):
        return [Raised(found["name"])]
    return _ahead(lines, frames)


def _native(text: str, _: Sequence[str], __: Sequence[Frame]) -> list[Raised]:
    if found := _THROWN.search(text):
        what = _WHAT.search(text)
        return [Raised(found["name"], what["message"] if what else "")]
    if found := _SANITIZER.search(text):
        return [Raised(found["name"])]
    found = _SIGNAL.search(text)
    return [Raised(found["name"] or found["dart"])] if found else []


def _elixir(text: str, _: Sequence[str], __: Sequence[Frame]) -> list[Raised]:
    found = _ELIXIR.search(text)
    return [Raised(found["name"], found["message"])] if found else []


_SPECIAL = {
    "python": _python,
    "go": _go,
    "rust": _rust,
    "ruby": _ruby,
    "php": _php,
    "dart": _dart,
    "c": _native,
    "elixir": _elixir,
}
