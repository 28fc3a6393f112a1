"""The nouns: a trace, and what it is read from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """An error trace found in a text.

    `language` is one of `LANGUAGES`. `exception` is the one that was raised in the end, as it is
    printed (`java.lang.IllegalStateException`, `KeyError`; `panic` in Go and Rust), None where the
    trace names none. `fingerprint` (16 hexadecimal digits) is equal for the same error with other
    addresses, line numbers and folders. `frames` is how many calls could be read.
    """

    language: str
    exception: str | None
    fingerprint: str
    frames: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One call: its function and its file's path, either of them empty where it is not told.

    `line` is the number of the line that it was read from.
    """

    language: str
    function: str
    file: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception as a trace tells it: its name and the first line of its message.

    `line` is the number of the line where a cause is told, 0 for the exception raised in the end.
    """

    name: str
    message: str = ""
    line: int = 0


LANGUAGES = (
    "python",
    "java",  # and whatever else runs on its machine: Kotlin, Scala, Groovy, Clojure
    "javascript",  # and TypeScript
    "csharp",  # and the rest of .NET
    "go",
    "rust",
    "ruby",
    "php",
    "dart",
    "c",  # and C++, Objective-C and Swift
    "lua",
    "elixir",
    "perl",
)
"""Every language whose traces are known."""
