"""What a report of several days is put together from: stored reports, and what lies between."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from guildwatch.model import Message, Period, PeriodKind, Report, ReportOptions, first_id_at
from guildwatch.report.periods import days_of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a longer period; `daily` is the stored report that tells it, if one does."""

    period: Period
    daily: Report | None = None


def stretches(period: Period, serving: Sequence[Report]) -> Iterator[Stretch]:
    """The stretches of a period without hole or overlap: stored reports, and days to be written.

    Reports may begin at any hour, as they do after a change of their time. Of several that begin
    at the same moment the first one counts.
    """
    begins = {daily.period.start: daily for daily in reversed(serving)}
    bounds = sorted({*begins, *(day.end for day in days_of(period))})
    at = period.start
    while at < period.end:
        daily = begins.get(at)
        end = daily.period.end if daily else next(bound for bound in bounds if bound > at)
        yield Stretch(Period(PeriodKind.DAY, at, end, period.zone), daily)
        at = end


def serves(
    daily: Report,
    messages: Sequence[Message],
    sources: Collection[int],
    *,
    language: str,
    options: ReportOptions,
) -> bool:
    """Whether a stored report tells all that there is to tell of its day today.

    `messages` are what is stored of its period in these channels. Fewer than it was written from
    are no fault: what has been kept long enough goes, and a stored report loses by itself what
    rests on deleted messages. One in another `language` or with other `options` serves once its
    messages are gone: they cannot be told anew.
    """
    is_other = (daily.language, daily.options) != (language, options)
    if is_other and not has_expired(daily, messages):
        return False
    heard = {message.channel_id for message in messages}
    same_sources = heard <= set(daily.source_ids) <= set(sources)
    if not same_sources or daily.coverage.messages < len(messages):
        return False
    there = {message.id: message for message in messages}
    first = first_id_at(daily.period.start)  # what it continues was said before
    own = [one for one in daily.cited_ids if one >= first]
    cited = [there[one] for one in own if one in there]
    is_whole = has_expired(daily, messages) or len(cited) == len(own)
    return is_whole and not any(
        one.is_deleted or (one.edited_at is not None and one.edited_at > daily.written_at)
        for one in cited
    )


def has_expired(daily: Report, messages: Collection[Message]) -> bool:
    """Whether messages that a stored report was written from are no longer kept."""
    return len(messages) < daily.coverage.messages
