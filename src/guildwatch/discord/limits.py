"""Discord's rate limits as hikari keeps them, but for the one that would be run into again."""

import hikari
from hikari.impl import RESTBucketManager

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

    def __init__(self) -> None:
        super().__init__(_LONGEST_WAIT)

    def throttle(self, retry_after: float) -> None:
        """Let everybody else wait for so many seconds, and tell the one who met the limit."""
        super().throttle(retry_after)
        raise LimitedError(retry_after)
