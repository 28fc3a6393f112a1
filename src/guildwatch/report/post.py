"""The report as Discord shows it: the glance, within every limit; its details are `thread`.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from guildwatch.digest.extraction.leaning import goes_on, leans
from guildwatch.model import PeriodKind, Point, PointKind, Report, Topic
from guildwatch.report import dates, wording
from guildwatch.report.discreet import discreet
from guildwatch.report.inert import cut, plain, shortened, units
from guildwatch.report.phrases import phrases
from guildwatch.report.receipts import arrows, asked_earlier, asked_on, shared_urls
from guildwatch.report.thread import followed_line, sign, thread_messages

COLOUR = 0x5B8DEF
TITLE_ROOM, DESCRIPTION_ROOM, FOOTER_ROOM, THREAD_NAME_ROOM = 256, 4096, 1000, 100

LINES = 6
"""Lines under the headline, whatever they tell."""

RECEIPTS = 2
_ASIDES = 3
_ASIDES_KEPT = 2  # of the lines, however many topics there are
_REPEATED = 30  # characters at the beginning of a point by which it is known in the headline
_POINT_ROOM = 300
_FOLLOWED_ROOM = 200
_TITLE_ROOM = 80
_NAME_ROOM = 40
_MOOD_ROOM = 500
_WORDS_ONLY = re.compile(r"\w+")
_TO_SOMEBODY = re.compile(r"\s(?:to|→)\s.*:\s*$")  # as a quotation says whom one answers
_SIGNS = {"positive": "🟢", "neutral": "⚪", "negative": "🔴"}
_RANKS = {
    PointKind.DECISION: 0,
    PointKind.FACT: 1,
    PointKind.ACTION: 1,
    PointKind.QUESTION: 2,
    PointKind.JOKE: 3,
}
_TOLD_KINDS = (PointKind.DECISION, PointKind.QUESTION, PointKind.ACTION)


@dataclass(frozen=True, slots=True)
class Post:
    """A post to Discord: one embed, and a thread with one message a topic.

    `language` is the code of the language of all of it.
    `colour` is 0xRRGGBB. Everything is within Discord's limits (6,000 in the embed, 2,000 in each
    message of the thread), nothing in it pings, formats or previews by people's own words. On a
    quiet day the description is one line and the thread empty.
    `keeps_chart` is False where a chart that was posted with it shows more than it may tell now.
    """

    title: str
    description: str
    colour: int
    footer: str
    thread_name: str
    thread: tuple[str, ...]
    language: str = "en"
    keeps_chart: bool = True


def to_post(report: Report, *, zone: str) -> Post:
    """The report as a post, its dates and hours told in an IANA zone."""
    report = discreet(report)
    quiet = _quiet_line(report, zone)
    return Post(
        title=_title(report, zone),
        description=_description(report, zone) if quiet is None else quiet,
        colour=COLOUR,
        footer=_footer(report),
        thread_name=cut(_thread_name(report, zone), THREAD_NAME_ROOM),
        thread=() if quiet is not None else tuple(thread_messages(report, zone)),
        language=report.language,
        keeps_chart=not report.narrowed,
    )


def _title(report: Report, zone: str) -> str:
    year = report.period.end.year != report.written_at.year
    when = f"🗓️ {dates.when(report.period, zone, year=year, language=report.language)} · "
    return when + shortened(report.guild_name, TITLE_ROOM - units(when))


def _thread_name(report: Report, zone: str) -> str:
    period, language = report.period, report.language
    when = dates.when(period, zone, year=False, language=language)
    if period.kind is PeriodKind.DAY:
        when = dates.short_day(dates.main_day(period, zone), language)
    return f"{phrases(language).say('words.details')} · {when}"


def _footer(report: Report) -> str:
    """Shown under the chart; Discord renders no markup there, so nothing is escaped."""
    if not report.coverage.messages:
        return ""
    coverage = wording.coverage_line(wording.for_members(report.coverage), report.language)
    engine = wording.engine_line(report.digest.engine, report.language)
    return cut(plain(f"{coverage} · {engine}"), FOOTER_ROOM)


def _quiet_line(report: Report, zone: str) -> str | None:
    """What there is to say of a quiet period, or None if it was not quiet."""
    line = wording.quiet(report)
    if not report.activity.messages:
        return line
    if not report.is_quiet:
        return None
    # A headline that rests on no message only says again how quiet it was.
    headline = _headline(report) if report.digest.headline_message_ids else ""
    # What is told as answered is not told again, so a quiet day has to say it as well.
    answered = [
        followed_line(report, each, zone, room=_FOLLOWED_ROOM, most=1)
        for each in asked_earlier(report)
        if each.answer is not None
    ]
    parts = (line, headline, *answered[:_ASIDES], wording.incomplete_line(report))
    return " ".join(part for part in parts if part)


def _headline(report: Report) -> str:
    text = shortened(wording.headline(report), _POINT_ROOM, shared_urls(report))
    return f"{text}{arrows(report, report.digest.headline_message_ids, RECEIPTS)}" if text else ""


def _description(report: Report, zone: str) -> str:
    """Headline, topics, open questions and decisions as far as they fit, mood and activity."""
    head, tail = _headline(report), _figures(report, zone)
    if incomplete := wording.incomplete_line(report):
        tail = f"{tail}\n{incomplete}"
    # What the line about the rest and the blank lines between the blocks may take.
    room = DESCRIPTION_ROOM - units(head) - units(tail) - 100
    told, lines = set[Point](), list[str]()
    for line in _lines(report, zone):
        if units(line.text) + 1 <= room:
            room -= units(line.text) + 1
            lines.append(line.text)
            told.update(line.points)
    lines.extend(_rest(report, told))
    return "\n\n".join(block for block in (head, "\n".join(lines), tail) if block)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the glance and the points that it tells."""

    text: str
    points: tuple[Point, ...] = ()


