"""An Ollama server on loopback whose model repeats what it was shown, as fast as it is let."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

NAME = "gemma3:27b"
_SHOWN = re.compile(r"^\[(\d+)\] (.*?): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """One answered or broken-off call: its tokens, its window, the messages that it showed."""

    prompt_tokens: int
    num_ctx: int
    lines: tuple[str, ...]
    is_whole: bool


@dataclass
class ScriptedOllama:
    """A model of `characters` a token that takes `seconds` for an answer.

    Without `counts` it tells no counts.
    """

    characters: float = 3.6
    seconds: float = 0.0
    counts: bool = True
    calls: list[Call] = field(default_factory=list)
    running: int = 0
    most_running: int = 0
    held: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    @property
    def prompt_tokens(self) -> int:
        """Those of all calls so far."""
        return sum(call.prompt_tokens for call in self.calls)

    async def tags(self, _: web.Request) -> web.Response:
        return web.json_response({"models": [{"model": NAME, "name": NAME}]})

    async def show(self, _: web.Request) -> web.Response:
        return web.json_response({"model_info": {"gemma3.context_length": 131_072}})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        is_whole = False
        try:
            response = await self._answer(request, body)
            is_whole = True
            return response
        finally:
            self.running -= 1
            text = body["messages"][1]["content"]
            lines = tuple(found[2] for found in _SHOWN.findall(text))
            window = body["options"]["num_ctx"]
            self.calls.append(Call(self._tokens(body), window, lines, is_whole))

    def _tokens(self, body: dict[str, Any]) -> int:
        text = "".join(message["content"] for message in body["messages"])
        return int(len(text) / self.characters)

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        held = self.held
        self.arrived.set()
        await asyncio.sleep(self.seconds)
        if held is not None:
            await held.wait()
        last = {
            "model": NAME,
            "message": {"role": "assistant", "content": _told(body["messages"][1]["content"])},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": self._tokens(body) if self.counts else 0,
            "eval_count": 100,
        }
        await response.write(json.dumps(last).encode() + b"\n")
        await response.write_eof()
        return response


def _told(content: str) -> str:
    """Of each conversation its first lines, as points that say who said what."""
    topics = []
    for part in re.split(r"^-+\n", content, flags=re.MULTILINE)[1:]:
        lines = sorted(_SHOWN.findall(part), key=lambda line: -len(line[2]))[:2]
        points = [
            {"text": f"{name} said: {text}"[:200], "kind": "fact", "refs": [int(number)]}
            for number, name, text in lines
        ]
        if points:
            topics.append({"title": lines[0][2][:30].rsplit(" ", 1)[0], "points": points})
    return json.dumps({"topics": topics, "points": []})


@asynccontextmanager
async def scripted_ollama(**how: Any) -> AsyncIterator[ScriptedOllama]:
    """Answers on a free port while this lasts."""
    server = ScriptedOllama(**how)
    app = web.Application(client_max_size=8_000_000)
    app.router.add_get("/api/tags", server.tags)
    app.router.add_post("/api/show", server.show)
    app.router.add_post("/api/chat", server.chat)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield server
    finally:
        if server.held is not None:
            server.held.set()
        await runner.cleanup()
