"""How quickly the running program goes about things."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly the program goes about things, in seconds of real time.

    `tick` lies between two looks at the schedule's clock, `history` between two requests for the
    past: the default is half of what Discord grants a bot. `sweep` lies between two requests of the
    slow second look, which comes after all else. `ahead` lies between two looks at what has gone
    quiet and may be digested.
    """

    tick: float = 1.0
    history: float = 0.25
    sweep: float = 3.0
    ahead: float = 5.0