def _lines(report: Report, zone: str) -> list[_Line]:
    """What the glance would like to tell, at most `LINES`: topics, then what is asked or decided.

    Questions and decisions keep two lines, however many topics there are.
    """
    bullets = list(_bullets(report, zone))[:LINES]
    while bullets:
        asides = _asides(report, bullets, zone)
        if len(bullets) + min(_ASIDES_KEPT, len(asides)) <= LINES:
            break
        bullets.pop()
    return (bullets + _asides(report, bullets, zone))[:LINES]


def _bullets(report: Report, zone: str) -> Iterator[_Line]:
    """A line for each topic, but for what the headline has said already and for mere questions.

    Where the rest is quoted answers that say nothing by themselves, the matter is told again; what
    was only remarked on the way to a decision in the headline is left to the details.
    """
    for topic in report.digest.topics:
        news = [point for point in topic.points if not _is_repeated(report, point)]
        if _is_decided_above(topic, news):
            continue
        if news and len(news) < len(topic.points):
            news = [point for point in news if _stands_alone(point)] or list(topic.points)
        if news and any(point.kind is not PointKind.QUESTION for point in topic.points):
            best = _best(report, news)
            yield _Line(_bullet(report, topic, best, zone), (best,))


def _is_decided_above(topic: Topic, news: Collection[Point]) -> bool:
    """Whether the headline has a topic's decision, and what else was quoted only led there."""
    decided = any(point.kind is PointKind.DECISION for point in topic.points if point not in news)
    return decided and all(point.quoted and point.kind is PointKind.FACT for point in news)


def _asides(report: Report, bullets: Collection[_Line], zone: str) -> list[_Line]:
    """What was answered, is open or was decided, and no bullet tells, the weightiest first."""
    told = {point for bullet in bullets for point in bullet.points}
    followed = [
        _Line(followed_line(report, each, zone, room=_FOLLOWED_ROOM, most=1))
        for each in asked_earlier(report)
    ]
    asides = followed[:_ASIDES]
    for kind in (PointKind.QUESTION, PointKind.DECISION):
        points = [point for point in report.digest.points(kind) if point not in told]
        untold = [point for point in points if not _is_repeated(report, point)]
        asides += [
            _Line(f"{sign(report, kind)} {_told(report, point, zone)}", (point,))
            for point in untold[:_ASIDES]
        ]
    return asides


def _is_repeated(report: Report, point: Point) -> bool:
    """Whether the headline tells a point in its own words: a quotation may be cut short there."""
    beginning = _flat(point.text)[:_REPEATED].rstrip()
    return bool(beginning) and beginning in _flat(report.digest.headline)


def _stands_alone(point: Point) -> bool:
    """Whether a point is understood without the one before it, as no answer to somebody is."""
    speaker, _, text = point.text.partition("“")
    return not point.quoted or not (_TO_SOMEBODY.search(speaker) or leans(text) or goes_on(text))


def _flat(text: str) -> str:
    return " ".join(_WORDS_ONLY.findall(text.casefold()))


def _best(report: Report, points: Sequence[Point]) -> Point:
    """The point that the headline rests on, else by its kind, of equals the first."""
    headline = set(report.digest.headline_message_ids)
    return min(
        points, key=lambda point: (headline.isdisjoint(point.message_ids), _RANKS[point.kind])
    )


def _bullet(report: Report, topic: Topic, point: Point, zone: str) -> str:
    told = _told(report, point, zone)
    if point.kind in _TOLD_KINDS:
        kind = phrases(report.language).say(f"kinds.{point.kind.value}")
        told = f"{kind[:1].lower()}{kind[1:]} {told}"
    title = shortened(wording.title(topic, report.language), _TITLE_ROOM)
    if title and topic.continues is not None and topic.continues_since is not None:
        since = dates.continues(topic, report.period, zone, report.language)
        return f"• **{title}** ({since}) – {told}"
    return f"• **{title}** – {told}" if title else f"• {told}"


def _told(report: Report, point: Point, zone: str) -> str:
    text = shortened(point.text, _POINT_ROOM, shared_urls(report)) + asked_on(report, point, zone)
    return f"{text}{arrows(report, point.message_ids, RECEIPTS)}"


def _rest(report: Report, told: Collection[Point]) -> Iterator[str]:
    more = sum(
        not any(point in told or _is_repeated(report, point) for point in topic.points)
        for topic in report.digest.topics
    )
    if more:
        yield phrases(report.language).count("counts.more_topics", more)


def _figures(report: Report, zone: str) -> str:
    mood, activity, language = report.mood, report.activity, report.language
    said = wording.said_by(activity.messages, activity.people, language)
    top = [(shortened(each.name, _NAME_ROOM), each.messages) for each in activity.top[:3]]
    name = phrases(language).say("mood.name")
    mood_line = shortened(wording.mood_line(mood, zone, language), _MOOD_ROOM)
    mood_sign = _SIGNS.get(mood.label, "")
    board = [shortened(each.name, _NAME_ROOM) for each in activity.board]
    lists = wording.most_active(top, language) + wording.most_positive(board, language)
    return f"{name} {mood_sign} {mood_line}\n{said}{lists}"
