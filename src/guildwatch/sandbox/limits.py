"""Rate limits: a bucket a route and resource, and one for everything.

https://docs.discord.com/developers/topics/rate-limits
"""

import hashlib
import time
from dataclasses import dataclass

from guildwatch.sandbox.clock import Timer
from guildwatch.sandbox.errors import Json


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds."""

    calls: int
    seconds: float


GLOBAL = Limit(50, 1.0)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a bucket after a call, or how long to wait for the next one."""

    bucket: str
    limit: Limit
    remaining: int
    reset_after: float
    allowed: bool
    is_global: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Discord's rate limit headers."""
        if self.is_global:
            return {
                "X-RateLimit-Global": "true",
                "X-RateLimit-Scope": "global",
                "Retry-After": f"{self.reset_after:.3f}",
            }
        told = {
            "X-RateLimit-Bucket": hashlib.md5(self.bucket.encode()).hexdigest(),  # noqa: S324 - only a short name
            "X-RateLimit-Limit": str(self.limit.calls),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
        }
        if self.allowed:
            return told
        return told | {"X-RateLimit-Scope": "user", "Retry-After": f"{self.reset_after:.3f}"}

    @property
    def body(self) -> Json:
        """What a refused call is told."""
        return {
            "message": "You are being rate limited.",
            "retry_after": round(self.reset_after, 3),
            "global": self.is_global,
        }


class Limits:
    """All buckets; a window opens with its first call."""

    def __init__(self, timer: Timer) -> None:
        self._timer = timer
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, key: str, limit: Limit, *, bucket: str = "") -> Allowance:
        """Count a call against a bucket."""
        now = self._timer()
        opened, used = self._windows.get(key, (now, 0))
        if now - opened >= limit.seconds:
            opened, used = now, 0
        allowed = used < limit.calls
        used += allowed
        self._windows[key] = (opened, used)
        left = opened + limit.seconds - now
        return Allowance(bucket, limit, limit.calls - used, left, allowed, bucket == "")
