"""Progress bars for long work, where a terminal can show them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

Advance = Callable[[str, int, int], None]
"""Tells how far the work is: what is being done, steps done, steps in all (0: not known)."""


@contextmanager
def progress_bar() -> Iterator[Advance]:
    """A bar on standard error that vanishes when the work is done; silent without a terminal."""
    from guildwatch.report.inert import plain

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(doing: str, done: int, total: int) -> None:
            bar.update(task, description=plain(doing), completed=done, total=total or None)

        yield advance
