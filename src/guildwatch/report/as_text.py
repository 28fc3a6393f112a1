"""The report as text for a terminal: every sentence with where and when it was said."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from guildwatch.model import Gap, Link, Point, PointKind, Report, Topic, created_at
from guildwatch.report import wording
from guildwatch.report.inert import plain
from guildwatch.report.periods import local
from guildwatch.report.receipts import MOST_SHOWN, asked_earlier, asked_on, channel_names
from guildwatch.report.wrapping import cells, wrapped

_SIGNS = {
    PointKind.FACT: "•",
    PointKind.DECISION: "✓ Decided:",
    PointKind.QUESTION: "? Open:",
    PointKind.ACTION: "→ To do:",
    PointKind.JOKE: "☺",
}
_LABEL = 10


def to_text(report: Report, width: int = 80) -> str:
    """The report in lines of at most `width` cells; nothing in it can command a terminal."""
    blocks = [_head(report, width)]
    blocks += [_topic(report, topic, width) for topic in report.digest.topics]
    if asked_earlier(report):
        blocks.append(_followed(report, width))
    if report.digest.links:
        blocks.append(_links(report, width))
    blocks.append(_figures(report, width))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _head(report: Report, width: int) -> Iterator[str]:
    when = wording.when(report.period, report.period.zone, year=True)
    title = list(wrapped(f"{plain(report.guild_name)} · {when}", width))
    yield from title
    yield "─" * max(cells(line) for line in title)
    digest = report.digest
    if headline := plain(digest.headline):
        yield from wrapped(headline + _receipts(report, digest.headline_message_ids), width)
    if incomplete := wording.incomplete_line(report):
        yield from wrapped(incomplete, width)


def _topic(report: Report, topic: Topic, width: int) -> Iterator[str]:
    names = channel_names(report)
    where = " ".join(f"#{names[one]}" for one in topic.channel_ids if one in names)
    said = wording.count(topic.messages, "message")
    size = f"{said}, {wording.count(topic.people, 'person', 'people')}"
    heading = " · ".join(filter(None, (plain(topic.title), where, size)))
    yield from wrapped(heading, width)
    if topic.continues is not None:
        zone, title = report.period.zone, plain(topic.continues)
        said = wording.continues(topic, report.period, zone, title=title)
        earlier = said + _receipts(report, topic.continues_ids[-1:])
        yield from wrapped(earlier, width, first="  ", indent="  ")
    for point in topic.points:
        yield from wrapped(_point(report, point), width, first="  ", indent="    ")


def _point(report: Report, point: Point) -> str:
    said = plain(point.text) + asked_on(report, point, report.period.zone)
    return f"{_SIGNS[point.kind]} {said}{_receipts(report, point.message_ids)}"


def _followed(report: Report, width: int) -> Iterator[str]:
    yield wording.ASKED_EARLIER
    for each in asked_earlier(report):
        question, answer = each.question, each.answer
        sign = _SIGNS[PointKind.QUESTION]
        if answer is not None:
            sign = "✓ Taken back:" if each.taken_back else "✓ Answered:"
        asked = wording.asked(each.asked_at, report.period, report.period.zone)
        said = plain(question.text) + asked + _receipts(report, question.message_ids)
        if answer is not None:
            said += f" – {plain(answer.text)}{_receipts(report, answer.message_ids)}"
        yield from wrapped(f"{sign} {said}", width, first="  ", indent="    ")


def _links(report: Report, width: int) -> Iterator[str]:
    yield "Links people shared"
    for link in report.digest.links:
        yield from wrapped(_link(report, link), width, first="  • ", indent="    ")


def _link(report: Report, link: Link) -> str:
    return plain(link.url) + _receipts(report, link.message_ids)


def _figures(report: Report, width: int) -> Iterator[str]:
    figures = {
        "Mood": wording.mood_line(report.mood, report.period.zone),
        "Activity": _activity(report),
        "Coverage": wording.coverage_line(report.coverage),
        "Engine": wording.engine_line(report.digest.engine, why=True),
    }
    indent = " " * _LABEL
    for label, text in figures.items():
        yield from wrapped(plain(text), width, first=label.ljust(_LABEL), indent=indent)
    for gap in report.coverage.gaps:
        yield from wrapped(_gap(report, gap), width, first=indent, indent=indent)


def _activity(report: Report) -> str:
    activity = report.activity
    said = wording.count(activity.messages, "message")
    line = f"{said} by {wording.count(activity.people, 'person', 'people')}"
    top = (f"{plain(each.name) or 'someone'} {each.messages:,}" for each in activity.top)
    return f"{line} · most active: {', '.join(top)}" if activity.top else line


def _gap(report: Report, gap: Gap) -> str:
    name = channel_names(report).get(gap.channel_id, "a channel")
    first_day = local(report.period.start, report.period.zone).date()
    bounds = [local(moment, report.period.zone) for moment in (gap.start, gap.end)]
    times = wording.clock_times(bounds, first_day)
    return f"gap in {name}: {times} ({plain(gap.reason)})"


def _receipts(report: Report, message_ids: Sequence[int]) -> str:
    """` [#support 14:05, 14:10]`: channel and local time of the messages it rests on."""
    names, zone = channel_names(report), report.period.zone
    first_day = local(report.period.start, zone).date()
    told = []
    cited = [one for one in message_ids if one in report.message_channels]
    for channel, ids in groupby(cited[:MOST_SHOWN], key=lambda one: report.message_channels[one]):
        moments = [local(created_at(one), zone) for one in ids]
        # The space that does not break keeps a receipt on one line.
        times = wording.clock_times(moments, first_day).replace(" ", "\u00a0")
        told.append(f"#{names.get(channel, 'unknown')}\u00a0{times}")
    if len(cited) > MOST_SHOWN:
        told.append(f"{len(cited) - MOST_SHOWN:,}\u00a0more")
    return f" [{'; '.join(told)}]" if told else ""
