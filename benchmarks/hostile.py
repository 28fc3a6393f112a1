"""Counts what a lying model gets posted, through the whole digest, on the open chats.

Run: PYTHONPATH=tests python benchmarks/hostile.py FOLDER… ; each folder holds DiscordChatExporter
JSON. For every kind of lie in `tests/support/lies.py` a model tells one true point and one lie of
some messages each, as points and as titles; printed is how many of each are told in the end.
"""

import argparse
import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from checks import channels

from guildwatch.digest.checking.folding import flat
from guildwatch.digest.writing.drafts import sorted_out
from guildwatch.digest.writing.pack import Unit
from support.lies import LIES, Scene, scenes, true_points


def told(scene: Scene, kind: str) -> tuple[int, int] | None:
    """Lies and truths told of a scene: (0, 1) is right; None where there is nothing to twist."""
    found = LIES[kind](scene)
    if found is None:
        return None
    lie = scene.point(found) if isinstance(found, str) else found
    honest = dict(true_points(scene))["said"]
    unit = Unit(0, tuple(scene.shown.values()))
    # The part of the lie that is one stands at its end, or at its beginning.
    text = str(lie["text"])
    title = text[-70:].partition(" ")[2] if text.startswith(scene.text[:9]) else text[:70]
    topics = [{"title": title, "points": [lie, honest]}]
    drafts, failures = sorted_out({"topics": topics}, scene.shown, [unit])
    account = drafts[unit].account()
    false = any(str(lie["text"]) in point.text for point in account.points)
    # A lie about references alone has true words: they may stand in the title.
    said = [flat(line.text) for line in scene.shown.values()]
    is_false_title = (
        account.title != ""
        and kind != "far too much"
        and not any(flat(account.title) in each for each in said)
    )
    true = any(scene.text[:60] in point.text for point in account.points)
    return int(is_false_title or (false and not failures)), int(true)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--messages", type=int, default=25, help="of each channel")
    arguments = parser.parse_args()
    rng = random.Random(datetime(2024, 3, 5, tzinfo=UTC).toordinal())
    all_scenes = [
        scene
        for lines in channels(arguments.folders)
        for scene in scenes(lines, rng, arguments.messages)
    ]
    false, true, asked = Counter[str](), Counter[str](), Counter[str]()
    for kind in LIES:
        for scene in all_scenes:
            found = told(scene, kind)
            if found is not None:
                asked[kind] += 1
                false[kind] += found[0]
                true[kind] += found[1]
    for kind in LIES:
        if asked[kind]:
            share = 100 * true[kind] / asked[kind]
            print(f"{kind:34}{asked[kind]:6} false {false[kind]:4}  true kept {share:6.2f} %")
    whole = 100 * true.total() / asked.total()
    print(
        f"{len(LIES)} kinds, {asked.total()} tries: {false.total()} false, {whole:.2f} % true kept"
    )


if __name__ == "__main__":
    main()
