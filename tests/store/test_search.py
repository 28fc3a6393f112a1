"""Searching for whatever a person may type."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.model import Author, Deletion, Message, MessageEdit
from guildwatch.store import Store

HOSTILE = [
    "", " ", '"', '""', "'", "*", "a*", "NEAR", "NEAR(a b)", "AND", "OR NOT", "a OR", "text:a",
    "^a", "(", ")", "-", "+", "{a}", "\0", "a\0b", "\N{FACE WITH TEARS OF JOY}", "\ud83d", ";",
    "%", "\\", "a\"b", "--", "/*", "\N{ZERO WIDTH JOINER}", "x" * 5000, "a " * 2000, "messages_fts",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_are_only_words(store, say, words):
    await store.messages.apply([say('NEAR the "end" AND OR NOT a*b')])
    await store.messages.search(1, words)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=20), max_size=12))
def test_no_text_whatsoever_upsets_the_search(texts):
    async def search_all() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with Store.open(Path(folder) / "guildwatch.db") as store:
                author = Author(7, "Ann")
                said = [Message(n, 1, 10, author, text) for n, text in enumerate(texts, 1)]
                await store.messages.apply(said)
                for text in texts:
                    for found in await store.messages.search(1, text):
                        assert found.message.guild_id == 1

    asyncio.run(search_all())


async def test_every_word_must_be_there_whatever_its_case_accents_and_order(store, say):
    both = say("Der KÄSE kam mit der Post")
    await store.messages.apply([both, say("nur Käse"), say("nur Post")])
    assert [one.message for one in await store.messages.search(1, "post kase")] == [both]


async def test_the_newest_come_first_and_only_from_the_channels_asked_for(store, say):
    said = [say(f"needle {n}", channel_id=10 + n % 2) for n in range(6)]
    await store.messages.apply([*said, say("needle", guild_id=2)])
    found = await store.messages.search(1, "needle", limit=4)
    assert [one.message for one in found] == said[:1:-1]
    found = await store.messages.search(1, "needle", channel_ids=[11])
    assert [one.message for one in found] == [said[5], said[3], said[1]]
    assert await store.messages.search(1, "needle", channel_ids=[]) == []


async def test_the_snippet_shows_the_words_in_a_long_text(store, say):
    await store.messages.apply([say("before " * 400 + "needle" + " after" * 400)])
    ((found,)) = await store.messages.search(1, "needle")
    assert "needle" in found.snippet
    assert len(found.snippet) < 300


async def test_edited_and_deleted_words_are_not_found_any_more(store, say):
    edited, deleted = say("walnut"), say("hazelnut")
    await store.messages.apply([edited, deleted])
    later = edited.created_at
    await store.messages.apply(
        [MessageEdit(edited.id, 1, 10, "chestnut", later), Deletion(1, 10, (deleted.id,))]
    )
    assert await store.messages.search(1, "walnut") == []
    assert await store.messages.search(1, "hazelnut") == []
    assert len(await store.messages.search(1, "chestnut")) == 1
