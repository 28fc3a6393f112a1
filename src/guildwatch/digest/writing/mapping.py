"""Asking the model about conversations and keeping of its answers what the messages bear out."""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from guildwatch.digest.checking.check import LONGEST_POINT, Failure
from guildwatch.digest.merging.merge import fuse_points
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.costs import Costs, shared_out
from guildwatch.digest.writing.drafts import (
    Account,
    Draft,
    kept_text,
    mended,
    recalled,
    sorted_out,
    titled,
)
from guildwatch.digest.writing.pack import (
    TOKENS_PER_POINT,
    Budget,
    Unit,
    budget,
    fenced,
    halves,
    show,
)
from guildwatch.digest.writing.portions import NOTHING_TOLD, Tellings
from guildwatch.digest.writing.prompts import Prompts
from guildwatch.digest.writing.schemas import points_schema, topics_schema
from guildwatch.language import Completion, LanguageModel, ModelError, Priority, Prompt
from guildwatch.model import Spent

_log = logging.getLogger(__name__)
_MOST_TROUBLE = 3
_MOST_MENDED = 6
_MOST_BARREN = 4  # conversations in a row, in two calls at least
_PASSING = ("cut", "garbled", "refused")
_RULE = "----------"
_UNTRUE = '{"untrue": true}'


class Cache(Protocol):
    """Where told conversations are kept; what rests on a changed message vanishes from it.

    Who may read only the `readable` channels gets nothing that was written among others' messages:
    a model that reads several conversations in one call may mix them up.
    """

    async def resting_on(
        self, first_id: int, last_id: int, readable: Collection[int] | None = None
    ) -> Mapping[str, Sequence[int]]:
        """The keys of what rests on messages of these ids, both included, each with those ids."""

    async def cached(self, key: str, readable: Collection[int] | None = None) -> str | None:
        """The text kept under a key, or None."""

    async def keep(
        self,
        key: str,
        guild_id: int,
        channel_id: int,
        message_ids: Mapping[int, int],
        result: str,
        *,
        among: Collection[int] = (),
    ) -> None:
        """Keep a text that rests on these messages, each given with its wording (`Line`).

        Not where one of them was edited or deleted since it was read. `among` are the channels of
        all that was read with them.
        """


@dataclass(slots=True)
class Tally:
    """What the calls cost, and what went wrong last."""

    calls: int = 0
    prompt_tokens: int = 0
    chat_tokens: float = 0.0
    estimated_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)
    trouble: ModelError | None = None
    failures: int = 0
    barren_calls: int = 0
    barren_conversations: int = 0

    def add_found(self, told: int, asked: int) -> None:
        """Count of how many conversations a call could tell anything that holds."""
        self.barren_calls = 0 if told else self.barren_calls + 1
        self.barren_conversations = 0 if told else self.barren_conversations + asked

    def add(self, completion: Completion, chat: float) -> None:
        """Count one finished call; the share `chat`, 0..1, of its prompt was what people wrote."""
        self.spend(completion.prompt_tokens, chat)
        self.completion_tokens += completion.completion_tokens
        self.seconds += completion.seconds
        self.failures = 0

    def spend(self, prompt_tokens: int, chat: float) -> None:
        """Count a call that was at least begun."""
        self.calls += 1
        self.prompt_tokens += prompt_tokens
        self.chat_tokens += prompt_tokens * chat


