"""A REST client that sends each request once, for everything that must not come about twice.

hikari repeats a request by itself on 500, 502, 503, 504 and dropped connections, POSTs too, and
Discord remembers nonces for minutes only. Here every second try is ours, after a look at what the
first one did. What hikari still repeats are requests answered with 429, which had no effect.
"""

from typing import Any

import hikari
from hikari.impl import HTTPSettings, RESTClientImpl

from guildwatch.discord.limits import ImpatientBuckets
from guildwatch.discord.raw import RawFactory


def poster_client(
    app: Any, token: str, api_url: str, *, http_settings: HTTPSettings | None = None
) -> RESTClientImpl:
    """A client that is not started yet; messages come back as Discord's JSON.

    `app` is the bot (or hikari's RESTApp) whose settings it takes over.
    """
    return RESTClientImpl(
        cache=None,
        entity_factory=RawFactory(app),
        executor=None,
        http_settings=http_settings or app.http_settings,
        proxy_settings=app.proxy_settings,
        bucket_manager=ImpatientBuckets(),
        max_retries=0,
        token=token,
        token_type=hikari.TokenType.BOT,
        rest_url=api_url,
    )
