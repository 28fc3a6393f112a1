"""How a report's counts, shares and remarks are said, in the languages that there are words of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from guildwatch.digest import UNANSWERED
from guildwatch.model import Coverage, EngineUse, MoodSummary, Report, Topic
from guildwatch.report.periods import local
from guildwatch.report.phrases import Phrases, phrases, reworded

_TENSE = -0.05  # VADER's own bound of negative
_ENOUGH = 5
_LABELS = ("positive", "neutral", "negative")

# A model that is asked twice loses a point here and there, and nothing is missing for it: half of
# what it says of one conversation is dropped on an ordinary day. Several of them, and a third of
# all that was to be told, are another matter.
_MANY_DROPPED = 3
_SHARE_DROPPED = 1 / 3


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 message`, `1,204 messages`, in English."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """`a, b and c`, in English."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def said_by(messages: int, people: int, language: str) -> str:
    """`312 messages by 41 people`."""
    words = phrases(language)
    return words.say(
        "words.said",
        messages=words.count("counts.message", messages),
        people=words.count("counts.person", people),
    )


def size(topic: Topic, language: str) -> str:
    """`23 messages, 4 people`."""
    words = phrases(language)
    messages = words.count("counts.message", topic.messages)
    return f"{messages}, {words.count('counts.person', topic.people)}"


def title(topic: Topic, language: str) -> str:
    """What a topic is called; one that has no name of its own is called so in our words."""
    return phrases(language).say("words.unanswered") if topic.title == UNANSWERED else topic.title


def headline(report: Report) -> str:
    """The report's headline; where it only says how quiet it was, in our own words."""
    digest = report.digest
    if digest.headline and not digest.headline_message_ids and not digest.topics:
        return quiet(report)
    return digest.headline


def quiet(report: Report) -> str:
    """`A quiet day: 14 messages by 3 people.`, or that nobody wrote at all."""
    words, kind, activity = phrases(report.language), report.period.kind.value, report.activity
    if not activity.messages:
        return words.say(f"silent.{kind}")
    said = said_by(activity.messages, activity.people, report.language)
    return words.say(f"quiet.{kind}", said=said)


def incomplete_line(report: Report) -> str:
    """One sentence about why a report may be incomplete; empty where nothing speaks for it."""
    words, engine = phrases(report.language), report.digest.engine
    told = sum(len(topic.points) for topic in report.digest.topics)
    reasons = []
    if report.coverage.gaps:
        reasons.append(words.count("counts.unread", len(report.coverage.gaps)))
    if engine.dropped_points >= max(_MANY_DROPPED, _SHARE_DROPPED * (told + engine.dropped_points)):
        reasons.append(words.count("counts.unverified", engine.dropped_points))
    if engine.fallback and engine.name != "extractive":  # that all is quoted is said anyway
        reasons.append(words.say("words.not_all_told"))
    return words.say("words.incomplete", reasons="; ".join(reasons)) if reasons else ""


def coverage_line(coverage: Coverage, language: str = "en") -> str:
    """`Read 298 of 312 messages in 9 channels · left out: 14 bot messages`."""
    words = phrases(language)
    how = "part"
    if coverage.read == coverage.messages:
        how = "all" if coverage.messages > 1 else "one"
    parts = [
        words.say(
            f"words.read_{how}",
            read=words.number(coverage.read),
            messages=words.count("counts.message", coverage.messages),
            channels=words.count("counts.channel", coverage.channels),
        )
    ]
    if how == "part":
        parts.append(words.say("words.left_out", parts=", ".join(_left_out(coverage, words))))
    if coverage.gaps:
        parts.append(words.count("counts.gap", len(coverage.gaps)))
    return " · ".join(parts)


