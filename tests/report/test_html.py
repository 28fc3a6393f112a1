"""The report as a page, read by a strict parser: what it tells, and that nothing in it acts."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.model import (
    LANGUAGES,
    Activity,
    ChannelCount,
    EngineUse,
    Followed,
    Gap,
    HourMood,
    KeyPhrase,
    Link,
    MemberCount,
    Point,
    PointKind,
    Topic,
)
from guildwatch.report.as_html import Pictures, to_html
from guildwatch.report.charts import PNG, Charts, Theme
from guildwatch.report.inert import plain
from support.strict_html import Page

EVIL = (
    "<script>alert(1)</script>",
    "</style></title></bdi><img src=x onerror=alert(1)>",
    "\" onmouseover=alert(1) x=' style='",
    "{{ 7 * 7 }}{% raw %}{0} {name}",
    "&lt;b&gt; &#x3c;i&#x3e; &amp;",
    'javascript:alert(1) data:text/html,<b> https://evil.example/?a="><b>',
    "\x00\x1b[2J\x07\u202egnp.exe\u2066\u200e\ufeff\u2028\ud800",
    "H" + "\u0336\u0489\u0310\u0300" * 30,
    "مرحبا <b>بالعالم</b>",
    "<!-- --> <![CDATA[x]]> <?php ?>",
)


@pytest.fixture
def everything(report, with_digest):
    """The lively day, with all that a report can tell."""
    cited = sorted(report.message_channels)
    question = Point("Which licence has the sound pack?", PointKind.QUESTION, (cited[0],))
    given_up = Point("Who has the key?", PointKind.QUESTION, (cited[1],))
    answer = Point("It is CC0.", PointKind.FACT, (cited[2],))
    start = report.period.start
    gap = Gap(2001, start, start + timedelta(hours=1), "no Read Message History")
    first, *others = report.digest.topics
    full = with_digest(
        report,
        topics=(replace(first, continues_ids=(cited[3],)), *others),
        followed=(
            Followed(question, answer),
            Followed(given_up, answer, taken_back=True),
        ),
        also=(KeyPhrase("lighthouse", (cited[4],)),),
        engine=EngineUse(
            *("mixed", "gemma3:27b", 4, 9000, 800, 61.5, 7),
            fallback="One call timed out.",
            chat_tokens=6000,
        ),
    )
    return replace(full, coverage=replace(full.coverage, gaps=(gap,)))


def test_the_page_tells_everything_that_there_is_to_tell(everything):
    page = Page(to_html(everything), {"https://example.org/fix?a=(1)"})
    assert page.faults == []
    for words in (
        "Pixel Forge Saturday, 21 November 2026 The save bug is found",
        "This report may be incomplete:",
        "Map editor # support 120 messages, 9 people",
        "Continues from Saturday: Lost saves",
        "• Saves vanished when the name had an umlaut.",
        "? Open: Does it happen on Linux too?",
        "→ To do: jonas tests the fix tonight.",
        "✓ Decided: It moves to Tuesday.",
        "Also spoken about lighthouse",
        "✓ Answered: Which licence has the sound pack?",
        "– It is CC0.",
        "✓ Taken back: Who has the key?",
        "https://example.org/fix?a=(1)",
        "Mood positive on the whole · 61 % positive, 9 % negative; lowest around 15:00",
        "298 messages by 41 people · most active: Mara 38, jonas 31, Tiff 27",
        "Read 298 of 312 messages in 9 channels · left out: 13 bot messages, 1 deleted message",
        "gap in support : 00:00, 01:00 (no Read Message History)",
        "AI-written by gemma3:27b",
        "One call timed out",
        "9,000 prompt tokens",
        "4 requests in 62 s",
        "7 points could not be verified and were left out",
        "Messages by hour Time Messages Mood 00:00 2 ▲ +0.30",
        "15:00 17 ▼ −0.20",
    ):
        assert words in page.text.replace(" ,", ","), words


def test_every_receipt_opens_its_message_and_says_which_it_is(everything):
    receipts = [each for each in Page(to_html(everything)).all("a") if "aria-label" in each]
    told = {each["href"]: each for each in receipts}
    for topic in everything.digest.topics:
        for one in (one for point in topic.points for one in point.message_ids):
            channel = everything.message_channels[one]
            assert f"https://discord.com/channels/1000/{channel}/{one}" in told
    assert {"Message in #support, 13:00", "Message in #dev, 15:00"} <= {
        each["aria-label"] for each in receipts
    }
    assert {each["rel"] for each in receipts} == {"noreferrer noopener"}


def test_the_page_may_load_and_run_nothing(report):
    source = to_html(report)
    page = Page(source, {"https://example.org/fix?a=(1)"})
    (policy,) = (
        each["content"]
        for each in page.all("meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|expression", style)
    assert {"name": "referrer", "content": "no-referrer"} in page.all("meta")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_told_in_the_reports_language(everything, language):
    page = Page(to_html(replace(everything, language=language)), {"https://example.org/fix?a=(1)"})
    assert page.faults == []
    assert page.all("html") == [{"lang": language, "dir": "ltr"}]
    if language == "de":
        assert "Samstag, 21. November 2026" in page.text
        assert "Nachricht in #support, 13:00" in {each.get("aria-label") for each in page.all("a")}
        assert "4 Anfragen in 62 s" in page.text


def hostile(report, evil):
    """The report with somebody's words wherever there are words of somebody."""
    ids = tuple(report.message_channels)
    kinds = tuple(Point(evil, kind, ids) for kind in PointKind)
    topic = Topic(evil, kinds, (2001,), 1, 1, continues=evil, continues_ids=ids)
    digest = replace(
        report.digest,
        headline=evil,
        topics=(topic,),
        links=(Link(evil, ids), Link(f"https://shared.example/{evil}", ids)),
        followed=(Followed(kinds[0], kinds[1]),),
        also=(KeyPhrase(evil, ids),),
        engine=EngineUse("ollama", evil, 1, fallback=evil),
    )
    gap = Gap(2001, report.period.start, report.period.end, evil)
    return replace(
        report,
        guild_name=evil,
        digest=digest,
        mood=replace(report.mood, unusual=(evil,)),
        coverage=replace(report.coverage, gaps=(gap,), left_out={evil: 3}),
        activity=Activity(1, 1, (ChannelCount(2001, evil, 1),), (MemberCount(1, evil, 1),)),
    )


