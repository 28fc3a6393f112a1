"""Random histories of faults, as many as wanted and several at a time, and the table of them.

    python benchmarks/faults.py [--histories N] [--at-once N] [--processes N] [--json FILE]
    python benchmarks/faults.py --seed N        # one history again, with its trail

Each history is a sandbox, the real program as a process of its own, and what befalls both. It ends
with 1 when anything was lost, told twice or left over.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.faults.fleet import Fleet
from support.faults.history import play
from support.faults.nursery import Nursery
from support.faults.table import failed, table


def asked() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--at-once", type=int, default=24, help="histories in flight")
    parser.add_argument("--processes", type=int, default=2, help="processes that hold sandboxes")
    parser.add_argument("--rounds", type=int, default=4, help="troubles a history")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--seed", type=int, help="play this one history alone")
    parser.add_argument("--keep", type=Path, help="the folder to keep it in")
    return parser.parse_args()


async def again(seed: int, folder: Path, rounds: int) -> int:
    """One history with its trail."""
    async with Nursery() as nursery:
        outcome = await play(seed, nursery, folder, rounds=rounds)
    print("\n".join(outcome.trail))
    print(f"acts {outcome.acts}\nexits {outcome.exits}, {outcome.seconds:.1f} s")
    print(f"{outcome.verdict.messages} messages, {outcome.verdict.posts} posts")
    print(outcome.verdict if not outcome.verdict.is_clean else "clean")
    return int(not outcome.verdict.is_clean)


def main() -> int:
    """Plays what was asked for and prints what came of it."""
    wanted = asked()
    with tempfile.TemporaryDirectory(prefix="guildwatch-faults-") as scratch:
        folder = wanted.keep or Path(scratch)
        if wanted.seed is not None:
            return asyncio.run(again(wanted.seed, folder / str(wanted.seed), wanted.rounds))
        began = time.monotonic()
        seeds = range(wanted.first, wanted.first + wanted.histories)
        fleet = Fleet(folder, wanted.processes, wanted.at_once, wanted.rounds)
        outcomes = list(fleet.sail(seeds, show=lambda text: print(text, flush=True)))
    seconds = time.monotonic() - began
    print(table(outcomes, seconds))
    if wanted.json:
        wanted.json.write_text(table(outcomes, seconds, as_json=True))
    return int(any(map(failed, outcomes)))


if __name__ == "__main__":
    sys.exit(main())
