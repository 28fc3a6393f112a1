"""How each language writes a call in a trace: one line of text in, a frame out or nothing.

Every expression is matched at a line's start, on at most 600 characters, and none can be matched in
two ways, so that hostile text costs no more than other text.
"""

import re
from collections.abc import Callable

from guildwatch.traces.trace import Frame

_JVM = re.compile(
    r"at (?:[\w.$@-]*+/)*+(?P<function>[\w$.<>\u00b7-]++(?:/0x[0-9a-f]+)?(?:\.[\w$]+)?)"
    r"\((?P<file>[\w$ -]{0,80}+(?:\.(?:java|kts?|scala|sc|groovy|cljc?)(?::-?\d+)?)|"
    r"Native Method|SourceFile(?::\d+)?|Unknown Source(?::\d+)?|<generated>|:\w[\w.@:-]*|"
    r"NO_SOURCE_FILE(?::\d+)?|null:-?\d+)\)"
)
_PYTHON = re.compile(r'File "(?P<file>[^"\n]*+)", line \d+(?:, in (?P<function>[\w<>.]++))?')
_IPYTHON = re.compile(
    r"(?:File )?(?P<file>[~/.\w\\:-]{1,200}?\.pyx?|<ipython-input-[^>]*+>|Cell In|(?:Input )?In)"
    r"(?:[: ]?\[\d+\])?(?::\d+)?"
    r"(?:,? in (?P<function>[\w<>.]++)|, line \d+|, in <(?:cell|module)[^>]*+>)"
)
_JS_PLACE = re.compile(
    r"(?:(?:https?|file|webpack(?:-internal)?|blob|node|app|chrome-extension|moz-extension|ng|"
    r"safari-extension|capacitor|ionic|address at|asset|jar|resource|data|deno|ext):|internal/|/|"
    r"\.{1,2}/|~/|[A-Za-z]:[\\/]|<anonymous>:|eval at |async |\[?eval|evalmachine|index\.|native|"
    r"\[native|unknown|VM\d|REPL\d*:|debugger|[\w@.~-]++(?:/[\w@.~+-]++)*+(?<=js|ts|sx|ue|ml|le|te):)"
)
_JS_END = re.compile(r":\d++(?::\d++)?$|^(?:native|<anonymous>|unknown|\[native code\]|index \d+)")
_JS_NAMED = re.compile(
    r"\.(?:[cm]?[jt]sx?|vue|svelte|html?|bundle|jsbundle)(?:[?#:]|$)|^<anon|^node:"
)
_FIREFOX = re.compile(
    r"@(?=(?:https?|file|resource|chrome|moz-extension|safari-extension|app|blob|webpack)://?|"
    r"Scratchpad/|debugger eval|\[native code\]|[\w./-]{1,120}\.[cm]?[jt]sx?[:? ])"
)
_FIREFOX_END = re.compile(r":\d++(?::\d++)?$|^\[native code\]$")
_SAFARI_BARE = re.compile(r"(?:https?|file)://\S++(?<=\d)$")
_OPERA = re.compile(
    r"(?:called from|Error thrown at|Error created at|Error initially occurred at) line \d+, "
    r"column \d+(?: in (?P<function>.{1,100}?))? in (?P<file>\w+:/\S*)|"
    r"Line \d+ of (?:\w+#\d+ |linked |inline |eval |function )*script (?P<script>\S++)"
)
_DOTNET_PLACE = re.compile(
    r"(?: \[0x[0-9a-f]+\])? (?:in|dans|en|w|v|в|i|位置) (?P<file>.{1,300}?):"
    r"(?:(?:line|Zeile|ligne|línea|linea|linha|regel|rad|wiersz|строка|行号|行) ?)?\d+\.?\s*$|"
    r" \[0x[0-9a-f]+\](?: in <[^<>]*>:\d+)?|(?: \[\d+\])?$| \+ ?0x[0-9a-f]+$"
)
_DOTNET_NAME = re.compile(
    r"(?:[\w<>?,\[\]()&*` ]{0,150} )?[\w$<>|@+`~-]++(?:\.[\w$<>|@+`\[\],~-]*+)+ ?"
)
_DOTNET_AT = re.compile(r"(?:at|bei|à|en|em|w|v|в) ")
_UNITY = re.compile(
    r"(?P<function>[\w.<>`+/|]++(?::[\w.<>`|]++)?) ?\([^()]{0,200}+\) ?"
    r"\(at (?P<file>[^()]{1,200}?):\d+\)"
)
_GO_PLACE = re.compile(
    r"(?P<file>[^\s:]*+(?::[\\/][^\s:]*+)?):\d++(?: \+0x[0-9a-f]+)?(?: [fs]p=|$)"
)
_RUST_CALL = re.compile(r"\d{1,4}: +(?:0x[0-9a-f]+ - )?(?P<function>[^\s].*)$")
_RUST_PLACE = re.compile(r"at (?P<file>[^\s:]*+(?::[\\/][^\s:]*+)?(?<=\.rs)):\d+")
_RUST_PANIC = re.compile(
    r"thread '(?P<function>[^'\n]{0,120}+)'(?: \(\d+\))? panicked at (?:'.{0,400}', )?"
    r"(?P<file>[^\s:,']{1,200}+):\d+"
)
_RUBY = re.compile(
    r"(?:from )?(?P<file>(?:[A-Za-z]:)?[^\s:]++):\d++:in "
    r"[`'\u2018\"](?P<function>[^'\u2019\"\n]++)['\u2019\"]"
)
_PHP = re.compile(
    r"#\d{1,3}\s+(?:(?P<file>[^():]{1,300}(?::[\\/][^()]{1,300})?)\(\d+\)|\[internal function\]|"
    r"(?P<path>[^\s():]{1,300}):\d+): (?P<function>[\w\\:>$@{}<-]++)|"
    r"#\d{1,3}\s+(?P<main>\{main\})|"
    r"(?:PHP\s+)?\d{1,3}\. (?P<call>[\w\\:>$@{}-]++)\([^()]*\) (?P<place>[^\s:]++):\d+"
)
_DART = re.compile(
    r"#\d{1,4}\s+(?P<function>[^()]{1,200}?(?:\([^()]*\)[^()]{0,80}?)?) "
    r"\((?P<file>(?:package|dart|file|http|https|org-dartlang-\w+):[^()\s]++)\)"
)
_NATIVE = re.compile(
    r"(?:==\d+==\s+)?(?:frame )?#\d{1,4}:?\s+(?P<address>0x[0-9a-fA-F]++\s+)?(?:in |[\w.+-]++`)?"
    r"(?P<function>[\w:~<>$*&@.+-]++(?: const)?)\s?(?:\((?P<rest>[^()]*+)\))?(?P<place> \S++:\d++)?"
)
_VALGRIND = re.compile(
    r"(?:==\d+==\s+)?(?:at|by) 0x[0-9A-Fa-f]++: (?P<function>[^()]++(?:\([^()]*\))?) "
    r"\((?:in )?(?P<file>[^()]++)\)"
)
_GLIBC = re.compile(
    r"(?P<file>[\w./+-]++)\((?P<function>[\w@.]*+)\+?(?:0x[0-9a-f]++)?\)\s?\[0x[0-9a-f]++\]|"
    r"(?:\[<[0-9a-f]*+>\] )?(?:\? )?(?P<kernel>[\w.]++)\+0x[0-9a-f]++/0x[0-9a-f]++"
)
_APPLE = re.compile(
    r"(?:\d{1,4}\s+)?(?P<file>[\w.+-]++(?: [\w.+-]++)?)\s+0x[0-9a-f]{8,16}\s+"
    r"(?P<function>\S.*) \+ \d+"
)
_LUA = re.compile(
    r"(?P<file>\[C\]|\[string \"[^\"\n]*+\"\]|[\w@./\\-]*+\.luac?|[\w@./\\-]++)(?::\d+)?:?"
    r" in (?P<function>function|main chunk|method|local|upvalue|field|global|metamethod|\?)"
    r"(?: [`'<](?P<name>[^'`<>\n]++))?"
)
_ELIXIR = re.compile(
    r"(?:\((?P<app>[\w-]++(?: [\w.-]++)?)\) )?"
    r"(?P<file>[\w./-]{1,200}?\.(?:exs?|erl|eex|heex)):\d+: (?P<function>\S++)"
)
_PERL = re.compile(r"(?P<function>[\w:]++)\(.*\) called at (?P<file>\S++) line \d+")


