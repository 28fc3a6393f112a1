"""Acting a script's events out in a world."""

from collections.abc import Sequence

from guildwatch.sandbox.community.cast import Cast
from guildwatch.sandbox.community.events import (
    AnswerCommand,
    Delete,
    Edit,
    Event,
    Extras,
    Join,
    Leave,
    OpenThread,
    Pin,
    React,
    Say,
)
from guildwatch.sandbox.community.files import attachment, hum
from guildwatch.sandbox.community.settlement import Settlement
from guildwatch.sandbox.community.wording import reaction, worded
from guildwatch.sandbox.messages import Attachment, Poll
from guildwatch.sandbox.world import World


class Stage:
    """A founded community in which one event after the other happens; labels become ids."""

    def __init__(self, world: World, cast: Cast, town: Settlement) -> None:
        self._world = world
        self._cast = cast
        self._town = town
        self._messages: dict[str, int] = {}

    def perform(self, event: Event) -> None:
        """Let an event happen now; raises Refusal where a person may not do what is written."""
        match event:
            case Say():
                self._say(event)
            case AnswerCommand():
                self._answer(event)
            case OpenThread():
                self._open(event)
            case Edit():
                self._world.edit(self._messages[event.message], self._worded(event.text))
            case Delete():
                self._world.delete(*(self._messages[label] for label in event.messages))
            case React():
                self._react(event)
            case Pin():
                speaker = self._town.people[event.speaker]
                self._world.pin(speaker, self._messages[event.message])
            case Join():
                self._join(event)
            case Leave():
                self._world.leave(self._town.guild_id, self._town.people[event.speaker])

    def _worded(self, text: str) -> str:
        return worded(text, self._town)

    def _say(self, event: Say) -> None:
        extras = event.extras
        message_id = self._world.say(
            self._town.people[event.speaker],
            self._town.places[event.place],
            self._worded(event.text),
            reply_to=self._labelled(event.reply_to),
            attachments=_attachments(extras),
            stickers=extras.stickers,
            forward=self._labelled(extras.forward),
            poll=Poll(*extras.poll) if extras.poll else None,
            embeds=_embeds(extras),
            voice=extras.voice_seconds is not None,
        )
        self._remember(event.label, message_id)

    def _answer(self, event: AnswerCommand) -> None:
        message_id = self._world.answer_command(
            self._town.people[event.speaker],
            self._town.places[event.place],
            self._town.people[event.asker],
            event.command.removeprefix("/").split()[0],
            self._worded(event.text),
        )
        self._remember(event.label, message_id)

    def _open(self, event: OpenThread) -> None:
        thread_id = self._world.open_thread(
            self._town.people[event.speaker],
            self._town.places[event.place],
            event.title,
            from_message=self._labelled(event.from_message),
            first_text=self._worded(event.first_text) if event.first_text else None,
            tags=event.tags,
        )
        self._town.places[f">{event.label}"] = thread_id
        self._remember(event.label, thread_id)

    def _react(self, event: React) -> None:
        act = self._world.unreact if event.removed else self._world.react
        for handle in event.people:
            emoji = reaction(event.emoji, self._town)
            act(self._town.people[handle], self._messages[event.message], emoji)

    def _join(self, event: Join) -> None:
        person = next(one for one in self._cast.people if one.handle == event.speaker)
        user_id = self._world.add_user(person.username, display_name=person.name)
        self._town.people[event.speaker] = user_id
        self._world.join(self._town.guild_id, user_id)

    def _labelled(self, label: str | None) -> int | None:
        return None if label is None else self._messages[label]

    def _remember(self, label: str | None, message_id: int) -> None:
        if label is not None:
            self._messages[label] = message_id


def _attachments(extras: Extras) -> Sequence[Attachment]:
    spoken = () if extras.voice_seconds is None else (hum(extras.voice_seconds),)
    return (*(attachment(name) for name in extras.files), *spoken)


def _embeds(extras: Extras) -> list[dict[str, object]]:
    if extras.embed is None:
        return []
    title, text = extras.embed
    return [{"type": "rich", "title": title, "description": text}]
