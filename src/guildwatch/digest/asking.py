"""A digest's calls to the model: what was said before is recalled, the rest asked call by call."""

from collections.abc import Callable, Sequence
from functools import partial

from guildwatch.digest.drafts import Account
from guildwatch.digest.lines import Context
from guildwatch.digest.mapping import Mapper
from guildwatch.digest.merge import MOST_POINTS, fuse_points
from guildwatch.digest.pack import Unit, budget, pack, split
from guildwatch.digest.reading import Reading
from guildwatch.model import Clock, Progress


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
        self._asked = read.considered
        self._total = len(self._asked)
        self._done = 0
        self._lines_done = 0
        self._lines_asked = 0

    async def run(self) -> dict[int, Account]:
        """What the model made of each conversation, by its place; failed ones are missing."""
        measure = self._mapper.model.fits
        limit = budget(self._mapper.model.context, measure(self._mapper.prompts.of("digest")))
        units = [
            unit
            for place, conversation in enumerate(self._asked)
            for unit in split(place, conversation.lines, limit.shown, measure)
        ]
        found = {unit: account for unit in units if (account := await self._mapper.recall(unit))}
        open_ = [unit for unit in units if unit not in found]
        self._lines_asked = sum(len(unit.lines) for unit in open_)
        self._done = len({unit.of for unit in found} - {unit.of for unit in open_})
        began = self._clock()
        for call in pack(open_, limit, measure):
            if self._mapper.has_given_up:
                break
            say = partial(self._say, call, began.timestamp())
            say("")
            found |= await self._mapper.tell(call, say)
            self._lines_done += sum(len(unit.lines) for unit in call)
            self._done = min(self._total, self._done + len({unit.of for unit in call}))
        return _whole(units, found)

    def _say(self, call: Sequence[Unit], began: float, preview: str) -> None:
        channel = self._context.channels.get(call[0].lines[0].channel_id)
        left = None
        if self._lines_done:
            pace = (self._clock().timestamp() - began) / self._lines_done
            left = max(0.0, pace * (self._lines_asked - self._lines_done))
        doing = f"Digesting #{channel.name}" if channel else "Digesting"
        self._tell(Progress(doing, self._done, self._total, left, preview))


def _whole(units: Sequence[Unit], found: dict[Unit, Account]) -> dict[int, Account]:
    """The parts of each conversation put together; one with a part missing is left out whole."""
    parts: dict[int, list[Account | None]] = {}
    for unit in units:
        parts.setdefault(unit.of, []).append(found.get(unit))
    whole: dict[int, Account] = {}
    for place, accounts in parts.items():
        there = [account for account in accounts if account is not None]
        if len(there) < len(accounts):
            continue
        title = next((account.title for account in there if account.title), "")
        points = fuse_points(point for account in there for point in account.points)
        whole[place] = Account(title, points[:MOST_POINTS])
    return whole
