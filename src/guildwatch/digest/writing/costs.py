"""What calls to the model cost, noted with the messages that they were about."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from guildwatch.digest.writing.pack import Unit
from guildwatch.model import Cost, Spent


class Costs(Protocol):
    """Where it is kept what calls to the model took."""

    async def add(self, costs: Sequence[Cost]) -> None:
        """Add to what was spent."""

    async def ahead(self, channel_ids: Collection[int], from_id: int, to_id: int) -> Spent:
        """What was spent ahead on these channels' messages with ids of [from_id, to_id)."""


def shared_out(
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
