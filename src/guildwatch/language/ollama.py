"""A model behind an Ollama server, asked by one call at a time."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from ollama import ChatResponse

from guildwatch.language.address import parse_address
from guildwatch.language.answer import NotAsked, parse
from guildwatch.language.errors import ModelError
from guildwatch.language.estimate import Measured
from guildwatch.language.measure import Measure
from guildwatch.language.model import Completion, Priority, Prompt
from guildwatch.language.server import Server, Timeouts
from guildwatch.language.trouble import Trouble
from guildwatch.language.turns import GaveWayError, Turns


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
        self._keep_alive = _duration(keep_alive)
        self._trouble = Trouble(model, _full_address(host))
        self._server = Server(host, remote_host, timeouts or Timeouts(), self._trouble)
        self._measure = Measure(model, self._trouble, measured)
        self._turns = Turns(_lock_file(lock_dir, host))
        self._context_known = False

    async def __aenter__(self) -> Self:
        await self._measure.recall()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.close()

    def fits(self, text: str) -> int:
        """An estimate, corrected by the server's own counts, of the tokens that a text takes."""
        return self._measure.fits(text)

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server has. Raises ModelError."""
        return await self._server.models()

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
        await self._server.open()
        spent = 0
        try:
            async with self._turns.turn(priority):
                await self._learn_context()
                spent = estimate = self._measure.ensure_fit(prompt, self.context)
                started = time.monotonic()
                text, last = await self._server.answer(
                    self.name,
                    prompt,
                    context=self.context,
                    keep_alive=self._keep_alive,
                    on_text=on_text,
                )
                seconds = time.monotonic() - started
            spent = max(0, last.prompt_eval_count or 0) or estimate
            return self._completion(prompt, text, last, estimate, seconds)
        except GaveWayError as error:
            raise _spending(self._trouble.preempted(), spent) from error
        except ModelError as error:
            raise _spending(error, spent) from error.__cause__
        finally:
            if spent:
                self._measure.was_sent(prompt)
            await self._measure.keep()

    async def _learn_context(self) -> None:
        """Lower the window once to what the model was made for; the server would do so silently.

        Not any more once something was sent: another value would load the model anew.
        """
        if self._context_known or self._server.has_chatted():
            return
        try:
            longest = await self._server.longest_context(self.name)
        except ModelError as error:
            if error.kind in ("unreachable", "missing"):
                raise
            return  # an odd answer here says nothing about whether the model can write
        if self._server.has_chatted():
            return
        self._context_known = True
        self.context = min(self.context, longest or self.context)

    def _completion(
        self, prompt: Prompt, text: str, last: ChatResponse, estimate: int, seconds: float
    ) -> Completion:
        self._measure.check(prompt, last.prompt_eval_count or 0, estimate, self.context)
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


def _spending(error: ModelError, tokens: int) -> ModelError:
    """The error, with what the server had read when it happened; one that refused read nothing."""
    error.prompt_tokens = 0 if error.kind in ("unreachable", "missing", "refused") else tokens
    return error


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
