"""Asking the model about conversations and keeping of its answers what the messages bear out."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from guildwatch.digest.checking.check import LONGEST_POINT, Failure
from guildwatch.digest.merging.merge import fuse_points
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.cache import Cache, Memory
from guildwatch.digest.writing.costs import Costs, Meter
from guildwatch.digest.writing.drafts import Account, Draft, mended, sorted_out, titled
from guildwatch.digest.writing.pack import (
    TOKENS_PER_POINT,
    Budget,
    Unit,
    budget,
    fenced,
    halves,
    show,
)
from guildwatch.digest.writing.prompts import Prompts
from guildwatch.digest.writing.schemas import points_schema, topics_schema
from guildwatch.digest.writing.tally import PASSING, Tally
from guildwatch.language import LanguageModel, ModelError, Priority, Prompt

_log = logging.getLogger(__name__)
_MOST_MENDED = 6
_RULE = "----------"


class Mapper:
    """Asks one model; gives up for the rest of a digest when it plainly is not there.

    Its `memory` is for readers of the `readable` channels, None for who reads them all.
    """

    def __init__(
        self,
        model: LanguageModel,
        cache: Cache | None,
        priority: Priority,
        prompts: Prompts | None = None,
        costs: Costs | None = None,
        *,
        readable: Collection[int] | None = None,
    ) -> None:
        self.model = model
        self.prompts = prompts or Prompts()
        self.tally = Tally()
        self.memory = Memory(cache, f"{self.prompts.version}\n{model.name}", readable)
        self._meter = Meter(model, priority, self.tally, costs)

    @property
    def instruction_tokens(self) -> int:
        """What the standing instructions of a call take."""
        return self.model.fits(self.prompts.of("digest"))

    @property
    def limit(self) -> Budget:
        """What a call may hold."""
        return budget(self.model.context, self.instruction_tokens)

    @property
    def has_given_up(self) -> bool:
        """Whether asking on would only cost time."""
        return self.tally.has_given_up

    async def tell(
        self, units: Sequence[Unit], on_text: Callable[[str], None] | None = None
    ) -> dict[Unit, Account]:
        """Ask about some units in one call; those that fail are missing from the result.

        An account without points says that there was nothing to tell. Raises ModelError only where
        work in the background was `preempted`.

        A call that fails is asked in two, down to single units, so that one of them does not cost
        the others; a single one is not asked again, but halved where it proves too long.
        """
        if self.has_given_up:
            return {}
        try:
            return await self._ask(units, on_text)
        except ModelError as error:
            if error.kind == "preempted":
                raise
            if error.kind not in (*PASSING, "truncated"):
                return self._fail(error)
            trouble = error
        if len(units) == 1:
            is_long = trouble.kind == "truncated"
            return await self._tell_halves(units[0], trouble) if is_long else self._fail(trouble)
        _log.info("asking again after: %s", trouble)
        middle = len(units) // 2
        first = await self.tell(units[:middle], on_text)
        return first | await self.tell(units[middle:], on_text)

    def _fail(self, error: ModelError) -> dict[Unit, Account]:
        is_new = str(error) != str(self.tally.trouble)
        _log.log(logging.WARNING if is_new else logging.INFO, "%s", error)
        self.tally.trouble = error
        self.tally.failures += 1
        return {}

    async def _tell_halves(self, unit: Unit, trouble: ModelError) -> dict[Unit, Account]:
        parts = halves(unit)
        if len(parts) == 1:
            return self._fail(trouble)
        accounts = [account for part in parts for account in (await self.tell([part])).values()]
        if len(accounts) < len(parts):
            return {}
        points = fuse_points(point for account in accounts for point in account.points)
        titles = [account.title for account in accounts]
        whole = titled(titles, points[: unit.points], unit.lines)
        await self.memory.keep(unit, whole, [unit])
        return {unit: whole}

    async def _ask(
        self, units: Sequence[Unit], on_text: Callable[[str], None] | None
    ) -> dict[Unit, Account]:
        shown = _numbered([line for unit in units for line in unit.lines])
        transcript = _transcript(units)
        prompt = Prompt(
            self.prompts.of("digest"),
            fenced(transcript),
            topics_schema(units),
            sum(unit.answer_tokens for unit in units) + 60,
        )
        completion = await self._meter.complete(prompt, transcript, units, on_text)
        drafts, failures = await asyncio.to_thread(sorted_out, completion.data, shown, units)
        self.tally.dropped.update(failure.check for failure in failures)
        holds = any(draft.points for draft in drafts.values())
        if failures and (holds or not self.tally.barren_calls):
            await self._repair(failures, shown, drafts)
        accounts = {unit: draft.account() for unit, draft in drafts.items() if draft.points}
        self.tally.add_found(len(accounts), len(units))
        if accounts:  # one that tells others well has found nothing to tell of these
            false = {shown[ref].id for failure in failures for ref in failure.refs}
            silent = [unit for unit in units if false.isdisjoint(line.id for line in unit.lines)]
            accounts = {unit: Account("", ()) for unit in silent} | accounts
        for unit, account in accounts.items():
            await self.memory.keep(unit, account, units)
        for unit in units:
            if unit not in accounts:  # it had its two chances
                await self.memory.keep(unit, None, units)
        return accounts

    async def _repair(
        self, failures: Sequence[Failure], shown: Mapping[int, Line], drafts: dict[Unit, Draft]
    ) -> None:
        """Ask once more for the points that failed but named real messages; count what stays out.

        Trouble here costs only these points.
        """
        open_ = [failure for failure in failures if failure.text and failure.refs][:_MOST_MENDED]
        if not open_:
            return
        numbers = sorted({ref for failure in open_ for ref in failure.refs})
        wanted = "".join(f"- {each.text[:LONGEST_POINT]} ({each.reason})\n" for each in open_)
        content = "".join(show(number, shown[number]) for number in numbers)
        prompt = Prompt(
            self.prompts.of("repair"),
            fenced(f"{content}{_RULE}\nSentences that failed:\n{wanted}"),
            points_schema(len(open_)),
            len(open_) * TOKENS_PER_POINT + 60,
        )
        try:
            completion = await self._meter.complete(prompt, content, list(drafts))
        except ModelError as error:
            _log.info("asking once more failed: %s", error)
            return
        again = {number: shown[number] for number in numbers}
        good = await asyncio.to_thread(mended, completion.data, again, drafts, open_)
        self.tally.dropped -= Counter(failure.check for failure in good)


def _numbered(lines: Sequence[Line]) -> dict[int, Line]:
    return dict(enumerate(lines, 1))


def _transcript(units: Sequence[Unit]) -> str:
    number = 0
    parts: list[str] = []
    for unit in units:
        parts.append(f"{_RULE}\n")
        for line in unit.lines:
            number += 1
            parts.append(show(number, line))
    return "".join(parts)
