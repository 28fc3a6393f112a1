"""What is an error trace and what only talks of one, of which language, and by which name."""

import pytest

from guildwatch.traces import detect
from support.traces import KNOWN

LOOKALIKES = [
    "I get a NullPointerException at startup, any idea?",
    "TypeError: Cannot read property 'list' of undefined",
    "java.lang.OutOfMemoryError: Java heap space",
    "kernel panic - not syncing: VFS: Unable to mount root fs",
    "don't panic at src/main.rs, it is fine",
    "full stack trace of exception:",
    "catch (InterruptedException e) { Thread.currentThread().interrupt(); }",
    "raise ValueError('no') from None",
    "see you at 10:30:15 at the office (see below) at noon",
    'open the File "lamp.py", line 3 is wrong',
    "look at https://example.com/a.js:3:9",
    "mail me@example.com:25 or you@example.com:25",
    "#1 priority (see package: foo)\n#2 priority\n#3 rest",
    "#0 first\n#1 second",
    "1. buy milk\n2. buy eggs\n3. throw new Error()",
    "error[E0382]: borrow of moved value: `lamp`\n --> src/main.rs:4:5",
    "error: Failed to fetch\nwarning: unused variable: `x`\n  at the end",
    "The function foo.bar() at Town.Lamp.Light() is slow",
    "commit 0x12 in the log in main chunk of work",
    "[12:00:00] <Mara> did the build finish?",
    "The test passed in 0x1f steps + 12",
    "function light() { return lamp.map(x => x.on) }",
    "def light(self):\n    raise NotImplementedError\n\nclass Lamp:\n    pass",
    "",
    "   \n\n ",
    "🗼" * 500,
]


@pytest.mark.parametrize("name", KNOWN)
def test_a_trace_is_known_with_its_language_and_exception(name: str) -> None:
    text, language, exception = KNOWN[name]
    trace = detect(text)
    assert trace is not None
    assert (trace.language, trace.exception) == (language, exception)
    assert len(trace.fingerprint) == 16


@pytest.mark.parametrize("text", LOOKALIKES)
def test_talk_about_errors_is_none(text: str) -> None:
    assert detect(text) is None


def coloured(text: str) -> str:
    return "\n".join(f"\x1b[31m{line}\x1b[0m" for line in text.split("\n"))


def numbered(text: str) -> str:
    return "\n".join(f"{number:3} {line}" for number, line in enumerate(text.split("\n"), 41))


WRAPPED = {
    "in a code block": lambda text: f"help, what is this?\n```\n{text}\n```\nthanks",
    "in a code block of a language": lambda text: f"```py\n{text}```",
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "coloured": coloured,
    "numbered": numbered,
    "of a container's log": lambda text: "\n".join(
        f"web_1   | {line}" for line in text.split("\n")
    ),
    "with a greeting": lambda text: f"hi all, my program dies:\n\n{text}\nany idea?",
    "with other line ends": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("how", WRAPPED)
@pytest.mark.parametrize("name", ["python", "java", "node", "c sharp", "go", "ruby", "php"])
def test_what_chat_and_logs_put_around_a_trace_changes_nothing(how: str, name: str) -> None:
    text, _, _ = KNOWN[name]
    plain, wrapped = detect(text), detect(WRAPPED[how](text.strip("\n")))
    assert wrapped == plain


@pytest.mark.parametrize(
    "name", ["python", "java", "kotlin", "node", "typescript", "c sharp", "ruby", "php", "dart"]
)
def test_a_trace_whose_lines_were_joined_is_known(name: str) -> None:
    text, language, exception = KNOWN[name]
    trace = detect(" ".join(text.split()))
    assert trace is not None
    assert (trace.language, trace.exception) == (language, exception)


@pytest.mark.parametrize("name", ["python", "java", "node", "c sharp", "go", "ruby", "rust"])
def test_a_trace_cut_off_in_the_middle_is_known(name: str) -> None:
    text, language, _ = KNOWN[name]
    trace = detect(text[: len(text) * 2 // 3])
    assert trace is not None
    assert trace.language == language
