"""What a model's answer is worth: its points checked, sorted to their conversations, titled."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guildwatch.digest.checking.check import Failure, check_point, checked_title
from guildwatch.digest.merging.merge import MOST_POINTS, fuse_points
from guildwatch.digest.transcript.lines import Line
from guildwatch.digest.writing.pack import Unit
from guildwatch.model import Point

_MOST_ITEMS = 60  # no schema of ours allows more; what floods is not waited for


@dataclass(frozen=True, slots=True)
class Account:
    """What the model made of a unit: a checked title (empty if it failed) and checked points."""

    title: str
    points: tuple[Point, ...]


@dataclass(slots=True)
class Draft:
    """A unit's account while its points are still being gathered."""

    unit: Unit
    title: str = ""
    points: list[Point] = field(default_factory=list)

    def account(self) -> Account:
        """What stands at the end: near duplicates fused, the title checked too."""
        most = max(self.unit.points, min(MOST_POINTS, len(self.unit.lines)))
        return titled([self.title], fuse_points(self.points)[:most], self.unit.lines)


def titled(titles: Iterable[str], points: Sequence[Point], lines: Sequence[Line]) -> Account:
    """An account of these points under the first title that their messages bear out, or none."""
    cited = {id_ for point in points for id_ in point.message_ids}
    own = [line for line in lines if line.id in cited]
    fit = (checked_title(title, own, lines) for title in titles if title)
    return Account(next(filter(None, fit), ""), tuple(points))


def sorted_out(
    data: object, shown: Mapping[int, Line], units: Sequence[Unit]
) -> tuple[dict[Unit, Draft], list[Failure]]:
    """The answer's points that pass, each with the unit that it cites, and those that fail."""
    drafts = {unit: Draft(unit) for unit in units}
    failures: list[Failure] = []
    for topic in _listed(data, "topics"):
        for raw in _listed(topic, "points"):
            point = check_point(raw, shown)
            if isinstance(point, Failure):
                failures.append(point)
            elif not _give(point, drafts, topic.get("title")):
                failures.append(Failure(point.text, (), "it mixes conversations", "mixed"))
    return drafts, failures


def _give(point: Point, drafts: dict[Unit, Draft], title: object) -> bool:
    """Hand a point to the unit that holds all its messages; whether there is one."""
    for unit, draft in drafts.items():
        if set(point.message_ids) <= {line.id for line in unit.lines}:
            draft.points.append(point)
            if isinstance(title, str) and not draft.title:
                draft.title = title
            return True
    return False


def mended(
    data: object, shown: Mapping[int, Line], drafts: dict[Unit, Draft], failures: Sequence[Failure]
) -> list[Failure]:
    """Add the points of a second answer that pass now; the failures that they make good.

    Each makes one good, of those about the same messages first; more than failed are not taken.
    """
    open_, good = list(failures), list[Failure]()
    for raw in _listed(data, "points"):
        point = check_point(raw, shown)
        if open_ and isinstance(point, Point) and _give(point, drafts, None):
            ids = set(point.message_ids)
            near = [len(ids & {shown[ref].id for ref in each.refs}) for each in open_]
            good.append(open_.pop(near.index(max(near))))
    return good


def kept_text(account: Account) -> str:
    """The account as the text that a cache keeps."""
    points = [
        {"text": point.text, "kind": point.kind, "ids": point.message_ids}
        for point in account.points
    ]
    return json.dumps({"title": account.title, "points": points}, ensure_ascii=False)


def recalled(text: str, unit: Unit) -> Account | None:
    """The account that a cache kept, checked as if the model had just written it."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(raw, dict) and raw.get("points") == []:
        return Account("", ())  # there was nothing to tell
    shown = dict(enumerate(unit.lines, 1))
    numbers = {line.id: number for number, line in shown.items()}
    for point in _listed(raw, "points"):
        ids = point.get("ids")
        known = ids if isinstance(ids, list) else []
        point["refs"] = [numbers.get(id_, 0) for id_ in known if isinstance(id_, int)]
    drafts, _ = sorted_out({"topics": [raw]}, shown, [unit])
    account = drafts[unit].account()
    return account if account.points else None


def _listed(data: object, key: str) -> list[dict[str, Any]]:
    items = data.get(key) if isinstance(data, dict) else None
    first = items[:_MOST_ITEMS] if isinstance(items, list) else []
    return [each for each in first if isinstance(each, dict)]
