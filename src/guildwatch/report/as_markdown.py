"""The report as Markdown: every sentence with links to the messages it rests on."""

from collections.abc import Iterator

from guildwatch.model import Point, Report, Topic
from guildwatch.report import dates, wording
from guildwatch.report.discreet import discreet
from guildwatch.report.inert import link, markup
from guildwatch.report.phrases import phrases
from guildwatch.report.receipts import (
    MOST_SHOWN,
    arrows,
    asked_earlier,
    asked_on,
    channel_names,
    shared_urls,
)
from guildwatch.report.thread import also_about, followed_line, sign


def to_markdown(report: Report) -> str:
    """The report as a Markdown document; what people wrote is escaped."""
    return "\n".join(_lines(discreet(report))) + "\n"


def _lines(report: Report) -> Iterator[str]:
    digest, zone, words = report.digest, report.period.zone, phrases(report.language)
    when = dates.when(report.period, zone, year=True, language=report.language)
    yield f"# {markup(report.guild_name)} · {when}"
    if headline := markup(wording.headline(report), shared_urls(report)):
        yield f"\n**{headline}**{_links_to(report, digest.headline_message_ids)}"
    if incomplete := wording.incomplete_line(report):
        yield f"\n*{incomplete}*"
    for topic in digest.topics:
        yield from _topic(report, topic)
    if digest.also:
        yield f"\n## {words.say('words.also')}\n"
        yield ", ".join(also_about(report, MOST_SHOWN))
    if followed := asked_earlier(report):
        yield f"\n## {words.say('words.asked_earlier')}\n"
        for each in followed:
            yield f"- {followed_line(report, each, zone)}"
    if digest.links:
        yield f"\n## {words.say('words.links')}\n"
        for shared in digest.links:
            yield f"- {link(shared.url)}{_links_to(report, shared.message_ids)}"
    yield from _figures(report)


def _topic(report: Report, topic: Topic) -> Iterator[str]:
    untitled = phrases(report.language).say("words.untitled")
    yield f"\n## {markup(wording.title(topic, report.language)) or untitled}\n"
    names = channel_names(report)
    where = " ".join(f"\\#{markup(names[one])}" for one in topic.channel_ids if one in names)
    yield f"*{f'{where} · ' if where else ''}{wording.size(topic, report.language)}*\n"
    if topic.continues is not None:
        period, title = report.period, markup(topic.continues)
        said = dates.continues(topic, period, period.zone, report.language, title=title)
        yield f"{said[0].upper()}{said[1:]}{_links_to(report, topic.continues_ids[-1:])}\n"
    for point in topic.points:
        yield f"- {_point(report, point)}"


def _point(report: Report, point: Point) -> str:
    said = markup(point.text, shared_urls(report))
    before = sign(report, point.kind).removeprefix("•")
    said += asked_on(report, point, report.period.zone)
    return f"{before} {said}{_links_to(report, point.message_ids)}".strip()


def _figures(report: Report) -> Iterator[str]:
    activity, language, words = report.activity, report.language, phrases(report.language)
    top = [(markup(each.name), each.messages) for each in activity.top]
    mood = wording.mood_line(report.mood, report.period.zone, language)
    said = wording.said_by(activity.messages, activity.people, language)
    yield f"\n## {words.say('words.figures')}\n"
    yield f"- {words.say('mood.name')}: {markup(mood)}"
    board = wording.most_positive((markup(each.name) for each in activity.board), language)
    yield f"- {said}{wording.most_active(top, language)}{board}"
    yield f"- {markup(wording.coverage_line(report.coverage, language))}"
    yield f"- {markup(wording.engine_line(report.digest.engine, language, why=True))}"


def _links_to(report: Report, message_ids: tuple[int, ...]) -> str:
    return arrows(report, message_ids, MOST_SHOWN, say_more=True)
