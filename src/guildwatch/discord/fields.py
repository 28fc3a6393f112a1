"""Reading single fields of Discord's JSON, where anything may be missing, odd or new."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

Raw = Mapping[str, object]
"""A JSON object as it came."""

_LARGEST_ID = 2**63 - 1
_LONGEST_NAME = 100
_LARGEST_COUNT = 2**31 - 1


class OddPayloadError(ValueError):
    """A payload lacks what nothing can be understood without."""


def mapping(value: object) -> Raw:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> Iterator[Raw]:
    """The objects in a list; whatever else is in it, or a value that is no list, is passed over."""
    if isinstance(value, list | tuple):
        yield from (one for one in value if isinstance(one, Mapping))


def snowflake(value: object) -> int | None:
    """An id given as a string or a number, None where it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 20):
        return None
    number = int(value)
    return number if 0 < number <= _LARGEST_ID else None


def needed_snowflake(raw: Raw, name: str) -> int:
    """An id without which the payload means nothing; raises `OddPayloadError`."""
    found = snowflake(raw.get(name))
    if found is None:
        raise OddPayloadError(name)
    return found


def snowflakes(value: object) -> tuple[int, ...]:
    """The ids in a list, without what is none."""
    if not isinstance(value, list | tuple):
        return ()
    return tuple(found for found in map(snowflake, value) if found is not None)


def text(value: object) -> str:
    """The string, always one that can be written as UTF-8; empty where there is none."""
    if not isinstance(value, str):
        return ""
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can hold and SQLite cannot
        return value.encode("utf-8", "replace").decode()
    return value


def name(value: object) -> str:
    """The string as the name of a person or a thing: Discord lets none be longer than 100."""
    return text(value)[:_LONGEST_NAME]


def count(value: object) -> int:
    """A number of things, 0 where it is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return max(0, min(value, _LARGEST_COUNT))


def bits(value: object) -> int:
    """A set of permissions or flags; Discord sends large ones as strings."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 40 else 0
    return value & _LARGEST_ID if isinstance(value, int) else 0


def moment(value: object) -> datetime | None:
    """A moment in UTC, None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
