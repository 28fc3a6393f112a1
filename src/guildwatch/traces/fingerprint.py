"""Which traces are the same error: a key of what happened and where, without what varies.

The rule follows Sentry's grouping (docs.sentry.io, "Grouping and Fingerprints"): the kinds of the
exception raised and of its root cause, and the functions of the program's own calls, those of
libraries only where there are no others. Sentry takes the message only where there are no calls;
here its constant part counts always, since in chat most traces are a few calls of a small program.
"""

import hashlib
import re
from collections.abc import Sequence

from guildwatch.traces.trace import Frame, Raised

_CALLS = 5  # next to where it was raised: a trace cut short still has them
_LONGEST_MESSAGE = 160
_MESSAGE_LINES = 8  # where nothing but a message is left
_LIBRARY = re.compile(
    r"site-packages|dist-packages|/python\d[\d.]*/|\\lib\\|<frozen|node_modules|^node:|^internal/|"
    r"/gems/|/vendor/|/usr/local/go/|/goroot/|/go/src/|/go/pkg/mod/|/rustc/|/\.cargo/|^dart:|"
    r"package:flutter/|\[native code\]|^native$|^<anonymous>$"
)
_LIBRARY_CALL = re.compile(
    r"(?:javax?|jdk|sun|com\.sun|kotlinx?|scala|groovy|clojure|junit|org\.junit|org\.apache|"
    r"org\.springframework|org\.hibernate|io\.netty|reactor|android|androidx|com\.android|"
    r"com\.google\.common|dalvik)\.|System\.|Microsoft\.|UnityEngine\.|Unity\.|(?:runtime|testing|"
    r"reflect|syscall|net/http)\.|panic$|(?:std|core|alloc|tokio)::|rust_begin_unwind|__libc_|_start$"
)
_VARYING = (
    (re.compile(r"\b\w+://[^\s\"'<>]++"), "URL"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[\\/][\w.@~+-]++){2,}"), "PATH"),
    (re.compile(r"<[^<>]{0,200}>"), "<>"),
    (re.compile(r"(?<![\w])(['\"`])(?![A-Za-z_][\w.]{0,60}\1)[^'\"`\n]{0,200}\1"), "''"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "N"),
    (
        re.compile(r"\b0x[0-9a-f]++|@[0-9a-f]{5,}\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b", re.IGNORECASE),
        "N",
    ),
    (re.compile(r"\d++(?:[.,:]\d++)*+"), "N"),
    (re.compile(r"\s++"), " "),
)
_FUNCTION = (
    (re.compile(r"::h[0-9a-f]{16}\b"), ""),
    (re.compile(r"\$\$Lambda.*"), "$$Lambda"),
    (re.compile(r"\b0x[0-9a-f]++"), "N"),
    (re.compile(r"(?:GeneratedMethodAccessor|\$\$EnhancerBy\w+\$\$|\$Proxy)\w*"), "generated"),
    (re.compile(r" \[as [^\]]*\]|\(\[arguments not available\]\)"), ""),
)
_POSITION = re.compile(r"(?::-?\d++)+$|(?<=:)line \d++$| line \d++(?: > \w+)?")
_HASHED = re.compile(r"[.-](?=[a-z]*\d)[0-9a-z]{8,}(?=\.)|(?<=input-)\d+-[0-9a-f]+", re.IGNORECASE)


def fingerprint(
    language: str, exceptions: Sequence[Raised], frames: Sequence[Frame], lines: Sequence[str]
) -> str:
    """A hash of language, exceptions, constant words and the nearest calls; 16 digits."""
    cause = exceptions[-1].line if exceptions else 0
    parts = [language, *(one.name for one in exceptions)]
    parts.append(constant(exceptions[0].message) if exceptions else "")
    parts += _nearest([one for one in frames if not cause or one.line < cause])
    if cause:
        parts.append(constant(exceptions[-1].message))
        parts += _nearest([one for one in frames if one.line >= cause])
    if not frames:
        parts += [constant(line) for line in lines[:_MESSAGE_LINES]]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def constant(message: str) -> str:
    """A message without numbers, addresses, paths and quoted values; quoted names stay."""
    first = message.strip().split("\n", 1)[0][:_LONGEST_MESSAGE]
    if first[:1] in "'\"" and first[:1] == first[-1:]:
        return "''"  # as a KeyError tells its key
    for pattern, mark in _VARYING:
        first = pattern.sub(mark, first)
    return first.strip()


def _nearest(frames: Sequence[Frame]) -> list[str]:
    own = [frame for frame in frames if not _is_library(frame)] or list(frames)
    if own and own[0].language == "python":
        own.reverse()  # the innermost call comes last
    return list(dict.fromkeys(map(_call, own)))[:_CALLS]


def _is_library(frame: Frame) -> bool:
    return bool(_LIBRARY.search(frame.file) or _LIBRARY_CALL.match(frame.function))


def _call(frame: Frame) -> str:
    function = frame.function
    for pattern, mark in _FUNCTION:
        function = pattern.sub(mark, function)
    file = re.split(r"[\\/]", _POSITION.sub("", frame.file.split("?")[0]).rstrip("/"))[-1]
    return f"{function.strip()} {_POSITION.sub('', _HASHED.sub('', file))}"
