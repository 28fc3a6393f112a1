"""Backup, restore, export and purge, as single tasks over a data folder."""

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from guildwatch.config import Config, Paths
from guildwatch.exchange import Archive, Exporter, ExportProgress, ExportSummary, Span
from guildwatch.model import Guild, GuildwatchError, utc_now
from guildwatch.report import day_period
from guildwatch.runtime.lock import prepare, sole_writer
from guildwatch.runtime.named import named_guild, require_channels, zone_of
from guildwatch.store import BackupSummary, Extent, Store, back_up
from guildwatch.store.restoring import drop_restore, finish_restore, prepare_restore

Tell = Callable[[ExportProgress], None]


class TargetError(GuildwatchError):
    """A file would be written over."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup held, what is restored of it, and where what was there before is kept.

    The difference was deleted or purged since. `old` is None when there was nothing before.
    """

    backup: BackupSummary
    summary: BackupSummary
    old: Path | None


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a purge would remove: how many messages of how many channels, from day to day.

    So many of them are `archived`, in files of the archive.
    """

    guild: Guild
    messages: int
    archived: int
    channels: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed; sizes of the database before and after in bytes.

    `is_clean` says that no trace of it is in the files any more (else the next start sees to that),
    `archived` messages went from the archive, `exported` is what was exported before.
    """

    messages: int
    archived: int
    size_before: int
    size_after: int
    is_clean: bool
    exported: ExportSummary | None


async def back_up_database(paths: Paths, target: Path, *, force: bool) -> BackupSummary:
    """Copies the database, verified, while guildwatch may run."""
    return await back_up(paths.database, target, force=force)


async def restore_backup(
    paths: Paths, config: Config, backup: Path, confirm: Callable[[BackupSummary], bool]
) -> Restored | None:
    """Puts a backup in the database's place, as the data folder's only writer.

    `confirm` is asked once the backup has been verified; None when it says no.
    """
    prepare(paths)
    with sole_writer(paths.lock):
        try:
            held, summary = await prepare_restore(backup, paths.database, clock=utc_now)
            if not confirm(summary):
                return None
            old = await finish_restore(paths.database, kept=config.storage.backups_kept)
        finally:
            await drop_restore(paths.database)
    return Restored(held, summary, old)


async def export_guild(
    paths: Paths,
    config: Config,
    guild_name: str,
    folder: Path,
    *,
    first: date | None,
    last: date | None,
    on_progress: Tell,
) -> ExportSummary:
    """Writes what is stored of a guild's days into a folder, beside a running program."""
    async with Store.open(paths.database, read_only=True) as store:
        guild = await named_guild(store, guild_name)
        zone = await zone_of(store, config, guild)
        span = Span(
            day_period(first, zone).start if first else None,
            day_period(last, zone).end if last else None,
            first,
            last,
        )
        exporter = Exporter(store, clock=utc_now, on_progress=on_progress)
        return await exporter.into_folder(guild, folder, span)


async def purge_guild(
    paths: Paths,
    config: Config,
    guild_name: str,
    *,
    channel_ids: Collection[int] | None,
    before: date | None,
    copy: Path | None,
    confirm: Callable[[Doomed], bool],
    on_progress: Tell,
) -> Purged | None:
    """Removes what is stored and archived of a guild, as the data folder's only writer.

    `confirm` is asked when it is known how much that is; None when it says no, or there is nothing.
    With `copy` all of it is exported there first: into a zip, or one channel into a `.gz`.
    """
    _require_new(copy)
    with sole_writer(paths.lock):
        async with Store.open(paths.database) as store:
            guild = await named_guild(store, guild_name)
            require_channels(guild, channel_ids)
            zone = await zone_of(store, config, guild)
            until = day_period(before, zone).start if before else None
            chosen = _with_threads(guild, channel_ids)
            archive = Archive(paths.archive, store, tombstones=paths.tombstones, clock=utc_now)
            await archive.catch_up()
            stored = await store.contents.extents(guild.id, channel_ids=chosen, end=until)
            archived = await archive.extents(guild.id, channel_ids=chosen, end=until)
            doomed = _doomed(guild, stored, list(archived.values()), zone)
            if doomed is None or not confirm(doomed):
                return None
            size_before, exported = await asyncio.to_thread(_size, paths.database), None
            if copy is not None:
                exporter = Exporter(store, clock=utc_now, on_progress=on_progress)
                span = Span(end=until, last=before and before - timedelta(days=1))
                exported = await exporter.into_archive(
                    guild, copy, span, channel_ids=chosen, archived=archived
                )
            messages = await store.purging.purge(guild.id, channel_ids=channel_ids, before=until)
            await archive.catch_up()
            is_clean = await store.tidy()
            size_after = await asyncio.to_thread(_size, paths.database)
    return Purged(messages, doomed.archived, size_before, size_after, is_clean, exported)


def _doomed(
    guild: Guild, stored: Sequence[Extent], archived: Sequence[Extent], zone: str
) -> Doomed | None:
    extents = [*stored, *archived]
    if not extents:
        return None
    local = ZoneInfo(zone)
    return Doomed(
        guild,
        sum(one.messages for one in extents),
        sum(one.messages for one in archived),
        len({one.channel_id for one in extents}),
        min(one.first for one in extents).astimezone(local).date(),
        max(one.last for one in extents).astimezone(local).date(),
    )


def _with_threads(guild: Guild, channel_ids: Collection[int] | None) -> set[int] | None:
    if not channel_ids:
        return None
    threads = {
        one.id for one in guild.channels if one.kind.is_thread and one.parent_id in channel_ids
    }
    return {*channel_ids, *threads}


def _require_new(copy: Path | None) -> None:
    if copy is not None and os.path.lexists(copy):
        raise TargetError(f"{copy} is there already: name another file with --archive.")


def _size(path: Path) -> int:
    """How many bytes the database has on the disk, with what waits in its log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
