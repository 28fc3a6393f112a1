"""The board of the most positive: who wrote in the best mood, and nobody below them."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from guildwatch.model import MemberCount, Message

SHOWN = 3
FEWEST = 10
"""Scored messages that somebody must have written: fewer are chance."""

POSITIVE = 0.05
"""The mean from which on somebody counts as positive: VADER's own bound, -1..1."""


def most_positive(messages: Sequence[Message]) -> tuple[MemberCount, ...]:
    """Up to `SHOWN` members with the best mean mood, the best first, of equals the busier.

    Whoever is not positive on the whole is not on it, however few are: no place on it, nor the
    lack of one, says that somebody was in a bad mood. Members who opted out have no messages.
    """
    scores, names = defaultdict[int, list[float]](list), dict[int, str]()
    for message in messages:
        author = message.author
        talks = message.kind.is_talk and not author.is_bot and not message.is_deleted
        if author.id > 0 and talks and message.score is not None:
            scores[author.id].append(message.score)
            names[author.id] = author.name
    means = {
        id_: mean
        for id_, own in scores.items()
        if len(own) >= FEWEST and (mean := fmean(own)) >= POSITIVE
    }
    ranked = sorted(means, key=lambda id_: (-means[id_], -len(scores[id_]), id_))
    return tuple(MemberCount(id_, names[id_], len(scores[id_])) for id_ in ranked[:SHOWN])
