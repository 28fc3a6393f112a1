"""Whatever fails and dies: nothing is lost, told twice, or left of what was deleted."""

from pathlib import Path

import pytest

from support.faults.fleet import Fleet
from support.faults.table import failed, table

FEW, SOME, MANY = 2, 10, 1000


def play(folder: Path, seeds: range, *, at_once: int, rounds: int) -> None:
    """Plays them all, and fails with the lines that play the bad ones again."""
    told: list[str] = []
    fleet = Fleet(folder, processes=2, at_once=at_once, rounds=rounds)
    outcomes = list(fleet.sail(seeds, show=told.append))
    assert not any(map(failed, outcomes)), "\n".join([*told, table(outcomes, 0)])


def test_a_few_histories_of_faults_cost_nothing(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    seed = pytestconfig.getoption("--fault-seed", default=None)
    seeds = range(1, FEW + 1) if seed is None else range(seed, seed + 1)
    play(tmp_path, seeds, at_once=FEW, rounds=2)


@pytest.mark.long
def test_some_more_histories_of_faults_cost_nothing(tmp_path: Path) -> None:
    play(tmp_path, range(FEW + 1, SOME + 1), at_once=SOME - FEW, rounds=2)


@pytest.mark.endurance
def test_many_histories_of_faults_cost_nothing(tmp_path: Path) -> None:
    play(tmp_path, range(1, MANY + 1), at_once=32, rounds=4)
