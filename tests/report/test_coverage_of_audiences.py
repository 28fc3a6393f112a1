"""Whoever may read whichever channels: their report counts all messages of these and no others."""

from dataclasses import replace
from random import Random

from guildwatch.language import Priority
from guildwatch.model import Author, Deletion, MessageKind

SUPPORT, DEV, STAFF = CHANNELS = (2001, 2002, 2003)
ODD = (
    {"author": Author(77, "build", is_bot=True)},
    {"kind": MessageKind.SYSTEM},
    {"kind": MessageKind.COMMAND},
    {"text": ""},
    {"text": "…"},
    {},
)


async def test_what_is_read_and_left_out_adds_up_for_random_audiences(
    store, writer, guild, day, talk
):
    random = Random(7)
    said = [
        replace(message, **random.choice(ODD)) if random.random() < 0.5 else message
        for channel in CHANNELS
        for message in talk(channel, random.randint(5, 40), hours=random.randint(0, 5))
    ]
    await store.messages.apply(said)
    deleted = random.sample(said, 9)
    for message in deleted:
        await store.messages.apply([Deletion(guild.id, message.channel_id, (message.id,))])
    for _ in range(12):
        sources = random.sample(CHANNELS, random.randint(1, len(CHANNELS)))
        report = await writer.write(guild, day, source_ids=sources, priority=Priority.COMMAND)
        coverage = report.coverage
        own = [message for message in said if message.channel_id in sources]
        assert coverage.messages == len(own)
        assert coverage.read + sum(coverage.left_out.values()) == len(own)
        assert coverage.left_out.get("deleted", 0) == sum(each in own for each in deleted)
        assert {id_ for topic in report.digest.topics for id_ in topic.channel_ids} <= set(sources)
