"""An Ollama server on loopback that does as each test bids."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from guildwatch.language import Ollama, Timeouts


@dataclass
class FakeOllama:
    """Answers chats with `pieces`; the switches make it fail as real servers do."""

    pieces: list[str] = field(default_factory=lambda: ['{"title": ', '"hello"}'])
    names: list[str] = field(default_factory=lambda: ["gemma3:27b"])
    trained_context: int = 131_072
    prompt_tokens: int | None = None
    done_reason: str = "stop"
    done: bool = True
    status: int = 200
    error: str = ""
    redirect: bool = False
    show_fails: bool = False
    error_midway: str = ""
    raw_line: bytes = b""
    drop_after: int | None = None
    hang_before: int | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    disconnected: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def tags(self, _: web.Request) -> web.Response:
        return web.json_response({"models": [{"model": name, "name": name} for name in self.names]})

    def _has(self, name: str) -> bool:
        return name in self.names or f"{name}:latest" in self.names

    async def show(self, request: web.Request) -> web.Response:
        if not self._has((await request.json())["model"]):
            return web.json_response({"error": "model not found"}, status=404)
        if self.show_fails:
            return web.json_response({"error": "odd"}, status=500)
        return web.json_response({"model_info": {"gemma3.context_length": self.trained_context}})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.arrived.set()
        try:
            return await self._answer(request, body)
        except (asyncio.CancelledError, ConnectionResetError):
            self.disconnected.set()
            raise
        finally:
            self.running -= 1

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if not self._has(body["model"]):
            return web.json_response({"error": f"model '{body['model']}' not found"}, status=404)
        if self.redirect and request.path == "/api/chat":
            raise web.HTTPTemporaryRedirect("/elsewhere")
        if self.status != 200:
            return web.json_response({"error": self.error}, status=self.status)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)

        async def send(record: dict[str, Any]) -> None:
            await response.write(json.dumps(record).encode() + b"\n")

        for number, piece in enumerate(self.pieces):
            if number == self.hang_before:
                await self.release.wait()
            if number == self.drop_after and request.transport:
                request.transport.abort()
                return response
            await send(
                {
                    "model": body["model"],
                    "message": {"role": "assistant", "content": piece},
                    "done": False,
                }
            )
        if self.raw_line:
            await response.write(self.raw_line + b"\n")
        if self.error_midway:
            await send({"error": self.error_midway})
        elif self.done:
            await send(self._last(body))
        await response.write_eof()
        return response

    def _last(self, body: dict[str, Any]) -> dict[str, Any]:
        text = "".join(message["content"] for message in body["messages"])
        counted = len(text) // 4 if self.prompt_tokens is None else self.prompt_tokens
        return {
            "model": body["model"],
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": self.done_reason,
            "prompt_eval_count": counted,
            "eval_count": len(self.pieces),
        }


@pytest.fixture
async def server() -> AsyncIterator[FakeOllama]:
    fake = FakeOllama()
    app = web.Application()
    app.router.add_get("/api/tags", fake.tags)
    app.router.add_post("/api/show", fake.show)
    app.router.add_post("/api/chat", fake.chat)
    app.router.add_post("/elsewhere", fake.chat)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.url = f"http://127.0.0.1:{port}"
    yield fake
    fake.release.set()
    await runner.cleanup()


@pytest.fixture
async def open_model(server: FakeOllama) -> AsyncIterator[Callable[..., Ollama]]:
    opened: list[Ollama] = []

    def build(**overrides: Any) -> Ollama:
        settings = {
            "host": server.url,
            "model": "gemma3:27b",
            "context": 8192,
            "keep_alive": "30m",
            "timeouts": Timeouts(connect=2, first_token=5, between_tokens=5, whole=10),
        }
        opened.append(Ollama(**(settings | overrides)))
        return opened[-1]

    yield build
    for model in opened:
        await model.__aexit__(None, None, None)
