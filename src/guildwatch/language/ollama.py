"""The door to Ollama: its client, its silences and its ways of failing."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from ollama import AsyncClient, ChatResponse

from guildwatch.language.address import parse_address, permitted
from guildwatch.language.answer import NotAsked, parse
from guildwatch.language.bounded import bound
from guildwatch.language.errors import ModelError
from guildwatch.language.estimate import Calibration, Measured
from guildwatch.language.model import Completion, Priority, Prompt
from guildwatch.language.transport import PermittedTransport
from guildwatch.language.trouble import Trouble
from guildwatch.language.turns import GaveWayError, Turns
from guildwatch.model import GuildwatchError

_log = logging.getLogger(__name__)
_TEMPLATE_TOKENS = 40  # what the model's chat template puts around our two messages
_LONGEST_ANSWER = 400_000  # characters; a server that floods is not waited for
_COUNT_DOUBTED = 0.6
_MOST_CHARACTERS = 7  # a token, on an average of any text
_SAME_MEASURE = 0.02
_KEPT_AT_FRONT = (4, 5)  # Ollama's num_keep, without and with a beginning-of-text token


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Patience in seconds; loading a 27B model takes minutes, all before the first token."""

    connect: float = 5.0
    first_token: float = 600.0
    between_tokens: float = 60.0
    whole: float = 1800.0


