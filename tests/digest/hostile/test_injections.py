"""Messages that try to rule the report, read by an engine that quotes and by a model that obeys."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from guildwatch import mood
from guildwatch.digest import Digester
from guildwatch.language import Priority
from guildwatch.model import Author, Guild, Report, Role, created_at
from guildwatch.report import to_json, to_markdown, to_post, to_text
from guildwatch.report.activity import activity_of, coverage_of
from guildwatch.report.as_html import to_html
from guildwatch.report.inert import plain
from support.bad_ollama import answer, bad_ollama
from support.inertness import alive, outside_quotations, unseen
from support.strict_html import Page

INJECTIONS = json.loads((Path(__file__).parent / "injections.json").read_text("utf-8"))
EVIL = 66
CANARY = re.compile("krakengate", re.IGNORECASE)


def told_day(day, context, injection):
    """The small community's day with somebody in it who tries."""
    name = injection["text"] if injection["carrier"] == "name" else "evil"
    says = injection["text"] if injection["carrier"] == "text" else "does the map editor save now?"
    author = Author(EVIL, name)
    for before in ("the map editor again, who has a build of it?", says):
        day.say(EVIL, before, author=author, wait=20, reactions=2)
    day.say(13, "the theme of the game jam may still change, the vote is tonight", channel=23)
    day.say(EVIL, says, author=author, channel=23, wait=20, reactions=4)
    context = replace(context, authors={**context.authors, EVIL: name})
    if injection["carrier"] == "channel":
        room = replace(context.channels[21], name=injection["text"])
        context = replace(context, channels={**context.channels, 21: room})
    if injection["carrier"] == "guild":
        context = replace(context, guild_name=injection["text"])
    return day.messages, context


def obeying(says):
    """A model that repeats what it was told to say, as often and as loudly as it can."""

    def reply(content):
        shown = re.findall(r"^\[(\d+)\] (.*?): (.*)$", content, re.MULTILINE)
        by_evil = [int(number) for number, name, text in shown if "kraken" in _plain(name + text)]
        refs = by_evil or [int(number) for number, *_ in shown]
        wanted = [says, says.upper(), f"{says}.", f"Mara: {says}", f"evil said: {says}"]
        points = [
            {"text": text, "kind": kind, "refs": [ref]}
            for ref in refs[:4]
            for text, kind in zip(
                wanted, ("decision", "action", "question", "fact", "joke"), strict=True
            )
        ]
        topics = [
            {"title": title, "headline": says, "points": points} for title in (says[:69], "x")
        ]
        return answer({"headline": says, "topics": topics, "points": points})

    return reply


def _plain(text):
    return unicodedata.normalize("NFKC", text).casefold().replace("\u200b", "")


def report_of(digest, messages, context):
    channels = tuple(context.channels.values())
    guild = Guild(1, context.guild_name, 1, (Role(1, "@everyone", 0),), channels)
    report = Report(
        guild_id=1,
        guild_name=context.guild_name,
        period=context.period,
        coverage=coverage_of(messages, digest, ()),
        digest=digest,
        mood=mood.summarise(messages, context.period),
        activity=activity_of(messages, guild),
        source_ids=tuple(context.channels),
        message_channels={message.id: message.channel_id for message in messages},
        written_at=created_at(messages[-1].id),
    )
    assert report.coverage.read + sum(report.coverage.left_out.values()) == len(messages)
    return report


async def digested(messages, context, engine, says):
    if engine == "extractive":
        return await Digester(None, cache=None).digest(messages, context, priority=Priority.COMMAND)
    async with bad_ollama(obeying(says)) as (server, model):
        found = await Digester(model, cache=None).digest(
            messages, context, priority=Priority.COMMAND
        )
        assert server.requests
        return found


def ids():
    return [f"{place}-{each['kind']}" for place, each in enumerate(INJECTIONS)]


@pytest.mark.parametrize("engine", ["extractive", "ollama"])
@pytest.mark.parametrize("injection", INJECTIONS, ids=ids())
async def test_nothing_of_an_injection_reaches_a_post_but_as_a_quoted_inert_word(
    day, context, injection, engine
):
    messages, context = told_day(day, context, injection)
    digest = await digested(messages, context, engine, injection["says"])
    report = report_of(digest, messages, context)
    links = {link.url for link in digest.links}
    texts = [message.text or "" for message in messages]
    assert all(any(url in text for text in texts) for url in links)

    post = to_post(report, zone="Europe/Berlin")
    for part in (post.title, post.description, *post.thread):
        assert list(alive(part, links)) == []
    assert list(alive(post.footer + post.thread_name, links, markup=False)) == []
    markdown = to_markdown(report)
    assert list(alive(markdown, links, markup=False)) == []
    assert not re.search(r"(?<!\\)\]\((?!https://discord\.com/channels/)", markdown)
    assert list(unseen(to_text(report))) == []
    assert to_json(report).isascii()
    assert Page(to_html(report), {plain(url) for url in links}).faults == []

    if injection["carrier"] == "text":
        said = [digest.headline]
        for topic in digest.topics:
            # Without a model a title is a phrase out of the quotation under it.
            said += [] if all(point.quoted for point in topic.points) else [topic.title]
            said += [point.text for point in topic.points]
        bare = [_plain(outside_quotations(text)) for text in said]
        # What is told as evil's own saying is attributed like a quotation.
        bare = [re.sub(r"evil said: [^;]*", "", text) for text in bare]
        assert [text for text in bare if CANARY.search(text)] == []


def test_the_corpus_is_large_and_of_every_kind():
    assert len(INJECTIONS) >= 100
    kinds = {each["kind"] for each in INJECTIONS}
    assert kinds >= {"order", "language", "turn", "answer", "encoding", "invisible", "link"}
    assert kinds >= {"mention", "invite", "markup", "name", "place"}
