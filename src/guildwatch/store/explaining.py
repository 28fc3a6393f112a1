"""What SQLite says is wrong, as sentences for the person who can mend it."""

import sqlite3
from pathlib import Path

from guildwatch.store.errors import DamagedError, OddRowError, StoreError

SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What the module raises; the second where SQLite's own sentence quotes a name of damaged bytes."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FORBIDDEN = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is not in order."""
    return _code(error) in _DAMAGED or _is_undecodable(error)


def problem(error: BaseException) -> str:
    """What SQLite says, but where that quotes what somebody wrote."""
    return "a text in it is none any more" if _is_undecodable(error) else str(error)


def unusable(path: Path, what: str, error: Exception) -> StoreError:
    """The error for a database that cannot be opened, read or written (`what`)."""
    code = _code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return DamagedError(
            f"The file {path} cannot be opened as a guildwatch database ({error}): {way_out(path)}"
        )
    if is_damage(error):
        return damaged(path, problem(error))
    if code in _BUSY or "locked" in str(error):
        return StoreError(
            f"The database {path} is in use by another program: stop that one and try again."
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(
            f"The disk is full: make room on the one that holds {path.parent}. "
            f"The database could not be {what}."
        )
    if code in _FORBIDDEN:
        return StoreError(
            f"The database {path} could not be {what} ({error}): mend the permissions of "
            f"{path.parent}, and see that its disk is not mounted for reading only."
        )
    return _unforeseen(path, what, error)


def _unforeseen(path: Path, what: str, error: Exception) -> StoreError:
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.InterfaceError):
        return OddRowError(
            f"Something that came could not be {what} in the database {path} ({error}): please "
            "report this sentence with the lines of the log around it."
        )
    return StoreError(
        f"The database {path} could not be {what} ({error}): "
        "check that its disk has room and is in order, and that nothing else holds the file."
    )


def damaged(path: Path, problem: str) -> DamagedError:
    """The error for a database that is not in order, with the way out."""
    return DamagedError(f"The database {path} is damaged ({problem}): {way_out(path)}")


def _is_undecodable(error: BaseException) -> bool:
    return isinstance(error, UnicodeDecodeError) or "Could not decode to UTF-8" in str(error)


def _code(error: BaseException) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # extended codes have more above it


def way_out(path: Path) -> str:
    """What to do about a damaged database, as the end of a sentence."""
    newest = _newest_backup(path)
    if newest is None:
        return "restore a backup with `guildwatch restore`, or name another folder with --data-dir."
    return f"put the newest backup in its place with `guildwatch restore {newest}`."


def _newest_backup(path: Path) -> Path | None:
    """The newest automatic backup of a database that is not itself said to be damaged."""
    folder = path.parent / "backups"
    found = [one for one in folder.glob(f"{path.stem}-*.db") if "damaged" not in one.name]
    return max(found, key=lambda one: one.name, default=None)
