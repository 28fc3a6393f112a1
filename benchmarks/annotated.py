"""Chats with human reply links, as lines with some of the replies known or the names taken out."""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from guildwatch.digest.transcript.clean import find_urls, plain
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.transcript.words import telling_stems


@dataclass(frozen=True)
class Annotated:
    """One channel: its lines with every reply known, and what people linked.

    `links` has for each annotated message those that it responds to; one that begins a
    conversation responds to itself.
    """

    name: str
    lines: list[Line]
    links: dict[int, set[int]]

    @cached_property
    def conversations(self) -> dict[int, int]:
        """Every linked message's conversation: linked messages share a number."""
        parent: dict[int, int] = {}

        def root(id_: int) -> int:
            parent.setdefault(id_, id_)
            while parent[id_] != id_:
                parent[id_] = id_ = parent[parent[id_]]
            return id_

        for child, targets in self.links.items():
            for target in targets:
                parent[root(child)] = root(target)
        return {id_: root(id_) for id_ in list(parent)}

    @property
    def gold(self) -> dict[int, int]:
        """The conversations of the annotated messages, which alone are measured."""
        return {id_: self.conversations[id_] for id_ in self.links}

    def with_replies(self, share: float, seed: int = 1) -> list[Line]:
        """The lines with only this share of the replies known."""
        chance = random.Random(seed)
        return [
            line
            if line.reply_to is not None and chance.random() < share
            else replace(line, reply_to=None)
            for line in self.lines
        ]

    def without_names(self) -> list[Line]:
        """The lines with no reply known, no mention, and nobody's name in the text."""
        names = sorted({line.name for line in self.lines}, key=len, reverse=True)
        name = re.compile(rf"(?<!\w)@?(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)
        found = []
        for line in self.lines:
            text = name.sub("", line.text).strip() or "."
            found.append(
                replace(
                    line,
                    text=text,
                    reply_to=None,
                    mentions=frozenset(),
                    said=telling_stems(text),
                )
            )
        return found


def annotated(folders: Sequence[Path]) -> list[Annotated]:
    """The exports in these folders that have `<channel>.links.tsv` beside them."""
    found = []
    for export in (path for folder in folders for path in sorted(folder.glob("*.json"))):
        document = json.loads(export.read_text("utf-8-sig"))
        links = export.with_name(f"{document['channel']['name']}.links.tsv")
        if links.exists():
            name = f"{document['channel']['name']} of {export.parent.name}"
            found.append(Annotated(name, _lines(document), _links(links)))
    return found


def _links(path: Path) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in path.read_text().splitlines():
        if row and not row.startswith("#"):
            child, target = map(int, row.split("\t")[:2])
            found.setdefault(child, set()).add(target)
    return found


def _lines(document: dict) -> list[Line]:
    found = []
    for message in document["messages"]:
        text = plain(message["content"], lambda _: None, {})
        target = message.get("reference", {}).get("messageId")
        found.append(
            Line(
                id=int(message["id"]),
                channel_id=int(document["channel"]["id"]),
                author_id=int(message["author"]["id"]),
                name=message["author"].get("nickname") or message["author"]["name"],
                text=text,
                at=datetime.fromisoformat(message["timestamp"]).timestamp(),
                reply_to=int(target) if target is not None else None,
                mentions=frozenset(int(each["id"]) for each in message["mentions"]),
                said=telling_stems(text),
                urls=tuple(find_urls(message["content"])),
            )
        )
    return found
