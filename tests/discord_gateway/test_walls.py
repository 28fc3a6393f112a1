"""Whatever shape a message has, it is read, bounded, kept and found again."""

import pytest

from guildwatch.capture import Intake, Pulse
from guildwatch.discord import payloads
from guildwatch.discord.fields import name
from guildwatch.mood import Vader
from guildwatch.store import Store
from support.walls import payloads as walls


@pytest.fixture(scope="module")
def corpus():
    return walls()


async def test_every_wall_is_kept_with_its_text(corpus, tmp_path):
    messages = [payloads.message(raw) for raw in corpus.values()]
    async with Store.open(tmp_path / "guildwatch.db") as store:
        intake = Intake(store, Vader(), Pulse(lambda _: "UTC"))
        await intake.keep(messages, {})
        kept = {one.id: one.text for one in await store.messages.latest(limit=len(messages))}
    assert kept == {one.id: one.text for one in messages}


def test_nothing_is_longer_than_discord_could_send_it(corpus):
    for what, raw in corpus.items():
        message = payloads.message(raw)
        assert len(message.text) <= 20_004, what
        assert len(message.author.name) <= 100, what
        assert len(message.mentioned) <= 200, what
        assert 0 <= message.reactions < 1 << 31, what
        message.text.encode()
        message.author.name.encode()


def test_what_is_cut_says_so():
    raw = walls()["a bot's ten embeds"]
    assert payloads.message(raw).text.endswith(" […]")
    assert name("x" * 200) == "x" * 100