class Mapper:
    """Asks one model; gives up for the rest of a digest when it plainly is not there.

    What it recalls is for readers of the `readable` channels, None for who reads them all.
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
        self._costs = costs
        self.readable = readable
        self.model = model
        self.prompts = prompts or Prompts()
        self._cache = cache
        self._priority = priority
        self.tally = Tally()
        self._hopeless: set[Unit] = set()

    @property
    def instruction_tokens(self) -> int:
        """What the standing instructions of a call take."""
        return self.model.fits(self.prompts.of("digest"))

    @property
    def limit(self) -> Budget:
        """What a call may hold."""
        return budget(self.model.context, self.instruction_tokens)

    async def tellings(self, lines: Sequence[Line]) -> Tellings:
        """What was told before of any of these lines, which come oldest first."""
        if self._cache is None or not lines:
            return NOTHING_TOLD
        known = await self._cache.resting_on(lines[0].id, lines[-1].id, self.readable)
        return Tellings(known, self.key)

    @property
    def has_given_up(self) -> bool:
        """Whether asking on would only cost time."""
        if self.is_barren:
            return True
        trouble = self.tally.trouble
        if trouble is None or self.tally.failures == 0:
            return False
        return trouble.kind not in (*_PASSING, "truncated") or self.tally.failures >= _MOST_TROUBLE

    @property
    def is_barren(self) -> bool:
        """Whether nothing it wrote of the last few conversations held; a lie now and then may."""
        tally = self.tally
        return tally.barren_calls > 1 and tally.barren_conversations >= _MOST_BARREN

    async def recall(self, unit: Unit) -> Account | None:
        """What the model said of exactly these lines before, checked again, or None.

        Where nothing of it held, it is not worth asking again: see `is_hopeless`.
        """
        key, cache = self.key(unit.lines), self._cache
        text = await cache.cached(key, self.readable) if cache else None
        if text == _UNTRUE:
            self._hopeless.add(unit)
        return await asyncio.to_thread(recalled, text, unit) if text is not None else None

    def is_hopeless(self, unit: Unit) -> bool:
        """Whether it is known, since it was recalled, that the model cannot tell these lines."""
        return unit in self._hopeless

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
            if error.kind not in (*_PASSING, "truncated"):
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
        await self._keep(unit, kept_text(whole), [unit])
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
        completion = await self._complete(prompt, transcript, units, on_text)
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
            await self._keep(unit, kept_text(account), units)
        for unit in units:
            if unit not in accounts:  # it had its two chances
                await self._keep(unit, _UNTRUE, units)
        return accounts

    async def _complete(
        self,
        prompt: Prompt,
        chat: str,
        units: Sequence[Unit],
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """Ask, and count what it took; of a call that broke off that may be an estimate."""
        fits, tally = self.model.fits, self.tally
        whole = fits(prompt.instructions + prompt.content)
        share = min(1.0, fits(chat) / whole)
        try:
            completion = await self.model.complete(prompt, priority=self._priority, on_text=on_text)
        except ModelError as error:
            if error.prompt_tokens:
                tally.estimated_tokens += whole
                tally.spend(error.prompt_tokens, share)
                await self._note(Spent(1, error.prompt_tokens), share, units)
            raise
        completion = replace(completion, prompt_tokens=completion.prompt_tokens or whole)
        tally.estimated_tokens += whole
        tally.add(completion, share)
        spent = Spent(1, completion.prompt_tokens, 0, completion.completion_tokens)
        await self._note(spent, share, units)
        return completion

    async def _note(self, spent: Spent, chat: float, units: Sequence[Unit]) -> None:
        if self._costs is None:
            return
        spent = replace(spent, chat_tokens=round(spent.prompt_tokens * chat))
        is_ahead = self._priority is Priority.BACKGROUND
        await self._costs.add(shared_out(spent, units, self.model.fits, is_ahead=is_ahead))

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
            completion = await self._complete(prompt, content, list(drafts))
        except ModelError as error:
            _log.info("asking once more failed: %s", error)
            return
        again = {number: shown[number] for number in numbers}
        good = await asyncio.to_thread(mended, completion.data, again, drafts, open_)
        self.tally.dropped -= Counter(failure.check for failure in good)

    async def _keep(self, unit: Unit, text: str, asked: Sequence[Unit]) -> None:
        if self._cache is None:
            return
        first = unit.lines[0]
        read = {line.id: line.wording for line in unit.lines}
        key = self.key(unit.lines)
        among = {line.channel_id for each in asked for line in each.lines}
        await self._cache.keep(key, first.guild_id, first.channel_id, read, text, among=among)

    def key(self, lines: Sequence[Line]) -> str:
        """What the telling of these lines by this model under these prompts is kept under."""
        content = "".join(f"{line.id} {line.name}: {line.text}\n" for line in lines)
        whole = f"{self.prompts.version}\n{self.model.name}\n{content}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


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
