"""What readers said of posted reports, as a data set of summaries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guildwatch.digest.writing.prompts import version
from guildwatch.model import Feedback, Message, Report, Verdict
from guildwatch.sensitive import masked
from guildwatch.store import Store

_REFERENCES = (Verdict.WRONG, Verdict.MISSING)


@dataclass(frozen=True, slots=True)
class Criticised:
    """A report that readers said something of, with what is left of the messages it was about."""

    report_id: int
    report: Report
    feedback: Sequence[Feedback]
    messages: Sequence[Message]


async def criticised(store: Store, guild_id: int) -> list[Criticised]:
    """The reports of a guild that somebody judged and that still exist, oldest first.

    Messages that were deleted, or whose author was forgotten or opted out, are not among them.
    """
    said: dict[int, list[Feedback]] = {}
    for one in await store.feedback.of_guild(guild_id):
        if one.report_id is not None:
            said.setdefault(one.report_id, []).append(one)
    found = []
    for report_id in sorted(said):
        report = await store.reports.load(report_id)
        messages = await store.messages.between(
            guild_id, report.period.start, report.period.end, channel_ids=report.source_ids
        )
        kept = [one for one in messages if _is_left(one)]
        found.append(Criticised(report_id, report, said[report_id], kept))
    return found


def data_set(found: Iterable[Criticised]) -> list[Mapping[str, object]]:
    """One item a report in the format of summaries, with nobody's id but those of messages.

    What readers wrote in corrections are its references: a better summary says these things.
    """
    return [_item(one) for one in found]


def _is_left(message: Message) -> bool:
    is_talk = message.kind.is_talk and not message.author.is_bot
    return is_talk and bool(message.text) and message.author.id != 0


def _item(one: Criticised) -> Mapping[str, object]:
    report, engine = one.report, one.report.digest.engine
    return {
        "id": str(one.report_id),
        "guild_id": str(report.guild_id),
        "period": {
            "start": report.period.start.isoformat(),
            "end": report.period.end.isoformat(),
            "zone": report.period.zone,
        },
        "turns": [
            {
                "id": str(message.id),
                "channel_id": str(message.channel_id),
                "speaker": masked(message.author.name),
                "text": masked(message.text or ""),
            }
            for message in one.messages
        ],
        "references": [each.words for each in one.feedback if each.verdict in _REFERENCES],
        "told": {
            "headline": masked(report.digest.headline),
            "points": [
                {"text": masked(point.text), "message_ids": [str(id_) for id_ in point.message_ids]}
                for topic in report.digest.topics
                for point in topic.points
            ],
        },
        "feedback": [
            {
                "verdict": each.verdict.value,
                "words": each.words,
                "given_at": each.given_at.isoformat(),
            }
            for each in one.feedback
        ],
        "engine": engine.name,
        "model": engine.model,
        "prompts": version(),
    }
