"""Keeps a server that floods from filling the memory."""

from collections.abc import AsyncIterator

import httpx

MOST_BYTES = 32_000_000
"""Many times the longest answer; what sends more is no language model."""


async def bound(response: httpx.Response) -> None:
    """Let a response end with an error after `MOST_BYTES`; a hook for httpx's clients."""
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """A stream of bytes that breaks off when it gets too long."""

    def __init__(self, whole: httpx.AsyncByteStream) -> None:
        self._whole = whole

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for piece in self._whole:
            left -= len(piece)
            if left < 0:
                raise httpx.DecodingError("the answer does not end")
            yield piece

    async def aclose(self) -> None:
        await self._whole.aclose()
