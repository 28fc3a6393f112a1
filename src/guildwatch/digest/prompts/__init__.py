"""What the model is told, one text file a job, and the version that a change of them makes."""

import hashlib
from functools import cache
from importlib.resources import files


@cache
def instructions(job: str) -> str:
    """The standing instructions of a job, `digest` or `repair`."""
    return files(__name__).joinpath(f"{job}.txt").read_text("utf-8")


@cache
def version() -> str:
    """A short hash of all instructions: what was written under others is asked for anew."""
    texts = instructions("digest") + instructions("repair")
    return hashlib.sha256(texts.encode()).hexdigest()[:12]
