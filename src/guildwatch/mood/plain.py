"""What of a Discord message is talk: markup out, commands and bare code told apart."""

import re

MARK = "\ufffc"  # OBJECT REPLACEMENT CHARACTER
"""Stands where markup stood: a neutral word, so that "not <@1> good" keeps its distances."""

# Discord's reference, "Message Formatting", and its Markdown for code. Every repeat is bounded or
# ends at a character that it cannot contain, so that no text makes this slow.
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MARKUP = re.compile(
    r"""
      (?<!`)(?P<ticks>`{1,2})(?!`).+?(?<!`)(?P=ticks)(?!`)    # inline code
    | <?\b(?:https?|ftp)://[^\s<>]*[^\s<>.,:;!?'")\]*_~|]>?   # a link without punctuation after it
    | <(?:@[!&]?|\#)\d{1,20}>                                 # member, role, channel
    | @(?:everyone|here)\b
    | <a?:\w{1,32}:\d{1,20}>                                  # custom emoji
    | <t:-?\d{1,17}(?::[a-zA-Z])?>                            # time
    | </[^:<>\n]{1,100}:\d{1,20}>                             # slash command
    | <id:\w{1,20}>                                           # guild navigation
    """,
    re.DOTALL | re.VERBOSE,
)
_LETTER = re.compile(r"[^\W\d_]")

# A prefix that bots use, at once followed by a word in lower case that stands by itself.
_COMMAND = re.compile(r"\s*(?:[!?](?P<word>[a-z][\w-]*)|[/.](?P<name>[a-z][\w-]+))(?:\s|\Z)")
# What begins with a dot or slash in talk and is no command: files, folders, Discord's own /me.
_NAMES = frozenset(
    # Words read better as lines of words.
    "net env bashrc zshrc vimrc profile config ssh cache local vscode idea dockerignore htaccess "  # noqa: SIM905
    "exe dll zip tar pdf png jpg svg txt csv md json yaml yml toml ini log py js ts rs go java "
    "me home etc usr var tmp dev proc opt bin boot root mnt srv sys lib run media".split()
)

_CODE_LINE = re.compile(
    r"""
      .*[;{}]\s*\Z                                            # a statement, a block
    | \s*(?:at\s\S+\(.*\)|File\s".*",\sline\s\d+.*|Traceback\s\(most.*|\w*(?:Error|Exception):\s.*)
    | \s*(?:def|class|for|while|if|elif|with|except|match|case)\s\S.*:\s*\Z
    | \s*(?:else|try|finally|except)\s*:\s*\Z | \s+(?:return|yield|raise|pass|break|continue)\b.*
    | \s*(?:\$|>>>|\.\.\.)\s\S.* | \s*(?:import|from)\s[\w.]+(?:\simport\s.*)?\Z
    | \s*(?:\#include|\#define|//|/\*|\*/|@@|\+\+\+|---)\b.* | \s*[\w.\[\]]+\s*[-+*/]?=\s*\S.*\Z
    | \s*[\w.]+\([^()]*\)\s*\Z | \s*</?[a-zA-Z][^<>]*>.*
    """,
    re.VERBOSE,
)

# What nobody would write as a sentence, so that one line is enough: a shell's or Python's prompt,
# an include, a statement of SQL, a call or an assignment ended by a semicolon.
_CODE_BY_ITSELF = re.compile(
    r"""
      \s*(?:\$|>>>)\s[a-z_].* | \s*\#include\s*[<"].*
    | \s*(?:SELECT\s.*\sFROM|INSERT\sINTO|DELETE\sFROM|UPDATE\s\S+\sSET)\s.*
    | \s*(?:CREATE|DROP|ALTER)\sTABLE\s.*
    | \s*[\w.\[\]>-]+(?:\([^()]*\)|\s*[-+*/]?=\s*\S[^.!?]*);\s*\Z
    """,
    re.VERBOSE,
)


def without_markup(text: str) -> str:
    """The text with code, links, mentions, custom emoji and times each replaced by one `MARK`."""
    return _MARKUP.sub(MARK, _FENCED.sub(f" {MARK} ", text))


def has_letter(text: str) -> bool:
    """Whether there is any word in it, in whatever script."""
    return _LETTER.search(text) is not None


def is_command(text: str) -> bool:
    """Whether it is said to a bot: `!rank`, `/stats now`, `?help`, `.play`.

    Careful rather than complete: only these four prefixes, only at the beginning, only with a
    word in lower case right behind them that is no well-known file or folder (`.env`, `/tmp`).
    """
    command = _COMMAND.match(text)
    if command is None:
        return False
    name = command["name"] or ""
    return name not in _NAMES and not name.startswith(("git", "docker"))


def is_code(text: str) -> bool:
    """Whether it is code or a trace pasted bare: lines of which nearly all look like code.

    A single line must be more than code-like, since talk can be that too.
    """
    lines = [line[:200] for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        return any(map(_CODE_BY_ITSELF.match, lines))
    return sum(_CODE_LINE.match(line) is not None for line in lines) >= 0.8 * len(lines)
