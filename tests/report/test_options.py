"""What a guild lets its reports tell of people: names, lists of members, topics of a few."""

import json
import re
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import validate

from guildwatch.digest import Digester
from guildwatch.language import Completion, Priority
from guildwatch.model import Author, GuildSettings, MemberCount, Message, MessageEdit
from guildwatch.report import (
    ReportWriter,
    to_json,
    to_markdown,
    to_post,
    to_text,
    week_period,
)
from guildwatch.report.as_html import to_html
from guildwatch.report.board import most_positive
from guildwatch.report.recheck import Rechecker

GUILD, SUPPORT, DEV = 1000, 2001, 2002
SCHEMA = json.loads(files("guildwatch.report").joinpath("schema.json").read_text("utf-8"))
NAMED = re.compile(r"mara|jonas|tiff|X[aeiou][a-z]{6}x", re.IGNORECASE)
GOSSIP = (
    "Mara, could you look at the map editor? It loses saves with an umlaut in the name.",
    "jonas said yesterday that the map editor is broken since the release of 2.4.",
    "Ask @Tiff or <@11>, they know the umlaut bug of the map editor better than anybody.",
    "We decided that Mara moves release 2.4 to Tuesday because of the umlaut crashes.",
    "Tiff's candidate build for release 2.4 is at https://example.org/mara/build",
    "Does anybody know whether jonas tests the umlaut saves on Linux tonight?",
)

VAULT = (
    "The audit of the vault found that two keys of the vault are missing since Monday.",
    "I decided to close the vault until the missing keys are found or replaced.",
    "Does anybody know who had the keys of the vault before the audit began?",
)


class Gossip:
    """A model that tells who said what, and remembers what it was shown."""

    name, context = "gossip", 32_768

    def __init__(self):
        self.shown = ""

    def fits(self, text):
        return len(text) // 4 + 1

    async def complete(self, prompt, *, priority, on_text=None):
        self.shown += prompt.content
        topics = []
        for part in re.split(r"^-+\n", prompt.content, flags=re.MULTILINE)[1:]:
            lines = re.findall(r"^\[(\d+)\] (.*?): (.*)$", part, re.MULTILINE)[:3]
            if not lines:
                continue
            points = [
                {"text": f"{name} said: {text}"[:270], "kind": "fact", "refs": [int(number)]}
                for number, name, text in lines
            ]
            topics.append({"title": lines[0][2][:30].rsplit(" ", 1)[0], "points": points})
        data = {"topics": topics, "points": []}
        return Completion("", data, self.fits(prompt.content), 10, 0.5)


@pytest.fixture
def gossip(talk):
    """A day on which everybody talks of everybody else by name."""
    messages = [*talk(SUPPORT, 40, texts=GOSSIP), *talk(DEV, 20, hours=3, texts=GOSSIP)]
    return [replace(one, mentioned=(Author(11, "jonas"),)) for one in messages]


def written(report):
    post = to_post(report, zone="Europe/Berlin")
    return "\n".join(
        (
            to_text(report),
            to_markdown(report),
            to_html(report),
            to_json(report),
            *(post.title, post.description, post.footer, *post.thread),
        )
    )


async def write(store, guild, day, model=None, *, sources=None, **chosen):
    await store.settings.save(GuildSettings(GUILD, **chosen))
    writer = ReportWriter(store, Digester(model, cache=store.conversations), clock=lambda: day.end)
    return await writer.write(guild, day, source_ids=sources, priority=Priority.COMMAND)


async def test_with_names_members_are_named(store, guild, day, gossip):
    await store.messages.apply(gossip)
    told = written(await write(store, guild, day))
    assert NAMED.search(told)
    assert "most active" in told


@pytest.mark.parametrize("language", ["en", "de", "fr", "pl"])
async def test_without_names_no_word_of_a_report_names_a_member(
    store, guild, day, gossip, language
):
    await store.messages.apply(gossip)
    report = await write(store, guild, day, names=False, board=True, language=language)

    told = written(report)

    assert report.digest.topics
    assert not NAMED.search(told), NAMED.findall(told)
    assert not re.search(r'"id": "1[012]"', told)
    assert report.activity.people == 3
    assert report.activity.top == report.activity.board == ()
    validate(json.loads(to_json(report)), SCHEMA)


async def test_a_model_is_shown_no_name_and_what_it_writes_is_still_checked(
    store, guild, day, gossip
):
    await store.messages.apply(gossip)
    model = Gossip()
    report = await write(store, guild, day, model, names=False)

    assert report.digest.engine.name == "ollama"
    assert not re.search("mara|jonas|tiff", model.shown, re.IGNORECASE)
    points = [point.text for topic in report.digest.topics for point in topic.points]
    assert any(text.startswith("Someone said: ") for text in points)
    assert not NAMED.search(written(report))


async def test_a_lie_about_a_member_is_found_out_without_names_too(store, guild, day, gossip):
    class Liar(Gossip):
        async def complete(self, prompt, *, priority, on_text=None):
            done = await super().complete(prompt, priority=priority)
            for topic in done.data["topics"]:
                for point in topic["points"]:
                    point["text"] = "Xavier was banned for selling 44 stolen keys on Friday."
            return done

    await store.messages.apply(gossip)
    report = await write(store, guild, day, Liar(), names=False)
    assert report.digest.engine.dropped_points
    assert "Xavier" not in written(report)


