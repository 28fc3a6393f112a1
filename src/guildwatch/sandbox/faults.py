"""Switches that make the sandbox fail as the real Discord sometimes does."""

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """What befalls a request; `*_AFTER` and HALF (of its answer) mean that it had its effect."""

    ERROR = "error"
    ERROR_AFTER = "error after"
    DROP = "drop"
    DROP_AFTER = "drop after"
    HALF = "half"
    RATE_LIMIT = "rate limit"
    GLOBAL_LIMIT = "global limit"
    SLOW = "slow"

    @property
    def is_after(self) -> bool:
        """Whether the request is carried out all the same."""
        return self in (self.ERROR_AFTER, self.DROP_AFTER, self.HALF)


@dataclass(slots=True)
class Rule:
    """A trouble for some requests: of that method and route (None: any), `times` of them.

    `every` lets only each n-th of them fail. `seconds` is the wait told or taken.
    """

    trouble: Trouble
    method: str | None = None
    route: str | None = None
    times: int | None = 1
    every: int = 1
    status: int = 503
    seconds: float = 0.1
    seen: int = 0

    def strikes(self, method: str, route: str) -> bool:
        """Whether it hits this request; counts it."""
        if self.method not in (None, method) or self.route not in (None, route):
            return False
        if self.times == 0:
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Faults:
    """All that can go wrong; nothing does until it is switched on.

    `offline`: nothing answers, connections are cut. `gateway_down`: websockets are refused with
    503. `refuse_resume`: sessions cannot be resumed. `silent_heartbeats`: no heartbeat is
    acknowledged, as on a dead line (`Gateway.fall_silent` makes a line dead altogether).
    `event_delay`: events come so many seconds after what they tell is in history;
    `history_delay`: history has a message only so many seconds after its event. `repeats`: a
    resumed session is told so many events again that it had been told before. Seconds are real.
    """

    offline: bool = False
    gateway_down: bool = False
    refuse_resume: bool = False
    silent_heartbeats: bool = False
    event_delay: float = 0.0
    history_delay: float = 0.0
    repeats: int = 0
    rules: list[Rule] = field(default_factory=list)

    def strike(
        self,
        trouble: Trouble,
        method: str | None = None,
        route: str | None = None,
        *,
        times: int | None = 1,
        every: int = 1,
        status: int = 503,
        seconds: float = 0.1,
    ) -> Rule:
        """Add a rule; routes are written as `/channels/{channel_id}/messages`."""
        rule = Rule(trouble, method, route, times, every, status, seconds)
        self.rules.append(rule)
        return rule

    def for_request(self, method: str, route: str) -> Rule | None:
        """The rule that hits this request, if one does."""
        return next((rule for rule in self.rules if rule.strikes(method, route)), None)
