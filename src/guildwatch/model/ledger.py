"""The ledger of due reports: one entry a period, one part for every message of its post."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guildwatch.model.report import Period, PeriodKind

_ROLLED_UP = "rolled up into "


class LedgerState(StrEnum):
    """How far a due report is: due → writing → written → posting → posted, or an end with a reason.

    `FAILED` waits for its next try. `CLOSED` is an end without a post; its reason is recorded
    (silent, skipped, rolled up, no channel, given up).
    """

    DUE = "due"
    WRITING = "writing"
    WRITTEN = "written"
    POSTING = "posting"
    POSTED = "posted"
    FAILED = "failed"
    CLOSED = "closed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be done about it."""
        return self in (LedgerState.POSTED, LedgerState.CLOSED)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One due report, known by its guild, kind and the end of its period.

    `failures` counts tries that failed, `next_try` is when to try again (UTC).
    """

    guild_id: int
    period: Period
    state: LedgerState = LedgerState.DUE
    reason: str = ""
    failures: int = 0
    next_try: datetime | None = None
    report_id: int | None = None

    @property
    def key(self) -> str:
        """A short stable name: guild, kind and the end of the period as UNIX seconds."""
        return f"{self.guild_id}:{self.period.kind}:{int(self.period.end.timestamp())}"

    @property
    def mark(self) -> str:
        """What its post carries: the key, and of a report for several where their time begins."""
        start = f":{int(self.period.start.timestamp())}"
        return self.key + (start if self.period.kind is PeriodKind.SPAN else "")

    @property
    def rolled_up_into(self) -> str:
        """The reason of the entries that this one stands for."""
        return _ROLLED_UP + self.key

    @property
    def whole_key(self) -> str:
        """The key of the one that stands for this one, empty where none does."""
        return self.reason.removeprefix(_ROLLED_UP) if self.reason.startswith(_ROLLED_UP) else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One message (or thread) of a post: `glance`, `thread`, `thread/1`, `thread/2` and so on.

    `nonce` (at most 25 characters) makes Discord answer a repeated POST with the first message.
    `attempted_at` is set before the first POST, `message_id` once Discord has confirmed it.
    `report_id` is the stored report that it shows, `content` the hash of what it says, None where
    that is not known, and `gone` tells that its message is not there any more.
    """

    name: str
    nonce: str
    channel_id: int
    attempted_at: datetime | None = None
    message_id: int | None = None
    report_id: int | None = None
    content: str | None = None
    gone: bool = False
