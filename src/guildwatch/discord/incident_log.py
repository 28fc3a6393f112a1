"""Where the parts that post note their failures."""

from typing import Protocol


class IncidentLog(Protocol):
    """Where our own failures are noted for the operator."""

    async def begin(self, guild_id: int, kind: str, subject: str, sentence: str) -> None:
        """Note that something goes wrong."""
        ...

    async def end(self, guild_id: int, kind: str, subject: str) -> None:
        """Note that it is over, if it went on."""
        ...
