"""How much of what should not be repeated is recognised, and how often ordinary talk is mistaken.

Run with PYTHONPATH=tests:

    python benchmarks/sensitive.py                     recall and false alarms on made-up messages
    python benchmarks/sensitive.py FOLDER_OR_FILE…     what is found in real talk, each shown
    python benchmarks/sensitive.py --cost              time by length, as a ratio

The made-up messages are `tests/support/pasted.py`. Real talk is read from DiscordChatExporter's
JSON, and from JSON lines with `turns` or `text`; what is found there has to be judged by eye.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from guildwatch.sensitive import Kind, find, masked
from support.pasted import LOOKALIKES, positives

_ROUNDS = 6


def measured() -> None:
    """Recall by kind and false alarms on what only looks like it."""
    chance = random.Random(7)
    hit, seen, missed = Counter[Kind](), Counter[Kind](), list[str]()
    for _ in range(_ROUNDS):
        for kind, message, secret in positives(chance):
            seen[kind] += 1
            found = find(message)
            is_right = any(one.kind is kind or one.kind.gives_access for one in found)
            is_gone = secret not in masked(message) and is_right
            hit[kind] += is_gone
            if not is_gone:
                missed.append(f"{kind}: {message!r} → {masked(message)!r}")
    alarms = [(text, masked(text)) for text in LOOKALIKES if find(text)]
    for kind in Kind:
        print(f"{kind:<9} {hit[kind]:>5} of {seen[kind]:>5} found, {hit[kind] / seen[kind]:.1%}")
    total = sum(hit.values())
    print(f"recall {total / sum(seen.values()):.2%} of {sum(seen.values())} messages")
    print(f"{len(alarms)} false alarms in {len(LOOKALIKES)} lines that only look like it")
    for text, shown in alarms:
        print(f"  {text!r} → {shown!r}")
    for each in sorted(set(missed))[:40]:
        print(f"  missed {each}")


def texts(place: Path) -> Iterator[str]:
    """What people said in a file or all files of a folder."""
    files = sorted(place.rglob("*.json*")) if place.is_dir() else [place]
    for file in files:
        if file.suffix == ".jsonl":
            for line in file.read_text("utf-8").splitlines():
                item = json.loads(line)
                yield from (turn["text"] for turn in item.get("turns", ()))
                if isinstance(item.get("text"), str):
                    yield item["text"]
        else:
            raw = json.loads(file.read_text("utf-8"))
            messages = raw.get("messages", ()) if isinstance(raw, dict) else ()
            yield from (one.get("content") or "" for one in messages)


def alarms(places: list[Path]) -> None:
    """Everything that is found in real talk, to be read."""
    count = spent = 0.0
    kinds = Counter[str]()
    for place in places:
        for text in texts(place):
            count += 1
            began = time.perf_counter()
            found = find(text)
            spent += time.perf_counter() - began
            for one in found:
                kinds[f"{one.kind} {one.issuer}".strip()] += 1
                start = max(0, one.start - 50)
                around = text[start : one.start], text[one.start : one.end], text[one.end :][:30]
                print(f"{one.kind:<9} {around[0]!r} ⟦{around[1]}⟧ {around[2]!r}")
    print(f"{sum(kinds.values())} found in {count:.0f} messages: {dict(kinds)}")
    print(f"{spent / max(1, count) * 1e6:.0f} µs a message")


def cost() -> None:
    """Time at 4,000 and 32,000 characters of the worst kinds of text."""
    walls = (
        "password: ",
        "api-key-",
        "+49 30 901820 ",
        "1 ",
        "eyJ",
        "-eyJ-",
        "a@b.",
        "AKIA",
        ":",
        "раssword ",
        "curl -u ",
        "seed phrase: abandon ",
        "https://x/?token=a&",
        "tel 1 ",
    )
    for wall in walls:
        times = []
        for length in (4_000, 32_000):
            text = (wall * length)[:length]
            find(text)
            began = time.process_time()
            masked(text)
            times.append(time.process_time() - began)
        print(
            f"{wall!r:<26} {times[0] * 1e3:6.1f} ms, "
            f"eight times the length {times[1] / times[0]:.1f} ×"
        )


if __name__ == "__main__":
    if "--cost" in sys.argv:
        cost()
    elif len(sys.argv) > 1:
        alarms([Path(each) for each in sys.argv[1:]])
    else:
        measured()
