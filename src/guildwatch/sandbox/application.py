"""The bot's application: its token, its flags, and the commands it registered."""

from dataclasses import dataclass, field

from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.events import Intent

_FLAGS = {
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
PRIVILEGED = Intent.GUILD_PRESENCES | Intent.GUILD_MEMBERS | Intent.MESSAGE_CONTENT
"""The intents that must be switched on in the developer portal."""


@dataclass(slots=True)
class Application:
    """The application as its owner set it up; `privileged` are the intents switched on for it.

    `commands` maps a guild's id (None: everywhere) to the commands there, by their id.
    """

    id: int
    name: str
    token: str = "MTExMTExMTExMTExMTExMTEx.GsAnDb.0x-a-made-up-token-for-loopback-only"  # noqa: S105 - opens nothing but this sandbox
    privileged: Intent = Intent.MESSAGE_CONTENT
    commands: dict[int | None, dict[int, Json]] = field(default_factory=dict)

    @property
    def flags(self) -> int:
        """Discord's application flags: which privileged intents it has (the "limited" bits)."""
        return sum(bit for intent, bit in _FLAGS.items() if intent & self.privileged)

    @property
    def reads_content(self) -> bool:
        """Whether it gets texts of messages that are not its own or addressed to it."""
        return bool(self.privileged & Intent.MESSAGE_CONTENT)
