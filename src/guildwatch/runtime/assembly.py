"""Opens the store and the door to the model, and puts the parts around them."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from guildwatch.config import Config, Paths
from guildwatch.digest import Digester, Summariser
from guildwatch.language import Measured, Ollama
from guildwatch.model import Clock
from guildwatch.runtime.pace import Pace
from guildwatch.runtime.parts import Parts
from guildwatch.store import Store
from guildwatch.store.restoring import drop_restore


@asynccontextmanager
async def assemble(
    config: Config, paths: Paths, *, clock: Clock, pace: Pace | None = None, with_model: bool = True
) -> AsyncIterator[Parts]:
    """Opens the store and builds everything around it; nothing runs yet.

    Raises `ConfigError` without a token and `StoreError` when the database cannot be opened.
    """
    token = config.discord.read_token()
    await drop_restore(paths.database)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(
            Store.open(paths.database, clock=clock, backups_kept=config.storage.backups_kept)
        )
        model = None
        if with_model:
            model = await stack.enter_async_context(
                language_model(config, paths, measured=store.calibration)
            )
        digester = Digester(
            model,
            cache=store.conversations,
            homes=store.homes,
            costs=store.costs,
            summariser=summariser(config) if with_model else None,
        )
        parts = Parts(config, paths, clock, pace or Pace(), token, store, model, digester)
        await parts.load()
        yield parts


def summariser(config: Config) -> Summariser | None:
    """The summariser that is named, not yet loaded; None where none is."""
    folder = config.report.checkpoint
    return Summariser(folder.expanduser()) if folder is not None else None


def language_model(config: Config, paths: Paths, *, measured: Measured | None = None) -> Ollama:
    """The door to the configured model; nobody is asked yet.

    `measured` keeps what was learnt about its tokens; without one each run begins with a guess.
    """
    ollama = config.ollama
    return Ollama(
        ollama.host,
        ollama.model,
        ollama.context,
        ollama.keep_alive,
        lock_dir=_lock_folder(paths),
        remote_host=ollama.remote_host,
        measured=measured,
    )


def _lock_folder(paths: Paths) -> Path:
    """The folder that all instances of this user share, or ours where that cannot be written."""
    try:
        paths.model_locks.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return paths.data_dir
    return paths.model_locks if os.access(paths.model_locks, os.W_OK) else paths.data_dir
