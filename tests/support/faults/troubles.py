"""What goes wrong: kills, restarts, a failing Discord, a failing model, time that jumps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guildwatch.sandbox import Trouble
from guildwatch.sandbox.faults import Rule
from support.faults.model import Mood

if TYPE_CHECKING:
    from support.faults.history import Stage

_POST = "/channels/{channel_id}/messages"
_THREAD = "/channels/{channel_id}/messages/{message_id}/threads"
_DUE_SECONDS = 10.0
_CALM_SECONDS = 45.0
ANY_PLACE = object()
"""Stands for a channel or category of whoever asks."""


@dataclass(slots=True)
class Fatal(Rule):
    """A request within which the program is killed, before its effect or after it."""

    kill: Callable[[], None] = lambda: None

    def strikes(self, method: str, route: str) -> bool:
        hit = Rule.strikes(self, method, route)
        if hit:
            self.kill()
        return hit


class Troubles:
    """All kinds of trouble; each takes its course, with people acting, and is over in the end.

    Only kills and stops may leave the program dead for the next one to find it started again.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._chance = stage.chance
        self._all: dict[Callable[[], Awaitable[None]], float] = {
            self._kill_in_capture: 3,
            self._kill_in_backfill: 3,
            self._kill_in_digest: 2,
            self._kill_in_posting: 4,
            self._restart: 2,
            self._gateway_cut: 2,
            self._gateway_cut_for_good: 2,
            self._reconnect_asked: 1,
            self._session_invalid: 1.5,
            self._heartbeats_lost: 1,
            self._outage: 2,
            self._limited: 2,
            self._errors: 2,
            self._drops: 2,
            self._slow: 1,
            self._model_fails: 2,
            self._days_pass: 2,
            self._days_pass_while_dead: 2,
            self._kill_storm: 2,
            self._asleep: 2,
            self._dead_line: 1,
            self._late_events: 1,
            self._asked: 2,
            self._kicked: 1,
            self._guild_unavailable: 1,
        }

    def choose(self) -> Callable[[], Awaitable[None]]:
        """One of them."""
        return self._chance.choices(list(self._all), list(self._all.values()))[0]

    def _had(self, kind: str) -> None:
        self._stage.kinds.append(kind)

    async def _ready(self) -> None:
        """The program runs, and is usually given the time to settle in."""
        stage = self._stage
        if not stage.is_alive:
            await stage.start()
        if self._chance.random() < 0.8:
            await stage.until(stage.is_calm, _CALM_SECONDS)

    async def _dead(self) -> None:
        """Life while the program is down, and its next start."""
        stage = self._stage
        await stage.live(self._chance.randint(0, 20), longest=0.002)
        if self._chance.random() < 0.3:
            stage.life.flood(self._chance.randint(50, 250))
        if self._chance.random() < 0.25:
            stage.jump(self._chance.uniform(60, 40_000))
        if self._chance.random() < 0.2:
            self._had("kicked while dead")
            stage.life.kick()
            if self._chance.random() < 0.5:
                stage.life.invite()
        await stage.live(self._chance.randint(0, 10), longest=0.002)
        await stage.start()
        await stage.pause(1.0)

    async def _kill_in_capture(self) -> None:
        await self._ready()
        self._had("kill -9 in capture")
        stage = self._stage
        await stage.live(self._chance.randint(10, 40), longest=0.005)
        if self._chance.random() < 0.4:
            stage.life.flood(self._chance.randint(50, 400))
        await stage.pause(0.1)
        await stage.kill()
        await self._dead()

    async def _kill_in_backfill(self) -> None:
        stage = self._stage
        self._had("kill -9 in backfill")
        await (stage.kill() if self._chance.random() < 0.7 else stage.stop())
        for _ in range(3):
            stage.life.flood(self._chance.randint(30, 250))
        await stage.live(20, longest=0)
        await stage.start()
        told = stage.page.told
        await stage.until(lambda: told().guilds > 0, 15)
        await stage.pause(1.0)
        await stage.kill()
        await self._dead()

    async def _kill_in_digest(self) -> None:
        await self._ready()
        self._had("kill -9 in digest")
        self._stage.jump_to_due()
        await self._stage.live(self._chance.randint(0, 10))
        await self._stage.pause(1.5)
        await self._stage.kill()
        await self._dead()

    async def _kill_in_posting(self) -> None:
        await self._ready()
        self._had("kill -9 in posting")
        stage = self._stage
        rule = Fatal(
            trouble=self._chance.choice((Trouble.DROP, Trouble.DROP_AFTER, Trouble.HALF)),
            method="POST",
            route=self._chance.choice((_POST, _POST, _THREAD)),
            every=self._chance.choice((1, 1, 2, 3, 4)),
            kill=stage.die,
        )
        stage.server.faults.rules.append(rule)
        stage.jump_to_due()
        await stage.live(3)
        await stage.until(lambda: not stage.is_alive, _DUE_SECONDS)
        stage.server.faults.rules.remove(rule)
        if stage.is_alive:
            await stage.kill()
        await stage.gone()
        await self._dead()

    async def _restart(self) -> None:
        if self._chance.random() < 0.5:
            await self._ready()
        self._had("SIGTERM and start")
        await self._stage.live(10, longest=0.005)
        await self._stage.stop()
        await self._dead()

    async def _gateway_cut(self) -> None:
        await self._ready()
        self._had("gateway cut, resumed")
        self._stage.server.faults.repeats = self._chance.choice((0, 0, 3, 30))
        self._stage.server.gateway.drop(self._chance.choice((None, None, 4000, 4008)))
        await self._stage.live(15)

    async def _gateway_cut_for_good(self) -> None:
        await self._ready()
        self._had("gateway cut, new session")
        stage = self._stage
        stage.server.faults.refuse_resume = True
        stage.server.gateway.drop(self._chance.choice((None, 4007, 4009)))
        await stage.live(25)
        await stage.pause(3)
        stage.server.faults.refuse_resume = False

    async def _reconnect_asked(self) -> None:
        await self._ready()
        self._had("RECONNECT")
        self._stage.server.gateway.reconnect()
        await self._stage.live(15)

    async def _session_invalid(self) -> None:
        await self._ready()
        self._had("INVALID SESSION")
        self._stage.server.gateway.invalidate(resumable=self._chance.random() < 0.4)
        await self._stage.live(20)

    async def _heartbeats_lost(self) -> None:
        await self._ready()
        self._had("heartbeats lost")
        stage = self._stage
        stage.server.faults.silent_heartbeats = True
        await stage.live(20, longest=0.3)
        await stage.pause(4)
        stage.server.faults.silent_heartbeats = False

    async def _outage(self) -> None:
        await self._ready()
        self._had("outage")
        stage = self._stage
        stage.server.go_away()
        await stage.live(20, longest=0.1)
        if self._chance.random() < 0.3:
            self._had("kill -9 in an outage")
            await stage.kill()
            await stage.live(5)
            await stage.start()
        stage.jump(self._chance.uniform(20, 900))
        await stage.live(10, longest=0.1)
        stage.server.come_back()

    async def _ruled(self, kind: str, trouble: Trouble, **how: float) -> None:
        """Requests of some kinds fail for a while, mostly across a report's time."""
        stage = self._stage
        await self._ready()
        self._had(kind)
        methods = ("GET", "POST", None)
        rules = [
            stage.server.faults.strike(
                trouble,
                self._chance.choice(methods),
                times=self._chance.randint(1, 8),
                every=self._chance.randint(1, 3),
                **how,  # type: ignore[arg-type]
            )
            for _ in range(2)
        ]
        if self._chance.random() < 0.7:
            stage.jump_to_due()
        else:
            stage.server.gateway.invalidate()
        await stage.live(20)
        await stage.until(lambda: stage.is_calm() or all(not one.times for one in rules), 8)
        for one in rules:
            stage.server.faults.rules.remove(one)

    async def _limited(self) -> None:
        everywhere = self._chance.random() < 0.4
        kind = "429, global" if everywhere else "429"
        trouble = Trouble.GLOBAL_LIMIT if everywhere else Trouble.RATE_LIMIT
        await self._ruled(kind, trouble, seconds=self._chance.uniform(0.1, 1))

    async def _errors(self) -> None:
        after = self._chance.random() < 0.5
        status = self._chance.choice((500, 502, 503, 504))
        kind = "5xx after the effect" if after else "5xx before the effect"
        await self._ruled(kind, Trouble.ERROR_AFTER if after else Trouble.ERROR, status=status)

    async def _drops(self) -> None:
        trouble = self._chance.choice((Trouble.DROP, Trouble.DROP_AFTER, Trouble.HALF))
        kind = "half an answer" if trouble is Trouble.HALF else "connection dropped"
        await self._ruled(kind, trouble)

    async def _slow(self) -> None:
        await self._ruled("slow answers", Trouble.SLOW, seconds=self._chance.uniform(0.2, 2))

    async def _model_fails(self) -> None:
        await self._ready()
        mood = self._chance.choice([one for one in Mood if one is not Mood.WELL])
        self._had(mood)
        stage = self._stage
        stage.model.suffer(mood)
        stage.jump_to_due()
        await stage.live(10)
        await stage.until(stage.is_calm, 5)
        stage.model.heal()

    async def _days_pass(self) -> None:
        await self._ready()
        self._had("clock over report times")
        for _ in range(self._chance.randint(1, 2)):
            self._stage.jump_to_due(self._chance.choice((1, 1, 2, 3, 5)))
            await self._stage.live(15)
            await self._stage.until(self._stage.is_calm, 10)

    async def _days_pass_while_dead(self) -> None:
        self._had("clock over report times while dead")
        stage = self._stage
        await (stage.kill() if self._chance.random() < 0.5 else stage.stop())
        for _ in range(self._chance.randint(1, 3)):
            await stage.live(8, longest=0)
            stage.jump_to_due(self._chance.choice((1, 1, 2)))
        await stage.live(5, longest=0)
        await stage.start()
        await stage.pause(2)

    async def _kill_storm(self) -> None:
        """Killed again and again, at any moment of its life, with people acting all the while."""
        stage = self._stage
        self._had("kill -9 at any moment")
        for _ in range(self._chance.randint(3, 6)):
            if not stage.is_alive:
                await stage.start()
            if self._chance.random() < 0.3:
                stage.jump_to_due()
            await stage.live(self._chance.randint(2, 12), longest=0.05)
            await stage.pause(2.5)
            await stage.kill()
        await self._dead()

    async def _asleep(self) -> None:
        await self._ready()
        self._had("machine asleep")
        stage = self._stage
        if self._chance.random() < 0.5:
            stage.jump_to_due()
            await stage.pause(1.0)
        await stage.sleep(self._chance.uniform(300, 100_000), self._chance.randint(5, 25))
        await stage.live(10)

    async def _dead_line(self) -> None:
        await self._ready()
        self._had("line dead unnoticed")
        stage = self._stage
        stage.server.gateway.fall_silent()
        await stage.live(20, longest=0.2)
        await stage.pause(3)

    async def _late_events(self) -> None:
        await self._ready()
        self._had("events late")
        stage = self._stage
        stage.server.faults.event_delay = self._chance.uniform(0.1, 1.5)
        if self._chance.random() < 0.5:
            stage.server.gateway.invalidate()
        await stage.live(30, longest=0.1)
        await stage.pause(1)
        stage.server.faults.event_delay = 0.0

    async def _asked(self) -> None:
        """Admins choose what is followed and when reports come."""
        await self._ready()
        self._had("choices of admins")
        stage = self._stage
        for _ in range(self._chance.randint(1, 3)):
            kind = self._chance.choice(("ignore", "ignore", "track", "summary"))
            if kind == "summary":
                await stage.ask("setsummary", self._summary())
            else:
                await stage.ask(f"channels {kind}", {"channel": ANY_PLACE})
            await stage.live(8)
        if self._chance.random() < 0.4:
            stage.jump_to_due(self._chance.choice((1, 3)))
            await stage.live(5)

    def _summary(self) -> dict[str, object]:
        options: dict[str, object] = {
            "time": f"{self._chance.randint(0, 23)}:{self._chance.randint(0, 59):02}",
            "zone": self._chance.choice(("Europe/London", "Pacific/Apia", "Asia/Tehran")),
            "weekly": self._chance.choice(("Monday", "Thursday", "off")),
            "monthly": self._chance.random() < 0.5,
        }
        kept = self._chance.sample(list(options), self._chance.randint(1, 3))
        return {name: options[name] for name in kept}

    async def _kicked(self) -> None:
        await self._ready()
        self._had("bot kicked and back")
        stage = self._stage
        stage.life.kick()
        await stage.live(15)
        if self._chance.random() < 0.3:
            stage.jump_to_due()
            await stage.live(5)
        stage.life.invite()

    async def _guild_unavailable(self) -> None:
        await self._ready()
        self._had("guild unavailable")
        stage = self._stage
        stage.life.fail_guild()
        await stage.live(15)
        if self._chance.random() < 0.3:
            stage.jump_to_due()
            await stage.live(5)
        stage.life.recover()
