"""Nouns as plain values and back: what a JSON column or an integer column holds of them."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin

_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Noun = TypeVar("Noun")


def moment_to_integer(moment: datetime) -> int:
    """A moment as microseconds since 1970 (UTC)."""
    return (moment - _UNIX_EPOCH) // _MICROSECOND


def integer_to_moment(microseconds: int) -> datetime:
    """The aware UTC moment of a number of microseconds since 1970."""
    return _UNIX_EPOCH + microseconds * _MICROSECOND


def storable(text: str) -> str:
    """A text without halves of surrogate pairs, which JSON can carry but UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def dump(value: object) -> str:
    """A noun, or a tuple or dict of nouns, as JSON."""
    return json.dumps(_plain(value), separators=(",", ":"))


def load(kind: type[Noun], text: str) -> Noun:
    """The noun of a kind (`Report`, `tuple[Role, ...]`) that `dump` turned into JSON."""
    return cast(Noun, _noun(kind, json.loads(text)))


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(cast("frozenset[int]", value))
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return moment_to_integer(value)
    return value.value if isinstance(value, Enum) else value


def _noun(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        some = next(one for one in get_args(kind) if one is not type(None))
        return None if value is None else _noun(some, value)
    if origin in (tuple, frozenset):
        return origin(_noun(get_args(kind)[0], item) for item in value)
    if origin is dict:
        key_kind, item_kind = get_args(kind)
        return {key_kind(key): _noun(item_kind, item) for key, item in value.items()}
    if kind is datetime:
        return integer_to_moment(value)
    if is_dataclass(kind):
        noun = cast(Any, kind)
        hints = _hints(noun)
        # What a later or an earlier program calls otherwise is left to the noun's defaults.
        return noun(
            **{name: _noun(hints[name], item) for name, item in value.items() if name in hints}
        )
    return kind(value)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
