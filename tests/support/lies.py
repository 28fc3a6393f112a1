"""What a model may claim about some messages: true things in many wordings, and lies."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import STOP, words

Raw = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """Lines as a model sees them, numbered from 1, and the one that a point is about."""

    shown: dict[int, Line]
    at: int
    rng: random.Random

    @property
    def line(self) -> Line:
        return self.shown[self.at]

    @property
    def text(self) -> str:
        text = self.line.text.rstrip(" .!?")
        text = text if len(text) < 160 else text[:160].rsplit(" ", 1)[0]
        return text.rsplit("`", 1)[0].rstrip() if text.count("`") % 2 else text

    def other(self, fits: Callable[[Line], bool]) -> tuple[int, Line] | None:
        found = [(number, line) for number, line in self.shown.items() if fits(line)]
        return self.rng.choice(found) if found else None

    def point(self, text: str, refs: object = None, kind: str = "fact") -> Raw:
        return {"text": text, "kind": kind, "refs": [self.at] if refs is None else refs}


def true_points(scene: Scene) -> Iterator[tuple[str, Raw]]:
    """Wordings of a message that say no more than it does."""
    line, text = scene.line, scene.text
    yield "verbatim", scene.point(text)
    yield "said", scene.point(f"{line.name} said: {text}")
    yield "reported that", scene.point(f"{line.name} reported that {_small(text)}.")
    yield "quoted", scene.point(f"{line.name} wrote “{text}”.")
    yield "passive", scene.point(f"It was mentioned by {line.name} that {_small(text)}.")
    yield "someone", scene.point(f"Someone noted that {_small(text)}.")
    yield "title case", scene.point(" ".join(w.capitalize() for w in text.split()[:8]))
    yield "no fillers", scene.point(" ".join(w for w in text.split() if w.lower() not in STOP))
    yield "shorter", scene.point(f"{line.name} explained {' '.join(text.split()[:12])}")
    yield "expanded", scene.point(f"{line.name} stated that {_expanded(_small(text))}.")
    if '"' not in text and "`" not in text:
        other_form = _inflected(_small(text), scene)
        yield "inflected", scene.point(f"{line.name} described how {other_form}.")
    yield "turned round", scene.point(f"{_turned(text)}, as {line.name} pointed out.")
    yield (
        "reworded",
        scene.point(f"The user {line.name} confirmed the following: {_reworded(text)}"),
    )
    near = scene.other(lambda one: one.id != line.id and 20 < len(one.text) < 100)
    if near is not None:
        number, other = near
        both = f"{line.name} said {_cut(text)}, and {other.name} said {_cut(other.text)}."
        yield "two messages", scene.point(both[:279], [scene.at, number])
    yield "bold", scene.point(f"**{line.name}** said: {text}")
    yield "an item", scene.point(f"- {line.name} said: {text}")
    if "?" in line.text:
        yield "asked", scene.point(f"{line.name} asked: {text}?", kind="question")


def _cut(text: str) -> str:
    text = text.rstrip(".") if len(text) < 110 else text[:110].rsplit(" ", 1)[0]
    return text.replace("`", "")


def _small(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:] == first[1:].lower() else text


_CONTRACTED = {"isn't": "is not", "don't": "do not", "can't": "cannot", "it's": "it is"}
_OTHER_WORDS = {
    "get": "obtain", "use": "utilise", "fix": "repair", "try": "attempt", "need": "require",
    "want": "wish", "big": "large", "problem": "issue", "show": "display", "start": "begin",
    "help": "assist", "think": "believe", "make": "create", "thanks": "thank you",
}  # fmt: skip


def _expanded(text: str) -> str:
    return " ".join(_CONTRACTED.get(word.lower(), word) for word in text.split())


def _reworded(text: str) -> str:
    return " ".join(_OTHER_WORDS.get(word.lower(), word) for word in text.split())


def _inflected(text: str, scene: Scene) -> str:
    """One plain word with another ending."""
    parts = text.split()
    fit = [at for at, word in enumerate(parts) if re.fullmatch(r"[a-z]{4,10}", word)]
    if fit:
        at = scene.rng.choice(fit)
        parts[at] = parts[at].removesuffix("s") if parts[at].endswith("s") else parts[at] + "s"
    return " ".join(parts)


def _turned(text: str) -> str:
    first, mark, rest = text.partition(", ")
    return f"{rest[:1].upper()}{rest[1:]}, {_small(first)}" if mark else text


_Lie = Callable[[Scene], str | Raw | None]


def _other_of(pairs: dict[str, str], pattern: str) -> _Lie:
    """One word of these exchanged for its counterpart, where the messages lack that."""

    def exchanged(scene: Scene) -> str | None:
        for old, new in pairs.items():
            found = re.search(pattern.format(re.escape(old)), scene.text)
            if found and new.casefold() not in scene.line.text.casefold():
                return f"{scene.text[: found.start(1)]}{new}{scene.text[found.end(1) :]}"
        return None

    return exchanged


_OTHER_UNITS = {
    "cm": "inches", "km": "miles", "minutes": "hours", "mins": "hours", "hours": "days",
    "euros": "dollars", "degrees": "percent", "kg": "lbs", "GB": "TB", "MB": "GB", "ms": "s",
}  # fmt: skip
_OTHER_MONEY = {"£": "€", "€": "$", "$": "£"}
_OTHER_SEASONS = {"spring": "autumn", "summer": "winter", "autumn": "spring", "winter": "summer"}


def _lettered(scene: Scene) -> str | None:
    """Another letter of what has one: Hall C of Hall B."""
    found = re.search(r"\b(?:hall|room|plan|team|option|step) ([B-G])\b", scene.text, re.IGNORECASE)
    if not found:
        return None
    return f"{scene.text[: found.start(1)]}Q{scene.text[found.end(1) :]}"


def _behind(scene: Scene) -> Raw | None:
    """The words of a message that is not named, behind those of the one that is."""
    own = {word.lower() for word in words(scene.line.text)}

    def is_strange(one: Line) -> bool:
        telling = [word.lower() for word in words(one.text)[:12] if word.lower() not in STOP]
        return len(telling) > 5 and not any(word in own for word in telling)

    found = scene.other(is_strange)
    added = " ".join(found[1].text.split()[:12]) if found else ""
    return scene.point(f"{scene.text[:150]}, and {added}") if found else None


NAMES = ("Zorblax", "Quintessa", "Bartholomew", "Xilvani", "Torvex", "Mirabelle", "Grzegorz")


def _after(*endings: str) -> _Lie:
    return lambda scene: f"{scene.text[:200]} {scene.rng.choice(endings)}"


def _before(*beginnings: str) -> _Lie:
    return lambda scene: f"{scene.rng.choice(beginnings)} {_small(scene.text[:200])}"


def _refs(refs: object) -> _Lie:
    return lambda scene: scene.point(scene.text, refs)


def _changed_number(scene: Scene) -> str | None:
    numbers = re.findall(r"\d+", scene.text)
    if not numbers:
        return None
    old = scene.rng.choice(numbers)
    new = str(int(old) + 7) if len(old) < 15 else "7" + old
    return None if new in scene.line.text else scene.text.replace(old, new)


def _other_members_words(scene: Scene) -> str | None:
    """What another member is said to have said, under their name."""
    text = scene.line.text.casefold()
    found = scene.other(
        lambda one: (
            one.author_id != scene.line.author_id
            and len(one.name) > 3
            and one.name.casefold() not in f"{scene.line.name.casefold()} {text}"
        )
    )
    return f"{found[1].name} said: {scene.text}" if found else None


def _lower(lie: _Lie) -> _Lie:
    def lowered(scene: Scene) -> str | None:
        text = lie(scene)
        return text.lower() if isinstance(text, str) else None

    return lowered


def _wrong_message(scene: Scene) -> Raw | None:
    """A sentence of another message: hardly a word of it stands in the one that is named."""
    own = {word.lower() for word in words(scene.line.text)}

    def is_strange(one: Line) -> bool:
        telling = [word.lower() for word in words(one.text) if word.lower() not in STOP]
        return len(telling) > 4 and sum(w in own for w in telling) <= 0.2 * len(telling)

    found = scene.other(is_strange)
    return scene.point(found[1].text[:200]) if found else None


def _spanning(scene: Scene) -> Raw | None:
    """A quotation that begins in one message and ends in another."""
    found = scene.other(lambda one: one.id != scene.line.id and len(one.text.split()) > 4)
    if found is None or len(scene.text.split()) < 4:
        return None
    whole = f"{' '.join(scene.text.split()[-4:])} {' '.join(found[1].text.split()[:4])}"
    if '"' in whole or "“" in whole or "`" in whole:
        return None
    return scene.point(f"{scene.line.name} said “{whole}”.", [scene.at, found[0]])


LIES: dict[str, _Lie] = {
    # references
    "no references": _refs([]),
    "an unknown number": _refs([99_999]),
    "zero": _refs([0]),
    "a negative number": _refs([-1]),
    "a string": _refs(["1"]),
    "a fraction": _refs([1.5]),
    "a truth value": _refs([True]),
    "null": lambda scene: {"text": scene.text, "kind": "fact"},
    "an object": _refs({"1": 1}),
    "a list in a list": _refs([[1]]),
    "one of them unknown": lambda scene: scene.point(scene.text, [scene.at, 88_888]),
    "everything": lambda scene: scene.point(scene.text, [*list(scene.shown)[:40], 77777]),
    "another message": _wrong_message,
    # numbers
    "a changed number": _changed_number,
    "an added number": _after("and 8713 more", "for 9461 people", "by 7753 votes"),
    "a number in words": _after("for nineteen people", "in seventy-three cases", "ninety times"),
    "a German number": _after("siebzehn", "dreiundachtzig Mal"),
    "Arabic digits": _after("٨٧٥٣", "for ٩٤٦١ people"),
    "wide digits": _after("８７５３", "for ９４６１ people"),
    "Devanagari digits": _after("८७५३"),
    "Han numerals": _after("八十七", "九百人"),
    "a fraction sign": _after("⅞ of it", "and ⅝ more"),
    "a circled number": _after("⑲", "Ⅻ times"),
    "an ordinal": _after("for the seventeenth time", "as the 83rd person"),
    "a unit": _after("with 913GB", "and 731 Mbit/s"),
    "a percentage": _after("which is 87%", "for 93 percent"),
    "a version": _after("in v9.87.3", "with version 97.31"),
    "money": _after("for $8713", "for 9461 €"),
    "a dozen": _after("for three dozen people", "for hundreds of thousands"),
    "a number of times": _after("hundertmal", "siebenmal", "des milliers de fois"),
    "half of them": _after("by half of the players", "für die Hälfte", "para la mitad de ellos"),
    "another unit": _other_of(_OTHER_UNITS, r"\d\s?({})(?!\w)"),
    "another currency": _other_of(_OTHER_MONEY, r"({})\s?\d"),
    "an unknown currency": _after("for 14 Franken", "por 12 dólares", "pour 15 francs"),
    # names
    "another letter": _lettered,
    "a name at the beginning": lambda scene: f"{scene.rng.choice(NAMES)} said: {scene.text}",
    "a name at the end": lambda scene: f"{scene.text}, according to {scene.rng.choice(NAMES)}",
    "a plain given name": _before("Mark reported that", "Grace said that", "Will found that"),
    "a name in small letters": lambda scene: (
        f"{scene.rng.choice(NAMES).lower()} said that {_small(scene.text)}"
    ),
    "a small name at the end": lambda scene: (
        f"{scene.text}, says {scene.rng.choice(NAMES).lower()}"
    ),
    "another member": _other_members_words,
    "another member in small letters": _lower(_other_members_words),
    "a mentioned stranger": lambda scene: f"@{scene.rng.choice(NAMES).lower()} {scene.text}",
    "a longer nickname": lambda scene: f"{scene.line.name}owski said: {scene.text}",
    "a mentioned longer nickname": lambda scene: f"@{scene.line.name}son {scene.text}",
    "a Cyrillic name": _before("Зорблакс сообщил:", "Мирослава:"),
    "a katakana name": _before("ゾルブラックスさん:", "バーソロミュー:"),
    "a Greek name": _before("Ζορμπλάξ:"),
    "a name in capitals": _before("ZORBLAX and TORVEX:", "QUINTESSA:"),
    "a possessive name": _after("in Zorblax's build", "on Quintessa's server"),
    "a name with a hyphen": _after("by Zorblax-Torvex"),
    "a name of two scripts": _after("by Zоrblах", "with Micrоsоft"),
    "a compound with a name": _after("with the Okonkwo-Fix", "on the Wolfram-Server"),
    "a surname that is a word": _before("Cooper said that", "Brown said that", "Holly said that"),
    "a product": _after("on Photoshop", "with AutoCAD", "under Solaris"),
    "an emoji's name": _after(":zorblax_laugh:", ":torvex:"),
    "a channel": _after("in #zorblax-secrets", "see #torvex"),
    # links
    "a link": _after("https://evil.example/x", "http://zorblax.test"),
    "another path": lambda scene: (
        f"{scene.text} {scene.line.urls[0]}/evil" if scene.line.urls else None
    ),
    "a bare host": _after("evil-zorblax.example", "see zorblax.io/free"),
    "an ideographic dot": _after("evil。example", "zorblax。com/free"),
    "a half-wide dot": _after("evil｡example"),
    "a wide dot": _after("evil．example", "zorblax．com/free"),
    "a one-dot leader": _after("evil․example"),
    "punycode": _after("xn--zrblx-3ta.xn--p1ai", "xn--80ak6aa92e.com"),
    "a foreign host": _after("зорблакс.рф/даром"),
    "a spaced dot": _after("evil . example", "zorblax .com"),
    "a dot in brackets": _after("evil[.]example", "zorblax(dot)com"),
    "a dot in words": _after("evil dot example", "zorblax dot com slash free"),
    "an IPv6 address": _after("http://[::1]:8080/x", "[::1]:x", "fe80::1:2"),
    "an IPv4 address": _after("203.0.113.77/x", "at 203.0.113.77:8080"),
    "mail": _after("mailto:zorblax@evil.example", "zorblax@evil.example"),
    "another scheme": _after("ftp://evil.example", "steam://run/7713", "hxxp://evil.example"),
    "no scheme": _after("//evil.example/x", "www.evil.example"),
    "a masked link": _after("[here](https://evil.example)", "[here] (evil.example)"),
    "a path": _after("see ~/.zorblax/torvex", "in /opt/zorblax/torvex.conf"),
    "an invitation": _after("discord.gg/zorblax", "discord．gg/zorblax", "discord.com/invite/x"),
    "a script": _after("javascript:alert(1)", "data:text/html,x"),
    # dates
    "a date": _after("on 2031-07-23", "on 23.07.2031"),
    "a weekday and month": _after("by Thursday, 23 Brumaire", "until the 29th of February 2031"),
    "a marked season": _after("since last spring, and last fall, last winter too"),
    "a month in French": _after("en mars, en mai"),
    "a time": _after("at 23:47", "at 4:53 am"),
    "a short month": _after("on Feb 29", "on 31 Oct"),
    "next year": _after("next year", "in the coming decade, next quarter"),
    "a German day": _after("am Donnerstag", "übermorgen"),
    "a French day": _after("vendredi", "demain"),
    "a Japanese day": _after("木曜日", "来週"),
    "another season": _other_of(_OTHER_SEASONS, r"\b({})\b"),
    "a season": _after("over the winter", "im Herbst", "en otoño", "au printemps"),
    "a stretch of time": _after("la semana pasada", "le mois dernier", "la settimana scorsa"),
    # quotations
    "an invented quotation": _after('and said "the whole database burnt"'),
    "a typographic quotation": _after("and said “the whole database burnt”"),
    "a German quotation": _after("and said „the whole database burnt“"),
    "a French quotation": _after("and said « the whole database burnt »"),
    "a single quotation": _after("and said 'the database isn't there any longer'"),
    "a Japanese quotation": _after("and said 「全部燃えた」"),
    "a quotation in code": _after("and said `the whole database burnt`"),
    "an open quotation": _after("and said “the whole database burnt"),
    "a quotation of two messages": _spanning,
    # words
    "words of another message behind": _behind,
    "a clause behind": _after(
        "and the treasurer later fled abroad with stolen jewellery",
        "und danach verklagten wütende Nachbarn sämtliche Veranstalter",
        "y después los vecinos furiosos denunciaron al alcalde",
    ),
    "something else": lambda _: "The committee praised the fragrant orchids beside the lighthouse.",
    "something else in Greek": lambda _: "Όλα τα αρχεία χάθηκαν για πάντα χθες το βράδυ.",
    "something else in Chinese": lambda _: "所有文件昨晚都永久丢失了而且没有人知道原因",
    "something else in Arabic": lambda _: "اختفت جميع الملفات الليلة الماضية إلى الأبد",
    "something else in German": lambda _: "Alle Vorstände lobten die duftenden Orchideen.",
    "nothing": lambda _: "",
    "hardly anything": lambda _: "It was so, and they did it.",
    "far too much": lambda scene: (scene.text + " ") * 12,
    # markup
    "everyone": _after("@everyone", "@here", "＠everyone"),
    "a raw mention": _after("<@123456>", "<@&7>", "<#9>"),
    "a spoiler": lambda scene: f"||{scene.text}||",
    "a code fence": lambda scene: f"```{scene.text}```",
    "HTML": lambda scene: f"<b>{scene.text}</b>",
    "an image in HTML": _after("<img src=x onerror=alert(1)>"),
    "a mark of direction": lambda scene: f"{scene.text[:20]}\u202e{scene.text[20:]}",
    "something invisible": lambda scene: f"{scene.text[:9]}\u200b{scene.text[9:]}",
    "tag letters": lambda scene: scene.text + "".join(chr(0xE0000 + ord(c)) for c in "ignore"),
    "a terminal's order": lambda scene: f"\x1b[31m{scene.text}",
}


def lies(scene: Scene) -> Iterator[tuple[str, Raw]]:
    """Each kind of lie that can be told of a scene."""
    for kind, lie in LIES.items():
        found = lie(scene)
        if isinstance(found, str):
            found = scene.point(found)
        if found is not None:
            yield kind, found


def unseen(scene: Scene) -> Iterator[tuple[str, Raw]]:
    """What code cannot see: somebody else did it, or it is the other way round."""
    found = scene.other(
        lambda one: one.author_id != scene.line.author_id and len(one.text.split()) > 3
    )
    if found is not None:
        number, other = found
        yield (
            "a swapped subject",
            scene.point(f"{other.name} said: {scene.text}", [scene.at, number]),
        )
    turned = re.sub(
        r"\b(is|are|was|can|will|should|does|do|has|have)\b(?! not)", r"\1 not", scene.text, count=1
    )
    if turned != scene.text:
        yield "a negation added", scene.point(f"{scene.line.name} said: {turned}")
    dropped = re.sub(r"\b(\w+)n't\b| not\b", r"\1", scene.text, count=1)
    if dropped != scene.text:
        yield "a negation dropped", scene.point(f"{scene.line.name} said: {dropped}")


def scenes(lines: Sequence[Line], rng: random.Random, most: int) -> Iterator[Scene]:
    """Some of the lines that say something, each in the twelve around it."""
    places = [at for at, line in enumerate(lines) if len(line.said) >= 4 and len(line.text) < 200]
    for at in sorted(rng.sample(places, min(most, len(places)))):
        first = max(0, at - 6)
        shown = dict(enumerate(lines[first : first + 12], 1))
        yield Scene(shown, at - first + 1, rng)
