"""What an operator does for a member who asks by mail: forget them, or give them their data."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from guildwatch.config import Paths
from guildwatch.exchange import Archive, DataFile, Forgetter, Forgotten, data_file
from guildwatch.model import Guild, first_id_at, utc_now
from guildwatch.runtime.keeping import TargetError
from guildwatch.runtime.lock import sole_writer
from guildwatch.runtime.named import named_guild
from guildwatch.store import Store

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored about a member of a guild: their name (empty where none is), how much."""

    guild: Guild
    name: str
    messages: int
    has_opted_out: bool


async def forget_member(
    paths: Paths,
    guild_name: str,
    member_id: int,
    *,
    opting_out: bool,
    confirm: Callable[[Known], bool],
) -> tuple[Forgotten, bool] | None:
    """Takes a member out of all that is stored of a guild, as the data folder's only writer.

    With `opting_out` nothing of them is kept from now on either. `confirm` is asked when it is
    known how much there is; None when it says no. Else what was done, and whether no trace of it is
    in the files any more.
    """
    with sole_writer(paths.lock):
        async with Store.open(paths.database) as store:
            guild = await named_guild(store, guild_name)
            if not confirm(await _known(store, guild, member_id)):
                return None
            archive = Archive(paths.archive, store, tombstones=paths.tombstones, clock=utc_now)
            forgetter = Forgetter(store, archive, lambda *_: None, patience=0)
            if opting_out:
                done = await forgetter.opt_out({guild.id}, member_id)
            else:
                done = await forgetter.forget({guild.id}, member_id, await _until(store, guild))
            return done, await store.tidy()


async def write_member_data(
    paths: Paths, guild_name: str, member_id: int, target: Path
) -> DataFile:
    """Writes all that is stored about a member of a guild into a file, beside a running program.

    It has no secrets from the member, but names channels that they may not be able to read. Raises
    TargetError where the file is there already.
    """
    async with Store.open(paths.database, read_only=True) as store:
        guild = await named_guild(store, guild_name)
        holding = await store.holdings.of_member(guild.id, member_id)
    file = data_file(holding, guild, member_id, readable=None, now=utc_now())
    try:
        number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise TargetError(f"{target} cannot be written ({error.strerror}).") from error
    with os.fdopen(number, "wb") as out:
        out.write(file.content)
    return file


async def _until(store: Store, guild: Guild) -> int:
    """The id of this moment, or the guild's newest where this clock is behind Discord's."""
    days = await store.messages.days(guild.id)
    newest = days[1] + _MILLISECOND if days else utc_now()
    return first_id_at(max(newest, utc_now()))


async def _known(store: Store, guild: Guild, member_id: int) -> Known:
    holding = await store.holdings.of_member(guild.id, member_id)
    return Known(guild, holding.name, len(holding.messages), holding.has_opted_out)
