"""The report as one HTML page that needs nothing else: no script, no font, nothing fetched."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from guildwatch.model import Followed, Gap, Point, PointKind, Report, Topic, created_at
from guildwatch.report import dates, wording
from guildwatch.report.discreet import discreet
from guildwatch.report.inert import opens, pieces, plain
from guildwatch.report.periods import local
from guildwatch.report.phrases import phrases, reworded
from guildwatch.report.receipts import (
    MOST_SHOWN,
    asked_earlier,
    asked_on,
    channel_names,
    message_url,
    shared_urls,
    topic_of,
)
from guildwatch.report.slots import Slot, hours_or_days, is_by_day

_SIGNS = {
    PointKind.FACT: "•",
    PointKind.DECISION: "✓",
    PointKind.QUESTION: "?",
    PointKind.ACTION: "→",
    PointKind.JOKE: "☺",
}
_SILENT = (PointKind.FACT, PointKind.JOKE)
_CALM = 0.05


@dataclass(frozen=True, slots=True)
class Pictures:
    """The chart as PNG, for light screens and paper, and for dark screens."""

    light: bytes
    dark: bytes


def to_html(report: Report, pictures: Pictures | None = None) -> str:
    """The report as an HTML document, with its chart where there are `pictures` of it.

    Whatever people wrote is text in it. Only links that they shared and receipts can be opened.
    """
    report = discreet(report)
    style = _read("report.css")
    return (
        _pages()
        .get_template("report.html")
        .render(
            _words(report) | _told(report) | _figures(report),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            pictures=pictures and [_inline(each) for each in (pictures.light, pictures.dark)],
        )
    )


@dataclass(frozen=True, slots=True)
class _Receipt:
    """A link to a message; `where` is its channel and time, `name` says that in a sentence."""

    url: str
    where: str
    name: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A text in pieces, each with whether it opens as a link, and what it rests on.

    `after` is what we say behind it; `more` is how many receipts are not shown.
    """

    pieces: tuple[tuple[str, bool], ...]
    receipts: tuple[_Receipt, ...]
    more: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """A point or an earlier question: its kind, `said`, and the answer if there is one."""

    kind: str
    sign: str
    label: str
    said: _Said
    answer: _Said | None = None


@cache
def _pages() -> Environment:
    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _read(name: str) -> str:
    return files(__package__).joinpath("pages", name).read_text("utf-8")


def _inline(picture: bytes) -> str:
    return f"data:image/png;base64,{b64encode(picture).decode()}"


def _words(report: Report) -> dict[str, object]:
    return {"language": report.language, "say": phrases(report.language).say}


def _told(report: Report) -> dict[str, object]:
    """What the page says: the head, the topics, and what comes after them."""
    digest, period = report.digest, report.period
    headline = wording.headline(report)
    return {
        "guild": plain(report.guild_name),
        "when": dates.when(period, period.zone, year=True, language=report.language),
        "headline": headline and _said(report, headline, digest.headline_message_ids),
        "incomplete": wording.incomplete_line(report),
        "topics": [_topic(report, topic) for topic in digest.topics],
        "also": [_said(report, each.text, each.message_ids) for each in digest.also],
        "followed": [_followed(report, each) for each in asked_earlier(report)],
        "links": [
            (_link(report, each.url, each.message_ids), _about(report, topic_of(report, each)))
            for each in digest.links
        ],
    }


def _topic(report: Report, topic: Topic) -> dict[str, object]:
    period, names = report.period, channel_names(report)
    title = plain(wording.title(topic, report.language))
    earlier = None
    if topic.continues is not None:
        said = dates.continues(topic, period, period.zone, report.language)
        earlier = (
            f"{said[0].upper()}{said[1:]}",
            _said(report, topic.continues, topic.continues_ids[-1:]),
        )
    return {
        "title": title or phrases(report.language).say("words.untitled"),
        "channels": [names[one] for one in topic.channel_ids if one in names],
        "size": wording.size(topic, report.language),
        "earlier": earlier,
        "points": [_point(report, point) for point in topic.points],
    }


def _point(report: Report, point: Point) -> _Item:
    label = ""
    if point.kind not in _SILENT:
        label = phrases(report.language).say(f"kinds.{point.kind.value}")
    after = asked_on(report, point, report.period.zone)
    said = _said(report, point.text, point.message_ids, after)
    return _Item(point.kind.value, _SIGNS[point.kind], label, said)


def _followed(report: Report, each: Followed) -> _Item:
    words, period = phrases(report.language), report.period
    asked = dates.asked(each.asked_at, period, period.zone, report.language)
    said = _said(report, each.question.text, each.question.message_ids, asked)
    if each.answer is None:
        return _Item("question", _SIGNS[PointKind.QUESTION], words.say("kinds.question"), said)
    ending = "taken_back" if each.taken_back else "answered"
    answer = _said(report, each.answer.text, each.answer.message_ids)
    return _Item(ending, _SIGNS[PointKind.DECISION], words.say(f"kinds.{ending}"), said, answer)


