"""Chats with sentences about them, true and false, all written by hand.

`tests/digest/told/chats.txt` holds made-up chats, the later ones with the day on which they took
place (from noon in UTC, a message a second), `points.tsv` the sentences: the wave in which
they were written (each before the check had seen any of it), whether they are true, the chat, the
messages they cite (numbered from 1) and the text. Chats named `c00` … are the files of the open
chats beside the checkout, in order, `m0` … the open meetings; both only where they are.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Message,
    Period,
    PeriodKind,
    first_id_at,
)
from support.data_sets import DATA

TOLD = Path(__file__).parents[1] / "digest" / "told"
_AROUND = 25  # messages that a model saw before and after those cited
_CHANNEL = 1


@dataclass(frozen=True)
class Told:
    """A sentence about some messages of a chat; `shown` are those a model saw, by number."""

    wave: int
    is_true: bool
    chat: str
    refs: tuple[int, ...]
    text: str
    shown: dict[int, Line]

    @property
    def raw(self) -> dict[str, Any]:
        """As a model gives it."""
        return {"text": self.text, "kind": "fact", "refs": list(self.refs)}


def told() -> Iterator[Told]:
    """Every sentence whose chat is there."""
    for row in (TOLD / "points.tsv").read_text("utf-8").splitlines()[1:]:
        wave, truth, name, numbers, text = row.split("\t")
        lines = _chat(name)
        refs = tuple(map(int, numbers.split(",")))
        first, last = min(refs) - _AROUND, max(refs) + _AROUND
        shown = {number: line for number, line in lines.items() if first <= number <= last}
        if shown:
            yield Told(int(wave), truth == "true", name, refs, text, shown)


@cache
def _chat(name: str) -> dict[int, Line]:
    made_up = _made_up()
    if name in made_up:
        return _lines(made_up[name], _days().get(name, 0))
    if name.startswith("m"):
        return _lines(_meetings()[int(name[1:])]) if _meetings() else {}
    folder = DATA / "chat" / ("ubuntu-2017-07-15" if name[1] == "1" else "multichannel-day")
    files = sorted(folder.glob("*.json"))
    return _export(files[int(name[2])]) if files else {}


@cache
def _days() -> dict[str, int]:
    """When each made-up chat began, in milliseconds of Discord's epoch."""
    begun: dict[str, int] = {}
    for row in (TOLD / "chats.txt").read_text("utf-8").splitlines():
        name, _, day = row.removeprefix("# ").partition(" ")
        if row.startswith("# ") and day:
            noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
            begun[name] = first_id_at(noon) >> 22
    return begun


@cache
def _made_up() -> dict[str, list[tuple[str, str]]]:
    chats: dict[str, list[tuple[str, str]]] = {}
    rows: list[tuple[str, str]] = []
    for row in (TOLD / "chats.txt").read_text("utf-8").splitlines():
        if row.startswith("# "):
            rows = chats.setdefault(row[2:].split()[0], [])
        else:
            name, _, text = row.partition("\t")
            rows.append((name, text))
    return chats


@cache
def _meetings() -> list[list[tuple[str, str]]]:
    path = DATA / "summarisation" / "monero_meetings_open.jsonl"
    found = path.read_text("utf-8").splitlines() if path.exists() else []
    return [[(each["speaker"], each["text"]) for each in json.loads(row)["turns"]] for row in found]


def _export(path: Path) -> dict[int, Line]:
    messages = [
        Message(
            int(raw["id"]),
            1,
            _CHANNEL,
            Author(
                int(raw["author"]["id"]), raw["author"].get("nickname") or raw["author"]["name"]
            ),
            raw["content"],
        )
        for raw in json.loads(path.read_text("utf-8-sig"))["messages"]
    ]
    return dict(enumerate(_cleaned(messages), 1))


def _lines(rows: Sequence[tuple[str, str]], begun: int = 0) -> dict[int, Line]:
    ids = {name: 1000 + place for place, name in enumerate(dict.fromkeys(name for name, _ in rows))}
    messages = [
        Message((begun + 1000 * number) << 22, 1, _CHANNEL, Author(ids[name], name), text)
        for number, (name, text) in enumerate(rows, 1)
    ]
    return {((line.id >> 22) - begun) // 1000: line for line in _cleaned(messages)}


def _cleaned(messages: Sequence[Message]) -> list[Line]:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    period = Period(PeriodKind.DAY, moment, moment, "UTC")
    rooms = {_CHANNEL: Channel(_CHANNEL, 1, "x", ChannelKind.TEXT)}
    return clean(messages, Context("x", rooms, {}, period)).lines
