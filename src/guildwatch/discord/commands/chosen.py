"""How a guild's settings are said to those who may change them."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from guildwatch.audience import can_read
from guildwatch.discord.commands.desk import Asker
from guildwatch.discord.targets import DirectTarget, target_of
from guildwatch.model import LANGUAGES, GuildSettings, PeriodKind
from guildwatch.schedule import Calendar

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def told(asker: Asker, before: GuildSettings) -> str:
    """Where and when reports come, and the next one, in one paragraph.

    `before` are the settings that the runner has looked at already.
    """
    at, zone = schedule(asker, _settings(asker))
    next_one = stamp(_due(asker, PeriodKind.DAY, before))
    sentences = [f"{place(asker)} every day at {at:%H:%M} ({zone}). The next one: {next_one}."]
    sentences += (f"{line}." for line in extras(asker, before))
    if _settings(asker).skip_quiet:
        sentences.append("Quiet days are not posted.")
    sentences.append(f"They are told in {language(asker)}.")
    return " ".join(sentences)


def extras(asker: Asker, before: GuildSettings) -> Iterator[str]:
    """What comes beside the daily report, each with its next moment."""
    settings = _settings(asker)
    if settings.weekly is not None:
        due = stamp(_due(asker, PeriodKind.WEEK, before))
        yield f"A report of the week comes on {WEEKDAYS[settings.weekly]}s, next {due}"
    if settings.monthly:
        due = stamp(_due(asker, PeriodKind.MONTH, before))
        yield f"A report of the month comes on the first, next {due}"


def schedule(asker: Asker, settings: GuildSettings) -> tuple[time, str]:
    """The time and zone that these settings come to."""
    return settings.report_time or asker.desk.time, settings.zone or asker.desk.zone


def language(asker: Asker) -> str:
    """The English name of the language that this guild's reports are told in."""
    return LANGUAGES[asker.desk.language_of(asker.guild.id)].english


def place(asker: Asker) -> str:
    """Where reports go, in words; a channel that the asker cannot see is not named."""
    target = target_of(asker.guild, _settings(asker))
    if target is None:
        return (
            "No channel is set, so reports are kept and not posted: choose one with "
            "`/setsummary channel`. They are written"
        )
    if isinstance(target, DirectTarget):
        whom = "you" if target.user_id == asker.member.id else "another admin"
        return f"Reports go to {whom} by direct message"
    if not can_read(asker.guild, target.channel, asker.member):
        return "Reports go to a channel that you can't see"
    return f"Reports go to <#{target.channel.id}>"


def stamp(moment: datetime) -> str:
    """A time as each reader's own clock shows it, absolute and relative."""
    seconds = int(moment.astimezone(UTC).timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def reports(asker: Asker) -> Iterator[str]:
    """What reports tell of people, in sentences."""
    now = asker.settings
    if now.min_people > 1:
        yield f"A topic is told when at least {now.min_people} people spoke of it."
    else:
        yield "Topics are told however few people spoke of them."
    if not now.names:
        yield "Members are not named anywhere, nor are lists of them shown."
        return
    yield "Members are named."
    yield f"Who wrote most is {'told' if now.top else 'not told'}."
    yield f"Who was most positive is {'told' if now.board else 'not told'}."


def limits(asker: Asker) -> str:
    """How much members may ask for, in a sentence."""
    most = asker.desk.access.allowance.limits(asker.guild.id)
    return (
        f"Within an hour a member may ask for {_summaries(most.member)}, and all members "
        f"together for {_summaries(most.guild)}."
    )


def _summaries(number: int) -> str:
    return "1 summary" if number == 1 else f"{number:,} summaries"


def _settings(asker: Asker) -> GuildSettings:
    return asker.desk.roster.settings(asker.guild.id)


def _due(asker: Asker, kind: PeriodKind, before: GuildSettings) -> datetime:
    """The runner's own word, unless it has not looked at a changed schedule yet."""
    settings = _settings(asker)
    at, zone = schedule(asker, settings)
    is_known = (at, zone, settings.weekly) == (*schedule(asker, before), before.weekly)
    due = asker.desk.runner.state(asker.guild.id).dues.get(kind) if is_known else None
    if due is not None:
        return due
    return Calendar(at, zone, kind, settings.weekly or 0).next_due(asker.desk.clock())
