"""A model's server that does as it is bid: answers, dawdles, hangs, breaks off, babbles."""

import asyncio
import json
import re
from enum import StrEnum
from typing import Any, Self

from aiohttp import web

_LINE = re.compile(r"^\[(\d+)\] [^:\n]+: (.+)$", re.MULTILINE)


class Mood(StrEnum):
    """What the server does with a call."""

    WELL = "model well"
    ABSENT = "model absent"
    SLOW = "model slow"
    HANGING = "model hanging"
    CUT = "model cut"
    GARBLED = "model garbled"


class Model:
    """Ollama's API on loopback; its answers repeat messages, so that they stand every check."""

    name = "echo"

    def __init__(self) -> None:
        self.mood = Mood.WELL
        self.url = ""
        self._healed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/api/tags", self._tags)
        application.router.add_post("/api/show", self._show)
        application.router.add_post("/api/chat", self._chat)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.heal()
        if self._runner is not None:
            await self._runner.cleanup()

    def suffer(self, mood: Mood) -> None:
        """Do this from now on."""
        self._healed = asyncio.Event()
        self.mood = mood

    def heal(self) -> None:
        """Answer well again; what hangs is cut."""
        self.mood = Mood.WELL
        self._healed.set()

    async def _tags(self, request: web.Request) -> web.StreamResponse:
        if self.mood is Mood.ABSENT:
            return _cut(request)
        return web.json_response({"models": [{"model": self.name, "name": self.name}]})

    async def _show(self, request: web.Request) -> web.StreamResponse:
        if self.mood is Mood.ABSENT:
            return _cut(request)
        return web.json_response({"model_info": {"echo.context_length": 131_072}})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if self.mood is Mood.ABSENT:
            return _cut(request)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        text = _answer(body)
        for number, piece in enumerate((text[: len(text) // 2], text[len(text) // 2 :])):
            if number and (done := await self._falter(request, response)) is not None:
                return done
            said = {"role": "assistant", "content": piece}
            await _send(response, {"model": self.name, "message": said, "done": False})
        counted = sum(len(one["content"]) for one in body["messages"]) // 4
        await _send(
            response,
            {
                "model": self.name,
                "message": {"role": "assistant", "content": ""},
                "done": True,
                "done_reason": "stop",
                "prompt_eval_count": counted,
                "eval_count": len(text) // 4,
            },
        )
        await response.write_eof()
        return response

    async def _falter(
        self, request: web.Request, response: web.StreamResponse
    ) -> web.StreamResponse | None:
        """What goes wrong in the middle of an answer; None where nothing does."""
        if self.mood is Mood.SLOW:
            await asyncio.sleep(0.7)
        elif self.mood is Mood.CUT:
            return _cut(request, response)
        elif self.mood is Mood.HANGING:
            await self._healed.wait()
            return _cut(request, response)
        elif self.mood is Mood.GARBLED:
            await response.write(b'{"message": {"content": "\xff\xfe ]]}\n')
            await response.write_eof()
            return response
        return None


async def _send(response: web.StreamResponse, record: dict[str, Any]) -> None:
    await response.write(json.dumps(record).encode() + b"\n")


def _cut(request: web.Request, begun: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return begun or web.Response(status=503)


def _answer(body: dict[str, Any]) -> str:
    """Points that repeat some of the messages, in the form that was asked for."""
    asked = "\n".join(one["content"] for one in body["messages"])
    lines = [(int(number), text[:90]) for number, text in _LINE.findall(asked)]
    points = [{"text": text, "kind": "fact", "refs": [number]} for number, text in lines[:3]]
    if '{"points"' in asked.split("[1]")[0] and '{"topics"' not in asked:
        return json.dumps({"points": points})
    topics = [{"title": lines[0][1], "points": points}] if lines else []
    return json.dumps({"topics": topics})
