"""The commands that keep running: run, demo, sandbox."""

import asyncio
from functools import partial
from typing import Annotated

import typer

from guildwatch.cli.root import Invocation, app, notice, on_terminal

Headless = Annotated[
    bool,
    typer.Option(
        "--headless", metavar="", help="Without the console; so it is without a terminal."
    ),
]


@app.command()
def run(context: typer.Context, headless: Headless = False) -> None:
    """Listens, keeps, and posts every guild's report when it is due, until it is stopped."""
    from guildwatch.runtime import run as appliance

    invocation: Invocation = context.obj
    with_console = not headless and on_terminal()
    config = invocation.config()
    raise typer.Exit(appliance.run(config, invocation.paths, with_console=with_console))


@app.command()
def demo(
    headless: Headless = False,
    fast: Annotated[
        bool, typer.Option("--fast", metavar="", help="The day passes in seconds.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option("--model", metavar="NAME", help="Have this model of Ollama's write it."),
    ] = None,
) -> None:
    """Shows the real program on a made-up community that lives a day in a minute.

    It needs no Discord and no model, keeps everything in a temporary folder, and sends nothing
    anywhere. Headless it prints the report that was posted.
    """
    from guildwatch.runtime.demo import run_demo

    with_console = not headless and on_terminal()
    raise typer.Exit(asyncio.run(run_demo(with_console=with_console, fast=fast, model=model)))


@app.command()
def sandbox(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="P", help="0 takes a free one.")
    ] = 0,
) -> None:
    """Serves a Discord on loopback where a made-up community lives its day.

    Prints the two variables with which `guildwatch run` finds it. The day's report is due at the
    whole minute after the day has ended.
    """
    from guildwatch.runtime.demo import serve_sandbox

    asyncio.run(serve_sandbox(port, say=partial(print, flush=True), note=notice))