def _jvm(piece: str) -> Frame | None:
    found = _JVM.match(piece)
    return Frame("java", found["function"], found["file"]) if found else None


def _python(piece: str) -> Frame | None:
    found = _PYTHON.match(piece) or _IPYTHON.match(piece)
    return Frame("python", found["function"] or "", found["file"]) if found else None


def _rust(piece: str) -> Frame | None:
    found = _RUST_PLACE.match(piece)
    return Frame("rust", "", found["file"]) if found else None


def _rust_panic(piece: str) -> Frame | None:
    found = _RUST_PANIC.match(piece)
    return Frame("rust", found["function"], found["file"]) if found else None


def _javascript(piece: str) -> Frame | None:
    """`at function (place)`, or `at place`, of V8 and of those that write alike."""
    body = piece.removeprefix("at ").rstrip()
    function, place = "", body
    if body.endswith(")") and (start := body.find(" (")) >= 0:
        function, place = body[:start], body[start + 2 : -1]
    if place.startswith("eval at "):
        return Frame("javascript", function, "")
    if not _JS_PLACE.match(place) or not _JS_END.search(place[-40:] if function else place):
        return None
    if not function and not _JS_NAMED.search(place) and place.count(":") < 2:
        return None
    return Frame("javascript", function, place)


def _firefox(piece: str) -> Frame | None:
    """`function@place:line:column`, of Firefox and Safari."""
    found = _FIREFOX.search(piece)
    if found is None or found.start() > 160:
        return None
    function, place = piece[: found.start()], piece[found.end() :].rstrip()
    return Frame("javascript", function, place) if _FIREFOX_END.search(place) else None


