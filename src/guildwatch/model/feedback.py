"""What a reader said of a posted report."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What they think of it: helpful, not helpful, wrong in what their words say, or lacking it."""

    GOOD = "good"
    BAD = "bad"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's vote or correction; `glance_id` is the message under which it was given.

    `words` (at most 1,000 characters) belong to a correction, and are what a member typed: not to
    be trusted. `report_id` is None once the report is gone; `given_at` is in UTC.
    """

    glance_id: int
    guild_id: int
    report_id: int | None
    user_id: int
    verdict: Verdict
    given_at: datetime
    words: str = ""
