"""The report as Discord shows it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guildwatch.model import (
    Activity,
    ChannelCount,
    EngineUse,
    Gap,
    Link,
    MemberCount,
    PeriodKind,
    Point,
    PointKind,
    Report,
    Topic,
    first_id_at,
)
from guildwatch.report import Post, to_json, to_markdown, to_post, to_text
from guildwatch.report.inert import units

ZONE = "Europe/Berlin"
EXAMPLES = 20
OURS = re.compile(r"https?://[^\s)>]+")
ARROW = re.compile(r"\[↗\]\(https://discord\.com/channels/\d+/\d+/\d+\)")


def test_the_glance_tells_headline_topics_asides_mood_and_activity(report):
    post = to_post(report, zone=ZONE)
    assert post.title == "🗓️ Saturday, 21 November · Pixel Forge"
    assert ARROW.sub("↗", post.description) == (
        "The save bug is found; release 2.4 moves to Tuesday. ↗ ↗\n"
        "\n"
        "• **Map editor** – Saves vanished when the name had an umlaut. ↗ ↗\n"
        "• **Release 2.4** – decided: It moves to Tuesday. ↗\n"
        "❓ Open: Does it happen on Linux too? ↗\n"
        "\n"
        "Mood 🟢 positive on the whole · 61 % positive, 9 % negative; "
        "lowest around 15:00\n"
        "298 messages by 41 people · most active: Mara 38, jonas 31, Tiff 27"
    )
    assert post.footer == (
        "Read 298 of 312 messages in 9 channels · left out: 13 bot messages, 1 that is not kept"
        " · AI-written by gemma3:27b, checked against its sources"
    )


def test_the_thread_has_a_message_a_topic_and_the_links_last(report):
    post = to_post(report, zone=ZONE)
    assert post.thread_name == "Details · 21 Nov"
    assert [ARROW.sub("↗", message) for message in post.thread] == [
        (
            "**Map editor** · #support · 120 messages, 9 people\n"
            "*continues: Lost saves*\n"
            "• Saves vanished when the name had an umlaut. ↗ ↗\n"
            "❓ Open: Does it happen on Linux too? ↗\n"
            "📌 To do: jonas tests the fix tonight. ↗"
        ),
        (
            "**Release 2.4** · #dev #support · 80 messages, 12 people\n"
            "✅ Decided: It moves to Tuesday. ↗"
        ),
        "**Links people shared**\n• <https://example.org/fix?a=(1)> · Map editor ↗",
    ]


def test_a_report_without_a_model_says_so(report, with_digest):
    post = to_post(with_digest(report, engine=EngineUse("extractive")), zone=ZONE)
    assert "No language model was available: these are the messages themselves" in post.footer


def test_a_report_where_the_model_sometimes_failed_says_so(report, with_digest):
    post = to_post(with_digest(report, engine=EngineUse("mixed", "gemma3:27b")), zone=ZONE)
    assert "AI-written by gemma3:27b" in post.footer
    assert "where it failed, these are the messages themselves" in post.footer


def test_a_reason_meant_for_the_operator_stays_out_of_discord(report, with_digest):
    engine = EngineUse("extractive", fallback="http://10.0.0.7:11434 does not answer")
    post = to_post(with_digest(report, engine=engine), zone=ZONE)
    assert "10.0.0.7" not in repr(post)


def test_a_quiet_day_is_one_line(report):
    quiet = replace(report, activity=replace(report.activity, messages=6, people=2))
    post = to_post(quiet, zone=ZONE)
    assert ARROW.sub("↗", post.description) == (
        "A quiet day: 6 messages by 2 people. "
        "The save bug is found; release 2.4 moves to Tuesday. ↗ ↗"
    )
    assert post.thread == ()


def test_a_silent_day_says_that_nobody_wrote(report):
    post = to_post(replace(report, activity=Activity(0, 0, (), ())), zone=ZONE)
    assert (post.description, post.thread) == ("A silent day: nobody wrote.", ())


def test_what_does_not_fit_the_glance_is_announced_and_stands_in_the_thread(report, with_digest):
    topics = tuple(
        Topic(f"Topic {n}", (Point(f"Point {n}.", PointKind.FACT, (n,)),), (), 9, 3)
        for n in range(20)
    )
    post = to_post(with_digest(report, topics=topics), zone=ZONE)
    assert "… and 14 more topics in the details" in post.description
    assert all(any(f"**Topic {n}**" in message for message in post.thread) for n in range(20))


def test_the_glance_has_six_lines_at_most_and_questions_keep_two_of_them(report, with_digest):
    topics = tuple(
        Topic(
            f"Topic {n}",
            (
                Point(f"Matter {n} is told.", PointKind.FACT, (n,)),
                Point(f"Who knows of {n}?", PointKind.QUESTION, (100 + n,)),
            ),
            (),
            9,
            3,
        )
        for n in range(1, 10)
    )
    post = to_post(with_digest(report, topics=topics), zone=ZONE)
    lines = post.description.split("\n\n")[1].splitlines()
    assert [line[0] for line in lines] == ["•"] * 4 + ["❓"] * 2 + ["…"]
    assert "… and 5 more topics in the details" in lines


@pytest.mark.parametrize("kind", [PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH])
def test_no_line_of_the_glance_says_the_headline_again(report, with_digest, kind):
    said = "Nadia: “I just lost six hours. Closed the palette while it exported, and it was gone.”"
    topics = (
        Topic(
            "Autosave",
            (
                Point(said, PointKind.FACT, (1,), quoted=True),
                Point("Mara: “The folder gets a button.”", PointKind.FACT, (2,), quoted=True),
            ),
            (),
            9,
            3,
        ),
        Topic("Release", (Point("It moves to Tuesday.", PointKind.DECISION, (3,)),), (), 9, 3),
    )
    headline = "Nadia: “I just lost six hours. Closed the palette …”; It moves to Tuesday."
    told = with_digest(report, topics=topics, headline=headline, headline_message_ids=(1, 3))
    long = replace(told, period=replace(told.period, kind=kind))
    head, lines, *_ = to_post(long, zone=ZONE).description.split("\n\n")
    assert "six hours" in head
    assert lines == "• **Autosave** – Mara: “The folder gets a button.”"


def test_what_was_said_on_the_way_to_the_headlines_decision_is_left_to_the_details(
    report, with_digest
):
    decided = Point("Mara: “The release moves to Tuesday.”", PointKind.DECISION, (1,), quoted=True)
    remark = Point("Gruff: “Ship it, people can read.”", PointKind.FACT, (2,), quoted=True)
    told = with_digest(
        report,
        topics=(
            Topic("Release", (decided, remark), (), 9, 3),
            Topic("Jam", (replace(remark, message_ids=(3,)),), (), 9, 3),
        ),
        headline="Mara: “The release moves to Tuesday.”",
        headline_message_ids=(1,),
    )
    post = to_post(told, zone=ZONE)
    assert "**Jam**" in post.description
    assert "**Release**" not in post.description
    assert any("**Release**" in part and "Ship it" in part for part in post.thread)


def test_a_line_keeps_the_matter_where_the_rest_only_answers_it(report, with_digest):
    said = "Nadia: “I just lost six hours. Closed the palette while it exported, and it was gone.”"
    sorry = "Mara to Nadia: “you are right. We knew, and I left the beta up. That was a bad one.”"
    points = tuple(
        Point(text, PointKind.FACT, (number,), quoted=True)
        for number, text in enumerate((said, sorry), 1)
    )
    told = with_digest(
        report,
        topics=(Topic("Palette", points, (), 9, 3),),
        headline="Nadia: “I just lost six hours. Closed the palette …”",
        headline_message_ids=(1,),
    )
    assert "• **Palette** – Nadia: “I just lost six hours." in to_post(told, zone=ZONE).description


def test_a_report_says_once_and_calmly_that_it_may_be_incomplete(report, with_digest):
    gap = Gap(2001, report.period.start, report.period.end, "no access")
    engine = replace(report.digest.engine, dropped_points=9, fallback="The model broke off.")
    lacking = replace(
        with_digest(report, engine=engine), coverage=replace(report.coverage, gaps=(gap,))
    )
    sentence = (
        "This report may be incomplete: 1 stretch of the talk could not be read; 9 points could "
        "not be verified and were left out; the language model could not tell all of it."
    )
    quiet = replace(lacking, activity=replace(report.activity, messages=6, people=2))
    assert to_post(lacking, zone=ZONE).description.count(sentence) == 1
    assert to_post(quiet, zone=ZONE).description.endswith(sentence)
    assert to_markdown(lacking).count(sentence) == 1
    assert " ".join(to_text(lacking).split()).count(sentence) == 1
    assert json.loads(to_json(lacking))["incomplete"] == sentence
    assert "incomplete" not in to_post(report, zone=ZONE).description


def test_a_topic_is_told_by_its_headline_point_then_by_its_decision(report, with_digest):
    points = tuple(
        Point(f"The {kind}.", kind, (number,))
        for number, kind in enumerate((PointKind.JOKE, PointKind.QUESTION, PointKind.DECISION))
    )
    topics = (Topic("T", points, (), 20, 3),)
    plain = to_post(with_digest(report, topics=topics), zone=ZONE)
    assert "• **T** – decided: The decision." in plain.description
    led = with_digest(report, topics=topics, headline_message_ids=(1,))
    assert "• **T** – open: The question." in to_post(led, zone=ZONE).description


@pytest.mark.parametrize(
    ("hours", "kind", "title"),
    [
        ((-12, 12), PeriodKind.DAY, "Saturday, 21 November"),
        ((-4, 20), PeriodKind.DAY, "Saturday, 21 November (from Sat 08:00)"),
        ((-16, 8), PeriodKind.DAY, "Saturday, 21 November (from Fri 20:00)"),
        ((-156, 12), PeriodKind.WEEK, "Week of 15 to 21 November"),
        ((-3, 0), PeriodKind.SPAN, "Saturday, 21 November, 09:00 to 12:00"),
        ((-36, 12), PeriodKind.SPAN, "20 and 21 November"),
        ((-60, 12), PeriodKind.SPAN, "19 to 21 November"),
        ((-24, 0), PeriodKind.SPAN, "20 Nov, 12:00 to 21 Nov, 12:00"),
    ],
    ids=str,
)
def test_the_title_names_the_period(report, hours, kind, title):
    noon = report.period.start + timedelta(hours=12)
    start, end = (noon + timedelta(hours=hour) for hour in hours)
    period = replace(report.period, kind=kind, start=start, end=end)
    assert to_post(replace(report, period=period), zone=ZONE).title == f"🗓️ {title} · Pixel Forge"


def test_a_longer_report_says_of_each_topic_which_days_it_is_from(report):
    week = replace(
        report.period, kind=PeriodKind.WEEK, start=report.period.start - timedelta(days=6)
    )
    cited = first_id_at(week.start + timedelta(hours=1)), first_id_at(week.end - timedelta(hours=1))
    points = tuple(Point("Something.", PointKind.FACT, (one,)) for one in cited)
    topics = (Topic("Jam", points[:1], (), 20, 3), Topic("Editor", points, (), 20, 3))
    told = replace(report, period=week, digest=replace(report.digest, topics=topics))
    headings = [message.splitlines()[0] for message in to_post(told, zone=ZONE).thread]
    assert headings[:2] == [
        "**Jam** · 15 Nov · 20 messages, 3 people",
        "**Editor** · 15 to 21 Nov · 20 messages, 3 people",
    ]


def test_an_older_report_names_its_year(report):
    later = replace(report, written_at=report.written_at.replace(year=2027))
    assert "21 November 2026" in to_post(later, zone=ZONE).title


EVIL = st.one_of(
    st.sampled_from(
        [
            "@everyone " * 300,
            "x" * 4000,
            "](https://evil.example) " * 100,
            "```" * 900,
            "\u202e" + "مرحبا " * 200,
            "z" + "\u0335\u0336" * 1000,
            "😀" * 1500,
            "<@123> <#456> <@&789> discord.gg/evil https://discord.gg/evil",
            "||" * 500 + "**" * 500,
            "\n# heading\n> quote\n" * 100,
            "",
        ]
    ),
    st.text(max_size=300),
)
IDS = st.lists(st.integers(10**18, 10**18 + 9), min_size=1, max_size=9).map(tuple)


@st.composite
def reports(draw: st.DrawFn, base: Report) -> Report:
    points = st.builds(Point, EVIL, st.sampled_from(PointKind), IDS, st.booleans())
    topics = st.builds(
        Topic,
        EVIL,
        st.lists(points, min_size=1, max_size=3).map(tuple),
        st.just((2001, 2002, 2003, 2004)),
        st.integers(1, 9999),
        st.integers(1, 99),
        st.none() | EVIL,
    )
    urls = st.sampled_from(["https://a.example/" + "y" * 3000, "https://discord.gg/x"]) | EVIL
    engine = EngineUse("ollama", draw(EVIL))
    digest = replace(
        base.digest,
        headline=draw(EVIL),
        headline_message_ids=draw(IDS),
        topics=tuple(draw(st.lists(topics, max_size=5))),
        links=tuple(draw(st.lists(st.builds(Link, urls, IDS), max_size=4))),
        engine=engine,
    )
    activity = replace(
        base.activity,
        channels=tuple(ChannelCount(2001 + n, draw(EVIL), 1) for n in range(4)),
        top=tuple(MemberCount(n, draw(EVIL), 10**9) for n in range(10)),
    )
    return replace(
        base,
        guild_name=draw(EVIL),
        digest=digest,
        activity=activity,
        coverage=replace(base.coverage, left_out={draw(EVIL): 3 for _ in range(3)}),
        mood=replace(base.mood, unusual=(draw(EVIL),)),
        message_channels={10**18 + n: 2001 + n % 4 for n in range(10)},
    )


def hostile(check: Callable[[Report, Post], None]) -> Callable[..., None]:
    """Runs a check on the posts of many hostile reports."""

    # Shrinking a report of this size takes minutes and hardly makes it easier to read.
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def test(report: Report, data: st.DataObject) -> None:
        drawn = data.draw(reports(report))
        check(drawn, to_post(drawn, zone=ZONE))

    test.__name__ = check.__name__
    return test


@hostile
def test_no_post_is_over_discords_limits(report: Report, post: Post) -> None:
    assert 0 < units(post.title) <= 256
    assert 0 < units(post.description) <= 4096
    assert units(post.footer) <= 2048
    assert units(post.title) + units(post.description) + units(post.footer) <= 6000
    assert 0 < units(post.thread_name) <= 100
    assert all(0 < units(message) <= 2000 for message in post.thread)


@hostile
def test_no_post_pings_or_links_to_what_no_message_held(report: Report, post: Post) -> None:
    shown = "\n".join([post.title, post.description, *post.thread])
    assert not re.search(r"@everyone|@here|<[@#:]|discord\.gg/", shown)
    allowed = {link.url for link in report.digest.links}
    for url in OURS.findall(ARROW.sub("", shown)):
        assert any(link.startswith(url) for link in allowed)
    bare = re.sub(r"<https?://[^\s<>]+>", "", ARROW.sub("", shown))
    assert not re.search(r"https?://", bare)
    assert not re.search(r"(?<!\\)\]\(", bare)


def test_every_point_stands_in_the_thread_whole_however_long_it_is(report, with_digest):
    words = [f"w{number}" for number in range(5000)]
    points = tuple(
        Point(" ".join(words[at : at + 1000]), PointKind.FACT, (1,)) for at in range(0, 5000, 1000)
    )
    topic = Topic("Long", points, (2001,), 500, 9, continues="Longer")
    post = to_post(with_digest(report, topics=(topic,)), zone=ZONE)
    assert re.findall(r"\bw\d+\b", "\n".join(post.thread)) == words
    assert all(message.startswith("**Long** · #support") for message in post.thread[:-1])


def test_every_receipt_beyond_those_linked_is_counted(report, with_digest):
    ids = tuple(report.message_channels)
    topic = Topic("T", (Point("All of it.", PointKind.FACT, ids),), (), 9, 3)
    post = to_post(with_digest(report, topics=(topic,)), zone=ZONE)
    assert ARROW.sub("↗", post.thread[0]).endswith("All of it. ↗ ↗ ↗ ↗ ↗ +1")
