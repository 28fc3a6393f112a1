"""A REST client that gives history as Discord's JSON, so that no odd message costs its page.

hikari builds its objects one after the other while a page is walked: at the first field that it
does not know it raises, and the rest of the page is gone. Our own mapping in `payloads` is tolerant
and is needed for the gateway anyway, so this client leaves the JSON as it is.
"""

from collections.abc import Mapping
from typing import Any

import hikari
from hikari.impl import EntityFactoryImpl, RESTClientImpl

Json = Mapping[str, Any]


class RawFactory(EntityFactoryImpl):
    """Hands on messages and channels as they came."""

    def deserialize_message(self, payload: Json) -> Any:
        """The message's JSON."""
        return payload

    def deserialize_channel(self, payload: Json, **_: object) -> Any:
        """The channel's JSON."""
        return payload


def raw_client(bot: hikari.GatewayBot, token: str, api_url: str) -> RESTClientImpl:
    """A client that is not started yet."""
    return RESTClientImpl(
        cache=None,
        entity_factory=RawFactory(bot),
        executor=None,
        http_settings=bot.http_settings,
        proxy_settings=bot.proxy_settings,
        token=token,
        token_type=hikari.TokenType.BOT,
        rest_url=api_url,
    )
