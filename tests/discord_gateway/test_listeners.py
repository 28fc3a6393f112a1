"""Events that are odd, and the order of those that are not."""

from types import SimpleNamespace


async def hear(watch, name, **payload):
    await watch.listeners.hear(SimpleNamespace(name=name, payload=payload))


async def test_what_cannot_be_understood_is_counted_and_logged_once(town, watch, caplog):
    for _ in range(3):
        await hear(watch, "MESSAGE_CREATE", guild_id=str(town.guild), id="x", channel_id=None)
    await hear(watch, "CHANNEL_UPDATE")
    await hear(watch, "A_NEW_THING", id="5")

    assert watch.listeners.oddities == {"MESSAGE_CREATE": 3, "CHANNEL_UPDATE": 1}
    told = [one.message for one in caplog.records if "could not be understood" in one.message]
    assert told == [
        "A MESSAGE_CREATE could not be understood: its channel_id is odd.",
        "A CHANNEL_UPDATE could not be understood: its id is odd.",
    ]


async def test_direct_messages_are_not_stored(town, watch):
    author = {"id": str(town.ada), "username": "ada"}
    await hear(watch, "MESSAGE_CREATE", id="5", channel_id="6", content="psst", author=author)
    await hear(watch, "MESSAGE_DELETE", id="5", channel_id="6")
    assert watch.intake.backlog == 0


async def test_a_message_that_cannot_be_understood_opens_a_gap(town, watch):
    frontier = watch.intake.frontier
    assert frontier.close(town.general, frontier.token(town.general))
    place = {"guild_id": str(town.guild), "channel_id": str(town.general)}
    await hear(watch, "MESSAGE_CREATE", id="5", author={}, **place)
    assert frontier.is_open(town.general)
    assert frontier.was_shed(town.general)
