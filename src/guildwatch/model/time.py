"""The clock, which is always passed in, so that tests and the demo can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that gives the present moment as an aware UTC datetime."""


def utc_now() -> datetime:
    """The machine's present moment, aware, in UTC."""
    return datetime.now(UTC)
