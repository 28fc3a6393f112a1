"""The report as text for a terminal: every sentence with where and when it was said."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from guildwatch.model import Gap, Link, Point, PointKind, Report, Topic, created_at
from guildwatch.report import dates, wording
from guildwatch.report.discreet import discreet
from guildwatch.report.inert import plain
from guildwatch.report.periods import local
from guildwatch.report.phrases import phrases, reworded
from guildwatch.report.receipts import MOST_SHOWN, asked_earlier, asked_on, channel_names
from guildwatch.report.wrapping import cells, wrapped

_SIGNS = {
    PointKind.FACT: "•",
    PointKind.DECISION: "✓",
    PointKind.QUESTION: "?",
    PointKind.ACTION: "→",
    PointKind.JOKE: "☺",
}
_SILENT = (PointKind.FACT, PointKind.JOKE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of a report that belong together, and the cited messages that they rest on.

    An empty line stands between blocks. Without messages it is a heading, or only figures.
    """

    lines: tuple[str, ...]
    message_ids: tuple[int, ...] = ()


_BETWEEN = Passage(("",))


def to_text(report: Report, width: int = 80) -> str:
    """The report in lines of at most `width` cells; nothing in it can command a terminal."""
    lines = [line for passage in passages(report, width) for line in passage.lines]
    return "\n".join(lines) + "\n"


def passages(report: Report, width: int = 80) -> list[Passage]:
    """The same text, each statement of it with the messages that can be shown for it."""
    report = discreet(report)
    blocks = [_head(report, width)]
    blocks += [_topic(report, topic, width) for topic in report.digest.topics]
    if report.digest.also:
        blocks.append(_also(report, width))
    if asked_earlier(report):
        blocks.append(_followed(report, width))
    if report.digest.links:
        blocks.append(_links(report, width))
    blocks.append(_figures(report, width))
    told = list(blocks[0])
    for block in blocks[1:]:
        told += [_BETWEEN, *block]
    return told


def _passage(report: Report, lines: Iterable[str], message_ids: Sequence[int] = ()) -> Passage:
    cited = dict.fromkeys(one for one in message_ids if one in report.message_channels)
    return Passage(tuple(lines), tuple(cited))


def _head(report: Report, width: int) -> Iterator[Passage]:
    period, language = report.period, report.language
    when = dates.when(period, period.zone, year=True, language=language)
    title = tuple(wrapped(f"{plain(report.guild_name)} · {when}", width))
    yield Passage((*title, "─" * max(cells(line) for line in title)))
    digest = report.digest
    if headline := plain(wording.headline(report)):
        ids = digest.headline_message_ids
        yield _passage(report, wrapped(headline + _receipts(report, ids), width), ids)
    if incomplete := wording.incomplete_line(report):
        yield Passage(tuple(wrapped(incomplete, width)))


def _topic(report: Report, topic: Topic, width: int) -> Iterator[Passage]:
    names = channel_names(report)
    where = " ".join(f"#{names[one]}" for one in topic.channel_ids if one in names)
    title, size = wording.title(topic, report.language), wording.size(topic, report.language)
    heading = " · ".join(filter(None, (plain(title), where, size)))
    yield Passage(tuple(wrapped(heading, width)))
    if topic.continues is not None:
        period, title = report.period, plain(topic.continues)
        said = dates.continues(topic, period, period.zone, report.language, title=title)
        earlier = wrapped(
            said + _receipts(report, topic.continues_ids[-1:]), width, first="  ", indent="  "
        )
        yield _passage(report, earlier, topic.continues_ids)
    for point in topic.points:
        lines = wrapped(_point(report, point), width, first="  ", indent="    ")
        yield _passage(report, lines, point.message_ids)


def _point(report: Report, point: Point) -> str:
    said = plain(point.text) + asked_on(report, point, report.period.zone)
    return f"{_sign(report, point.kind)} {said}{_receipts(report, point.message_ids)}"


def _sign(report: Report, kind: PointKind) -> str:
    if kind in _SILENT:
        return _SIGNS[kind]
    return f"{_SIGNS[kind]} {phrases(report.language).say(f'kinds.{kind.value}')}"