def for_members(coverage: Coverage) -> Coverage:
    """The coverage as a guild's members may see it.

    What was deleted and what somebody does not want to be kept is one number: whoever knows who
    wrote when could else tell who opted out.
    """
    left_out = Counter[str]()
    for reason, number in coverage.left_out.items():
        left_out["unkept" if reason in ("deleted", "opted_out") else reason] += number
    return replace(coverage, left_out=dict(left_out))


def engine_line(engine: EngineUse, language: str = "en", *, why: bool = False) -> str:
    """Who wrote it, honestly; `why` adds for the operator what kept the model from it."""
    words = phrases(language)
    reason = reworded(engine.fallback, language).removesuffix(".")
    if engine.name == "extractive":
        lack = "unusable" if reason else "none"
        return reason if why and reason else words.say(f"engine.{lack}")
    by = words.say("engine.written", model=engine.model or engine.name)
    parts = [f"{by}. {reason}" if why and reason else by]
    if engine.name == "mixed" and parts == [by]:
        parts = [words.say("engine.mixed", written=by)]
    if engine.translated:
        parts.append(words.count("counts.translated", engine.translated))
    if engine.untranslated:
        parts.append(words.count("counts.untranslated", engine.untranslated))
    if why and engine.chat_tokens:
        parts.append(effort(engine, language))
    return " · ".join(parts)


def effort(engine: EngineUse, language: str = "en") -> str:
    """For the operator: how much the model read for it, and how much of that was not chat."""
    words, tokens = phrases(language), engine.prompt_tokens
    asked = 1 - engine.chat_tokens / tokens if tokens else 0.0
    told = words.say("engine.effort", tokens=words.number(tokens), share=words.share(asked))
    if not engine.ahead_prompt_tokens:
        return told
    ahead = words.share(engine.ahead_prompt_tokens / tokens)
    return words.say("engine.effort_ahead", told=told, share=ahead)


def mood_line(mood: MoodSummary, zone: str, language: str = "en") -> str:
    """`positive on the whole · 61 % positive, 9 % negative; lowest around 15:00`."""
    words = phrases(language)
    if mood.label not in _LABELS:
        return words.say("mood.unknown")
    shares = words.say(
        "mood.shares", positive=words.share(mood.positive), negative=words.share(mood.negative)
    )
    remarks = list(mood.unusual) or _low_point(mood, zone, words)
    return "; ".join([f"{words.say(f'mood.{mood.label}')} · {shares}", *remarks])


def most_active(names: Iterable[tuple[str, int]], language: str) -> str:
    """` · most active: Mara 38, jonas 31`, nothing of nobody; names are ready to be shown."""
    words = phrases(language)
    told = ", ".join(
        f"{name or words.say('words.someone')} {words.number(messages)}" for name, messages in names
    )
    return f" · {words.say('words.most_active', names=told)}" if told else ""


def most_positive(names: Iterable[str], language: str) -> str:
    """` · most positive: Mara, jonas`, nothing of nobody; names are ready to be shown."""
    words = phrases(language)
    told = ", ".join(name or words.say("words.someone") for name in names)
    return f" · {words.say('words.most_positive', names=told)}" if told else ""


def share(part: float) -> str:
    """A share 0..1 as `61 %`, in English."""
    return phrases("en").share(part)


def _left_out(coverage: Coverage, words: Phrases) -> Iterator[str]:
    for reason, number in sorted(coverage.left_out.items(), key=lambda item: (-item[1], item[0])):
        if number and words.has(f"left_out.{reason}"):
            yield words.count(f"left_out.{reason}", number)
        elif number:
            yield f"{words.number(number)} {reason.replace('_', ' ')}"


def _low_point(mood: MoodSummary, zone: str, words: Phrases) -> list[str]:
    told = [hour for hour in mood.hours if hour.score is not None and hour.scored >= _ENOUGH]
    lowest = min(told, key=lambda hour: hour.score or 0.0, default=None)
    if lowest is None or lowest.score is None or lowest.score > _TENSE:
        return []
    return [words.say("mood.lowest", time=f"{local(lowest.start, zone):%H:%M}")]
