"""What is exported: the format, its names, and that our own import reads back the same."""

import json
import os
import resource
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildwatch.exchange import ExchangeError, Exporter, Span, import_exports
from guildwatch.exchange.naming import safe_name
from guildwatch.model import (
    AttachmentKind,
    Author,
    Channel,
    ChannelKind,
    Deletion,
    Guild,
    Message,
    MessageKind,
    first_id_at,
)
from guildwatch.store import Store

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
CHANNELS = (
    Channel(10, 1, "Talk", ChannelKind.CATEGORY),
    Channel(11, 1, "general", ChannelKind.TEXT, 10, topic="All sorts", known=False),
    Channel(12, 1, "ideas", ChannelKind.FORUM, 10, topic="Posts", known=False),
    Channel(13, 1, "a post", ChannelKind.PUBLIC_THREAD, 12, known=False),
    Channel(14, 1, "pictures", ChannelKind.MEDIA, known=False),
)
GUILD = Guild(1, "Harbour", channels=CHANNELS)
PEOPLE = [Author(100, "Ann"), Author(101, "Bo \u202e [x]"), Author(102, "🤖", is_bot=True)]

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
moments = st.datetimes(datetime(2024, 3, 6), datetime(2024, 4, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@st.composite
def chats(draw: st.DrawFn) -> list[Message]:
    numbers = draw(st.lists(st.integers(0, 5000), min_size=1, max_size=12, unique=True))
    return [draw(_messages(first_id_at(NOON) + (number << 22))) for number in numbers]


@st.composite
def _messages(draw: st.DrawFn, message_id: int) -> Message:
    kind = draw(st.sampled_from(MessageKind))
    kinds = tuple(draw(st.lists(st.sampled_from(AttachmentKind), max_size=3)))
    return Message(
        message_id,
        1,
        draw(st.sampled_from([11, 13, 14])),
        draw(st.sampled_from(PEOPLE)),
        draw(words),
        kind,
        draw(st.none() | st.just(first_id_at(NOON))) if kind is MessageKind.REPLY else None,
        draw(st.none() | moments),
        tuple(draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))),
        len(kinds) if kinds else draw(st.integers(0, 3)),
        0 if kind is MessageKind.FORWARD else draw(st.integers(0, 2)),
        draw(st.integers(0, 50)),
        attachment_kinds=kinds,
    )


def exporter(store: Store) -> Exporter:
    return Exporter(store, clock=lambda: NOON)


@settings(max_examples=12, deadline=None)
@given(chat=chats(), packed=st.booleans())
async def test_what_is_exported_is_imported_as_the_same(scorer, chat, packed):
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with Store.open(folder / "one" / "guildwatch.db") as store:
            await store.guilds.save_imported(GUILD)
            scored = [replace(one, score=_score(scorer, one)) for one in chat]
            await store.messages.apply(scored, imported=True)
            if packed:
                await exporter(store).into_archive(GUILD, folder / "out.zip")
                with zipfile.ZipFile(folder / "out.zip") as archive:
                    archive.extractall(folder / "out")
            else:
                await exporter(store).into_folder(GUILD, folder / "out")
            kept, guild = await store.messages.latest(), await store.guilds.one(1)
        async with Store.open(folder / "two" / "guildwatch.db") as store:
            assert (await import_exports([folder / "out"], store, scorer)).skipped == ()
            assert await store.messages.latest() == kept
            again = await store.guilds.one(1)
    assert guild is not None
    assert again is not None
    assert again.name == guild.name
    told = {channel.id: channel for channel in guild.channels}
    assert {channel.id for channel in again.channels} <= told.keys()
    assert all(told[channel.id] == channel for channel in again.channels)


def _score(scorer, message: Message) -> float | None:
    is_talk = message.kind.is_talk and not message.author.is_bot
    return scorer.score(message.text) if is_talk else None


MESSAGE_KEYS = [
    "id", "type", "timestamp", "timestampEdited", "callEndedTimestamp", "isPinned", "content",
    "author", "attachments", "embeds", "stickers", "reactions", "mentions", "inlineEmojis",
]  # fmt: skip
USER_KEYS = ["id", "name", "discriminator", "nickname", "color", "isBot", "roles", "avatarUrl"]


async def test_a_file_has_the_form_of_the_exporter(store, tmp_path):
    await store.guilds.save_imported(GUILD)
    first = first_id_at(NOON)
    await store.messages.apply(
        [
            Message(first, 1, 11, PEOPLE[0], "Grüße 🎉", mentioned=(PEOPLE[1],), reactions=3),
            Message(first + 1, 1, 11, PEOPLE[1], "yes", MessageKind.REPLY, reply_to=first),
            Message(first + 2, 1, 11, PEOPLE[1], "far", MessageKind.FORWARD, attachments=1),
            Message(first + 3, 1, 11, PEOPLE[0], "", MessageKind.SYSTEM),
            Message(first + 4, 1, 11, PEOPLE[0], "gone"),
            Message(
                first + 5,
                1,
                11,
                PEOPLE[0],
                "edited",
                edited_at=datetime(2024, 3, 5, 13, 0, 0, 120000, tzinfo=UTC),
            ),
        ]
    )
    await store.messages.apply([Deletion(1, 11, (first + 4,))])
    summary = await exporter(store).into_folder(GUILD, tmp_path / "out")
    assert (summary.messages, summary.files) == (5, 1)
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "Harbour - Talk - general [11].json"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text("utf-8")
    assert "gone" not in text
    assert "Grüße 🎉" in text
    root = json.loads(text)
    assert list(root) == [
        "guild", "channel", "dateRange", "exportedAt", "messages", "messageCount",
    ]  # fmt: skip
    assert root["guild"] == {"id": "1", "name": "Harbour", "iconUrl": ""}
    assert root["channel"] == {
        "id": "11",
        "type": "GuildTextChat",
        "categoryId": "10",
        "category": "Talk",
        "name": "general",
        "topic": "All sorts",
    }
    plain, reply, forward, system, edited = root["messages"]
    assert list(plain) == MESSAGE_KEYS
    assert list(plain["author"]) == list(plain["mentions"][0]) == USER_KEYS
    assert plain["timestamp"] == "2024-03-05T12:00:00+00:00"
    assert plain["reactions"][0]["count"] == 3
    assert reply["type"] == "Reply"
    assert reply["reference"]["messageId"] == plain["id"]
    assert forward["content"] == ""
    assert forward["forwardedMessage"]["content"] == "far"
    assert system["type"].isdigit()
    assert edited["timestampEdited"] == "2024-03-05T13:00:00.12+00:00"
    assert root["messageCount"] == 5


