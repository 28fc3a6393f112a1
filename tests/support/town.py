"""A small guild on a Discord on loopback."""

from dataclasses import dataclass

from guildwatch.sandbox import Server, World


@dataclass(frozen=True)
class Town:
    """A guild with one channel where Ada talks, and one for reports."""

    world: World
    ada: int
    general: int
    reports: int
    server: Server
