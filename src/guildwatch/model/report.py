"""A report: a digest together with the mood and the activity of its period."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain

from guildwatch.model.digest import Digest

_QUIET_MESSAGES = 15
_QUIET_PEOPLE = 3


class PeriodKind(StrEnum):
    """What a period is to its guild."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SPAN = "span"  # any other stretch: the last hours, days rolled into one


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time [start, end), aware UTC, told in an IANA zone."""

    kind: PeriodKind
    start: datetime
    end: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a channel that could not be had, and why."""

    channel_id: int
    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was there and what was read of it: `read + sum(left_out.values()) == messages`."""

    messages: int
    read: int
    people: int
    channels: int
    left_out: dict[str, int]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class HourMood:
    """One hour: how much was said and in which mood.

    `score` is the mean compound value in -1..1 of its `scored` messages, None if there are none.
    """

    start: datetime
    messages: int
    scored: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A message whose mood stood out; `score` is its compound value in -1..1."""

    message_id: int
    score: float


@dataclass(frozen=True, slots=True)
class MoodSummary:
    """The mood of a period.

    `score` is the mean compound value in -1..1, None when nothing could be scored; `label` is
    `positive`, `neutral`, `negative` or `unknown`. `positive`, `neutral` and `negative` are
    shares 0..1 of the scored messages (they add up to 1, or are all 0); `unscored` is a count.
    `unusual` are short sentences about what differs from this guild's own baseline.
    """

    score: float | None
    label: str
    positive: float
    neutral: float
    negative: float
    unscored: int
    hours: tuple[HourMood, ...] = ()
    unusual: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberCount:
    """How many messages one person wrote."""

    id: int
    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How many messages one channel saw."""

    id: int
    name: str
    messages: int


@dataclass(frozen=True, slots=True)
class Activity:
    """How much was said, by how many people and where; bots and deleted messages not counted.

    `top` are who wrote most, `board` who wrote in the best mood, the first one foremost; both are
    empty where the guild does not want them.
    """

    messages: int
    people: int
    channels: tuple[ChannelCount, ...]
    top: tuple[MemberCount, ...]
    board: tuple[MemberCount, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a guild wants its reports to tell of people, as `GuildSettings` has it.

    Of a topic with fewer than `min_people` speakers nothing is told. Without `names` no member is
    named anywhere; `top` names who wrote most, `board` the most positive.
    """

    min_people: int = 1
    names: bool = True
    top: bool = True
    board: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one report says, before anybody renders it.

    `source_ids` are the channels it was allowed to draw on: nothing in it rests on any other.
    `message_channels` tells the channel of every message that is cited anywhere, for its link.
    `language` is the code of the language that it is told in.
    `withdrawn` counts the points that were taken out since, as their messages were deleted or
    edited. `options` are those that it was written with. `narrowed` counts the channels among its
    sources that were closed to some of its readers since: nothing in it rests on them any more.
    `in_full` tells that it was no quiet one before something of it went: what stands in Discord
    does not become one line by that, or points would go with it that rest on nothing which went.
    """

    guild_id: int
    guild_name: str
    period: Period
    coverage: Coverage
    digest: Digest
    mood: MoodSummary
    activity: Activity
    source_ids: tuple[int, ...]
    message_channels: dict[int, int]
    written_at: datetime
    language: str = "en"
    withdrawn: int = 0
    options: ReportOptions = ReportOptions()
    narrowed: int = 0
    in_full: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether so little was said, or by so few, that a line is enough."""
        activity, digest = self.activity, self.digest
        if self.in_full:
            return not (digest.topics or digest.followed or digest.also or digest.links)
        few = activity.messages < _QUIET_MESSAGES or activity.people < _QUIET_PEOPLE
        return few or not digest.topics

    @property
    def cited_ids(self) -> frozenset[int]:
        """The ids of all messages that it rests on anywhere, earlier ones among them."""
        digest = self.digest
        receipts = (
            digest.headline_message_ids,
            (one.message_id for one in self.mood.highlights),
            *(topic.continues_ids for topic in digest.topics),
            *(point.message_ids for topic in digest.topics for point in topic.points),
            *(link.message_ids for link in digest.links),
            *(followed.message_ids for followed in digest.followed),
            *(phrase.message_ids for phrase in digest.also),
        )
        return frozenset(chain.from_iterable(receipts))
