"""Real days are told in readable length, and every word has its receipt."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from guildwatch.digest import Context, Digester
from guildwatch.language import Priority
from guildwatch.model import Author, Channel, ChannelKind, Message, Period, PeriodKind
from guildwatch.sensitive import masked

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "chat"


def load(day):
    messages, channels, names = [], {}, {}
    for path in sorted((DATA / day).glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        channel = int(document["channel"]["id"])
        guild = int(document["guild"]["id"])
        channels[channel] = Channel(channel, guild, document["channel"]["name"], ChannelKind.TEXT)
        for raw in document["messages"]:
            author = Author(int(raw["author"]["id"]), raw["author"]["name"], raw["author"]["isBot"])
            names[author.id] = author.name
            target = raw.get("reference", {}).get("messageId")
            messages.append(
                Message(
                    int(raw["id"]),
                    guild,
                    channel,
                    author,
                    raw["content"],
                    reply_to=int(target) if target else None,
                )
            )
    moment = datetime.fromisoformat("2024-03-05T00:00:00+00:00")
    return messages, Context("x", channels, names, Period(PeriodKind.DAY, moment, moment, "UTC"))


@pytest.mark.parametrize("day", ["multichannel-day", "ubuntu-2017-07-15"])
async def test_a_busy_day_is_told_in_some_topics_of_short_quotations(day):
    if not DATA.exists():
        pytest.skip("needs the open chats in shared/data")
    messages, context = load(day)
    result = await Digester(None, cache=None).digest(messages, context, priority=Priority.COMMAND)
    assert result.read + sum(result.left_out.values()) == len(messages)
    assert 5 <= len(result.topics) <= 9
    texts = {message.id: "".join(filter(str.isalpha, masked(message.text))) for message in messages}
    for topic in result.topics:
        assert 1 <= len(topic.points) <= 5
        assert len(topic.title) <= 61
        for point in topic.points:
            assert len(point.text) <= 280
            quoted = "".join(filter(str.isalpha, point.text.partition("“")[2]))
            assert quoted[:30] in texts[point.message_ids[0]]