def inert(report):
    """The page, in which only what was shared can be opened, and nothing acts."""
    page = Page(to_html(report), {plain(link.url) for link in report.digest.links})
    assert page.faults == []
    return page


@pytest.mark.parametrize("evil", EVIL)
def test_what_people_wrote_is_text_wherever_it_stands(report, evil):
    page, harmless = inert(hostile(report, evil)), inert(hostile(report, "word"))
    assert {name for name, _ in page.elements} == {name for name, _ in harmless.elements}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(evil=st.text(max_size=60) | st.text("<>&\"'={}%/ !-\\:ab", max_size=30))
def test_no_text_at_all_becomes_part_of_the_page(report, evil):
    inert(hostile(report, evil))


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://example.org/a?b=1&c=<x>", False),
        ("https://example.org/a?b=1&c=2", True),
        ("HTTP://EXAMPLE.ORG/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://example.org/%0aalert(1)", False),
        ("data:text/html;base64,PHNjcmlwdD4=", False),
        ("vbscript:x", False),
        ("file:///etc/passwd", False),
        ("//example.org", False),
        ("https://discord.gg/abcdef", False),
        ("https://example.org/\u202egpj.exe", True),
        ('https://example.org/"onclick="x', True),
    ],
)
def test_only_the_web_is_opened_and_no_invitation(report, with_digest, url, opens):
    page = Page(to_html(with_digest(report, links=(Link(url, ()),), topics=())))
    opened = [each for each in page.all("a") if each.get("class") != "receipt"]
    assert len(opened) == opens
    assert all(each["rel"] == "noreferrer noopener nofollow" for each in opened)
    assert all("\u202e" not in (each["href"] or "") for each in opened)


def test_a_link_in_a_sentence_opens_only_where_somebody_shared_it(report, with_digest):
    text = "See https://example.org/a, not https://evil.example/b."
    point = Point(text, PointKind.FACT, ())
    topic = Topic("Links", (point,), (), 1, 1)
    links = (Link("https://example.org/a", ()),)
    page = Page(to_html(with_digest(report, topics=(topic,), links=links)))
    assert page.hrefs.count("https://example.org/a") == 2
    assert "https://evil.example/b" not in page.hrefs
    assert "See https://example.org/a , not evil.example/b." in page.text


async def test_the_chart_is_there_for_light_and_for_dark_screens(report, drawing_command, tmp_path):
    charts = Charts(drawing_command, cache=tmp_path)
    light, dark = await charts.draw(report, Theme.LIGHT), await charts.draw(report, Theme.DARK)
    assert light != dark
    page = Page(to_html(report, Pictures(light, dark)), {"https://example.org/fix?a=(1)"})
    assert page.faults == []
    (picture,), (source,) = page.all("img"), page.all("source")
    assert base64.b64decode(picture["src"].partition(",")[2]) == light
    assert base64.b64decode(source["srcset"].partition(",")[2]) == dark
    assert "dark" in source["media"]
    assert picture["alt"]


def test_without_a_chart_the_figures_are_there_nevertheless(report):
    page = Page(to_html(report))
    assert page.all("img") == []
    assert "Messages by hour" in page.text


def test_a_week_tells_its_days(report):
    hours = tuple(
        HourMood(report.period.start + timedelta(hours=hour), 1, 0, None) for hour in range(24 * 7)
    )
    page = Page(to_html(replace(report, mood=replace(report.mood, hours=hours))))
    assert "Messages by day" in page.text
    assert "21 Nov 24 –" in page.text


def test_a_silent_day_is_a_page_too(report, with_digest):
    silent = replace(
        with_digest(report, headline="Nobody wrote.", headline_message_ids=(), topics=(), links=()),
        activity=Activity(0, 0, (), ()),
        mood=replace(report.mood, hours=(), label="unknown", score=None),
    )
    page = Page(to_html(silent, None))
    assert page.faults == []
    assert "A silent day: nobody wrote." in page.text


def test_a_picture_is_a_png_whatever_is_in_it(report):
    page = Page(
        to_html(report, Pictures(PNG + b'"><script>', PNG)), {"https://example.org/fix?a=(1)"}
    )
    assert page.faults == []
