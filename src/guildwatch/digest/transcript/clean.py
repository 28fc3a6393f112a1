"""From Discord's messages to plain lines, every message with one fate."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.transcript.words import telling_stems
from guildwatch.model import Channel, Message, MessageKind
from guildwatch.sensitive import masked

LONGEST_LINE = 700
_MOST_READ = 6_000  # characters: a member's message has 4,000, and a line of it 700
_MOST_CODE_LINES = 3
_MOST_CODE = 160
_FEW_WORDS = 3  # with fewer beside it, code is the message itself
_LONGEST_WORD = 80
_LONGEST_NAME, _LONGEST_PLACE = 40, 100
_MOST_EQUAL = 3

URL = re.compile(r"https?://[^\s<>\"'`|\]\x00-\x1f]+", re.IGNORECASE)
_MASKED_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(<?(https?://[^\s)>]{1,2000})>?[^)\n]{0,100}\)")
_CODE = re.compile(r"```(?:[\w+#.-]{1,20}\n)?(.*?)(?:```|\Z)", re.DOTALL)
_SPOILER = re.compile(r"\|\|(?=\S)([^|\n]{1,1000}?)(?<=\S)\|\|")
_MARKUP = re.compile(r"<(@&|@!?|#|/[^:<>]{1,100}:|a?:\w{1,64}:|t:|id:)([^<>\s]{1,40})>")
# Not \s before a line's first sign: it would try every line break from every other one.
_QUOTED = re.compile(r"^[^\S\n]{0,100}>{1,3} .*$", re.MULTILINE)
_DECORATION = re.compile(r"\*\*|__|~~|^[^\S\n]{0,100}(?:#{1,3}|-#|[-*]) ", re.MULTILINE)
_CLOSING = ".,;:!?*_~"
_CHAR_RUN = re.compile(r"(\D)\1{3,}", re.DOTALL)  # not digits: 1000000 is a number
_JOINER = "\u200d"
# Of kinds: joiners that do not stand alone between two pictures.
_STRAY = re.compile("j{2,}|(?<!p)j|j(?!p)")
_IRC_COLOUR = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?")
# Shown as nothing though not in Unicode's control categories: fillers, joiners, blank Braille.
_MOST_MARKS = 3
_MOST_KNOWN = 20_000  # characters; somebody may try them all
_PILE = re.compile(f"m{{{_MOST_MARKS + 1},}}")
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_BREAKS = frozenset("\x0b\x0c\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines that are read, oldest first, and the count of the rest by reason."""

    lines: list[Line]
    left_out: dict[str, int]


def clean(messages: Iterable[Message], context: Context) -> Cleaned:
    """Turn messages into lines; each is either a line or counted under exactly one reason."""
    lines: list[Line] = []
    left_out: Counter[str] = Counter()
    for message in sorted(messages, key=lambda message: message.id):
        reason = _reason_to_leave(message)
        line = None if reason else _line(message, context)
        if line is None:
            left_out[reason or "empty"] += 1
        else:
            lines.append(line)
    return Cleaned(lines, dict(left_out))


def _reason_to_leave(message: Message) -> str | None:
    if message.author.id == 0:  # a forgotten member's, too
        return "opted_out"
    if message.text is None:
        return "deleted"
    if message.author.is_bot:
        return "bot"
    if not message.kind.is_talk:
        return "command" if message.kind is MessageKind.COMMAND else "system"
    return None


