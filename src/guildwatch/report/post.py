"""The report as Discord shows it: the glance, within every limit; its details are `thread`.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
"""

from collections.abc import Iterator
from dataclasses import dataclass

from guildwatch.model import Period, PeriodKind, Point, PointKind, Report, Topic
from guildwatch.report import wording
from guildwatch.report.inert import cut, plain, shortened, units
from guildwatch.report.receipts import arrows, shared_urls
from guildwatch.report.thread import thread_messages

COLOUR = 0x5B8DEF
TITLE_ROOM, DESCRIPTION_ROOM, FOOTER_ROOM, THREAD_NAME_ROOM = 256, 4096, 1000, 100

BULLETS = 6
RECEIPTS = 2
_ASIDES = 3
_POINT_ROOM = 300
_TITLE_ROOM = 80
_NAME_ROOM = 40
_MOOD_ROOM = 500
_QUIET_MESSAGES = 15
_QUIET_PEOPLE = 3
_SIGNS = {"positive": "🟢", "neutral": "⚪", "negative": "🔴"}
_RANKS = {
    PointKind.DECISION: 0,
    PointKind.FACT: 1,
    PointKind.ACTION: 1,
    PointKind.QUESTION: 2,
    PointKind.JOKE: 3,
}
_WORDS = {
    PointKind.DECISION: "decided: ",
    PointKind.QUESTION: "open: ",
    PointKind.ACTION: "to do: ",
}
_NOUNS = {PeriodKind.DAY: "day", PeriodKind.WEEK: "week", PeriodKind.MONTH: "month"}


@dataclass(frozen=True, slots=True)
class Post:
    """A post to Discord: one embed, and a thread with one message a topic.

    `colour` is 0xRRGGBB. Everything is within Discord's limits (6,000 in the embed, 2,000 in each
    message of the thread), nothing in it pings, formats or previews by people's own words. On a
    quiet day the description is one line and the thread empty.
    """

    title: str
    description: str
    colour: int
    footer: str
    thread_name: str
    thread: tuple[str, ...]


def is_quiet(report: Report) -> bool:
    """Whether so little was said, or by so few, that a line is enough."""
    activity = report.activity
    few = activity.messages < _QUIET_MESSAGES or activity.people < _QUIET_PEOPLE
    return few or not report.digest.topics


def to_post(report: Report, *, zone: str) -> Post:
    """The report as a post, its dates and hours told in an IANA zone."""
    quiet = _quiet_line(report)
    return Post(
        title=_title(report, zone),
        description=_description(report, zone) if quiet is None else quiet,
        colour=COLOUR,
        footer=_footer(report),
        thread_name=cut(f"Details · {_short_name(report.period, zone)}", THREAD_NAME_ROOM),
        thread=() if quiet is not None else tuple(thread_messages(report)),
    )


def _title(report: Report, zone: str) -> str:
    year = report.period.end.year != report.written_at.year
    when = f"🗓️ {wording.when(report.period, zone, year=year)} · "
    return when + shortened(report.guild_name, TITLE_ROOM - units(when))


def _short_name(period: Period, zone: str) -> str:
    if period.kind is PeriodKind.DAY:
        return wording.short_day(wording.main_day(period, zone))
    return wording.when(period, zone, year=False)


def _footer(report: Report) -> str:
    """Shown under the chart; Discord renders no markup there, so nothing is escaped."""
    if not report.coverage.messages:
        return ""
    coverage, engine = wording.coverage_line(report.coverage), report.digest.engine
    return cut(plain(f"{coverage} · {wording.engine_line(engine)}"), FOOTER_ROOM)


def _quiet_line(report: Report) -> str | None:
    """What there is to say of a quiet period, or None if it was not quiet."""
    activity, noun = report.activity, _NOUNS.get(report.period.kind, "while")
    if not activity.messages:
        return f"A silent {noun}: nobody wrote."
    if not is_quiet(report):
        return None
    said = wording.count(activity.messages, "message")
    line = f"A quiet {noun}: {said} by {wording.count(activity.people, 'person', 'people')}."
    # A headline that rests on no message only says again how quiet it was.
    headline = _headline(report) if report.digest.headline_message_ids else ""
    return f"{line} {headline}" if headline else line


def _headline(report: Report) -> str:
    digest = report.digest
    text = shortened(digest.headline, _POINT_ROOM, shared_urls(report))
    return f"{text}{arrows(report, digest.headline_message_ids, RECEIPTS)}" if text else ""


def _description(report: Report, zone: str) -> str:
    """Headline, topics, open questions and decisions as far as they fit, mood and activity."""
    head, tail = _headline(report), _figures(report, zone)
    # What the line about the rest and the blank lines between the blocks may take.
    room = DESCRIPTION_ROOM - units(head) - units(tail) - 100
    told: set[Point] = set()
    lines = []
    for line, point in _lines(report, told):
        if units(line) + 1 > room:
            continue
        room -= units(line) + 1
        lines.append(line)
        told.add(point)
    lines.extend(_rest(report, told))
    return "\n\n".join(block for block in (head, "\n".join(lines), tail) if block)


def _lines(report: Report, told: set[Point]) -> Iterator[tuple[str, Point]]:
    """Every line that the glance would like to have, and what it tells, the weightiest first."""
    for topic in report.digest.topics[:BULLETS]:
        best = _best(report, topic)
        yield _bullet(report, topic, best), best
    for kind, sign in ((PointKind.DECISION, "✅ Decided:"), (PointKind.QUESTION, "❓ Open:")):
        untold = [point for point in report.digest.points(kind) if point not in told]
        for point in untold[:_ASIDES]:
            yield f"{sign} {_told(report, point)}", point


def _best(report: Report, topic: Topic) -> Point:
    """The point that the headline rests on, else by its kind, of equals the first."""
    headline = set(report.digest.headline_message_ids)
    return min(
        topic.points,
        key=lambda point: (headline.isdisjoint(point.message_ids), _RANKS[point.kind]),
    )


def _bullet(report: Report, topic: Topic, point: Point) -> str:
    told = f"{_WORDS.get(point.kind, '')}{_told(report, point)}"
    title = shortened(topic.title, _TITLE_ROOM)
    return f"• **{title}** – {told}" if title else f"• {told}"


def _told(report: Report, point: Point) -> str:
    text = shortened(point.text, _POINT_ROOM, shared_urls(report))
    return f"{text}{arrows(report, point.message_ids, RECEIPTS)}"


def _rest(report: Report, told: set[Point]) -> Iterator[str]:
    more = sum(not told.intersection(topic.points) for topic in report.digest.topics)
    if more:
        yield f"… and {wording.count(more, 'more topic')} in the details"


def _figures(report: Report, zone: str) -> str:
    mood, activity = report.mood, report.activity
    sign = _SIGNS.get(mood.label, "")
    said = wording.count(activity.messages, "message")
    people = wording.count(activity.people, "person", "people")
    top = ", ".join(
        f"{shortened(each.name, _NAME_ROOM) or 'someone'} {each.messages:,}"
        for each in activity.top[:3]
    )
    active = f" · most active: {top}" if top else ""
    mood_line = shortened(wording.mood_line(mood, zone), _MOOD_ROOM)
    return f"Mood {sign} {mood_line}\n{said} by {people}{active}"
