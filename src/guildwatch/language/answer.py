"""From the model's text to its JSON, without trust."""

import json
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


class NotAsked(ValueError):  # noqa: N818 - an inner signal, turned into ModelError at the door
    """The text is not the JSON that the schema asked for."""


def parse(text: str, schema: dict[str, Any]) -> object:
    """The JSON value in `text`, chatter around it forgiven, its outermost shape checked.

    What lies deeper is for the asker to check piece by piece, so that one bad item does not cost
    the others. Raises NotAsked.
    """
    value = _load(text)
    if not _has_type(value, schema):
        raise NotAsked(f"expected {schema.get('type')}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for key in schema.get("required", ()):
            if key not in value or not _has_type(value[key], properties.get(key, {})):
                raise NotAsked(f"no proper {key}")
    return value


def _load(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return json.JSONDecoder().raw_decode(text, text.find("{"))[0]
    except (ValueError, RecursionError, IndexError) as error:
        raise NotAsked("not JSON") from error


def _has_type(value: object, schema: dict[str, Any]) -> bool:
    wanted = schema.get("type")
    if wanted not in _TYPES:
        return True
    if isinstance(value, bool) and wanted != "boolean":
        return False
    return isinstance(value, _TYPES[wanted])
