"""What calls to the model cost, noted with the messages that they were about."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol

from guildwatch.digest.writing.pack import Unit
from guildwatch.digest.writing.tally import Tally
from guildwatch.language import Completion, LanguageModel, ModelError, Priority, Prompt
from guildwatch.model import Cost, Spent


class Costs(Protocol):
    """Where it is kept what calls to the model took."""

    async def add(self, costs: Sequence[Cost]) -> None:
        """Add to what was spent."""

    async def ahead(self, channel_ids: Collection[int], from_id: int, to_id: int) -> Spent:
        """What was spent ahead on these channels' messages with ids of [from_id, to_id)."""


class Meter:
    """Asks one model, and counts what each call took: in a tally, and for its messages."""

    def __init__(
        self, model: LanguageModel, priority: Priority, tally: Tally, costs: Costs | None
    ) -> None:
        self._model = model
        self._priority = priority
        self._tally = tally
        self._costs = costs

    async def complete(
        self,
        prompt: Prompt,
        chat: str,
        units: Sequence[Unit],
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """The answer about these units; the part `chat` of its prompt is what people wrote.

        Of a call that broke off, what it took may be an estimate. Raises ModelError.
        """
        fits, tally = self._model.fits, self._tally
        whole = fits(prompt.instructions + prompt.content)
        share = min(1.0, fits(chat) / whole)
        try:
            completion = await self._model.complete(
                prompt, priority=self._priority, on_text=on_text
            )
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
        await self._costs.add(_shared_out(spent, units, self._model.fits, is_ahead=is_ahead))


def _shared_out(
    spent: Spent, units: Sequence[Unit], measure: Callable[[str], int], *, is_ahead: bool
) -> list[Cost]:
    """A call's cost divided among its units, by what they took of it; the sum stays exact.

    The call itself counts for the first. Readers of some channels are told of no other's words.
    """
    sizes = [1 + sum(measure(line.text) for line in unit.lines) for unit in units]
    prompt = _divided(spent.prompt_tokens, sizes)
    chat = _divided(spent.chat_tokens, sizes)
    completion = _divided(spent.completion_tokens, sizes)
    return [
        Cost(
            unit.lines[-1].guild_id,
            unit.lines[-1].channel_id,
            unit.lines[-1].id,
            is_ahead,
            Spent(0 if place else spent.calls, prompt[place], chat[place], completion[place]),
        )
        for place, unit in enumerate(units)
    ]


def _divided(whole: int, sizes: Sequence[int]) -> list[int]:
    ends = [whole * sum(sizes[: place + 1]) // sum(sizes) for place in range(len(sizes))]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]
