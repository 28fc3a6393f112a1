"""What a member is given of their own data: whole where it fits, and nothing of others."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from guildwatch.digest import Digester
from guildwatch.exchange import data_file
from guildwatch.language import Priority
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Feedback,
    Guild,
    Home,
    Message,
    Overwrite,
    ReasonKind,
    Verdict,
    first_id_at,
)
from guildwatch.report import ReportWriter, day_period

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
FIRST = first_id_at(NOON)
ANN, BO = Author(100, "Ann"), Author(101, "Bo")
OPEN, STAFF = Channel(11, 1, "general", ChannelKind.TEXT), Channel(12, 1, "staff", ChannelKind.TEXT)
GUILD = Guild(1, "Harbour", owner_id=5, channels=(OPEN, STAFF))


def said(number, text, author=ANN, channel=OPEN, **more):
    return Message(FIRST + (number << 22), 1, channel.id, author, text, **more)


@pytest.fixture
async def lived(store):
    words = (
        f"message {n} " + "".join(chr(97 + (n * k) % 26) for k in range(200)) for n in range(60)
    )
    await store.messages.apply([said(n, text) for n, text in enumerate(words)])
    await store.messages.apply(
        [
            said(70, "hello Ann", BO, mentioned=(ANN,)),
            said(71, "Ann must not know", BO, STAFF, mentioned=(ANN,)),
            said(72, "from when I was there", ANN, STAFF, score=0.2),
        ]
    )
    await store.feedback.correct(Feedback(5, 1, None, ANN.id, Verdict.WRONG, NOON, "not so"))
    await store.feedback.correct(Feedback(5, 1, None, BO.id, Verdict.WRONG, NOON, "quite so"))
    return await store.holdings.of_member(1, ANN.id)


def content(file):
    return json.loads(file.content)


def test_it_has_all_of_theirs_and_of_others_nothing(lived):
    file = data_file(lived, GUILD, ANN.id, readable={OPEN.id}, now=NOON)
    told = content(file)
    assert (file.messages, file.total) == (61, 61)
    assert len(told["messages"]) == 61
    assert sum(one["messages"] for one in told["activity"]) == 61
    assert [one["words"] for one in told["feedback"]] == ["not so"]
    assert [one["channel"] for one in told["mentioned_in"]] == ["general"]
    text = file.content.decode()
    for secret in ("hello Ann", "must not know", "quite so", "Bo", "staff"):
        assert secret not in text


def test_the_operator_sees_the_names_of_all_channels(lived):
    told = content(data_file(lived, GUILD, ANN.id, readable=None, now=NOON))
    assert {one["channel"] for one in told["messages"]} == {"general", "staff"}
    assert len(told["mentioned_in"]) == 2


def test_what_is_too_big_is_packed_and_then_loses_the_oldest(lived):
    whole = data_file(lived, GUILD, ANN.id, readable=None, now=NOON)
    packed = data_file(lived, GUILD, ANN.id, readable=None, now=NOON, limit=len(whole.content) - 1)
    assert packed.name.endswith(".json.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == whole.content
    limit = len(packed.content) // 2
    less = data_file(lived, GUILD, ANN.id, readable=None, now=NOON, limit=limit)
    assert len(less.content) <= limit
    assert 0 < less.messages < less.total == 61
    document = less.content
    if less.name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            document = archive.read(archive.namelist()[0])
    kept = [one["id"] for one in json.loads(document)["messages"]]
    assert kept == [one["id"] for one in content(whole)["messages"]][-less.messages :]


async def test_it_tells_what_was_made_of_their_words_but_no_closed_place(store):
    allowed = Overwrite(ANN.id, is_member=True, allow=1 << 10, deny=0)
    channels = (replace(OPEN, overwrites=(allowed,)), replace(STAFF, overwrites=(allowed,)))
    guild = replace(GUILD, channels=channels)
    asked, closed = said(1, "Who has the key?"), said(2, "Who has the other?", channel=STAFF)
    await store.messages.apply([asked, closed, said(3, "Not me.", BO)])
    for channel, one in ((OPEN, asked), (STAFF, closed)):
        await store.homes.keep({channel.id: [Home(one.id, one.id, ReasonKind.NEW)]})
    await store.questions.follow(1, {asked.id: OPEN.id})
    writer = ReportWriter(store, Digester(None, cache=None), clock=lambda: NOON)
    for sources in ({OPEN.id}, {OPEN.id, STAFF.id}):
        report = await writer.write(
            guild, day_period(NOON.date(), "UTC"), source_ids=sources, priority=Priority.COMMAND
        )
        await store.reports.save(report)

    holding = await store.holdings.of_member(1, ANN.id)
    told = content(data_file(holding, guild, ANN.id, readable={OPEN.id}, now=NOON))
    whole = content(data_file(holding, guild, ANN.id, readable=None, now=NOON))

    assert [one["among"] for one in told["ranked_in"]] == ["most messages"]
    assert len(whole["ranked_in"]) == 2
    assert [one["message_id"] for one in told["conversations"]] == [str(asked.id)]
    assert told["followed_questions"] == [str(asked.id)]
    assert [one["channel"] for one in told["permissions"]] == ["general"]
    assert [one["channel"] for one in whole["permissions"]] == ["general", "staff"]
    assert str(STAFF.id) not in json.dumps([told["ranked_in"], told["permissions"]])
