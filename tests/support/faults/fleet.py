"""Many histories at a time, in several processes that each hold some sandboxes.

`python -m support.faults.fleet FOLDER AT_ONCE ROUNDS` is such a process: it reads a seed a line and
writes an outcome a line.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Queue
from typing import Any

from support.faults.history import play, written
from support.faults.nursery import Nursery, python_path

_LONGEST = 600.0


class Fleet:
    """Plays histories, `at_once` in flight over all `processes`."""

    def __init__(self, folder: Path, processes: int, at_once: int, rounds: int) -> None:
        self._folder = folder
        self._processes = processes
        self._at_once = max(1, at_once // processes)
        self._rounds = rounds
        self._listening: list[threading.Thread] = []

    def sail(
        self, seeds: Iterable[int], *, show: Callable[[str], None]
    ) -> Iterator[dict[str, Any]]:
        """The outcome of each history as it ends; `show` is told of it and of what is amiss."""
        chosen = list(seeds)
        found: Queue[dict[str, Any]] = Queue()
        crews = [
            self._crew(chosen[number :: self._processes], found)
            for number in range(self._processes)
        ]
        try:
            for number in range(1, len(chosen) + 1):
                outcome = found.get()
                if text := _amiss(outcome):
                    show(text)
                if number % 20 == 0:
                    show(f"{number} of {len(chosen)} histories")
                yield outcome
        finally:
            for crew in crews:
                crew.terminate()
                crew.wait()
            for listening in self._listening:
                listening.join()

    def _crew(self, seeds: list[int], found: "Queue[dict[str, Any]]") -> "subprocess.Popen[str]":
        crew = subprocess.Popen(
            [
                sys.executable,
                *("-m", "support.faults.fleet"),
                *(str(self._folder), str(self._at_once), str(self._rounds)),
            ],
            env=os.environ | {"PYTHONPATH": python_path()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert crew.stdin is not None
        crew.stdin.write("".join(f"{seed}\n" for seed in seeds))
        crew.stdin.close()
        listening = threading.Thread(target=_listen, args=(crew, seeds, found), daemon=True)
        listening.start()
        self._listening.append(listening)
        return crew


def _listen(
    crew: "subprocess.Popen[str]", seeds: list[int], found: "Queue[dict[str, Any]]"
) -> None:
    missing = set(seeds)
    assert crew.stdout is not None
    with crew.stdout as told:
        for line in told:
            outcome = json.loads(line)
            missing.discard(outcome["seed"])
            found.put(outcome)
    for seed in missing:
        found.put({"seed": seed, "error": "the process that played it ended"})


def _amiss(outcome: dict[str, Any]) -> str:
    """What is amiss with a history, and the line that plays it again."""
    if "error" in outcome:
        told = f"  {outcome['error']}"
    else:
        verdict = outcome["verdict"]
        told = "\n".join(
            f"  {name}: {one}"
            for name, sentences in verdict.items()
            if isinstance(sentences, list)
            for one in sentences[:4]
        )
    if not told:
        return ""
    seed = outcome["seed"]
    kinds = ", ".join(outcome.get("kinds", ()))
    return f"seed {seed} ({kinds}): python benchmarks/faults.py --seed {seed}\n{told}"


async def _play_all(folder: Path, at_once: int, rounds: int) -> None:
    seeds = [int(line) for line in sys.stdin]
    room = asyncio.Semaphore(at_once)
    async with Nursery() as nursery:

        async def one(seed: int) -> None:
            async with room:
                try:
                    async with asyncio.timeout(_LONGEST):
                        line = written(await play(seed, nursery, folder / str(seed), rounds=rounds))
                except Exception:  # noqa: BLE001 - what cannot be played is told as what failed
                    line = json.dumps({"seed": seed, "error": traceback.format_exc()})
                print(line, flush=True)

        async with asyncio.TaskGroup() as group:
            for seed in seeds:
                group.create_task(one(seed))


if __name__ == "__main__":
    asyncio.run(_play_all(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
