"""The report as JSON; `schema.json` beside this file is its form, field by field."""

import json
from collections.abc import Iterable
from datetime import datetime

from guildwatch.model import (
    Activity,
    Coverage,
    EngineUse,
    Followed,
    MoodSummary,
    Period,
    Point,
    PointKind,
    Report,
    Topic,
)
from guildwatch.report.discreet import discreet
from guildwatch.report.periods import local
from guildwatch.report.wording import headline, incomplete_line

Json = dict[str, object]


def to_json(report: Report) -> str:
    """The report as JSON in ASCII; ids are strings, times ISO 8601 with the zone's offset."""
    report = discreet(report, in_words=False)
    digest = report.digest
    zone = report.period.zone
    return json.dumps(
        {
            "guild": {"id": str(report.guild_id), "name": report.guild_name},
            "language": report.language,
            "period": _period(report.period),
            "coverage": _coverage(report.coverage, zone),
            "headline": headline(report),
            "headline_message_ids": _ids(digest.headline_message_ids),
            "topics": [_topic(topic, zone) for topic in digest.topics],
            "decisions": _points(digest.points(PointKind.DECISION)),
            "questions": _points(digest.points(PointKind.QUESTION)),
            "actions": _points(digest.points(PointKind.ACTION)),
            "followed": [_followed(each, zone) for each in digest.followed],
            "also": [
                {"text": each.text, "message_ids": _ids(each.message_ids)} for each in digest.also
            ],
            "links": [
                {"url": link.url, "message_ids": _ids(link.message_ids)} for link in digest.links
            ],
            "incomplete": incomplete_line(report),
            "mood": _mood(report.mood, zone),
            "activity": _activity(report.activity),
            "engine": _engine(digest.engine),
        },
        indent=2,
        allow_nan=False,
    )


def _ids(ids: Iterable[int]) -> list[str]:
    return [str(one) for one in ids]


def _time(moment: datetime, zone: str) -> str:
    return local(moment, zone).isoformat()


def _period(period: Period) -> Json:
    return {
        "kind": period.kind.value,
        "start": _time(period.start, period.zone),
        "end": _time(period.end, period.zone),
        "zone": period.zone,
    }


def _coverage(coverage: Coverage, zone: str) -> Json:
    return {
        "messages": coverage.messages,
        "read": coverage.read,
        "people": coverage.people,
        "channels": coverage.channels,
        "left_out": dict(coverage.left_out),
        "gaps": [
            {
                "channel_id": str(gap.channel_id),
                "start": _time(gap.start, zone),
                "end": _time(gap.end, zone),
                "reason": gap.reason,
            }
            for gap in coverage.gaps
        ],
    }


def _topic(topic: Topic, zone: str) -> Json:
    since = topic.continues_since
    return {
        "title": topic.title,
        "continues": topic.continues,
        "continues_since": None if since is None else _time(since, zone),
        "channel_ids": _ids(topic.channel_ids),
        "points": _points(topic.points),
    }


def _followed(each: Followed, zone: str) -> Json:
    answer = [] if each.answer is None else _points([each.answer])
    return {
        "text": each.question.text,
        "asked": _time(each.asked_at, zone),
        "asked_id": str(each.asked_id),
        "state": "taken_back" if each.taken_back else "answered" if answer else "open",
        "answer": answer[0] if answer else None,
    }


def _points(points: Iterable[Point]) -> list[Json]:
    return [
        {"text": point.text, "kind": point.kind.value, "message_ids": _ids(point.message_ids)}
        for point in points
    ]


def _mood(mood: MoodSummary, zone: str) -> Json:
    return {
        "score": mood.score,
        "label": mood.label,
        "positive": mood.positive,
        "neutral": mood.neutral,
        "negative": mood.negative,
        "unscored": mood.unscored,
        "hours": [
            {
                "start": _time(hour.start, zone),
                "messages": hour.messages,
                "scored": hour.scored,
                "score": hour.score,
            }
            for hour in mood.hours
        ],
        "unusual": list(mood.unusual),
        "highlights": [
            {"message_id": str(one.message_id), "score": one.score} for one in mood.highlights
        ],
    }


def _activity(activity: Activity) -> Json:
    return {
        "messages": activity.messages,
        "people": activity.people,
        "channels": [
            {"id": str(one.id), "name": one.name, "messages": one.messages}
            for one in activity.channels
        ],
        "top": [
            {"id": str(one.id), "name": one.name, "messages": one.messages} for one in activity.top
        ],
        "board": [
            {"id": str(one.id), "name": one.name, "messages": one.messages}
            for one in activity.board
        ],
    }


def _engine(engine: EngineUse) -> Json:
    return {
        "name": engine.name,
        "model": engine.model,
        "calls": engine.calls,
        "prompt_tokens": engine.prompt_tokens,
        "chat_tokens": engine.chat_tokens,
        "completion_tokens": engine.completion_tokens,
        "ahead_calls": engine.ahead_calls,
        "ahead_prompt_tokens": engine.ahead_prompt_tokens,
        "ahead_completion_tokens": engine.ahead_completion_tokens,
        "seconds": engine.seconds,
        "dropped_points": engine.dropped_points,
        "dropped": dict(engine.dropped),
    }