class Ollama:
    """A model behind an Ollama server, asked by one call at a time.

    `host` is written as OLLAMA_HOST allows. Only this machine and addresses that are not on the
    internet are spoken to, and `remote_host` if it is named. `context` is sent as `num_ctx` with
    every call (another value would load the model anew); where the model is known to have less,
    that is used instead, from the first call on. `lock_dir` holds the lock that processes share.
    `measured` remembers how long this model's tokens are, from one opening to the next.
    """

    def __init__(
        self,
        host: str,
        model: str,
        context: int,
        keep_alive: str,
        *,
        timeouts: Timeouts | None = None,
        lock_dir: Path | None = None,
        remote_host: str = "",
        measured: Measured | None = None,
    ) -> None:
        self.name = model
        self.context = context
        self._host = host
        self._keep_alive = _duration(keep_alive)
        self._timeouts = timeouts or Timeouts()
        self._remote_host = remote_host
        self._calibration = Calibration()
        self._measured = measured
        self._kept = 0.0
        self._trouble = Trouble(model, _full_address(host))
        self._turns = Turns(_lock_file(lock_dir, host))
        self._client: AsyncClient | None = None
        self._context_known = False
        self._has_sent = False
        self._last_prompt = ""

    async def __aenter__(self) -> Self:
        await self._recall_measured()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]  # ollama leaves it bare
            self._client = None

    def fits(self, text: str) -> int:
        """An estimate, corrected by the server's own counts, of the tokens that a text takes."""
        return self._calibration.tokens(text)

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server has. Raises ModelError."""
        client = await self._open()
        with self._trouble.translated():
            async with asyncio.timeout(self._timeouts.connect * 2):
                listed = await client.list()
        return tuple(entry.model for entry in listed.models if entry.model)

    async def check(self) -> None:
        """Raise ModelError unless the server answers and has the model."""
        if _full_name(self.name) not in {_full_name(name) for name in await self.models()}:
            raise self._trouble.missing()
        await self._learn_context()

    async def complete(
        self,
        prompt: Prompt,
        *,
        priority: Priority,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        """Ask the model when the turn comes; cancelling closes the stream, which frees it.

        Raises ModelError: `truncated` also when the prompt is sure not to fit, before sending;
        `preempted` when work in the background had to give way.
        """
        await self._open()
        spent = 0
        try:
            async with self._turns.turn(priority):
                await self._learn_context()
                spent = estimate = self._ensure_fit(prompt)
                started = time.monotonic()
                text, last = await self._whole(prompt, on_text)
                seconds = time.monotonic() - started
            spent = max(0, last.prompt_eval_count or 0) or estimate
            return self._completion(prompt, text, last, estimate, seconds)
        except GaveWayError as error:
            raise _spending(self._trouble.preempted(), spent) from error
        except ModelError as error:
            raise _spending(error, spent) from error.__cause__
        finally:
            self._last_prompt = prompt.instructions + prompt.content if spent else self._last_prompt
            await self._keep_measured()

    async def _whole(
        self, prompt: Prompt, on_text: Callable[[str], None] | None
    ) -> tuple[str, ChatResponse]:
        try:
            async with asyncio.timeout(self._timeouts.whole):
                return await self._stream(prompt, on_text)
        except TimeoutError as error:
            raise self._trouble.timed_out() from error

    async def _recall_measured(self) -> None:
        if self._measured is None:
            return
        try:
            known = await self._measured.load(self.name)
        except GuildwatchError as error:
            _log.warning("what was measured with %s is not known: %s", self.name, error)
            return
        if known is not None:
            self._calibration.recall(known)
            self._kept = self._calibration.characters_per_token

    async def _keep_measured(self) -> None:
        """Keep what was learnt when it has changed; that it cannot be kept costs no answer."""
        now = self._calibration.characters_per_token
        if self._measured is None or abs(now - self._kept) <= _SAME_MEASURE * self._kept:
            return
        try:
            await self._measured.save(self.name, now)
        except GuildwatchError as error:
            _log.warning("what was measured with %s could not be kept: %s", self.name, error)
            return
        self._kept = now

    def _ensure_fit(self, prompt: Prompt) -> int:
        estimate = self.fits(prompt.instructions + prompt.content) + _TEMPLATE_TOKENS
        if estimate + prompt.max_tokens > self.context:
            raise self._trouble.too_long(self.context)
        return estimate

    async def _open(self) -> AsyncClient:
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

    async def _learn_context(self) -> None:
        """Lower the window once to what the model was made for; the server would do so silently.

        Not any more once something was sent: another value would load the model anew.
        """
        if self._context_known:
            return
        client = await self._open()
        try:
            with self._trouble.translated():
                async with asyncio.timeout(self._timeouts.connect * 2):
                    shown = await client.show(self.name)
        except ModelError as error:
            if error.kind in ("unreachable", "missing"):
                raise
            return  # an odd answer here says nothing about whether the model can write
        if self._has_sent:
            return
        self._context_known = True
        for key, value in (shown.modelinfo or {}).items():
            if key.endswith(".context_length") and isinstance(value, int) and value > 0:
                self.context = min(self.context, value)

    async def _stream(
        self, prompt: Prompt, on_text: Callable[[str], None] | None
    ) -> tuple[str, ChatResponse]:
        pieces: list[str] = []
        length = 0
        async with aclosing(await self._chat(prompt)) as parts:
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

    async def _chat(self, prompt: Prompt) -> Any:  # an async generator, typed as an iterator there
        client = await self._open()
        self._context_known = self._has_sent = True
        with self._trouble.translated():
            return await client.chat(
                model=self.name,
                messages=[
                    {"role": "system", "content": prompt.instructions},
                    {"role": "user", "content": prompt.content},
                ],
                stream=True,
                think=False,  # asked of a model that cannot think, only True is an error
                format=prompt.schema,
                keep_alive=self._keep_alive,
                options={
                    "num_ctx": self.context,
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

    def _completion(
        self, prompt: Prompt, text: str, last: ChatResponse, estimate: int, seconds: float
    ) -> Completion:
        self._check_count(prompt, last.prompt_eval_count or 0, estimate)
        if last.done_reason == "length":
            raise self._trouble.cut()
        data = None
        if prompt.schema is not None:
            try:
                data = parse(text, prompt.schema)
            except NotAsked as error:
                raise self._trouble.garbled() from error
        counts = (max(0, last.prompt_eval_count or 0), max(0, last.eval_count or 0))
        return Completion(text, data, *counts, seconds)

    def _check_count(self, prompt: Prompt, counted: int, estimate: int) -> None:
        """Learn from the server's count; raise when it shows that it read only a part.

        A prompt that is too long is cut to a few leading tokens and about half of the window, by
        older servers to all of it. The count covers cached tokens too, or, from some servers, only
        what was not read before; 0 says nothing.
        """
        if counted <= 0:
            return
        whole = prompt.instructions + prompt.content
        cached = max(len(prompt.instructions), _alike(whole, self._last_prompt))
        least = estimate - self.fits(whole[:cached])
        halved = {self.context - (self.context - kept) // 2 for kept in _KEPT_AT_FRONT}
        looks_halved = counted in halved and estimate > self.context * 0.4
        too_few = least > 300 and counted < least * _COUNT_DOUBTED
        if counted >= self.context - 1 or looks_halved:
            self._calibration.was_too_low()
            raise self._trouble.too_long(self.context)
        if too_few and counted * _MOST_CHARACTERS < len(whole) - cached:
            raise self._trouble.too_long(self.context)
        self._calibration.learn(whole, counted, cached=cached)


def _spending(error: ModelError, tokens: int) -> ModelError:
    """The error, with what the server had read when it happened; one that refused read nothing."""
    error.prompt_tokens = 0 if error.kind in ("unreachable", "missing", "refused") else tokens
    return error


def _alike(one: str, other: str) -> int:
    """How many characters at their fronts are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _full_name(name: str) -> str:
    return name.lower() if ":" in name.rpartition("/")[2] else f"{name.lower()}:latest"


def _duration(keep_alive: str) -> str | float:
    """Ollama reads a string without a unit as an error and a number as seconds."""
    try:
        return float(keep_alive)
    except ValueError:
        return keep_alive


def _full_address(host: str) -> str:
    """The address for people; the host as it was given if it is none."""
    try:
        return str(parse_address(host))
    except ModelError:
        return host


def _lock_file(folder: Path | None, host: str) -> Path | None:
    if folder is None:
        return None
    server = _full_address(host).encode("utf-8", "replace")
    return folder / f"model-{hashlib.sha256(server).hexdigest()[:12]}.lock"
