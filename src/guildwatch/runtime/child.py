"""How the program calls itself to draw a chart in a process of its own."""

import sys

DRAW_CHART = "draw-chart"
"""The hidden word on the command line that draws a chart."""


def chart_command() -> tuple[str, ...]:
    """The command that draws a chart: this very program, frozen or not."""
    if getattr(sys, "frozen", False):
        return (sys.executable, DRAW_CHART)
    return (sys.executable, "-m", "guildwatch", DRAW_CHART)
