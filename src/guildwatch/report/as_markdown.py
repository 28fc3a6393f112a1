"""The report as Markdown: every sentence with links to the messages it rests on."""

from collections.abc import Iterator

from guildwatch.model import Point, Report, Topic
from guildwatch.report import wording
from guildwatch.report.inert import link, markup
from guildwatch.report.receipts import (
    MOST_SHOWN,
    arrows,
    asked_earlier,
    asked_on,
    channel_names,
    shared_urls,
)
from guildwatch.report.thread import SIGNS, followed_line


def to_markdown(report: Report) -> str:
    """The report as a Markdown document; what people wrote is escaped."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    digest, zone = report.digest, report.period.zone
    yield f"# {markup(report.guild_name)} · {wording.when(report.period, zone, year=True)}"
    if headline := markup(digest.headline, shared_urls(report)):
        yield f"\n**{headline}**{_links_to(report, digest.headline_message_ids)}"
    if incomplete := wording.incomplete_line(report):
        yield f"\n*{incomplete}*"
    for topic in digest.topics:
        yield from _topic(report, topic)
    if followed := asked_earlier(report):
        yield f"\n## {wording.ASKED_EARLIER}\n"
        for each in followed:
            yield f"- {followed_line(report, each, zone)}"
    if digest.links:
        yield "\n## Links people shared\n"
        for each in digest.links:
            yield f"- {link(each.url)}{_links_to(report, each.message_ids)}"
    yield from _figures(report)


def _topic(report: Report, topic: Topic) -> Iterator[str]:
    yield f"\n## {markup(topic.title) or 'Untitled'}\n"
    names = channel_names(report)
    where = " ".join(f"\\#{markup(names[one])}" for one in topic.channel_ids if one in names)
    size = wording.count(topic.messages, "message")
    people = wording.count(topic.people, "person", "people")
    yield f"*{f'{where} · ' if where else ''}{size}, {people}*\n"
    if topic.continues is not None:
        title = markup(topic.continues)
        said = wording.continues(topic, report.period, report.period.zone, title=title)
        yield f"{said[0].upper()}{said[1:]}{_links_to(report, topic.continues_ids[-1:])}\n"
    for point in topic.points:
        yield f"- {_point(report, point)}"


def _point(report: Report, point: Point) -> str:
    said = markup(point.text, shared_urls(report))
    sign = SIGNS[point.kind].removeprefix("•")
    said += asked_on(report, point, report.period.zone)
    return f"{sign} {said}{_links_to(report, point.message_ids)}".strip()


def _figures(report: Report) -> Iterator[str]:
    activity = report.activity
    said = wording.count(activity.messages, "message")
    people = wording.count(activity.people, "person", "people")
    top = ", ".join(f"{markup(each.name) or 'someone'} {each.messages:,}" for each in activity.top)
    yield "\n## Figures\n"
    yield f"- Mood: {markup(wording.mood_line(report.mood, report.period.zone))}"
    yield f"- {said} by {people}" + (f" · most active: {top}" if top else "")
    yield f"- {markup(wording.coverage_line(report.coverage))}"
    yield f"- {markup(wording.engine_line(report.digest.engine, why=True))}"


def _links_to(report: Report, message_ids: tuple[int, ...]) -> str:
    return arrows(report, message_ids, MOST_SHOWN, say_more=True)