def _line(message: Message, context: Context) -> Line | None:
    names = {author.id: author.name for author in message.mentioned}
    names |= {id_: context.authors[id_] for id_ in names if id_ in context.authors}
    raw = message.text or ""
    if message.kind is MessageKind.POLL:
        raw = _answers_named(raw)
    raw = _titled(raw, message, context)
    raw = masked(raw if len(raw) <= _MOST_READ else _cut(raw, _MOST_READ))
    name, masks = context.authors.get(message.author.id) or message.author.name, context.masks
    if masks is None:
        text = _aloud(raw, lambda id_: names.get(id_) or context.authors.get(id_), context.channels)
    else:
        name = masks.of(message.author.id)
        text = masks.cover(_aloud(raw, masks.of, context.channels))
    if not any(char.isalnum() for char in text):
        text = text if _is_emoji(text) else ""
    if not text:
        return None
    return Line(
        id=message.id,
        channel_id=message.channel_id,
        author_id=message.author.id,
        name=masked(one_line(name))[:_LONGEST_NAME] or "someone",
        text=text,
        at=message.created_at.timestamp(),
        reply_to=message.reply_to,
        mentions=frozenset(author.id for author in message.mentioned) | _mentioned(raw),
        reactions=message.reactions,
        said=telling_stems(text),
        urls=tuple(find_urls(raw)),
        guild_id=message.guild_id,
        kind=message.kind,
        wording=message.wording,
        day=message.created_at.astimezone(_zone(context.period.zone)).date(),
    )


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _titled(raw: str, message: Message, context: Context) -> str:
    """A forum post's first message, which has the post's id, under its title and tags."""
    post = context.channels.get(message.channel_id)
    if post is None or message.id != post.id:
        return raw
    forum = context.channels.get(post.parent_id or 0)
    if forum is None or not forum.is_forum:
        return raw
    tags = ", ".join(forum.tags_of(post))
    title = f"{post.name} ({tags})" if tags else post.name
    return f"{title}: {raw}" if raw.strip() else title


def _answers_named(poll: str) -> str:
    """A poll with its answers, which come a line each, told apart on one line."""
    question, *answers = poll.split("\n- ")
    return f"{question} ({' / '.join(answers)})" if answers else poll


def _is_emoji(text: str) -> bool:
    return any(unicodedata.category(char) in ("So", "Sk") for char in text)


def _mentioned(raw: str) -> frozenset[int]:
    return frozenset(
        int(id_)
        for sign, id_ in _MARKUP.findall(raw)
        if sign in ("@", "@!") and id_.isascii() and id_.isdigit()
    )


def find_urls(text: str) -> list[str]:
    """The links that a text holds, as written, without the sentence's closing punctuation."""
    return [_trimmed(url) for url in URL.findall(text)]


def _trimmed(url: str) -> str:
    excess = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in _CLOSING or (url[end - 1] == ")" and excess > 0)):
        end -= 1
        excess -= url[end] == ")"
    return url[:end]


def plain(text: str, name_of: Callable[[int], str | None], channels: Mapping[int, Channel]) -> str:
    """A message's text as one line that a person would read aloud, secrets masked.

    Mentions become names, custom emoji `:name:`, links host and path; what cannot be seen, other
    people's quoted words and spoilers are taken out; long words and repeats are clipped, and of
    code beside prose only its length is told.
    """
    return _aloud(masked(text), name_of, channels)


def _aloud(text: str, name_of: Callable[[int], str | None], channels: Mapping[int, Channel]) -> str:
    text = visible(text)
    beside = len(_CODE.sub(" ", text).split()) if "```" in text else 0
    text = _CODE.sub(_named_code if beside >= _FEW_WORDS else _clipped_code, text)
    unquoted = _QUOTED.sub("", text)
    text = unquoted if unquoted.strip() else text
    text = _SPOILER.sub("[spoiler]", text)
    known = cache(lambda sign, rest: _resolved(sign, rest, name_of, channels))
    text = _MARKUP.sub(lambda found: known(found[1], found[2]), text)
    text = text if len(text) <= _MOST_READ else _cut(text, _MOST_READ)  # names are longer than ids
    text = _MASKED_LINK.sub(lambda found: f"{found[1]} ({found[2]})", text)
    text = URL.sub(lambda found: _shown_url(found[0]), text)
    line = one_line(_DECORATION.sub("", text))
    looked_at = line if len(line) <= 2 * LONGEST_LINE else _cut(line, 2 * LONGEST_LINE)
    # Once more: names came in, and signs between letters went out.
    return _clipped(masked(looked_at))


def named(text: str, name_of: Callable[[int], str | None], channels: Mapping[int, Channel]) -> str:
    """The whole text as it was written, but mentions and emoji by their names, secrets masked."""
    text = visible(masked(text))
    known = cache(lambda sign, rest: _resolved(sign, rest, name_of, channels))
    return _MARKUP.sub(lambda found: known(found[1], found[2]), text)


def visible(text: str) -> str:
    """The text without what cannot be seen: controls, marks of direction, fillers, surrogates.

    Of marks piled upon a letter three are kept, which every living script can do with.
    """
    text = _IRC_COLOUR.sub("", text) if "\x03" in text else text
    if text.isascii() and text.isprintable():
        return text
    # Piles go first: to order the marks of a long one takes NFC the square of its length.
    seen = _without_piles(text.translate(_SEEN))
    seen = _without_piles(unicodedata.normalize("NFC", seen))
    return _without_strays(seen) if _JOINER in seen else seen