async def test_days_choose_the_messages_and_are_in_the_name(store, tmp_path):
    await store.guilds.save_imported(GUILD)
    days = [NOON + timedelta(days=number) for number in range(4)]
    await store.messages.apply(
        [Message(first_id_at(day), 1, 11, PEOPLE[0], f"day {day.day}") for day in days]
    )
    midnight = NOON.replace(hour=0)
    start, end = midnight + timedelta(days=1), midnight + timedelta(days=3)
    span = Span(start, end, start.date(), (end - timedelta(days=1)).date())
    await exporter(store).into_folder(GUILD, tmp_path / "out", span)
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "Harbour - Talk - general [11] (2024-03-06 to 2024-03-07).json"
    root = json.loads(path.read_text("utf-8"))
    assert [one["content"] for one in root["messages"]] == ["day 6", "day 7"]
    assert root["dateRange"]["after"] == "2024-03-06T00:00:00+00:00"


HOSTILE = [
    "../../etc/passwd", "..", ".", "", "/", "C:\\boot", "con", "LPT1.txt", "nul ", "a\0b",
    "\x1b]0;x", "\u202egnp", "x" * 300, "🎉" * 300, " .hidden. ", "a\nb", "|*?<>\":",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_no_name_leads_out_of_the_folder(store, tmp_path, name):
    guild = Guild(1, name, channels=(Channel(11, 1, name, ChannelKind.TEXT, 10, known=False),
                                     Channel(10, 1, name, ChannelKind.CATEGORY)))  # fmt: skip
    await store.guilds.save_imported(guild)
    await store.messages.apply([Message(first_id_at(NOON), 1, 11, PEOPLE[0], "hello")])
    await exporter(store).into_folder(guild, tmp_path / "deep" / "out")
    (path,) = (tmp_path / "deep" / "out").iterdir()
    assert path.name.endswith("[11].json")
    assert path.name.isprintable()
    assert len(os.fsencode(path.name)) <= 255
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "deep"]
    assert json.loads(path.read_text("utf-8"))["guild"]["name"] == name


@given(st.text())
def test_a_safe_name_is_one_on_every_system(name):
    safe = safe_name(name)
    assert safe == safe.strip(" .")
    assert safe
    assert not set(safe) & set('<>:"/\\|?*')
    assert safe.isprintable()
    assert safe.partition(".")[0].strip().upper() not in {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "COM1",
        "LPT9",
    }
    assert len(safe.encode()) <= 61


@contextmanager
def small_files(size: int):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_one_sentence_and_leaves_whole_files_only(store, tmp_path):
    await store.guilds.save_imported(GUILD)
    first = first_id_at(NOON)
    await store.messages.apply(
        [Message(first, 1, 11, PEOPLE[0], "fits")]
        + [Message(first + n, 1, 14, PEOPLE[0], os.urandom(500).hex()) for n in range(1, 99)]
    )
    said = r"cannot be written.*choose another place"
    with small_files(20_000):
        with pytest.raises(ExchangeError, match=said):
            await exporter(store).into_folder(GUILD, tmp_path / "out")
        for name in ("out.zip", "out.gz"):
            with pytest.raises(ExchangeError, match=said):
                await exporter(store).into_archive(GUILD, tmp_path / name, channel_ids=[14])
    assert not [*(tmp_path / "out").iterdir()]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "out"]
    await exporter(store).into_folder(GUILD, tmp_path / "out")
    assert len([*(tmp_path / "out").iterdir()]) == 2


async def test_one_channel_goes_into_a_gz_and_several_do_not(store, scorer, tmp_path):
    await store.guilds.save_imported(GUILD)
    first = first_id_at(NOON)
    await store.messages.apply(
        [Message(first + n, 1, 11 + n % 2 * 3, PEOPLE[0], str(n)) for n in range(4)]
    )
    with pytest.raises(ExchangeError, match=r"there are 2: name a \.zip file"):
        await exporter(store).into_archive(GUILD, tmp_path / "all.json.gz")
    assert not (tmp_path / "all.json.gz").exists()
    await exporter(store).into_archive(GUILD, tmp_path / "one.json.gz", channel_ids=[11])
    summary = await import_exports([tmp_path / "one.json.gz"], store, scorer)
    assert (summary.known, summary.skipped) == (2, ())
