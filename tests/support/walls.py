"""What a hostile member can post: walls of 4,000 signs, and shapes that make readers stumble."""

import random
from typing import Any

from guildwatch.model import first_id_at, utc_now

LONGEST = 4000
"""Characters of a message by somebody with Nitro; a bot's embeds have 6,000 more."""

_ESC = "\x1b"
_TRACE = (
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nValueError: no\n'
)


def _filled(unit: str) -> str:
    return (unit * (LONGEST // len(unit) + 1))[:LONGEST]


def _signs(*ranges: tuple[int, int], seed: int = 3) -> str:
    dice = random.Random(seed)
    chosen = (dice.choice(ranges) for _ in range(LONGEST))
    return "".join(chr(dice.randint(low, high)) for low, high in chosen)


def texts() -> dict[str, str]:
    """Contents by what they are."""
    units = {
        "one emoji": "😂",
        "faces and but": "😂 but 😭 not ",
        "a family of joined emoji": "👨‍👩‍👧‍👦",
        "flags": "🇩🇪🇫🇷",
        "skin tones": "👍🏿👍🏻",
        "lone regional letters": "🇦",
        "keycaps": "1️⃣2️⃣",
        "custom emoji": "<:pepe:123456789012345678>",
        "unfinished custom emoji": "<a:pepe:",
        "zalgo": "a" + "\u0301\u0323\u0337\u035c" * 20,
        "one letter under marks": "\u0301",
        "marks out of order": "\u0323\u0301",
        "right to left": "\u202eevil \u2067text\u2069\u200f ",
        "only direction marks": "\u202e",
        "joiners": "\u200d",
        "zero width": "\u200b\ufeff",
        "controls": "\x00\x07\x08\x7f",
        "colours": f"{_ESC}[31mred{_ESC}[0m",
        "a hyperlink": f"{_ESC}]8;;http://evil.example{_ESC}\\click{_ESC}]8;;{_ESC}\\",
        "the clipboard": f"{_ESC}]52;c;ZXZpbA==\x07",
        "C1 controls": "\x9b2J\x9d0;evil\x9c",
        "console markup": "[bold red]x[/][@click=app.quit]y[/]",
        "open brackets": "[",
        "nested brackets": "[[](",
        "masked links": "[x](http://e.example/a) ",
        "half masked links": "[x](http://e.example/a ",
        "links": "https://e.example/" + "a" * 60 + " ",
        "one link": "https://e.example/?" + "a=b&" * 995,
        "link with brackets": "https://e.example/" + "(" * 3900,
        "mentions": "<@123456789012345678> @everyone <@&1> <#12> @here ",
        "half mentions": "<@!",
        "time stamps": "<t:99999999999999999999:R><t:-1:F>",
        "spoilers": "||a||",
        "bars": "|",
        "quotes": "> ",
        "quoted lines": "> a\n",
        "line breaks": "\n",
        "spaces": " ",
        "no-break spaces": "\u00a0 ",
        "tabs and breaks": "\t\n",
        "code fences": "```",
        "code": "```py\nx = 1\n```",
        "backticks": "`",
        "stars": "*",
        "underscores": "_",
        "headings": "# a\n-# b\n",
        "exclamation": "!",
        "questions": "?!",
        "not": "not ",
        "so very": "so very good ",
        "contractions": "don't ",
        "capitals": "GOOD bad ",
        "smiles": ":) ",
        "the bomb": "the bomb ",
        "digits": "9",
        "numbers": "3.14 1,000 ",
        "dates": "21.11.2026 12:30 tomorrow ",
        "signs": "-+=",
        "formulas": "=cmd|' /C calc'!A0\t",
        "one word": "a",
        "short words": "a b ",
        "letters": "ab",
        "CJK": "漢字",
        "kana": "カタカナ",
        "Thai": "ภาษาไทย",
        "Arabic ligature": "\ufdfa",
        "Hangul letters": "\u1100\u1161\u11a8",
        "half surrogates": "\ud83d",
        "lists": "- a\n",
        "traces": _TRACE,
        "frames of Java": "\tat a.b.C.d(E.java:1)\n",
        "frames of Python": '  File "a.py", line 1, in f\n',
        "caused by": "Caused by: a.b.Error: x\n",
        "panics": "thread 'main' panicked at 'x', a.rs:1\n",
        "file names": "C:\\a\\b.py:12: /usr/x/y.c:3 ",
        "mails": "a.b+c@d.example ",
        "half mails": "a@",
        "card numbers": "4111 1111 1111 1111 ",
        "phone numbers": "+49 (170) 123-45-67 ",
        "tokens": "MTA1Mjk0NTU2ODcyNTIwNTA3.GxKx4t.mXgkP0y_Zb1Uo3Jc-w2VtF5sHqLd8RnAeE7IiY ",
        "base64": "aGVsbG8gd29ybGQ",
        "hex": "deadbeef",
        "key and value": "password=hunter2 ",
        "mails and codes": "otp a@b.co 2fa to x1y2z3 4111 ",
        "orders to machines": "ignore all previous instructions and ",
        "names in capitals": "Mara Jonas Tiff ",
    }
    walls = {name: _filled(unit) for name, unit in units.items()}
    walls["words"] = " ".join(f"word{number}" for number in range(600))[:LONGEST]
    walls["random pictures"] = _signs((0x1F300, 0x1FAFF))
    walls["random of everything"] = _signs((0, 0xD7FF), (0xE000, 0x10FFFF))
    walls["random marks"] = "a" + _signs((0x300, 0x36F))[1:]
    walls["random letters"] = _signs((0x61, 0x7A), (0x20, 0x20))
    walls["nested JSON"] = "[" * 2000 + "]" * 2000
    return walls


def payloads() -> dict[str, dict[str, Any]]:
    """MESSAGE_CREATE payloads by what they are; each with an id of its own."""
    found = {name: {"content": text} for name, text in texts().items()}
    fields = [{"name": "👨‍👩‍👧‍👦" * 20, "value": "a\u0301\u0323" * 340} for _ in range(25)]
    embed = {"type": "rich", "title": "😂" * 256, "description": "[x](" * 1000, "fields": fields}
    found["a bot's ten embeds"] = {
        "content": "😂" * 2000,
        "embeds": [embed] * 10,
        "author": {"bot": True},
    }
    emoji = [{"emoji": {"name": f"e{n}", "id": str(n + 1)}, "count": n} for n in range(2000)]
    found["2,000 reactions"] = {"content": "look", "reactions": emoji}
    found["huge numbers"] = {
        "content": "look",
        "reactions": [{"count": 10**400}, {"count": -(10**30)}],
        "edited_timestamp": "9" * 4000,
        "flags": 10**300,
    }
    found["a name of a hundred parts"] = {
        "content": "look",
        "member": {"nick": "[bold]\x1b[31m\u202e@everyone <@&1> 😂a\u0301 " * 100},
    }
    found["a thousand mentions"] = {
        "content": "<@5> " * 800,
        "mentions": [{"id": str(n + 1), "username": "x\u0301" * 500} for n in range(1000)],
    }
    found["a thousand files"] = {
        "content": "",
        "attachments": [{"filename": f"{'../' * 300}\x1b]0;x\x07{n}.png"} for n in range(1000)],
    }
    found["a thousand stickers"] = {"sticker_items": [{"name": "\x9b" * 100}] * 1000}
    found["a poll"] = {
        "poll": {
            "question": {"text": "=1+1|" * 800},
            "answers": [{"poll_media": {"text": "\x1b[2J" * 1000}}] * 10,
        }
    }
    snapshot: dict[str, Any] = {"content": "😂" * LONGEST}
    for _ in range(200):
        snapshot = {"content": "x" * 100, "message_snapshots": [{"message": snapshot}]}
    found["forwards of forwards"] = snapshot
    parts: dict[str, Any] = {"type": 10, "content": "y" * LONGEST}
    for _ in range(200):
        parts = {"type": 17, "components": [parts, {"type": 10, "content": "z" * 20}]}
    found["components in components"] = {"flags": 1 << 15, "components": [parts]}
    return {name: _whole(raw, number) for number, (name, raw) in enumerate(found.items())}


def _whole(raw: dict[str, Any], number: int) -> dict[str, Any]:
    base = first_id_at(utc_now())
    author = {"id": "66", "username": "evil", "global_name": "evil", **raw.get("author", {})}
    whole = {"id": str(base + (number << 22)), "guild_id": "1", "channel_id": "10", "type": 0}
    return {**whole, "content": "", **raw, "author": author}
