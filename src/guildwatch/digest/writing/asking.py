"""A digest's calls to the model: what was said before is recalled, the rest asked call by call."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from guildwatch.digest.merging.merge import fuse_points, most_points
from guildwatch.digest.reading import Reading
from guildwatch.digest.transcript.lines import Context, Line
from guildwatch.digest.writing.drafts import Account, titled
from guildwatch.digest.writing.mapping import Mapper
from guildwatch.digest.writing.pack import Unit, pack, split
from guildwatch.digest.writing.portions import Portion
from guildwatch.model import Clock, Point, Progress
from guildwatch.sensitive import masked

_MOST = 0.7


class Asking:
    """One digest's calls to the model, with the time that is left."""

    def __init__(
        self,
        mapper: Mapper,
        read: Reading,
        context: Context,
        clock: Clock,
        tell: Callable[[Progress], None],
    ) -> None:
        self._mapper = mapper
        self._read = read
        self._context = context
        self._clock = clock
        self._tell = tell
        self._asked = read.chosen
        self._total = len(self._asked)
        self._done = 0
        self._lines_done = 0
        self._lines_asked = 0

    async def run(self) -> dict[int, Account]:
        """What the model made of each conversation, by its place; failed ones are missing."""
        measure = self._mapper.model.fits
        limit = self._mapper.limit
        units = [
            unit
            for place, portion in enumerate(self._asked)
            for unit in units_of(portion, place, limit.shown, measure)
        ]
        memory = self._mapper.memory
        found = {unit: account for unit in units if (account := await memory.recall(unit))}
        open_ = [unit for unit in units if unit not in found and not memory.is_hopeless(unit)]
        self._lines_asked = sum(len(unit.lines) for unit in open_)
        self._total = len({unit.of for unit in open_})
        began = self._clock()
        for call in pack(open_, limit, measure):
            if self._mapper.has_given_up:
                break
            say = partial(self._say, call, began.timestamp())
            say("")
            found |= await self._mapper.tell(call, say)
            self._lines_done += sum(len(unit.lines) for unit in call)
            self._done = min(self._total, self._done + len({unit.of for unit in call}))
        return _whole(units, found, self._asked)

    def _say(self, call: Sequence[Unit], began: float, preview: str) -> None:
        channel = self._context.channels.get(call[0].lines[0].channel_id)
        left = None
        if self._lines_done:
            pace = (self._clock().timestamp() - began) / self._lines_done
            left = max(0.0, pace * (self._lines_asked - self._lines_done))
        doing = f"Digesting #{masked(channel.name)}" if channel else "Digesting"
        self._tell(Progress(doing, self._done, self._total, left, preview))


def units_of(
    portion: Portion, place: int, tokens: int, measure: Callable[[str], int]
) -> list[Unit]:
    """The runs that were told, as they were told, and the news in parts of at most `tokens`."""
    told = [Unit(place, run) for run in portion.told]
    return [*told, *split(place, portion.news, tokens, measure)]


def _whole(
    units: Sequence[Unit], found: Mapping[Unit, Account], asked: Sequence[Portion]
) -> dict[int, Account]:
    """The parts of each conversation put together; one that lacks too much is left out whole."""
    parts: dict[int, list[Unit]] = {}
    for unit in units:
        parts.setdefault(unit.of, []).append(unit)
    whole: dict[int, Account] = {}
    for place, own in parts.items():
        there = [found[unit] for unit in own if unit in found]
        if not any(account.points for account in there):
            continue
        if len(there) == len(own) or _is_nearly_whole(asked[place], own, found):
            lines = [line for unit in own if unit in found for line in unit.lines]
            whole[place] = _joined(there, lines)
    return whole


def _is_nearly_whole(
    portion: Portion, units: Sequence[Unit], found: Mapping[Unit, Account]
) -> bool:
    """Whether what was told before is there and is most of it: only the news could not be told."""
    told = {line.id for unit in units if unit in found for line in unit.lines}
    runs = {line.id for run in portion.told for line in run}
    return bool(runs) and runs <= told and len(told) > _MOST * len(portion.conversation.lines)


def _joined(accounts: Sequence[Account], lines: Sequence[Line]) -> Account:
    """One account of several parts: the main points of each before the lesser ones of any."""
    depth = max(len(account.points) for account in accounts)
    ranked = [
        account.points[rank]
        for rank in range(depth)
        for account in accounts
        if rank < len(account.points)
    ]
    chosen = fuse_points(ranked)[: most_points(len(accounts))]
    order = {point.text: place for place, point in enumerate(_in_order(accounts))}
    points = sorted(chosen, key=lambda point: order[point.text])
    return titled((account.title for account in accounts), points, lines)


def _in_order(accounts: Iterable[Account]) -> Iterator[Point]:
    return (point for account in accounts for point in account.points)
