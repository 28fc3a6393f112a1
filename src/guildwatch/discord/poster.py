"""A REST client that sends each request once, for everything that must not come about twice.

hikari repeats a request by itself on 500, 502, 503, 504 and dropped connections, POSTs too, and
Discord remembers nonces for minutes only. Here every second try is ours, after a look at what the
first one did. What hikari still repeats are requests answered with 429, which had no effect.
"""

from typing import Any

import hikari
from hikari.impl import HTTPSettings, RESTBucketManager, RESTClientImpl

from guildwatch.discord.raw import RawFactory

_LONGEST_WAIT = 60.0
"""Seconds that hikari may wait for one route's rate limit."""


class LimitedError(hikari.HTTPError):
    """Discord's limit for the whole bot is used up; what was asked for was not done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Discord wants nothing of us for {seconds:g} s.")
        self.seconds = seconds


class ImpatientBuckets(RESTBucketManager):
    """hikari's rate limits, but for the global one, which is handed to the caller.

    hikari repeats a request that met the global limit at once while its route's bucket is not
    known yet, thousands of times an hour, which Discord answers by banning the address
    (https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit).
    """

    def throttle(self, retry_after: float) -> None:
        """Let everybody else wait for so many seconds, and tell the one who met the limit."""
        super().throttle(retry_after)
        raise LimitedError(retry_after)


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
        bucket_manager=ImpatientBuckets(_LONGEST_WAIT),
        max_retries=0,
        token=token,
        token_type=hikari.TokenType.BOT,
        rest_url=api_url,
    )
