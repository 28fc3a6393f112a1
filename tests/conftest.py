"""What holds for all tests: how many run at once, and that none fails for a busy machine."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """Two a core, since many tests wait for connections, clocks and children; 8 fit in 3 GB."""
    return min(2 * (os.cpu_count() or 1), 8)
