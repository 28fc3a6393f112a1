"""The thread under a post: everything that the report knows, one message a topic."""

from collections.abc import Iterable, Iterator

from guildwatch.model import (
    Followed,
    Link,
    PeriodKind,
    Point,
    PointKind,
    Report,
    Topic,
    created_at,
)
from guildwatch.report import dates, wording
from guildwatch.report.inert import link, markup, shortened, split, units
from guildwatch.report.periods import local
from guildwatch.report.phrases import phrases
from guildwatch.report.receipts import (
    arrows,
    asked_earlier,
    asked_on,
    channel_names,
    shared_urls,
    topic_of,
)

MESSAGE_ROOM = 2000
"""https://docs.discord.com/developers/resources/message#create-message"""

# Heading, piece, its receipts and its sign together stay below MESSAGE_ROOM, so that every
# line fits into some message and no loop can stall on one that does not.
_TITLE_ROOM, _NAME_ROOM, _PIECE_ROOM, _URL_ROOM = 120, 40, 1000, 1200
_FOLLOWED_ROOM = 500
_RECEIPTS = 5
_CHANNELS = 3
_SIGNS = {
    PointKind.FACT: "•",
    PointKind.DECISION: "✅",
    PointKind.QUESTION: "❓",
    PointKind.ACTION: "📌",
    PointKind.JOKE: "😄",
}
_SILENT = (PointKind.FACT, PointKind.JOKE)


def sign(report: Report, kind: PointKind) -> str:
    """What stands before a point of a kind: `✅ Decided:`."""
    if kind in _SILENT:
        return _SIGNS[kind]
    return f"{_SIGNS[kind]} {phrases(report.language).say(f'kinds.{kind.value}')}"


def thread_messages(report: Report, zone: str) -> Iterator[str]:
    """One message a topic, then what else was spoken about, earlier questions, shared links.

    More where one would be too long.
    """
    words = phrases(report.language)
    continued = words.say("words.continued")
    for topic in report.digest.topics:
        lines = (line for point in topic.points for line in _point_lines(report, point, zone))
        yield from _messages(_heading(report, topic, zone), lines, continued)
    if report.digest.also:
        heading = f"**{words.say('words.also')}**"
        yield from _messages(heading, [", ".join(also_about(report, 1))], continued)
    followed = [followed_line(report, each, zone) for each in asked_earlier(report)]
    if followed:
        yield from _messages(f"**{words.say('words.asked_earlier')}**", followed, continued)
    links = [_link_line(report, each) for each in report.digest.links]
    if links:
        yield from _messages(f"**{words.say('words.links')}**", links, continued)


def also_about(report: Report, most: int) -> list[str]:
    """What else was spoken about, each with at most so many receipts."""
    return [
        markup(each.text) + arrows(report, each.message_ids, most) for each in report.digest.also
    ]


def followed_line(
    report: Report, each: Followed, zone: str, *, room: int = _FOLLOWED_ROOM, most: int = _RECEIPTS
) -> str:
    """An earlier question, when it was asked, and its answer if it has one.

    Each of the two takes at most `room` units and `most` receipts.
    """
    question, answer = each.question, each.answer
    before = sign(report, PointKind.QUESTION)
    if answer is not None:
        words, taken_back = phrases(report.language), each.taken_back
        ending = words.say(f"kinds.{'taken_back' if taken_back else 'answered'}")
        before = f"{'☑️' if taken_back else '✅'} {ending}"
    said = shortened(question.text, room, shared_urls(report))
    said += dates.asked(each.asked_at, report.period, zone, report.language)
    said += arrows(report, question.message_ids, most)
    if answer is not None:
        said += f" – {shortened(answer.text, room, shared_urls(report))}"
        said += arrows(report, answer.message_ids, most)
    return f"{before} {said}"


def _messages(heading: str, lines: Iterable[str], continued: str) -> Iterator[str]:
    """The lines under their heading; a new message begins where the next line would not fit."""
    message = heading
    for line in lines:
        if units(message) + 1 + units(line) > MESSAGE_ROOM:
            yield message
            message = f"{heading.splitlines()[0]} {continued}"
        message = f"{message}\n{line}"
    yield message


def _heading(report: Report, topic: Topic, zone: str) -> str:
    words, language = phrases(report.language), report.language
    title = shortened(wording.title(topic, language), _TITLE_ROOM) or words.say("words.untitled")
    size = wording.size(topic, language)
    names = channel_names(report)
    known = [names[one] for one in topic.channel_ids if one in names]
    where = " ".join(f"#{shortened(name, _NAME_ROOM)}" for name in known[:_CHANNELS])
    more = f" +{len(known) - _CHANNELS}" if len(known) > _CHANNELS else ""
    parts = (f"**{title}**", where + more, _days(report, topic), size)
    heading = " · ".join(part for part in parts if part)
    if topic.continues is None:
        return heading
    earlier = shortened(topic.continues, _TITLE_ROOM)
    said = dates.continues(topic, report.period, zone, language, title=earlier)
    return f"{heading}\n*{said}*{arrows(report, topic.continues_ids[-1:], 1)}"


def _days(report: Report, topic: Topic) -> str:
    """The days of what a topic tells; nothing in a day's report, where it is clear."""
    cited = [one for point in topic.points for one in point.message_ids]
    if report.period.kind is PeriodKind.DAY or not cited:
        return ""
    zone = report.period.zone
    first, last = (local(created_at(one), zone).date() for one in (min(cited), max(cited)))
    return dates.short_days(first, last, report.language)


def _point_lines(report: Report, point: Point, zone: str) -> Iterator[str]:
    """The point as one line, or several where it is very long; the last has the receipts."""
    *pieces, last = split(point.text, _PIECE_ROOM, shared_urls(report))
    receipts = asked_on(report, point, zone)
    receipts += arrows(report, point.message_ids, _RECEIPTS, say_more=True)
    before = f"{sign(report, point.kind)} "
    for piece in pieces:
        yield f"{before}{piece} …"
        before = "… "
    yield f"{before}{last}{receipts}"


def _link_line(report: Report, shared: Link) -> str:
    """A link and the topic that it was about, if a point of one rests on the same message."""
    url = link(shared.url)
    if units(url) > _URL_ROOM:
        url = shortened(shared.url, _PIECE_ROOM)
    topic = topic_of(report, shared)
    about = f" · {shortened(wording.title(topic, report.language), _TITLE_ROOM)}" if topic else ""
    return f"• {url}{about}{arrows(report, shared.message_ids, _RECEIPTS, say_more=True)}"
