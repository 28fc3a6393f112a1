"""The shape of an answer; every array and string is bounded, or small models never end them."""

from collections.abc import Sequence
from typing import Any

from guildwatch.digest.checking.check import LONGEST_POINT, LONGEST_TITLE
from guildwatch.digest.writing.pack import Unit
from guildwatch.model import PointKind


def points_schema(most: int) -> dict[str, Any]:
    """An answer of so many points at most."""
    point = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": LONGEST_POINT},
            "kind": {"type": "string", "enum": [kind.value for kind in PointKind]},
            "refs": {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 1,
                "maxItems": 4,
            },
        },
        "required": ["text", "kind", "refs"],
    }
    points = {"type": "array", "items": point, "maxItems": most}
    return {"type": "object", "properties": {"points": points}, "required": ["points"]}


def topics_schema(units: Sequence[Unit]) -> dict[str, Any]:
    """An answer of a topic a unit at most, each with a title and its points."""
    inner = points_schema(max(unit.points for unit in units))["properties"]["points"]
    topic = {
        "type": "object",
        "properties": {"title": {"type": "string", "maxLength": LONGEST_TITLE}, "points": inner},
        "required": ["title", "points"],
    }
    topics = {"type": "array", "items": topic, "maxItems": len(units)}
    return {"type": "object", "properties": {"topics": topics}, "required": ["topics"]}