def _without_piles(text: str) -> str:
    piles = _PILE.finditer(text.translate(_MARKS))
    return _without(text, ((pile.start() + _MOST_MARKS, pile.end()) for pile in piles))


def _without_strays(text: str) -> str:
    """With joiners that make one picture of two emoji only: elsewhere one hides and splits."""
    return _without(text, (stray.span() for stray in _STRAY.finditer(text.translate(_PICTURES))))


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    last, kept = 0, list[str]()
    for start, end in spans:
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]]) if kept else text


class _Table(dict[int, int | str | None]):
    """What each character becomes, worked out when it is first met."""

    def __init__(self, of: Callable[[str], int | str | None]) -> None:
        self._of = of

    def __missing__(self, code: int) -> int | str | None:
        found = self._of(chr(code))
        if len(self) < _MOST_KNOWN:
            self[code] = found
        return found


def _is_picture(char: str) -> bool:
    return unicodedata.category(char) == "So" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _as_seen(char: str) -> int | None:
    """The character as it is drawn; what breaks a line in Unicode is a line break."""
    return ord("\n") if char in _BREAKS else ord(char) if _is_seen(char) else None


def _is_seen(char: str) -> bool:
    if char in "\n\t" or char == _JOINER:
        return True
    if char in _BLANKS or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return False
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


_SEEN = _Table(_as_seen)
_PICTURES = _Table(lambda char: "j" if char == _JOINER else "p" if _is_picture(char) else "x")
_MARKS = _Table(lambda char: "m" if unicodedata.category(char) in ("Mn", "Me") else "x")


def one_line(text: str) -> str:
    """The text on one line, its repeats collapsed and its endless words clipped."""
    text = _CHAR_RUN.sub(lambda found: found[1] * _MOST_EQUAL, " ".join(visible(text).split()))
    kept: list[str] = []
    for word in text.split():
        if kept[-_MOST_EQUAL:] != [word] * _MOST_EQUAL:
            kept.append(word if len(word) <= _LONGEST_WORD else word[:_LONGEST_WORD] + "…")
    return " ".join(kept)


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else _cut(text, LONGEST_LINE)


def _cut(text: str, room: int) -> str:
    return text[:room].rsplit(" ", 1)[0] + " […]"


def _named_code(found: re.Match[str]) -> str:
    """Code beside prose: only its length, unless it is a single line."""
    lines = _code_lines(found)
    return f" [… {len(lines)} lines of code] " if len(lines) > 1 else _clipped_code(found)


def _code_lines(found: re.Match[str]) -> list[str]:
    return [line.strip() for line in found[1].splitlines() if line.strip()]


def _clipped_code(found: re.Match[str]) -> str:
    lines = _code_lines(found)
    shown = " / ".join(lines[:_MOST_CODE_LINES])[:_MOST_CODE]
    if len(lines) > _MOST_CODE_LINES:
        return f" {shown} [… {len(lines)} lines of code] "
    return f" {shown} "


def _resolved(
    sign: str,
    rest: str,
    name_of: Callable[[int], str | None],
    channels: Mapping[int, Channel],
) -> str:
    if sign == "@&":
        return "@role"
    if sign == "t:":
        return _moment(rest)
    if sign == "id:":
        return "#" + rest
    if sign.startswith("/") or sign.endswith(":"):
        return sign[:-1] if sign.startswith("/") else sign.removeprefix("a")
    number = int(rest) if rest.isascii() and rest.isdigit() else 0
    if sign == "#":
        name = channels[number].name if number in channels else ""
        return "#" + (masked(one_line(name))[:_LONGEST_PLACE] or "channel")
    return "@" + (masked(one_line(name_of(number) or ""))[:_LONGEST_NAME] or "someone")


def _moment(rest: str) -> str:
    try:
        return f"{datetime.fromtimestamp(int(rest.partition(':')[0]), UTC):%Y-%m-%d %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return "some time"


def _shown_url(url: str) -> str:
    tail = url[len(_trimmed(url)) :]
    return show_url(_trimmed(url)) + tail


def show_url(url: str) -> str:
    """A link as people name it: host and path, no scheme, no query."""
    bare = url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    return bare.removeprefix("www.")[:_LONGEST_WORD] or "link"
