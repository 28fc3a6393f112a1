"""Posts whose readers have changed: what not all of them can read any more is withdrawn.

A post stays while roles, channels and the report channel itself change. So it is compared with who
can read it now: some seconds after a change, at the start, and once a day.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

import hikari

from guildwatch.audience import standing_channel
from guildwatch.capture import Pause, Roster, report_channel
from guildwatch.discord.allowed import AllowedSources
from guildwatch.discord.errors import UNANSWERED, AwayError
from guildwatch.discord.incident_log import IncidentLog
from guildwatch.discord.line import Line
from guildwatch.discord.picture import audience_of
from guildwatch.model import Audit, Clock, Guild, GuildwatchError
from guildwatch.report.narrowing import Narrower, shows_less
from guildwatch.report.wording import count
from guildwatch.store import Shown, Store

_log = logging.getLogger(__name__)

_KIND = "readers changed"
_QUIET, _LONGEST = 5.0, 30.0
"""Seconds without a change after which posts are compared, and for how long that may be waited for:
an admin who rearranges a server changes one thing after the other."""
_AWAY_WAIT = 60.0
_AUDITED_AT = time_of_day(4)
_MOST_TRIES = 5

_Readable = dict[tuple[int, bool], frozenset[int] | None]
"""What everybody who reads a place (its channel, and whether an answer stands there) may be told;
None where nobody knows who that is."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A picture that no post was compared with yet, in seconds of real time."""

    picture: Hashable
    first: float
    since: float


@dataclass(frozen=True, slots=True)
class _Found:
    """What comparing came to: see `Audit`; `failed` are posts that are compared again soon."""

    posts: int = 0
    narrowed: int = 0
    points: int = 0
    unknown: int = 0
    failed: int = 0

    def __add__(self, other: "_Found") -> "_Found":
        return _Found(
            self.posts + other.posts,
            self.narrowed + other.narrowed,
            self.points + other.points,
            self.unknown + other.unknown,
            self.failed + other.failed,
        )


