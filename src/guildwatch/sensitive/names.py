"""The names in nouns, each passed through what takes out of a text what must not be kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from guildwatch.model import Author, Channel, Guild, Message, MessageEdit, Role

Cleared = Callable[[str], str]
"""A text without what must not be kept; the same text where there is nothing of it."""

_Said = TypeVar("_Said", bound=Message | MessageEdit)


def cleared_guild(guild: Guild, cleared: Cleared) -> Guild:
    """A guild with its name and those of its roles and channels."""
    return replace(
        guild,
        name=cleared(guild.name),
        roles=tuple(cleared_role(one, cleared) for one in guild.roles),
        channels=tuple(cleared_channel(one, cleared) for one in guild.channels),
    )


def cleared_channel(channel: Channel, cleared: Cleared) -> Channel:
    """A channel or thread with its name, its topic and what a forum's tags are called."""
    name, topic = cleared(channel.name), cleared(channel.topic)
    tags = tuple(replace(one, name=cleared(one.name)) for one in channel.tags)
    if (name, topic, tags) == (channel.name, channel.topic, channel.tags):
        return channel
    return replace(channel, name=name, topic=topic, tags=tags)


def cleared_role(role: Role, cleared: Cleared) -> Role:
    """A role with its name."""
    return replace(role, name=cleared(role.name))


def cleared_said(said: _Said, cleared: Cleared) -> _Said:
    """A message, or what became of it, with its words and the names of its people."""
    kept = said
    if said.text and (text := cleared(said.text)) != said.text:
        kept = replace(kept, text=text)
    mentioned = tuple(_person(one, cleared) for one in said.mentioned)
    if mentioned != said.mentioned:
        kept = replace(kept, mentioned=mentioned)
    if isinstance(kept, Message) and (author := _person(kept.author, cleared)) != kept.author:
        return replace(kept, author=author)
    return kept


def _person(author: Author, cleared: Cleared) -> Author:
    name = cleared(author.name)
    return author if name == author.name else replace(author, name=name)
