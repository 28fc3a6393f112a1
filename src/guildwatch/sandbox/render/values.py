"""Single values as Discord writes them."""

from datetime import UTC, datetime


def moment(when: datetime) -> str:
    """A time as ISO 8601 in UTC, to the microsecond."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def optional_moment(when: datetime | None) -> str | None:
    """A time, or null."""
    return None if when is None else moment(when)


def optional_id(snowflake: int | None) -> str | None:
    """An id as a string, or null."""
    return None if snowflake is None else str(snowflake)
