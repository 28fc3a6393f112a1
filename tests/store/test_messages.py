"""What becomes of messages as things happen to them."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from guildwatch.model import (
    Author,
    Channel,
    ChannelClosed,
    ChannelKind,
    Deletion,
    Guild,
    GuildLeft,
    MessageEdit,
    MessageKind,
    ReactionChange,
)
from guildwatch.store import Applied, Store, check_integrity
from guildwatch.store.messages import BETWEEN

GUILD, CHANNEL = 1, 10
LATER = datetime(2026, 11, 20, 13, tzinfo=UTC)


async def test_a_message_comes_back_with_everything(store, say):
    message = say(
        "hello <@7> \0 \N{PILE OF POO}",
        author=Author(5, "Zoë"),
        kind=MessageKind.REPLY,
        reply_to=12345,
        edited_at=say().created_at + timedelta(seconds=5, microseconds=123456),
        mentioned=(Author(7, "Bea"), Author(8, "Bot", is_bot=True)),
        attachments=2,
        stickers=1,
        reactions=3,
        score=-0.1234,
    )
    assert await store.messages.apply([message]) == Applied(1, 0, 0)
    assert await store.messages.by_ids([message.id]) == {message.id: message}


async def test_the_same_again_changes_nothing(store, say):
    messages = [say(), say()]
    await store.messages.apply(messages)
    assert await store.messages.apply(messages) == Applied(0, 0, 0)


async def test_a_deleted_message_stays_deleted_when_history_brings_it_back(store, say):
    message = say("gone")
    await store.messages.apply([message])
    assert (await store.messages.apply([Deletion(GUILD, CHANNEL, (message.id,))])).deleted == 1
    edit = MessageEdit(message.id, GUILD, CHANNEL, "back", message.created_at)
    await store.messages.apply([message, edit, ReactionChange(message.id, GUILD, CHANNEL, 1)])
    await store.messages.apply([message], imported=True)
    (stored,) = (await store.messages.by_ids([message.id])).values()
    assert stored.is_deleted
    assert stored.author == message.author
    assert (stored.reactions, stored.score, stored.edited_at) == (0, None, None)


async def test_a_message_deleted_before_we_saw_it_never_comes(store, say):
    message = say("never")
    await store.messages.apply([Deletion(GUILD, CHANNEL, (message.id,))])
    assert (await store.messages.apply([message])).new == 0
    assert (await store.messages.by_ids([message.id]))[message.id].text is None
    assert await store.messages.latest() == []


async def test_history_without_message_content_does_not_empty_what_is_stored(store, say):
    message = say("what was said", score=0.5, reactions=1)
    await store.messages.apply([message])
    later = message.created_at + timedelta(hours=1)
    await store.messages.apply([replace(message, text="", score=None, edited_at=later)])
    assert await store.messages.latest() == [replace(message, reactions=1)]


async def test_an_edit_that_empties_a_text_empties_it(store, say):
    pictured, edited = say("with a picture", attachments=1), say("to be emptied")
    await store.messages.apply([pictured, edited])
    later = edited.created_at + timedelta(hours=1)
    emptied = replace(pictured, text="", edited_at=later)
    await store.messages.apply([emptied, MessageEdit(edited.id, GUILD, CHANNEL, "", later)])
    assert await store.messages.latest() == [emptied, replace(edited, text="", edited_at=later)]


async def test_the_newer_edit_wins_whichever_comes_last(store, say):
    message = say("first")
    times = [message.created_at + timedelta(minutes=n) for n in (1, 2)]
    older, newer = (
        MessageEdit(message.id, GUILD, CHANNEL, text, at)
        for text, at in zip(("second", "third"), times, strict=True)
    )
    await store.messages.apply([message, newer])
    await store.messages.apply([older, message])
    (stored,) = await store.messages.latest()
    assert (stored.text, stored.edited_at) == ("third", times[1])


async def test_an_edit_of_an_unknown_message_is_ignored(store, say):
    at = say().created_at
    assert await store.messages.apply([MessageEdit(5, GUILD, CHANNEL, "what?", at)]) == Applied(
        0, 0, 0
    )
    assert await store.messages.by_ids([5]) == {}


async def test_an_import_does_not_overrule_discord_but_discord_overrules_an_import(store, say):
    live, exported = say("<@7> hello", author=Author(5, "Now")), say("@Bea hi")
    later = live.created_at + timedelta(days=1)
    await store.messages.apply([live])
    again = replace(live, text="@Bea hello", author=Author(5, "Then"), edited_at=later)
    assert await store.messages.apply([again, exported], imported=True) == Applied(1, 0, 0)
    assert await store.messages.latest() == [live, exported]
    told = replace(exported, text="<@7> hi")
    assert await store.messages.apply([told]) == Applied(0, 1, 0)
    assert await store.messages.latest() == [live, told]


async def test_who_opted_out_is_counted_and_nothing_else(store, say):
    async with store.messages._database.transaction() as transaction:
        await transaction.execute("INSERT INTO opt_outs VALUES (66, 1)")
    hidden = Author(66, "Hidden Name")
    secret, other = say("secret words", author=hidden), say("hi <@66>", mentioned=(hidden,))
    assert (await store.messages.apply([secret, other])).new == 2
    stored = await store.messages.by_ids([secret.id, other.id])
    assert (stored[secret.id].author.id, stored[secret.id].text) == (0, None)
    assert stored[other.id].mentioned == ()
    assert await store.messages.search(GUILD, "secret") == []
    assert await store.guilds.author_names(GUILD, [66]) == {}
    # Another guild did not hear that wish.
    elsewhere = say("open words", author=hidden, guild_id=2)
    await store.messages.apply([elsewhere])
    assert await store.messages.latest(guild_id=2) == [elsewhere]


async def test_a_closed_channel_takes_its_threads_and_late_messages_with_it(store, say):
    thread = Channel(11, GUILD, "aside", ChannelKind.PUBLIC_THREAD, parent_id=CHANNEL)
    other = Channel(12, GUILD, "other", ChannelKind.TEXT)
    parent = Channel(CHANNEL, GUILD, "general", ChannelKind.TEXT)
    await store.guilds.save(Guild(GUILD, "Place", channels=(parent, thread, other)))
    said = [say(channel_id=one) for one in (CHANNEL, 11, 12)]
    assert (await store.messages.apply([*said, ChannelClosed(GUILD, CHANNEL)])).new == 1
    assert (await store.messages.apply([say(), say(channel_id=11)])).new == 0
    assert await store.messages.latest() == [said[2]]
    guild = await store.guilds.one(GUILD)
    assert guild.channels == (other,)


async def test_a_big_closed_channel_is_emptied_chunk_by_chunk(store, say):
    messages = [say(f"word{n}", score=0.5) for n in range(1300)]
    await store.messages.apply([*messages, say(channel_id=12)])
    applied = await store.messages.apply([ChannelClosed(GUILD, CHANNEL)])
    assert 0 < applied.deleted < 1300
    await store.tidy()
    assert [message.channel_id for message in await store.messages.latest()] == [12]
    assert await store.messages.edges(CHANNEL) == (messages[0].id, messages[-1].id)


async def test_a_closing_interrupted_by_the_end_goes_on_at_the_next_start(path, say):
    copy = path.parent.with_name("copy") / path.name
    async with Store.open(path) as store:
        await store.messages.apply([say() for _ in range(1300)])
        await store.messages.apply([ChannelClosed(GUILD, CHANNEL)])
        shutil.copytree(path.parent, copy.parent)
    async with Store.open(copy) as store:
        assert len(await store.messages.latest(limit=9999)) > 0
        await store.tidy()
        assert await store.messages.latest() == []


async def test_a_guild_that_was_left_keeps_its_messages_and_leaves_the_list(store, say):
    await store.guilds.save(Guild(GUILD, "Place"))
    await store.messages.apply([say(), GuildLeft(GUILD)])
    await store.guilds.mark_left(GUILD, datetime(2026, 11, 20, tzinfo=UTC))
    assert await store.guilds.all() == []
    assert len(await store.messages.latest(guild_id=GUILD)) == 1
    await store.guilds.save(Guild(GUILD, "Place"))
    assert await store.guilds.all() == [Guild(GUILD, "Place")]


async def test_one_impossible_event_does_not_stop_the_others(store, say):
    fine = say("half a pair: \ud83d", author=Author(5, "\udc00"))
    await store.messages.apply(
        [say(id=1 << 70), say(author=Author(-5, "x")), Deletion(GUILD, CHANNEL, (-1,)), fine]
    )
    (stored,) = await store.messages.latest()
    assert (stored.text, stored.author.name) == ("half a pair: ?", "?")


async def test_between_tells_a_half_open_span_of_chosen_channels_with_its_tombstones(store, say):
    first, second, third = said = [say(), say(channel_id=12), say()]
    await store.messages.apply([*said, say(guild_id=2), Deletion(GUILD, CHANNEL, (first.id,))])
    start, end = first.created_at, third.created_at
    told = await store.messages.between(GUILD, start, end)
    assert [(one.id, one.is_deleted) for one in told] == [(first.id, True), (second.id, False)]
    later = end + timedelta(seconds=1)
    told = await store.messages.between(GUILD, start, later, channel_ids=[CHANNEL])
    assert [one.id for one in told] == [first.id, third.id]
    assert await store.messages.between(GUILD, start, later, channel_ids=[]) == []


async def test_latest_tells_the_newest_oldest_of_them_first(store, say):
    said = [say() for _ in range(5)]
    await store.messages.apply([*said, say(guild_id=2)])
    assert await store.messages.latest(guild_id=GUILD, limit=2) == said[-2:]


async def test_edges_days_and_watermarks(store, say):
    assert await store.messages.edges(CHANNEL) is None
    assert await store.messages.days(GUILD) is None
    first, last = say(), say()
    await store.messages.apply([last], watermarks={CHANNEL: last.id})
    await store.messages.apply([first], watermarks={CHANNEL: first.id, 12: 3})
    assert await store.messages.edges(CHANNEL) == (first.id, last.id)
    assert await store.messages.days(GUILD) == (first.created_at, last.created_at)
    for one in (first, last):
        own = await store.messages.days(GUILD, channel_ids={one.channel_id})
        assert own is not None
        assert one.created_at in own
    assert await store.messages.days(GUILD, channel_ids={404}) is None
    assert await store.messages.days(GUILD, channel_ids=()) is None
    assert await store.messages.watermarks() == {CHANNEL: last.id, 12: 3}


async def test_a_day_is_read_by_its_range_of_ids(store):
    plan = await store.messages._database.rows(
        f"EXPLAIN QUERY PLAN {BETWEEN}", (1, 2, GUILD, "[10]")
    )
    assert plan[0]["detail"] == "SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    plan = await store.messages._database.rows(
        "EXPLAIN QUERY PLAN SELECT min(id) FROM messages WHERE channel_id = ?", (CHANNEL,)
    )
    assert "USING COVERING INDEX messages_by_channel" in plan[0]["detail"]


async def test_an_edited_message_is_found_by_the_words_that_stayed(store, say):
    message = say("the goose sits in the last tile")
    await store.messages.apply([message])
    edit = MessageEdit(message.id, GUILD, CHANNEL, "the goose left the last tile", LATER)
    await store.messages.apply([edit])
    for words in ("goose", "last tile", "left"):
        assert [hit.message.id for hit in await store.messages.search(GUILD, words)] == [message.id]
    assert await store.messages.search(GUILD, "sits") == []
    assert await check_integrity(store.path, full=True) == []
