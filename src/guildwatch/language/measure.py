"""How many tokens texts take of one model: estimated before a call, corrected by real counts."""

import logging

from guildwatch.language.estimate import Calibration, Measured
from guildwatch.language.model import Prompt
from guildwatch.language.trouble import Trouble
from guildwatch.model import GuildwatchError

_log = logging.getLogger(__name__)
_TEMPLATE_TOKENS = 40  # what the model's chat template puts around our two messages
_COUNT_DOUBTED = 0.6
_MOST_CHARACTERS = 7  # a token, on an average of any text
_SAME_MEASURE = 0.02
_KEPT_AT_FRONT = (4, 5)  # Ollama's num_keep, without and with a beginning-of-text token


class Measure:
    """The measure of one model's tokens, kept in `measured` from one run to the next."""

    def __init__(self, model: str, trouble: Trouble, measured: Measured | None) -> None:
        self._model = model
        self._trouble = trouble
        self._measured = measured
        self._calibration = Calibration()
        self._kept = 0.0
        self._last_prompt = ""

    def fits(self, text: str) -> int:
        """An estimate, corrected by the server's own counts, of the tokens that a text takes."""
        return self._calibration.tokens(text)

    async def recall(self) -> None:
        """Begins with what was learnt in earlier runs, if that is known."""
        if self._measured is None:
            return
        try:
            known = await self._measured.load(self._model)
        except GuildwatchError as error:
            _log.warning("what was measured with %s is not known: %s", self._model, error)
            return
        if known is not None:
            self._calibration.recall(known)
            self._kept = self._calibration.characters_per_token

    async def keep(self) -> None:
        """Keeps what was learnt when it has changed; that it cannot be kept costs no answer."""
        now = self._calibration.characters_per_token
        if self._measured is None or abs(now - self._kept) <= _SAME_MEASURE * self._kept:
            return
        try:
            await self._measured.save(self._model, now)
        except GuildwatchError as error:
            _log.warning("what was measured with %s could not be kept: %s", self._model, error)
            return
        self._kept = now

    def ensure_fit(self, prompt: Prompt, context: int) -> int:
        """The estimate for a prompt; raises ModelError where it is sure not to fit the context."""
        estimate = self.fits(prompt.instructions + prompt.content) + _TEMPLATE_TOKENS
        if estimate + prompt.max_tokens > context:
            raise self._trouble.too_long(context)
        return estimate

    def was_sent(self, prompt: Prompt) -> None:
        """Takes in that the server may have this prompt's tokens in its cache from now on."""
        self._last_prompt = prompt.instructions + prompt.content

    def check(self, prompt: Prompt, counted: int, estimate: int, context: int) -> None:
        """Learns from the server's count; raises ModelError where it read only a part.

        A prompt that is too long is cut to a few leading tokens and about half of the window, by
        older servers to all of it. The count covers cached tokens too, or, from some servers, only
        what was not read before; 0 says nothing.
        """
        if counted <= 0:
            return
        whole = prompt.instructions + prompt.content
        cached = max(len(prompt.instructions), _alike(whole, self._last_prompt))
        least = estimate - self.fits(whole[:cached])
        halved = {context - (context - kept) // 2 for kept in _KEPT_AT_FRONT}
        looks_halved = counted in halved and estimate > context * 0.4
        too_few = least > 300 and counted < least * _COUNT_DOUBTED
        if counted >= context - 1 or looks_halved:
            self._calibration.was_too_low()
            raise self._trouble.too_long(context)
        if too_few and counted * _MOST_CHARACTERS < len(whole) - cached:
            raise self._trouble.too_long(context)
        self._calibration.learn(whole, counted, cached=cached)


def _alike(one: str, other: str) -> int:
    """How many characters at their fronts are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
