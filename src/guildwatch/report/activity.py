"""How much was said, by how many people and where, counted from the messages themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence

from guildwatch.model import (
    Activity,
    ChannelCount,
    Coverage,
    Digest,
    Gap,
    Guild,
    MemberCount,
    Message,
)

TOP = 10


def activity_of(messages: Sequence[Message], guild: Guild) -> Activity:
    """What people said: bots, commands, system messages and deleted messages are not counted.

    Whoever said most comes first, of equals the oldest account or channel.
    """
    talk = list(_talk(messages))
    names = {message.author.id: message.author.name for message in talk}
    channels = {channel.id: channel.name for channel in guild.channels}
    authors = _ranked(message.author.id for message in talk)
    places = _ranked(message.channel_id for message in talk)
    return Activity(
        messages=len(talk),
        people=len(authors),
        channels=tuple(ChannelCount(id_, channels.get(id_, "unknown"), n) for id_, n in places),
        top=tuple(MemberCount(id_, names[id_], n) for id_, n in authors[:TOP]),
    )


def coverage_of(messages: Sequence[Message], digest: Digest, gaps: Sequence[Gap] = ()) -> Coverage:
    """How much of the messages was read: `read` and `left_out` are the digest's."""
    people = {
        message.author.id
        for message in messages
        if message.author.id and not message.author.is_bot and not message.is_deleted
    }
    return Coverage(
        messages=len(messages),
        read=digest.read,
        people=len(people),
        channels=len({message.channel_id for message in messages}),
        left_out={reason: number for reason, number in digest.left_out.items() if number},
        gaps=tuple(gaps),
    )


def _talk(messages: Sequence[Message]) -> Iterator[Message]:
    for message in messages:
        author = message.author
        if message.kind.is_talk and author.id and not author.is_bot and not message.is_deleted:
            yield message


def _ranked(ids: Iterator[int]) -> list[tuple[int, int]]:
    return sorted(Counter(ids).items(), key=lambda item: (-item[1], item[0]))
