"""What of a conversation that has gone quiet is to be told now, in parts that fit a call."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.rank import importance, is_small_talk
from guildwatch.digest.separation.following import Key, Quiet
from guildwatch.digest.separation.subjects import parted
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.writing.pack import MOST_UNITS, Budget, Unit, show, split
from guildwatch.digest.writing.portions import Run, Tellings, portions

Measure = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Size:
    """The most tokens that a part may take, and how they are measured."""

    most: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class Due:
    """Lines that are to be told together, by their ids: a conversation or a part of one.

    `tokens` are what they take in a prompt, `answer_tokens` what their points may take.
    `is_over` says that the conversation had gone quiet; `since` is when, in seconds, or when
    something of what had been told of it changed.
    """

    key: Key
    ids: tuple[int, ...]
    tokens: int
    answer_tokens: int
    weight: float
    is_over: bool
    since: float


def told_and_due(
    quiet: Quiet,
    lines: Sequence[Line],
    tellings: Tellings,
    announcing: Collection[int],
    size: Size,
) -> tuple[list[Run], list[Due]]:
    """What of a quiet conversation was told, and what of it is due.

    `lines` are those told last and all that came since; no part may be larger than `size`.
    Of a conversation that still goes on only that is due which will stay as it is.
    """
    if not quiet.is_over and quiet.changed_at is None:
        lines = _settled(lines, size)
    if not lines:
        return [], []
    whole = Conversation(quiet.key[0], list(lines), quiet.key[1])
    told = runs = tellings.of(whole)
    known = set(quiet.told)
    if tail := tuple(line for line in lines if line.id in known):
        runs = [tail, *runs]
    parts = portions(whole, runs, _subjects, announcing)
    found: list[Due] = []
    for part in parts:
        if not part.news or not (part.told or not is_small_talk(part.conversation, announcing)):
            continue
        weight = importance(part.conversation, announcing)
        cut = split(0, part.news, size.most, size.measure)
        found.extend(_due(quiet, unit, weight, size.measure) for unit in cut)
    return told, found


def filled(dues: Iterable[Due], limit: Budget) -> tuple[Due, ...]:
    """A call's worth of them, the weightiest first, as many as fit."""
    call: list[Due] = []
    shown = answer = 0
    for due in sorted(dues, key=lambda due: due.weight, reverse=True):
        fits = shown + due.tokens <= limit.shown and answer + due.answer_tokens <= limit.answer
        if not call or (fits and len(call) < MOST_UNITS):
            call.append(due)
            shown += due.tokens
            answer += due.answer_tokens
    return tuple(call)


def units(dues: Iterable[Due], lines: Iterable[Line]) -> Iterator[Unit]:
    """Each of them with its lines as they are now; what is not there any more is passed over."""
    known = {line.id: line for line in lines}
    for place, due in enumerate(dues):
        if run := tuple(known[id_] for id_ in due.ids if id_ in known):
            yield Unit(place, run)


def _due(quiet: Quiet, unit: Unit, weight: float, measure: Measure) -> Due:
    tokens = sum(measure(show(0, line)) for line in unit.lines)
    ids = tuple(line.id for line in unit.lines)
    since = unit.lines[-1].at if quiet.changed_at is None else quiet.changed_at
    return Due(quiet.key, ids, tokens, unit.answer_tokens, weight, quiet.is_over, since)


def _subjects(conversation: Conversation) -> list[Conversation]:
    return parted(conversation)


def _settled(lines: Sequence[Line], size: Size) -> Sequence[Line]:
    """The lines up to the last place at which they would be cut."""
    parts = list(split(0, lines, size.most, size.measure))
    if len(parts) < 2:
        return []
    last = parts[-2].lines[-1].id
    return [line for line in lines if line.id <= last]