def _said(report: Report, text: str, message_ids: Sequence[int], after: str = "") -> _Said:
    shown = (
        (piece, is_link and opens(piece)) for piece, is_link in pieces(text, shared_urls(report))
    )
    receipts = tuple(_receipts(report, message_ids))
    more = max(0, len(receipts) - MOST_SHOWN)
    return _Said(tuple(each for each in shown if each[0]), receipts[:MOST_SHOWN], more, after)


def _link(report: Report, url: str, message_ids: Sequence[int]) -> _Said:
    receipts = tuple(_receipts(report, message_ids))
    shown = plain(url)
    more = max(0, len(receipts) - MOST_SHOWN)
    return _Said(((shown, opens(shown)),), receipts[:MOST_SHOWN], more)


def _about(report: Report, topic: Topic | None) -> str:
    return plain(wording.title(topic, report.language)) if topic else ""


def _receipts(report: Report, message_ids: Sequence[int]) -> Iterator[_Receipt]:
    names, words, period = channel_names(report), phrases(report.language), report.period
    first_day = local(period.start, period.zone).date()
    for one in message_ids:
        if one not in report.message_channels:
            continue
        name = names.get(report.message_channels[one], words.say("words.unknown_channel"))
        moments = [local(created_at(one), period.zone)]
        time = dates.clock_times(moments, first_day, report.language)
        said = words.say("words.receipt", channel=f"#{name}", time=time)
        yield _Receipt(message_url(report, one), f"#{name} {time}", said)


def _figures(report: Report) -> dict[str, object]:
    language, zone, coverage = report.language, report.period.zone, report.coverage
    hours = [
        Slot(local(hour.start, zone), hour.messages, hour.scored, hour.score)
        for hour in report.mood.hours
    ]
    times = hours_or_days(hours)
    by_day = is_by_day(times)
    return {
        "mood": plain(wording.mood_line(report.mood, zone, language)),
        "activity": _activity(report),
        "coverage": plain(wording.coverage_line(coverage, language)),
        "gaps": [_gap(report, gap) for gap in coverage.gaps],
        "engine": _engine(report),
        "times_name": phrases(language).say(f"chart.talk_by_{'day' if by_day else 'hour'}"),
        "times": [_time(time, language, by_day=by_day) for time in times],
    }


def _activity(report: Report) -> Markup:
    activity, language = report.activity, report.language
    said = wording.said_by(activity.messages, activity.people, language)
    names = [plain(each.name) for each in activity.top]
    top = [
        (f"{{{place}}}" if name else "", each.messages)
        for place, (name, each) in enumerate(zip(names, activity.top, strict=True))
    ]
    best = [plain(each.name) for each in activity.board]
    board = [f"{{{place}}}" if name else "" for place, name in enumerate(best, len(names))]
    lists = wording.most_active(top, language) + wording.most_positive(board, language)
    return escape(said + lists).format(*map(_isolated, names + best))


def _gap(report: Report, gap: Gap) -> Markup:
    words, zone = phrases(report.language), report.period.zone
    name = channel_names(report).get(gap.channel_id, words.say("words.some_channel"))
    first_day = local(report.period.start, zone).date()
    bounds = [local(moment, zone) for moment in (gap.start, gap.end)]
    times = dates.clock_times(bounds, first_day, report.language)
    said = escape(words.say("words.gap", channel="{channel}", times=times, reason="{reason}"))
    return said.format(channel=_isolated(name), reason=plain(reworded(gap.reason, report.language)))


def _isolated(name: str) -> Markup:
    """A name that turns nothing around it, whichever way it is written."""
    return Markup("<bdi>{}</bdi>").format(name)


def _engine(report: Report) -> list[str]:
    engine, language = report.digest.engine, report.language
    words = phrases(language)
    told = [plain(wording.engine_line(engine, language, why=True))]
    if calls := engine.calls - engine.ahead_calls:
        requests = words.count("counts.request", calls)
        seconds = words.number(round(engine.seconds))
        told.append(words.say("engine.took", requests=requests, seconds=seconds))
    if engine.dropped_points:
        told.append(words.count("counts.unverified", engine.dropped_points))
    return told


def _time(time: Slot, language: str, *, by_day: bool) -> tuple[str, str, str]:
    """A row of the table: when, how many messages, and their mood with its direction."""
    when = dates.short_day(time.start, language) if by_day else f"{time.start:%H:%M}"
    mood = "–"
    if time.score is not None:
        sign = "▲" if time.score >= _CALM else "▼" if time.score <= -_CALM else "●"
        mood = f"{sign} {time.score:+.2f}".replace("-", "−")
    return when, phrases(language).number(time.messages), mood
