"""What of a conversation was told before, and what of it is still to be asked about.

Each telling rests on a run of lines and is found again by what they say. So a conversation that
was told while it was going is neither cut anew, however the estimate of tokens has moved since,
nor asked about again when it wakes up: only what came after that is news.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.rank import is_question, is_small_talk
from guildwatch.digest.transcript.lines import Conversation, Line
from guildwatch.digest.writing.pack import OVERLAP

_FEW_TELLING = 4

Run = tuple[Line, ...]
Cut = Callable[[Conversation], Sequence[Conversation]]


@dataclass(frozen=True, slots=True)
class Portion:
    """A conversation, or one subject of it: the runs that were told, and the news to ask about.

    `news` begins with a few lines of the last run, so that the model knows what it is about; it is
    empty where nothing came since that would be worth a question.
    """

    conversation: Conversation
    told: tuple[Run, ...] = ()
    news: Run = ()


class Tellings:
    """What was told before: the ids of the messages that each telling rests on, by its key.

    `key_of` makes the key of lines as they are now: what has changed since does not count as told.
    """

    def __init__(
        self, resting_on: Mapping[str, Sequence[int]], key_of: Callable[[Sequence[Line]], str]
    ) -> None:
        self._key_of = key_of
        self._starting: dict[int, list[tuple[Sequence[int], str]]] = {}
        for key, ids in resting_on.items():
            self._starting.setdefault(ids[0], []).append((ids, key))

    def of(self, conversation: Conversation) -> list[Run]:
        """The runs of this conversation that were told, in order, each adding lines to the last.

        One may begin with the last few lines of another.
        """
        if not self._starting:
            return []
        lines = {line.id: line for line in conversation.lines}
        covered: set[int] = set()
        found: list[Run] = []
        for first in lines:
            for ids, key in sorted(self._starting.get(first, ()), key=lambda one: -len(one[0])):
                known = sum(id_ in covered for id_ in ids)
                if known > OVERLAP or known == len(ids) or not lines.keys() >= set(ids):
                    continue
                run = tuple(lines[id_] for id_ in ids)
                if self._key_of(run) == key:
                    found.append(run)
                    covered.update(ids)
        return found


NOTHING_TOLD = Tellings({}, lambda _: "")


def portions(
    conversation: Conversation, told: Sequence[Run], cut: Cut, announcing: Collection[int] = ()
) -> list[Portion]:
    """The conversation by subjects; what was told stays as it was told, its news joined to it.

    `cut` finds the subjects of what was not told.
    """
    if not told:
        return [_untold(each) for each in cut(conversation)]
    chains = _chains(told)
    covered = {line.id for run in told for line in run}
    last = max(place for place, line in enumerate(conversation.lines) if line.id in covered)
    before = [line for line in conversation.lines[:last] if line.id not in covered]
    fresh = _subjects(conversation, conversation.lines[last + 1 :], cut)
    going = next(chain for chain in chains if conversation.lines[last] in chain[-1])
    continued = fresh.pop(0).lines if fresh else []
    found = [
        _told(conversation, chain, continued if chain is going else [], announcing)
        for chain in chains
    ]
    return found + [_untold(each) for each in [*_subjects(conversation, before, cut), *fresh]]


def _untold(conversation: Conversation) -> Portion:
    return Portion(conversation, (), tuple(conversation.lines))


def _chains(told: Iterable[Run]) -> list[list[Run]]:
    """The runs of each subject: those that begin with another's last lines go on with it."""
    chains: list[list[Run]] = []
    for run in told:
        ids = {line.id for line in run}
        before = next((chain for chain in chains if not ids.isdisjoint(_ids(chain[-1]))), None)
        if before is None:
            chains.append([run])
        else:
            before.append(run)
    return chains


def _ids(run: Run) -> set[int]:
    return {line.id for line in run}


def _subjects(whole: Conversation, lines: Sequence[Line], cut: Cut) -> list[Conversation]:
    return list(cut(_part(whole, lines))) if lines else []


def _part(whole: Conversation, lines: Sequence[Line]) -> Conversation:
    homes = {line.id: whole.homes[line.id] for line in lines if line.id in whole.homes}
    return Conversation(whole.channel_id, list(lines), lines[0].id, homes)


def _told(
    whole: Conversation,
    chain: Sequence[Run],
    continued: Sequence[Line],
    announcing: Collection[int],
) -> Portion:
    lines = {line.id: line for run in chain for line in run}
    lines |= {line.id: line for line in continued}
    part = _part(whole, [lines[id_] for id_ in sorted(lines)])
    news: Run = ()
    if continued and not _adds_nothing(_part(whole, continued), announcing):
        news = (*chain[-1][-OVERLAP:], *continued)
    return Portion(part, tuple(chain), news)


def _adds_nothing(news: Conversation, announcing: Collection[int]) -> bool:
    """Whether thanks and the like are all that came; an outcome is often told in few words."""
    if not is_small_talk(news, announcing) or any(is_question(line) for line in news.lines):
        return False
    return len({word for line in news.lines for word in line.said}) < _FEW_TELLING
