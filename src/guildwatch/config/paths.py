"""Every path that the program uses."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from guildwatch.config.errors import ConfigError

_APP = "guildwatch"


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things live: as the flags say, else the environment, else the platform's folders."""

    config_file: Path
    data_dir: Path
    log_dir: Path

    @classmethod
    def choose(
        cls,
        *,
        config_file: Path | None = None,
        data_dir: Path | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> "Paths":
        """The paths for these flags and this environment; nothing is created.

        A chosen data folder holds the logs too, so that everything of one instance is together.
        Raises `ConfigError` where nobody's home folder is known.
        """
        try:
            Path.home()
        except RuntimeError as error:
            raise ConfigError(
                "This user has no home folder. Set the variable HOME to a folder of its own."
            ) from error
        chosen = data_dir or _path(environ.get("GUILDWATCH_DATA_DIR"))
        config = config_file or _path(environ.get("GUILDWATCH_CONFIG"))
        return cls(
            config_file=config or platformdirs.user_config_path(_APP, False) / "config.toml",
            data_dir=chosen or platformdirs.user_data_path(_APP, False),
            log_dir=chosen / "logs" if chosen else platformdirs.user_log_path(_APP, False),
        )

    @property
    def database(self) -> Path:
        """The SQLite file; its name is fixed for other tools."""
        return self.data_dir / "guildwatch.db"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write."""
        return self.data_dir / "guildwatch.lock"

    @property
    def status(self) -> Path:
        """How the running program is, as it said last (JSON)."""
        return self.data_dir / "status.json"

    @property
    def tombstones(self) -> Path:
        """What was deleted, by id: a restored database or an import must not bring it back."""
        return self.data_dir / "tombstones.txt"

    @property
    def backups(self) -> Path:
        """Automatic backups, which expire."""
        return self.data_dir / "backups"

    @property
    def archive(self) -> Path:
        """Compressed exports of what was kept long enough."""
        return self.data_dir / "archive"

    @property
    def cache_dir(self) -> Path:
        """Things that can be made again, such as the chart's font list."""
        return self.data_dir / "cache"

    @property
    def model_locks(self) -> Path:
        """Locks by which several instances on one machine share one model, in a common folder."""
        return platformdirs.user_cache_path(_APP, False) / "models"

    def prepare(self) -> None:
        """Creates the data and log folders, readable by their owner only.

        Raises `ConfigError` where that cannot be done or the data folder cannot be written.
        """
        for folder in (self.data_dir, self.log_dir):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise _unwritable(folder, error) from error
            if not os.access(folder, os.W_OK | os.X_OK):
                raise _unwritable(folder, PermissionError("it may not be written"))


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _unwritable(folder: Path, error: OSError) -> ConfigError:
    reason = error.strerror or str(error)
    return ConfigError(
        f"The folder {folder} cannot be used ({reason}). "
        "Mend its permissions, or choose another folder with --data-dir."
    )
