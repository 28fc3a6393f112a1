"""Discord's snowflake ids as times: https://docs.discord.com/developers/reference#snowflakes."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_TIME_SHIFT = 22
_MILLISECOND = timedelta(milliseconds=1)
_LAST = (1 << 63) - 1  # in September 2084; no database and no JSON reader holds a later one


def created_at(snowflake: int) -> datetime:
    """The moment (UTC, to the millisecond) at which a snowflake was made."""
    return EPOCH + (snowflake >> _TIME_SHIFT) * _MILLISECOND


def first_id_at(moment: datetime) -> int:
    """The smallest snowflake of a moment; ids from here on were made at it or later.

    `id >= first_id_at(start) and id < first_id_at(end)` is the half-open period [start, end).
    A moment before Discord's epoch gives 0, one too late for a snowflake the last there can be.
    """
    return min(_LAST, max(0, -(-(moment - EPOCH) // _MILLISECOND)) << _TIME_SHIFT)
