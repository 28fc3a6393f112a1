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
from guildwatch.report import wording
from guildwatch.report.inert import link, shortened, split, units
from guildwatch.report.periods import local
from guildwatch.report.receipts import arrows, asked_earlier, asked_on, channel_names, shared_urls
from guildwatch.report.wording import count, short_days

MESSAGE_ROOM = 2000
"""https://docs.discord.com/developers/resources/message#create-message"""

# Heading, piece, its receipts and its sign together stay below MESSAGE_ROOM, so that every
# line fits into some message and no loop can stall on one that does not.
_TITLE_ROOM, _NAME_ROOM, _PIECE_ROOM, _URL_ROOM = 120, 40, 1000, 1200
_FOLLOWED_ROOM = 500
_RECEIPTS = 5
_CHANNELS = 3
SIGNS = {
    PointKind.FACT: "•",
    PointKind.DECISION: "✅ Decided:",
    PointKind.QUESTION: "❓ Open:",
    PointKind.ACTION: "📌 To do:",
    PointKind.JOKE: "😄",
}
ANSWERED, TAKEN_BACK = "✅ Answered:", "☑️ Taken back:"


def thread_messages(report: Report, zone: str) -> Iterator[str]:
    """One message a topic, then earlier questions and the links that people shared.

    More where one would be too long.
    """
    for topic in report.digest.topics:
        lines = (line for point in topic.points for line in _point_lines(report, point, zone))
        yield from _messages(_heading(report, topic, zone), lines)
    followed = [followed_line(report, each, zone) for each in asked_earlier(report)]
    if followed:
        yield from _messages(f"**{wording.ASKED_EARLIER}**", followed)
    links = [_link_line(report, each) for each in report.digest.links]
    if links:
        yield from _messages("**Links people shared**", links)


def followed_line(
    report: Report, each: Followed, zone: str, *, room: int = _FOLLOWED_ROOM, most: int = _RECEIPTS
) -> str:
    """An earlier question, when it was asked, and its answer if it has one.

    Each of the two takes at most `room` units and `most` receipts.
    """
    question, answer = each.question, each.answer
    sign = SIGNS[PointKind.QUESTION]
    if answer is not None:
        sign = TAKEN_BACK if each.taken_back else ANSWERED
    said = shortened(question.text, room, shared_urls(report))
    said += wording.asked(each.asked_at, report.period, zone)
    said += arrows(report, question.message_ids, most)
    if answer is not None:
        said += f" – {shortened(answer.text, room, shared_urls(report))}"
        said += arrows(report, answer.message_ids, most)
    return f"{sign} {said}"


def _messages(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines under their heading; a new message begins where the next line would not fit."""
    message = heading
    for line in lines:
        if units(message) + 1 + units(line) > MESSAGE_ROOM:
            yield message
            message = heading.splitlines()[0] + " (continued)"
        message = f"{message}\n{line}"
    yield message


def _heading(report: Report, topic: Topic, zone: str) -> str:
    title = f"**{shortened(topic.title, _TITLE_ROOM) or 'Untitled'}**"
    size = f"{count(topic.messages, 'message')}, {count(topic.people, 'person', 'people')}"
    names = channel_names(report)
    known = [names[one] for one in topic.channel_ids if one in names]
    where = " ".join(f"#{shortened(name, _NAME_ROOM)}" for name in known[:_CHANNELS])
    more = f" +{len(known) - _CHANNELS}" if len(known) > _CHANNELS else ""
    parts = (title, where + more, _days(report, topic), size)
    heading = " · ".join(part for part in parts if part)
    if topic.continues is None:
        return heading
    earlier = shortened(topic.continues, _TITLE_ROOM)
    said = wording.continues(topic, report.period, zone, title=earlier)
    return f"{heading}\n*{said}*{arrows(report, topic.continues_ids[-1:], 1)}"


def _days(report: Report, topic: Topic) -> str:
    """The days of what a topic tells; nothing in a day's report, where it is clear."""
    cited = [one for point in topic.points for one in point.message_ids]
    if report.period.kind is PeriodKind.DAY or not cited:
        return ""
    zone = report.period.zone
    first, last = (local(created_at(one), zone).date() for one in (min(cited), max(cited)))
    return short_days(first, last)


def _point_lines(report: Report, point: Point, zone: str) -> Iterator[str]:
    """The point as one line, or several where it is very long; the last has the receipts."""
    *pieces, last = split(point.text, _PIECE_ROOM, shared_urls(report))
    receipts = asked_on(report, point, zone)
    receipts += arrows(report, point.message_ids, _RECEIPTS, say_more=True)
    before = f"{SIGNS[point.kind]} "
    for piece in pieces:
        yield f"{before}{piece} …"
        before = "… "
    yield f"{before}{last}{receipts}"


def _link_line(report: Report, shared: Link) -> str:
    """A link and the topic that it was about, if a point of one rests on the same message."""
    url = link(shared.url)
    if units(url) > _URL_ROOM:
        url = shortened(shared.url, _PIECE_ROOM)
    topic = next((one for one in report.digest.topics if _cites(one, shared)), None)
    about = f" · {shortened(topic.title, _TITLE_ROOM)}" if topic is not None else ""
    return f"• {url}{about}{arrows(report, shared.message_ids, _RECEIPTS, say_more=True)}"


def _cites(topic: Topic, shared: Link) -> bool:
    return any(set(point.message_ids) & set(shared.message_ids) for point in topic.points)