def _old_browser(piece: str) -> Frame | None:
    found = _OPERA.match(piece)
    return (
        Frame("javascript", found["function"] or "", found["file"] or found["script"])
        if found
        else None
    )


def _bare_url(piece: str) -> Frame | None:
    found = _SAFARI_BARE.match(piece)
    is_place = found is not None and _FIREFOX_END.search(piece) is not None
    return Frame("javascript", "", piece) if is_place and _JS_NAMED.search(piece) else None


def _dotnet(piece: str) -> Frame | None:
    """`at Type.Method(parameters) in file:line 12`, with what Mono writes in between."""
    start = _DOTNET_AT.match(piece)
    end = piece.rfind(") in ") if ") in " in piece else piece.find(") [0x")
    if end < 0:
        end = piece.rfind(")")
    if start is None or end < 0 or (opening := piece.find("(", start.end())) < 0:
        return None
    place = _DOTNET_PLACE.match(piece, end + 1)
    name = piece[start.end() : opening]
    if place is None or opening > end or not _DOTNET_NAME.fullmatch(name):
        return None
    return Frame("csharp", name.split(" ")[-1] or name.strip(), place["file"] or "")


def _unity(piece: str) -> Frame | None:
    found = _UNITY.match(piece)
    return Frame("csharp", found["function"], found["file"]) if found else None


def _go(piece: str) -> Frame | None:
    found = _GO_PLACE.match(piece)
    if found is None or not found["file"].endswith((".go", ".s", "??")):
        return None
    return Frame("go", "", found["file"])


def _ruby(piece: str) -> Frame | None:
    found = _RUBY.match(piece)
    return Frame("ruby", found["function"], found["file"]) if found else None


