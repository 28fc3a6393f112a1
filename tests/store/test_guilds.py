"""Guilds, channels, tracking and names."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guildwatch.model import Author, Channel, ChannelKind, Guild, Overwrite, Role
from guildwatch.store import StoreError

GENERAL = Channel(
    10,
    1,
    "general",
    ChannelKind.TEXT,
    parent_id=9,
    position=1,
    topic="All sorts",
    age_restricted=True,
    overwrites=(Overwrite(1, is_member=False, allow=1 << 62, deny=3),),
    last_message_id=77,
)
THREAD = Channel(
    11, 1, "aside", ChannelKind.PRIVATE_THREAD, 10, position=2, member_ids=frozenset({5, 7})
)
PLACE = Guild(
    1, "Place", 99, (Role(1, "@everyone", 1 << 50), Role(2, "Mods", 8, 1)), (GENERAL, THREAD), "de"
)


async def test_a_guild_comes_back_with_roles_channels_and_overwrites(store):
    await store.guilds.save(PLACE)
    assert await store.guilds.all() == [PLACE]
    assert await store.guilds.one(1) == PLACE
    assert await store.guilds.one(2) is None


async def test_a_channel_that_is_gone_keeps_its_name_and_is_known_no_more(store):
    other = Channel(12, 1, "other", ChannelKind.TEXT, position=3)
    await store.guilds.save(replace(PLACE, channels=(GENERAL, other)))
    await store.guilds.save(replace(PLACE, name="New", channels=(GENERAL,)))
    guild = await store.guilds.one(1)
    assert (guild.name, guild.channel(12)) == ("New", replace(other, known=False))
    assert guild.channel(10) == GENERAL


async def test_a_thread_that_is_not_listed_any_more_is_archived(store):
    await store.guilds.save(PLACE)
    await store.guilds.save(replace(PLACE, channels=(GENERAL,)))
    assert (await store.guilds.one(1)).channel(11) == replace(THREAD, archived=True)


async def test_an_export_tells_names_only_until_discord_does(store):
    exported = replace(GENERAL, name="old name", known=False, overwrites=())
    await store.guilds.save_imported(Guild(1, "Old", channels=(exported,)))
    assert await store.guilds.all() == [Guild(1, "Old", channels=(exported,))]
    await store.guilds.save(PLACE)
    await store.guilds.save_imported(Guild(1, "Old", channels=(exported,)))
    assert await store.guilds.all() == [PLACE]


async def test_a_guild_is_found_by_id_or_by_name_in_any_case(store):
    await store.guilds.save(Guild(1, "Straße"))
    await store.guilds.save(Guild(2, "1"))
    await store.guilds.save(Guild(3, "404"))
    assert (await store.guilds.find("STRASSE")).id == 1
    assert (await store.guilds.find("1")).id == 1
    assert (await store.guilds.find("404")).id == 3
    for unknown in ("", "nowhere", "9" * 40, "\N{SUPERSCRIPT TWO}", "%"):
        assert await store.guilds.find(unknown) is None


async def test_an_ambiguous_name_is_one_sentence_with_the_ids(store):
    await store.guilds.save(Guild(1, "Twins"))
    await store.guilds.save(Guild(2, "twins"))
    with pytest.raises(StoreError, match=r"Several guilds.*1, 2"):
        await store.guilds.find("Twins")


async def test_tracking_is_remembered_as_chosen_and_forgotten_when_taken_back(store):
    await store.guilds.choose_tracking(10, tracked=True)
    await store.guilds.choose_tracking(11, tracked=True)
    await store.guilds.choose_tracking(11, tracked=False)
    await store.guilds.choose_tracking(12, tracked=False)
    await store.guilds.choose_tracking(12, tracked=None)
    assert await store.guilds.tracking() == {10: True, 11: False}


async def test_people_are_called_by_their_last_name_in_that_guild(store, say):
    mentioned = (Author(8, "Bea"),)
    await store.messages.apply(
        [
            say(author=Author(7, "Ann")),
            say(author=Author(7, "Anna"), mentioned=mentioned),
            say(author=Author(7, "Elsewhere"), guild_id=2),
        ]
    )
    assert await store.guilds.author_names(1, [7, 8, 9]) == {7: "Anna", 8: "Bea"}


async def test_who_was_seen_in_some_channels_is_told_of_few_as_of_many(store, say):
    ann, bo, cleo, robot = (Author(one, f"name {one}", is_bot=one == 4) for one in (1, 2, 3, 4))
    await store.messages.apply(
        [
            say("hello", author=ann, mentioned=(bo, robot)),
            say("and again", author=ann, mentioned=(bo,)),
            say("elsewhere", author=cleo, channel_id=12, mentioned=(ann,)),
            say("what goes", author=bo, channel_id=13),
            say("in another guild", author=cleo, guild_id=2),
        ]
    )
    here, there = {1: "name 1", 2: "name 2"}, {1: "name 1", 3: "name 3"}
    for more in (set(), set(range(1000, 1100))):
        assert await store.guilds.member_names(1, {10} | more) == here
        assert await store.guilds.member_names(1, {12} | more) == there
        assert await store.guilds.member_names(1, more) == {}
    assert await store.guilds.member_names(1) == here | there


async def test_a_guild_that_was_left_is_only_found_on_purpose(store):
    await store.guilds.save(PLACE)
    await store.guilds.mark_left(1, datetime(2024, 3, 5, tzinfo=UTC))
    assert await store.guilds.all() == []
    assert await store.guilds.find("place") == PLACE
