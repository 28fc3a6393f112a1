"""What the model is told, one text file a job, and the version that a change of them makes."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from guildwatch.model import GuildwatchError


class PromptsError(GuildwatchError):
    """A folder of prompts cannot be used."""


@cache
def instructions(job: str) -> str:
    """The standing instructions of a job, `digest` or `repair`."""
    return files(__name__).joinpath(f"{job}.txt").read_text("utf-8")


@cache
def version() -> str:
    """A short hash of all instructions: what was written under others is asked for anew."""
    return _hash(instructions("digest") + instructions("repair"))


class Prompts:
    """The instructions of each job: those of a folder (`digest.txt`, `repair.txt`), else ours.

    Raises PromptsError where the folder holds neither, or one that cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._own = _texts(folder) if folder is not None else {}

    def of(self, job: str) -> str:
        """The standing instructions of a job."""
        return self._own.get(job) or instructions(job)

    @property
    def version(self) -> str:
        """A short hash of all instructions."""
        if not self._own:
            return version()
        return _hash(self.of("digest") + self.of("repair"))


def _texts(folder: Path) -> dict[str, str]:
    found = {job: folder / f"{job}.txt" for job in ("digest", "repair")}
    try:
        texts = {job: path.read_text("utf-8") for job, path in found.items() if path.is_file()}
    except (OSError, UnicodeDecodeError) as error:
        raise PromptsError(
            f"The prompts in {folder} cannot be read ({error}): write them as UTF-8 text."
        ) from error
    if not any(text.strip() for text in texts.values()):
        raise PromptsError(
            f"{folder} holds no prompts: put a digest.txt, a repair.txt or both into it."
        )
    return texts


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