class Drift:
    """Compares what stands in Discord with who can read it now; `Amender` edits what is left.

    What was withdrawn stays so, even if the right comes back: a post that says now this and now
    that helps nobody. Whoever may read it asks with `/summary`. A post whose readers nobody can
    tell (its channel is closed to the bot) is counted, and left as it is: it cannot be edited.
    """

    def __init__(
        self,
        line: Line,
        store: Store,
        roster: Roster,
        allowed: AllowedSources,
        incidents: IncidentLog,
        *,
        is_connected: Callable[[], bool],
        clock: Clock,
        zone: str,
        pause: Pause = asyncio.sleep,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._store = store
        self._roster = roster
        self._allowed = allowed
        self._narrower = Narrower(store)
        self._incidents = incidents
        self._is_connected = is_connected
        self._clock = clock
        self._zone = ZoneInfo(zone)
        self._pause = pause
        self._steady = steady
        self._pictures: dict[int, tuple[Guild, Hashable]] = {}
        self._compared: dict[int, Hashable] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._doubted: set[int] = set()
        self._recipients: dict[int, int] = {}
        self._away_until = 0.0
        self._resting: dict[int, float] = {}
        self._last: Audit | None = None

    @property
    def last_audit(self) -> Audit | None:
        """What the latest daily comparison came to, None while that is not known."""
        return self._last

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            try:
                await self.look()
            except GuildwatchError as error:
                _log.warning("Posts are compared with their readers later: %s", error)
                self._away_until = self._steady() + _AWAY_WAIT
            except Exception:  # noqa: BLE001 - nothing odd may end the program, nor this
                _log.exception("Posts could not be compared with their readers.")
                self._away_until = self._steady() + _AWAY_WAIT
            await self._pause(1.0)

    def doubt(self, guild_id: int) -> None:
        """Have a guild's posts compared again, though nothing in its picture has changed."""
        self._doubted.add(guild_id)
        self._resting.pop(guild_id, None)

    async def compare(self, guild: Guild) -> None:
        """Compare a guild's posts at once; where that fails it is done again later."""
        await self._tried(guild)

    async def look(self) -> None:
        """Compare the posts of guilds that changed and are quiet again, and all of them daily."""
        if not self._is_connected() or self._steady() < self._away_until:
            return
        for guild in self._known():
            await self._look_at(guild)
        if await self._is_audit_due():
            await self.audit()

    async def audit(self) -> Audit:
        """Compare everything that is shown, and keep what that came to."""
        found = _Found()
        for guild in self._known():
            found += await self._tried(guild)
        unknown = found.unknown + found.failed
        audit = Audit(self._clock(), found.posts, found.narrowed, found.points, unknown)
        await self._store.shown.audited(audit)
        self._last = audit
        _log.info("Audit of %d posts: %d narrowed.", audit.posts, audit.narrowed)
        return audit

    async def _look_at(self, guild: Guild) -> None:
        picture = self._picture(guild)
        # What failed waits a while; a change of who reads what does not wait for it.
        if guild.id not in self._doubted or self._steady() < self._resting.get(guild.id, 0.0):
            if picture == self._compared.get(guild.id):
                self._waiting.pop(guild.id, None)
                return
            if not self._is_calm(guild, picture):
                return
        self._doubted.discard(guild.id)  # a doubt that comes while it is compared stays
        await self._tried(guild)
        self._compared[guild.id] = picture

    async def _tried(self, guild: Guild) -> _Found:
        """Compare a guild's posts; where that fails it is done again later, and others go on."""
        try:
            found = await self._compare(guild)
        except GuildwatchError as error:
            _log.warning("%s: posts are compared with their readers later: %s", guild.name, error)
            found = _Found(failed=1)
        except Exception:  # noqa: BLE001 - one odd guild must not keep the others as they are
            _log.exception("%s: posts could not be compared with their readers.", guild.name)
            found = _Found(failed=1)
        if found.failed:
            self._doubted.add(guild.id)
            self._resting[guild.id] = self._steady() + _AWAY_WAIT
        return found

    def _known(self) -> list[Guild]:
        """The guilds that Discord has told of since the start."""
        return [one for one in self._roster.joined() if self._roster.bot_member(one.id) is not None]

    def _picture(self, guild: Guild) -> Hashable:
        """What decides who reads what; equal as long as no post can have other readers."""
        settings = self._roster.settings(guild.id)
        known = self._pictures.get(guild.id)
        if known is None or known[0] is not guild:
            known = self._pictures[guild.id] = (guild, audience_of(guild))
        return known[1], report_channel(guild, settings), settings.dm_user_id

    def _is_calm(self, guild: Guild, picture: Hashable) -> bool:
        """Whether nothing has changed for some seconds; the first picture waits for nothing."""
        if guild.id not in self._compared and guild.id not in self._waiting:
            return True
        now, waiting = self._steady(), self._waiting.get(guild.id)
        if waiting is None:
            waiting = _Waiting(picture, now, now)
        elif waiting.picture != picture:
            waiting = replace(waiting, picture=picture, since=now)
        self._waiting[guild.id] = waiting
        return now - waiting.since >= _QUIET or now - waiting.first >= _LONGEST

    async def _is_audit_due(self) -> bool:
        now = self._clock()
        if self._last is None:
            self._last = await self._store.shown.last_audit()
        return self._last is None or self._last.at < _latest(
            now.astimezone(self._zone), _AUDITED_AT
        )

    async def _compare(self, guild: Guild) -> _Found:
        await self._end_widenings(guild)
        found = _Found()
        readable: _Readable = {}
        for shown in await self._store.shown.all(guild.id):
            try:
                found += await self._follow(guild, shown, readable)
            except GuildwatchError as error:
                _log.warning("%s: a post is compared with its readers later: %s", guild.name, error)
                found += _Found(failed=1)
            except Exception:  # noqa: BLE001 - one odd post must not keep the others as they are
                _log.exception("%s: a post could not be compared with its readers.", guild.name)
                found += _Found(failed=1)
        await self._note(guild, found)
        return found

    async def _follow(self, guild: Guild, shown: Shown, readable: _Readable) -> _Found:
        """Compare one post; whoever reads its place is asked about once."""
        place = shown.channel_id, shown.is_answer
        if place not in readable:
            readable[place] = None  # where asking fails, one failure is enough
            readable[place] = await self._readable(guild, shown)
        allowed = readable[place]
        return _Found(unknown=1) if allowed is None else await self._narrow(guild, shown, allowed)

    async def _end_widenings(self, guild: Guild) -> None:
        for one in await self._store.widenings.holding(guild.id):
            if why := await self._allowed.why_ended(guild, one):
                await self._store.widenings.end([one.id], reason=why)
                _log.info("%s: a widening of the reports has ended: %s.", guild.name, why)

    async def _readable(self, guild: Guild, shown: Shown) -> frozenset[int] | None:
        """What everybody who can read a post may be told; None where nobody knows who that is."""
        channel = guild.channel(shown.channel_id)
        if channel is not None and standing_channel(guild, channel) is None:
            return None  # a thread whose channel was closed to us, for now perhaps
        if channel is not None and shown.is_answer:
            # Answers may stand in hundreds of channels, and each takes some milliseconds.
            return await asyncio.to_thread(self._allowed.of_answer, guild, channel)
        if channel is not None:
            return await self._allowed.of_report(guild, channel)
        if any(one.id == shown.channel_id for one in self._roster.aside(guild.id)):
            return None
        recipient = await self._recipient(shown.channel_id)
        return await self._allowed.of_person(guild, recipient) if recipient else None

    async def _recipient(self, channel_id: int) -> int:
        """Whose direct messages these are; 0 where they are nobody's, or closed to us."""
        if channel_id not in self._recipients:
            try:
                channel = await self._line.rest.fetch_channel(channel_id)
            except (hikari.NotFoundError, hikari.ForbiddenError):
                return 0
            except UNANSWERED as error:
                raise AwayError("Discord does not tell whose direct messages these are.") from error
            recipient = channel.recipient.id if isinstance(channel, hikari.DMChannel) else 0
            self._recipients[channel_id] = int(recipient)
        return self._recipients[channel_id]

    async def _narrow(self, guild: Guild, shown: Shown, allowed: frozenset[int]) -> _Found:
        """Withdraw what a post may not tell any more; it may be corrected at the same moment."""
        if shown.source_ids <= allowed:
            return _Found(posts=1)
        for _ in range(_MOST_TRIES):
            was = await self._store.reports.load(shown.report_id)
            now = await self._narrower.narrowed(was, guild, allowed)
            if await self._store.amendments.narrow(shown.report_id, was, now):
                lost = now.withdrawn - was.withdrawn
                return _Found(posts=1, narrowed=int(shows_less(was, now)), points=lost)
        raise AwayError("A report is corrected all the time, so it is compared later.")

    async def _note(self, guild: Guild, found: _Found) -> None:
        """Tell the operator what was withdrawn; it is over at once, and stays among the past."""
        if not found.narrowed:
            return
        sentence = (
            f"{count(found.points, 'point')} and the figures of {count(found.narrowed, 'post')} in "
            f"{guild.name} were withdrawn: not everybody who reads them can read their sources any "
            "more. If that was not meant, look at who can see the report channel and the others."
        )
        _log.warning("%s", sentence)
        await self._incidents.begin(guild.id, _KIND, "", sentence)
        await self._incidents.end(guild.id, _KIND, "")


def _latest(now: datetime, at: time_of_day) -> datetime:
    """The last moment not after `now` at which it was this time of day."""
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
