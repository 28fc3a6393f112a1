"""The story, read once, and a world in which it is played in a moment."""

from dataclasses import dataclass, field

import pytest

from guildwatch.sandbox.clock import SandboxClock
from guildwatch.sandbox.community import Story, load_story
from guildwatch.sandbox.events import Event
from guildwatch.sandbox.world import World


@pytest.fixture(scope="session")
def story() -> Story:
    return load_story()


@dataclass
class Sandbox:
    """A world, its clock, and everything that its gateway would have told."""

    clock: SandboxClock
    world: World
    told: list[Event] = field(default_factory=list)

    def named(self, name: str) -> list[Event]:
        return [event for event in self.told if event.name == name]


@pytest.fixture
def sandbox() -> Sandbox:
    clock = SandboxClock()
    sandbox = Sandbox(clock, World(clock))
    sandbox.world.listeners.append(sandbox.told.append)
    return sandbox