def _php(piece: str) -> Frame | None:
    found = _PHP.match(piece)
    if found is None:
        return None
    file = found["file"] or found["path"] or found["place"] or ""
    return Frame("php", found["function"] or found["call"] or found["main"], file)


def _dart(piece: str) -> Frame | None:
    found = _DART.match(piece)
    return Frame("dart", found["function"].strip(), found["file"]) if found else None


def _native(piece: str) -> Frame | None:
    found = _NATIVE.match(piece)
    if found is None or found["function"].isdigit():
        return None
    is_call = found["rest"] is not None and (not found["rest"] or "=" in found["rest"])
    is_told = found["address"] or found["place"] or is_call
    return Frame("c", found["function"], "") if is_told else None


def _valgrind(piece: str) -> Frame | None:
    found = _VALGRIND.match(piece)
    return Frame("c", found["function"], found["file"]) if found else None


def _glibc(piece: str) -> Frame | None:
    found = _GLIBC.match(piece)
    return (
        Frame("c", found["function"] or found["kernel"] or "", found["file"] or "")
        if found
        else None
    )


def _apple(piece: str) -> Frame | None:
    found = _APPLE.match(piece)
    return Frame("c", found["function"], found["file"]) if found else None


def _lua(piece: str) -> Frame | None:
    found = _LUA.match(piece)
    return Frame("lua", found["name"] or found["function"], found["file"]) if found else None


def _elixir(piece: str) -> Frame | None:
    found = _ELIXIR.match(piece)
    return Frame("elixir", found["function"], found["file"]) if found else None


def _perl(piece: str) -> Frame | None:
    found = _PERL.match(piece)
    return Frame("perl", found["function"], found["file"]) if found else None


# Which text a line must hold before an expression is tried at all, and how it must begin.
_READERS: tuple[tuple[str, str, Callable[[str], Frame | None]], ...] = (
    ("File ", "File ", _python),
    ("at ", "(", _jvm),
    ("at ", ".rs:", _rust),
    ("thread ", "panicked at ", _rust_panic),
    ("at 0x", "(", _valgrind),
    ("==", ": ", _valgrind),
    ("by 0x", "(", _valgrind),
    ("at ", "", _javascript),
    ("", "(", _dotnet),
    ("", "(at ", _unity),
    ("", "@", _firefox),
    ("http", ":", _bare_url),
    ("file:", ":", _bare_url),
    ("", "line ", _old_browser),
    ("Line ", "script", _old_browser),
    ("", ":in ", _ruby),
    ("#", "(", _dart),
    ("#", "", _php),
    ("", "PHP ", _php),
    ("", "#", _native),
    ("", "0x", _glibc),
    ("", " 0x", _apple),
    ("", ".go:", _go),
    ("", ".s:", _go),
    ("??:", "", _go),
    ("", " in ", _lua),
    ("", ".e", _elixir),
    ("", " called at ", _perl),
    ("", ".py", _python),
    ("<ipython-input-", "", _python),
    ("Cell In", ", line", _python),
    ("In", "[", _python),
    ("Input In", "[", _python),
)
# One of these stands in every line that a reader could read: most lines of chat have none.
_HINT = re.compile(r"[(@#:.\[]|0x|line|File |PHP | in |at |script")


def frame_of(piece: str) -> Frame | None:
    """The call that a line of a trace tells, None for any other line."""
    if not _HINT.search(piece):
        return None
    for beginning, inside, read in _READERS:
        if piece.startswith(beginning) and inside in piece and (frame := read(piece)):
            return frame
    return None


def caller(language: str, piece: str) -> str:
    """The function that the line before a frame's own line names, as Go and Rust write it."""
    if language == "rust":
        found = _RUST_CALL.match(piece)
        return found["function"] if found else ""
    name = piece.removeprefix("created by ").partition(" in goroutine ")[0]
    opening = name.rfind("(")
    whole = name[:opening] if opening > 0 and name.endswith(")") else name
    return "" if " " in whole else whole
