"""An Ollama server on loopback whose model is as bad as each test bids."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from guildwatch.language import Ollama, Timeouts

NAME = "gemma3:27b"


@dataclass(frozen=True)
class Reply:
    """What comes back: a status, the pieces of a text, and how the stream ends."""

    pieces: Sequence[str] = ()
    status: int = 200
    done: bool = True
    done_reason: str = "stop"
    prompt_tokens: int | None = None
    raw: bytes = b""
    drops: bool = False
    stalls: bool = False


@dataclass
class BadOllama:
    """Answers each chat as `reply` says, given the prompt's untrusted part."""

    reply: Callable[[str], Reply]
    requests: list[dict[str, Any]] = field(default_factory=list)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def tags(self, _: web.Request) -> web.Response:
        return web.json_response({"models": [{"model": NAME, "name": NAME}]})

    async def show(self, _: web.Request) -> web.Response:
        return web.json_response({"model_info": {"gemma3.context_length": 131_072}})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        reply = self.reply(body["messages"][1]["content"])
        if reply.status != 200:
            return web.json_response({"error": "it does not want to"}, status=reply.status)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        for piece in reply.pieces:
            part = {"model": NAME, "message": {"role": "assistant", "content": piece}}
            await response.write(json.dumps(part | {"done": False}).encode() + b"\n")
        if reply.stalls:
            await self.closing.wait()
        if reply.raw:
            await response.write(reply.raw + b"\n")
        if reply.drops and request.transport is not None:
            request.transport.abort()
            return response
        if reply.done:
            await response.write(json.dumps(self._last(body, reply)).encode() + b"\n")
        await response.write_eof()
        return response

    def _last(self, body: dict[str, Any], reply: Reply) -> dict[str, Any]:
        text = "".join(message["content"] for message in body["messages"])
        counted = len(text) // 4 if reply.prompt_tokens is None else reply.prompt_tokens
        return {
            "model": NAME,
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": reply.done_reason,
            "prompt_eval_count": counted,
            "eval_count": 50,
        }


@asynccontextmanager
async def bad_ollama(reply: Callable[[str], Reply]) -> AsyncIterator[tuple[BadOllama, Ollama]]:
    """The server while this lasts, and the real door to it, with little patience."""
    server = BadOllama(reply)
    app = web.Application(client_max_size=8_000_000)
    app.router.add_get("/api/tags", server.tags)
    app.router.add_post("/api/show", server.show)
    app.router.add_post("/api/chat", server.chat)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    patience = Timeouts(connect=2, first_token=0.5, between_tokens=0.5, whole=3)
    try:
        async with Ollama(server.url, NAME, 8192, "30m", timeouts=patience) as model:
            yield server, model
    finally:
        server.closing.set()
        await runner.cleanup()


def answer(value: object) -> Reply:
    """A whole, well-formed answer."""
    return Reply([json.dumps(value)])
