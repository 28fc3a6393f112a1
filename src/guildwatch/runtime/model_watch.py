"""Whether the language model is there: looked at from the start on, told when it changes."""

import asyncio
import logging

from guildwatch.language import ModelError, Ollama

_log = logging.getLogger(__name__)
_SECONDS = 60.0


class ModelWatch:
    """Asks the server once a minute; `trouble` is a sentence while reports must be extractive."""

    def __init__(self, model: Ollama) -> None:
        self.trouble = ""
        self._model = model

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            await self._look()
            await asyncio.sleep(_SECONDS)

    async def _look(self) -> None:
        try:
            await self._model.check()
        except ModelError as error:
            if not self.trouble:
                _log.warning("%s", error)
            self.trouble = str(error)
            return
        if self.trouble:
            _log.info("%s is there again", self._model.name)
        self.trouble = ""
