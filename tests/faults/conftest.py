"""How many histories are played, and from which seed."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-seed", type=int, help="play this one history of faults")
