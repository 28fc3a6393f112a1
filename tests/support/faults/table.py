"""The table of many histories: what each kind of fault cost."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

_COLUMNS = ("lost", "duplicated", "left", "waiting", "periods", "violations", "broken")


def failed(outcome: Mapping[str, Any]) -> bool:
    """Whether anything is amiss."""
    return "error" in outcome or any(outcome["verdict"][name] for name in _COLUMNS)


def table(outcomes: Sequence[Mapping[str, Any]], seconds: float, *, as_json: bool = False) -> str:
    """Kinds of fault, how many histories had them, and how many of those went wrong in what."""
    played = [one for one in outcomes if "error" not in one]
    kinds = sorted({kind for one in played for kind in one["kinds"]})
    rows = [_row(kind, [one for one in played if kind in one["kinds"]]) for kind in kinds]
    rows.append(_row("all", played))
    figures = {
        "histories": len(outcomes),
        "unplayed": len(outcomes) - len(played),
        "with_kills": sum(one["kills"] > 0 for one in played),
        "kills": sum(one["kills"] for one in played),
        "starts": sum(one["starts"] for one in played),
        "messages": sum(one["verdict"]["messages"] for one in played),
        "posts": sum(one["verdict"]["posts"] for one in played),
        "failed_seeds": [one["seed"] for one in outcomes if failed(one)],
        "seconds": round(seconds),
    }
    if as_json:
        return json.dumps({**figures, "kinds": rows}, indent=1)
    head = f"{'kind of fault':32}{'histories':>10}" + "".join(f"{one:>12}" for one in _COLUMNS)
    lines = [
        f"{row['kind']:32}{row['histories']:>10}" + "".join(f"{row[one]:>12}" for one in _COLUMNS)
        for row in rows
    ]
    told = [f"{name.replace('_', ' ')}: {value}" for name, value in figures.items()]
    return "\n".join(["", head, *lines, "", *told])


def _row(kind: str, outcomes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    amiss = {name: sum(bool(one["verdict"][name]) for one in outcomes) for name in _COLUMNS}
    return {"kind": kind, "histories": len(outcomes), **amiss}
