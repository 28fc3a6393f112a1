"""An Ollama server through its client: only where it is permitted, and with limited patience."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import httpx
from ollama import AsyncClient, ChatResponse

from guildwatch.language.address import parse_address, permitted
from guildwatch.language.bounded import bound
from guildwatch.language.model import Prompt
from guildwatch.language.transport import PermittedTransport
from guildwatch.language.trouble import Trouble

_LONGEST_ANSWER = 400_000  # characters; a server that floods is not waited for


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Patience in seconds; loading a 27B model takes minutes, all before the first token."""

    connect: float = 5.0
    first_token: float = 600.0
    between_tokens: float = 60.0
    whole: float = 1800.0


class Server:
    """One server and its client, which is opened when it is first needed.

    `host` is written as OLLAMA_HOST allows. Only this machine and addresses that are not on the
    internet are spoken to, and `remote_host` if it is named. All that goes wrong is raised as
    ModelError, in the words of `trouble`.
    """

    def __init__(self, host: str, remote_host: str, timeouts: Timeouts, trouble: Trouble) -> None:
        self._host = host
        self._remote_host = remote_host
        self._timeouts = timeouts
        self._trouble = trouble
        self._client: AsyncClient | None = None
        self._has_chatted = False

    def has_chatted(self) -> bool:
        """Whether a prompt was sent, with which the model is loaded."""
        return self._has_chatted

    async def open(self) -> AsyncClient:
        """The client, after a look at where the host's name leads now."""
        address = parse_address(self._host)
        await permitted(address, self._remote_host)
        if self._client is None:
            self._client = AsyncClient(
                host=str(address),
                timeout=httpx.Timeout(None, connect=self._timeouts.connect),
                follow_redirects=False,  # a redirect or a proxy would carry messages elsewhere
                trust_env=False,
                transport=PermittedTransport(self._remote_host),
                event_hooks={"response": [bound]},
            )
        return self._client

    async def close(self) -> None:
        """Closes the client's connections."""
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]  # ollama leaves it bare
            self._client = None

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server has."""
        client = await self.open()
        with self._trouble.translated():
            async with asyncio.timeout(self._timeouts.connect * 2):
                listed = await client.list()
        return tuple(entry.model for entry in listed.models if entry.model)

    async def longest_context(self, model: str) -> int | None:
        """The tokens that a model was made for at most, None where the server does not say."""
        client = await self.open()
        with self._trouble.translated():
            async with asyncio.timeout(self._timeouts.connect * 2):
                shown = await client.show(model)
        lengths = (
            value
            for key, value in (shown.modelinfo or {}).items()
            if key.endswith(".context_length") and isinstance(value, int) and value > 0
        )
        return min(lengths, default=None)

    async def answer(
        self,
        model: str,
        prompt: Prompt,
        *,
        context: int,
        keep_alive: str | float,
        on_text: Callable[[str], None] | None,
    ) -> tuple[str, ChatResponse]:
        """The whole answer to a prompt, and the last part of the stream, which has the counts.

        `on_text` hears all there is so far with each token. Cancelling closes the stream, which
        frees the model.
        """
        try:
            async with asyncio.timeout(self._timeouts.whole):
                stream = await self._chat(model, prompt, context, keep_alive)
                return await self._read(stream, on_text)
        except TimeoutError as error:
            raise self._trouble.timed_out() from error

    async def _read(
        self, stream: Any, on_text: Callable[[str], None] | None
    ) -> tuple[str, ChatResponse]:
        pieces: list[str] = []
        length = 0
        async with aclosing(stream) as parts:
            async for part in self._patiently(parts):
                piece = part.message.content or ""
                pieces.append(piece)
                length += len(piece)
                if on_text is not None and piece:
                    on_text("".join(pieces))
                if part.done:
                    return "".join(pieces), part
                if length > _LONGEST_ANSWER:
                    break
        raise self._trouble.cut()

    async def _chat(
        self, model: str, prompt: Prompt, context: int, keep_alive: str | float
    ) -> Any:  # an async generator, typed as an iterator there
        client = await self.open()
        self._has_chatted = True
        with self._trouble.translated():
            return await client.chat(
                model=model,
                messages=[
                    {"role": "system", "content": prompt.instructions},
                    {"role": "user", "content": prompt.content},
                ],
                stream=True,
                think=False,  # asked of a model that cannot think, only True is an error
                format=prompt.schema,
                keep_alive=keep_alive,
                options={
                    "num_ctx": context,
                    "num_predict": prompt.max_tokens,
                    "temperature": 0.2,
                    "repeat_penalty": 1.15,
                },
            )

    async def _patiently(self, parts: AsyncIterator[ChatResponse]) -> AsyncIterator[ChatResponse]:
        patience = self._timeouts.first_token
        while True:
            try:
                with self._trouble.translated():
                    async with asyncio.timeout(patience):
                        part = await anext(parts)
            except StopAsyncIteration:
                return
            yield part
            patience = self._timeouts.between_tokens
