"""A REST client that gives history as Discord's JSON, so that no odd message costs its page.

hikari builds its objects one after the other while a page is walked: at the first field that it
does not know it raises, and the rest of the page is gone. Our own mapping in `payloads` is tolerant
and is needed for the gateway anyway, so this client leaves the JSON as it is.
"""

from collections.abc import Generator, Mapping
from typing import Any

import hikari
from hikari.impl import EntityFactoryImpl, RESTClientImpl
from hikari.iterators import BufferedLazyIterator

from guildwatch.discord.limits import ImpatientBuckets

Json = Mapping[str, Any]
_FULL_PAGE = 100


class RawFactory(EntityFactoryImpl):
    """Hands on messages and channels as they came."""

    def deserialize_message(self, payload: Json) -> Any:
        """The message's JSON."""
        return payload

    def deserialize_channel(self, payload: Json, **_: object) -> Any:
        """The channel's JSON."""
        return payload


class RawClient(RESTClientImpl):
    """A client whose history ends with the first page that is not full, as Discord's does.

    hikari's asks once more, to be told that there is nothing: twice as many requests, the second
    without a pause.
    """

    def fetch_messages(self, *place: Any, **edge: Any) -> hikari.LazyIterator[hikari.Message]:
        """The messages of a channel, raw (see `RawFactory`), a page a request."""
        return _Pages(super().fetch_messages(*place, **edge))


class _Pages(BufferedLazyIterator[hikari.Message]):
    def __init__(self, pages: Any) -> None:
        super().__init__()
        self._pages = pages

    async def _next_chunk(self) -> Generator[hikari.Message, Any, None] | None:
        if self._pages is None:
            return None
        chunk = await self._pages._next_chunk()  # noqa: SLF001 - nothing public tells pages apart
        found = list(chunk or ())
        if len(found) < _FULL_PAGE:
            self._pages = None
        return (one for one in found) if found else None


def raw_client(bot: hikari.GatewayBot, token: str, api_url: str) -> RawClient:
    """A client that is not started yet."""
    return RawClient(
        cache=None,
        entity_factory=RawFactory(bot),
        executor=None,
        http_settings=bot.http_settings,
        proxy_settings=bot.proxy_settings,
        bucket_manager=ImpatientBuckets(),
        token=token,
        token_type=hikari.TokenType.BOT,
        rest_url=api_url,
    )