async def test_names_of_earlier_reports_do_not_come_back_in_a_week(store, guild, day, gossip):
    await store.messages.apply(gossip)
    report = await write(store, guild, day)
    writer = ReportWriter(store, Digester(None, cache=None), clock=lambda: day.end)
    await writer.keep(report)
    await store.settings.save(GuildSettings(GUILD, names=False))

    week = await writer.roll_up(
        guild,
        week_period(day.start.date().replace(day=day.start.day + 1), day.zone),
        source_ids=None,
        priority=Priority.COMMAND,
    )

    assert week.digest.topics
    assert not NAMED.search(written(week))


async def test_who_is_known_from_hidden_channels_alone_is_told_like_a_stranger(
    store, guild, day, gossip
):
    hidden = replace(gossip[-1], id=gossip[-1].id + 1, author=Author(13, "Petra"))
    hidden = replace(hidden, channel_id=SUPPORT, text="Nobody else shall read this.")
    open_ = [one for one in gossip if one.channel_id == DEV]
    await store.messages.apply([replace(one, text=f"{one.text} So @Petra!") for one in open_])
    before = await write(store, guild, day, names=False, sources={DEV})
    await store.messages.apply([hidden])
    after = await write(store, guild, day, names=False, sources={DEV})
    assert before.digest.topics == after.digest.topics
    assert "So someone" in written(after)
    assert "Petra" not in written(after)


async def test_an_edit_leaves_a_report_without_names_its_other_points(store, guild, day, gossip):
    await store.messages.apply(gossip)
    report = await write(store, guild, day, names=False)
    report_id = await store.reports.save(report)
    points = [point for topic in report.digest.topics for point in topic.points]
    edited = next(one for one in gossip if one.id == points[0].message_ids[0])
    again = f"{edited.text} Really."
    await store.messages.apply([MessageEdit(GUILD, edited.channel_id, edited.id, again, day.end)])

    await Rechecker(store).work()

    after = await store.reports.load(report_id)
    assert after.withdrawn == 0
    assert not NAMED.search(written(after))


async def test_what_too_few_spoke_of_is_not_told_and_counted_by_its_reason(store, guild, day, talk):
    alone = [replace(one, author=Author(10, "Mara")) for one in talk(DEV, 12, hours=4, texts=VAULT)]
    together = talk(SUPPORT, 40)
    await store.messages.apply([*together, *alone])

    every = await write(store, guild, day)
    few = await write(store, guild, day, min_people=2)

    assert "vault" in written(every)
    assert "vault" not in written(few)
    assert few.coverage.left_out["few_people"] == 12
    assert few.coverage.read + sum(few.coverage.left_out.values()) == few.coverage.messages == 52
    assert all(topic.people >= 2 for topic in few.digest.topics)
    assert "12 of topics that too few spoke of" in " ".join(to_text(few).split())


async def test_when_nothing_has_enough_people_nothing_is_told(store, guild, day, talk):
    await store.messages.apply(talk(SUPPORT, 40))
    report = await write(store, guild, day, min_people=4)
    assert report.digest.topics == ()
    assert report.digest.read == 0
    assert "umlaut" not in written(report)


async def test_lists_of_members_come_and_go_by_choice(store, guild, day, talk):
    await store.messages.apply([replace(one, score=0.5) for one in talk(SUPPORT, 40)])

    usual = await write(store, guild, day)
    none = await write(store, guild, day, top=False)
    board = await write(store, guild, day, board=True)

    assert usual.activity.top
    assert not usual.activity.board
    assert not none.activity.top
    assert "most active" not in written(none)
    assert [one.name for one in board.activity.board] == ["Mara", "jonas", "Tiff"]
    assert "most positive: Mara, jonas, Tiff" in to_post(board, zone="Europe/Berlin").description
    validate(json.loads(to_json(board)), SCHEMA)


def said(author, scores, first=1):
    return [
        Message(first + at, GUILD, SUPPORT, author, "hello", score=score)
        for at, score in enumerate(scores)
    ]


def test_the_board_has_only_positive_members_with_enough_messages():
    messages = [
        *said(Author(1, "glad"), [0.6] * 10),
        *said(Author(2, "gladder"), [0.9] * 10),
        *said(Author(3, "seldom"), [1.0] * 9),
        *said(Author(4, "even"), [0.0] * 50),
        *said(Author(5, "grim"), [-0.5] * 50),
        *said(Author(6, "robot", is_bot=True), [1.0] * 50),
        *said(Author(0, ""), [1.0] * 50),
        *said(Author(7, "warm"), [0.3] * 10),
        *said(Author(8, "fourth"), [0.2] * 10),
        *said(Author(9, "unscored"), [None] * 50),
    ]
    assert most_positive(messages) == (
        MemberCount(2, "gladder", 10),
        MemberCount(1, "glad", 10),
        MemberCount(7, "warm", 10),
    )
    assert most_positive(said(Author(5, "grim"), [-0.5] * 50)) == ()