def _also(report: Report, width: int) -> Iterator[Passage]:
    said = [plain(each.text) + _receipts(report, each.message_ids) for each in report.digest.also]
    name = phrases(report.language).say("words.also")
    ids = [one for each in report.digest.also for one in each.message_ids]
    yield _passage(report, wrapped(f"{name}: {', '.join(said)}", width, indent="  "), ids)


def _followed(report: Report, width: int) -> Iterator[Passage]:
    words = phrases(report.language)
    yield Passage((words.say("words.asked_earlier"),))
    for each in asked_earlier(report):
        question, answer = each.question, each.answer
        sign = _sign(report, PointKind.QUESTION)
        if answer is not None:
            ending = "taken_back" if each.taken_back else "answered"
            sign = f"✓ {words.say(f'kinds.{ending}')}"
        asked = dates.asked(each.asked_at, report.period, report.period.zone, report.language)
        said = plain(question.text) + asked + _receipts(report, question.message_ids)
        if answer is not None:
            said += f" – {plain(answer.text)}{_receipts(report, answer.message_ids)}"
        lines = wrapped(f"{sign} {said}", width, first="  ", indent="    ")
        yield _passage(report, lines, each.message_ids)


def _links(report: Report, width: int) -> Iterator[Passage]:
    yield Passage((phrases(report.language).say("words.links"),))
    for link in report.digest.links:
        lines = wrapped(_link(report, link), width, first="  • ", indent="    ")
        yield _passage(report, lines, link.message_ids)


def _link(report: Report, link: Link) -> str:
    return plain(link.url) + _receipts(report, link.message_ids)


def _figures(report: Report, width: int) -> Iterator[Passage]:
    language, words = report.language, phrases(report.language)
    figures = {
        words.say("mood.name"): wording.mood_line(report.mood, report.period.zone, language),
        words.say("words.activity"): _activity(report),
        words.say("words.coverage"): wording.coverage_line(report.coverage, language),
        words.say("words.engine"): wording.engine_line(report.digest.engine, language, why=True),
    }
    room = max(map(cells, figures)) + 2
    indent = " " * room
    for label, text in figures.items():
        lines = wrapped(plain(text), width, first=label.ljust(room), indent=indent)
        yield Passage(tuple(lines))
    for gap in report.coverage.gaps:
        lines = wrapped(_gap(report, gap), width, first=indent, indent=indent)
        yield Passage(tuple(lines))


def _activity(report: Report) -> str:
    activity = report.activity
    top = [(plain(each.name), each.messages) for each in activity.top]
    said = wording.said_by(activity.messages, activity.people, report.language)
    board = wording.most_positive((plain(each.name) for each in activity.board), report.language)
    return said + wording.most_active(top, report.language) + board


def _gap(report: Report, gap: Gap) -> str:
    words = phrases(report.language)
    name = channel_names(report).get(gap.channel_id, words.say("words.some_channel"))
    first_day = local(report.period.start, report.period.zone).date()
    bounds = [local(moment, report.period.zone) for moment in (gap.start, gap.end)]
    times = dates.clock_times(bounds, first_day, report.language)
    return words.say(
        "words.gap", channel=name, times=times, reason=plain(reworded(gap.reason, report.language))
    )


def _receipts(report: Report, message_ids: Sequence[int]) -> str:
    """` [#support 14:05, 14:10]`: channel and local time of the messages it rests on."""
    names, zone, words = channel_names(report), report.period.zone, phrases(report.language)
    first_day = local(report.period.start, zone).date()
    told = []
    cited = [one for one in message_ids if one in report.message_channels]
    for channel, ids in groupby(cited[:MOST_SHOWN], key=lambda one: report.message_channels[one]):
        moments = [local(created_at(one), zone) for one in ids]
        # The space that does not break keeps a receipt on one line.
        times = dates.clock_times(moments, first_day, report.language).replace(" ", "\u00a0")
        told.append(f"#{names.get(channel, words.say('words.unknown_channel'))}\u00a0{times}")
    if len(cited) > MOST_SHOWN:
        more = words.count("counts.more", len(cited) - MOST_SHOWN)
        told.append(more.replace(" ", "\u00a0"))
    return f" [{'; '.join(told)}]" if told else ""
