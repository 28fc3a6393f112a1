"""Somebody's name taken out of what was told of others: they are "someone" there."""

import json
import re
from collections.abc import Collection
from dataclasses import replace

from guildwatch.model import Digest, Followed, Point, Report, Topic

SOMEONE = "someone"


def nameless(text: str, names: Collection[str]) -> str:
    """The text with "someone" where one of these names stands as a whole word."""
    for name in sorted(filter(str.strip, names), key=len, reverse=True):
        if name in text:
            text = re.sub(rf"(?<!\w)@?{re.escape(name)}(?!\w)", SOMEONE, text)
    return text


def unaddressed(text: str, names: Collection[str]) -> str:
    """The text with "@someone" where somebody is mentioned by one of these names.

    Exports write the name in the place of a mention, which is not what its author typed.
    """
    for name in sorted(filter(str.strip, names), key=len, reverse=True):
        if f"@{name}" in text:
            text = re.sub(rf"@{re.escape(name)}(?!\w)", f"@{SOMEONE}", text)
    return text


def spellings(name: str) -> set[str]:
    """A name as a text has it, and as JSON does."""
    return {name, json.dumps(name)[1:-1]}


def is_named(name: str, stored: str) -> bool:
    """Whether a name is in what is stored as text or JSON."""
    return any(one in stored for one in spellings(name))


def nameless_report(report: Report, author_id: int, names: Collection[str]) -> Report:
    """The report without a member among those who said most, and without these names."""
    top = tuple(one for one in report.activity.top if one.id != author_id)
    board = tuple(one for one in report.activity.board if one.id != author_id)
    return replace(
        report,
        digest=_nameless_digest(report.digest, names),
        activity=replace(report.activity, top=top, board=board),
    )


def _nameless_digest(digest: Digest, names: Collection[str]) -> Digest:
    return replace(
        digest,
        headline=nameless(digest.headline, names),
        topics=tuple(_nameless_topic(one, names) for one in digest.topics),
        followed=tuple(_nameless_question(one, names) for one in digest.followed),
        also=tuple(replace(one, text=nameless(one.text, names)) for one in digest.also),
    )


def _nameless_topic(topic: Topic, names: Collection[str]) -> Topic:
    return replace(
        topic,
        title=nameless(topic.title, names),
        continues=None if topic.continues is None else nameless(topic.continues, names),
        points=tuple(_nameless_point(one, names) for one in topic.points),
    )


def _nameless_question(one: Followed, names: Collection[str]) -> Followed:
    answer = None if one.answer is None else _nameless_point(one.answer, names)
    return replace(one, question=_nameless_point(one.question, names), answer=answer)


def _nameless_point(point: Point, names: Collection[str]) -> Point:
    return replace(
        point, text=nameless(point.text, names), original=nameless(point.original, names)
    )
