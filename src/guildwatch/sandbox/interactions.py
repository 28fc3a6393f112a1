"""Interactions, and what a member sees of the bot's answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.messages import Message, MessageFlag


class InteractionType(IntEnum):
    """Why an interaction is sent."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType(IntEnum):
    """The ways to answer one."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE_MESSAGE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


@dataclass(slots=True)
class Interaction:
    """An interaction under way. `original_id` is the message that `@original` stands for.

    `created` is on the real timer. `messages` holds its answers in order, ephemeral ones too,
    which are nowhere else.
    """

    id: int
    token: str
    type: InteractionType
    user_id: int
    channel_id: int
    name: str
    created: float
    source_id: int | None = None
    command_type: int = 1
    callback: CallbackType | None = None
    loading: bool = False
    original_id: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    modal: Json | None = None
    choices: list[Json] | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Wake whoever follows the answer."""
        self.changed.set()

    def original(self) -> Message:
        """The message that `@original` stands for; raises 10008, or 10015 before any answer."""
        if self.callback is None:
            raise RefusedError(Kind.UNKNOWN_WEBHOOK)
        if self.original_id is None or self.original_id not in self.messages:
            raise RefusedError(Kind.UNKNOWN_MESSAGE)
        return self.messages[self.original_id]


class Answer:
    """What the member who asked sees, as it stands at each look; follow it with `wait_for`."""

    def __init__(self, interaction: Interaction, draw: Callable[[Message], Json]) -> None:
        self._interaction = interaction
        self._draw = draw

    @property
    def token(self) -> str:
        """The interaction's token, by which the bot answers."""
        return self._interaction.token

    @property
    def acknowledged(self) -> bool:
        """Whether the bot has answered or deferred."""
        return self._interaction.callback is not None

    @property
    def thinking(self) -> bool:
        """Whether the bot deferred and has not come back yet."""
        return self._interaction.loading

    @property
    def messages(self) -> list[Json]:
        """The answers in order as Discord would tell them, without one that is still thinking."""
        kept = self._interaction.messages.values()
        return [self._draw(message) for message in kept if not message.flags & MessageFlag.LOADING]

    @property
    def text(self) -> str:
        """All words in the answers: contents and embeds, for a test to look into."""
        return "\n".join(_words(message) for message in self.messages)

    @property
    def ephemeral(self) -> bool:
        """Whether nobody else sees any of it."""
        kept = self._interaction.messages.values()
        return bool(kept) and all(message.flags & MessageFlag.EPHEMERAL for message in kept)

    @property
    def modal(self) -> Json | None:
        """The form that the bot answered with, if it did."""
        return self._interaction.modal

    @property
    def choices(self) -> list[Json]:
        """What the bot proposed to complete an option with."""
        return self._interaction.choices or []

    async def wait_for(
        self,
        predicate: Callable[["Answer"], bool],
        *,
        timeout: float = 60,  # noqa: ASYNC109 - what a test would say
    ) -> "Answer":
        """Follow the answer until it is as wanted; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not predicate(self):
                self._interaction.changed.clear()
                await self._interaction.changed.wait()
        return self


def _words(message: Json) -> str:
    words = [message["content"]]
    for embed in message["embeds"]:
        words += [embed.get("title", ""), embed.get("description", "")]
        words += [f"{one['name']}\n{one['value']}" for one in embed.get("fields", ())]
        words.append(embed.get("footer", {}).get("text", ""))
    return "\n".join(filter(None, words))
