"""How payloads go over a websocket: as text, or as one compressed stream.

https://docs.discord.com/developers/events/gateway#encoding-and-compression
"""

import asyncio
import importlib
import json
import zlib
from typing import Any, Protocol

from aiohttp import ClientConnectionResetError, web

from guildwatch.sandbox.errors import Json


class Encoder(Protocol):
    """What turns one payload's text into what goes over the wire."""

    def __call__(self, text: str) -> bytes | str:
        """What goes over the wire."""
        ...


class UnsupportedCompressionError(Exception):
    """A client asked for a compression that is not there."""


def plain(text: str) -> str:
    """No compression: text frames."""
    return text


class ZlibStream:
    """One zlib stream for the whole connection, flushed after each payload."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj()

    def __call__(self, text: str) -> bytes:
        """One payload's share of the stream."""
        data = self._compressor.compress(text.encode())
        return data + self._compressor.flush(zlib.Z_SYNC_FLUSH)


class ZstdStream:
    """The same with Zstandard, where Python (3.14) or its backport has it."""

    def __init__(self) -> None:
        self._compressor = _zstd().ZstdCompressor()

    def __call__(self, text: str) -> bytes:
        """One payload's share of the stream."""
        compressor = self._compressor
        return bytes(compressor.compress(text.encode(), mode=compressor.FLUSH_BLOCK))


def encoder_for(compress: str | None) -> Encoder:
    """The encoder for a connection's `compress` parameter; raises UnsupportedCompressionError."""
    if compress is None:
        return plain
    if compress == "zlib-stream":
        return ZlibStream()
    if compress == "zstd-stream" and _zstd() is not None:
        return ZstdStream()
    raise UnsupportedCompressionError(compress)


class Wire:
    """A websocket with its own queue, so that dispatching never waits for a slow client."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        encoder: Encoder,
        transport: asyncio.Transport | None,
    ) -> None:
        self.socket = socket
        self._transport = transport
        self._encode = encoder
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._close_code: int | None = None
        self._close_reason = ""
        self._is_dead = False

    @property
    def closes(self) -> bool:
        """Whether it is the gateway that ends it: what the client answers then means nothing."""
        return self._close_code is not None

    def die(self) -> None:
        """Lose from now on whatever is sent, as a line does whose other end has gone unnoticed."""
        self._is_dead = True

    def send(self, text: str) -> None:
        """Put a payload into the queue."""
        if self._is_dead:
            return
        self._queue.put_nowait(text)

    def close(self, code: int, reason: str = "") -> None:
        """Close after what is queued has gone out."""
        self._close_code, self._close_reason = code, reason
        self._queue.put_nowait(None)

    def finish(self) -> None:
        """Let `run` come to its end."""
        self._queue.put_nowait(None)

    def cut(self) -> None:
        """End the connection without a word, as a broken line does."""
        if self._transport is not None:
            self._transport.abort()

    async def run(self) -> None:
        """Send what is queued until the connection ends."""
        try:
            while (text := await self._queue.get()) is not None:
                await self._write(self._encode(text))
        except ClientConnectionResetError:
            return
        if self._close_code is not None:
            await self.socket.close(code=self._close_code, message=self._close_reason.encode())

    async def _write(self, data: bytes | str) -> None:
        if isinstance(data, str):
            await self.socket.send_str(data)
        else:
            await self.socket.send_bytes(data)


def encoded(op: int, data: Any, *, name: str | None = None, seq: int | None = None) -> str:
    """A gateway payload as JSON text."""
    payload: Json = {"op": op, "d": data, "s": seq, "t": name}
    return json.dumps(payload, separators=(",", ":"))


def _zstd() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    return None
