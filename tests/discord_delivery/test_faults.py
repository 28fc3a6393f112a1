"""Random histories of trouble while a report is posted: whatever happens, nothing comes twice.

A history is its seed: `History(town, seed)` runs it again.
"""

import asyncio
import random
import re
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.discord.delivery import Delivery
from guildwatch.discord.errors import DiscordError
from guildwatch.discord.targets import ChannelTarget, DirectTarget
from guildwatch.model import Overwrite
from guildwatch.sandbox import Permission, Trouble
from guildwatch.store import Store

POSTS = "/channels/{channel_id}/messages"
THREADS = "/channels/{channel_id}/messages/{message_id}/threads"
PNG = b"\x89PNG\r\n\x1a\n picture"
MOST_TRIES = 12
ALL_BUT_VIEW = int(Permission.SEND_MESSAGES | Permission.EMBED_LINKS)


class History:
    """One report's way out, with what befalls it."""

    def __init__(self, town, seed):
        self.town = town
        self.seed = seed
        self.random = random.Random(seed)
        self.told = []
        self.tries = 0
        self.is_late = False  # an answer that comes after its time may have its effect any time
        self.may_lack_details = False
        self.may_lack_everything = False

    async def run(self, entry, post, rest):
        """All of it; `rest` is the database of a machine that was set up anew."""
        town, random = self.town, self.random
        day = timedelta(days=self.seed)
        period = replace(entry.period, start=entry.period.start + day, end=entry.period.end + day)
        self.entry = replace(entry, period=period)
        town.clock.now = self.entry.period.end + timedelta(seconds=random.choice((3, 40_000)))
        self.post = post
        self.details = random.randrange(5)
        self.is_direct = random.random() < 0.2
        self.place = town.world.open_dm(town.mara)
        if not self.is_direct:
            self.place = town.world.add_channel(town.guild_id, f"reports-{self.seed}")
            await town.look()
        self.before = {int(one["id"]) for one in town.posted(self.place)}
        self._break_something()
        await self._until_it_is_out()
        self._compare(await self._noted(town.store))
        if random.random() < 0.3 and not self.may_lack_everything:
            town.faults.rules.clear()
            await rest.facts.note("restored_at", town.clock())
            await self._send(self._delivery(rest))
            self._compare(await self._noted(rest))

    async def _until_it_is_out(self):
        for _ in range(MOST_TRIES):
            self.tries += 1
            if self.tries > MOST_TRIES // 2:
                self.town.faults.rules.clear()
                await self._mend()
            try:
                await self._tried()
            except DiscordError as error:
                self._tell(f"{type(error).__name__}: {error}")
            else:
                return
            await self._happen()
        assert self.may_lack_everything, self.story()

    async def _tried(self):
        """One try, which may be cut off in the middle as a kill would."""
        work = asyncio.ensure_future(self._send(self._delivery(self.town.store)))
        if self.random.random() < 0.3 and self.tries <= MOST_TRIES // 2:
            for _ in range(self.random.randrange(300)):
                await asyncio.sleep(0)
            work.cancel()
            self._tell("killed")
        try:
            await work
        except asyncio.CancelledError:
            for _ in range(100):  # what was under way arrives
                await asyncio.sleep(0)
            raise DiscordError("killed") from None

    def _delivery(self, store):
        """As a program that has just been started."""
        town = self.town
        return Delivery(
            town.line,
            store.ledger,
            town.roster,
            facts=store.facts,
            incidents=store.incidents,
            clock=town.clock,
        )

    async def _send(self, delivery):
        town = self.town
        channel = town.guild.channel(self.place)
        target = DirectTarget(town.mara) if self.is_direct else None
        if target is None and channel is None:
            raise DiscordError("no channel")
        version = self.random.choice(("", " anew"))
        thread = tuple(f"[{number}] told{version}" for number in range(1, self.details + 1))
        post = replace(self.post, thread=thread)
        picture = self.random.choice((PNG, None))
        await delivery.post(town.guild, self.entry, post, picture, target or ChannelTarget(channel))

    def _break_something(self):
        for _ in range(self.random.randrange(4)):
            trouble = self.random.choice(tuple(Trouble))
            self.is_late |= trouble is Trouble.SLOW
            route = self.random.choice(((None, None), ("POST", POSTS), ("POST", THREADS)))
            times, every = self.random.randrange(1, 4), self.random.randrange(1, 4)
            self._tell(f"{trouble} on {route}, {times} times, every {every}")
            self.town.faults.strike(
                trouble,
                *route,
                times=times,
                every=every,
                seconds=0.3 if trouble is Trouble.SLOW else 0.01,
            )

    async def _happen(self):
        """Something between two tries."""
        happenings = (
            self._time_passes,
            self._time_passes,
            self._break_something,
            self._members_talk,
            self._thread_is_archived,
            self._thread_is_locked,
            self._thread_is_deleted,
            self._somebody_opens_the_thread,
            self._rights_go,
            self._guild_goes,
            self._channel_is_deleted if self.random.random() < 0.2 else self._members_talk,
        )
        happening = self.random.choice(happenings)
        if happening() is not False:
            self._tell(happening.__name__)
        await self.town.look()

    def _time_passes(self):
        span = self.random.choice((1, 90, 7_200))
        self.town.later(seconds=span)
        if not self.is_late:
            self.town.timer.now += span

    def _members_talk(self):
        town, thread = self.town, self._thread()
        if self.place not in town.world.channels:
            return
        town.world.say(town.mara, self.place, "[1] told")
        if thread and not town.world.channel(thread).thread.locked:
            town.world.say(town.mara, thread, "[2] told")

    def _thread_is_archived(self):
        if not (thread := self._thread()):
            return False
        return self.town.world.archive(thread)

    def _thread_is_locked(self):
        if not (thread := self._thread()):
            return False
        self.may_lack_details = True
        return self.town.world.archive(thread, locked=True)

    def _thread_is_deleted(self):
        if not (thread := self._thread()):
            return False
        self.may_lack_details = True
        return self.town.world.delete_channel(thread)

    def _somebody_opens_the_thread(self):
        glances = self._glances()
        if self.is_direct or not glances or self._thread():
            return False
        glance_id = int(glances[0]["id"])
        self.town.world.open_thread(self.town.mara, self.place, "mine", from_message=glance_id)
        return True

    def _rights_go(self):
        if self.is_direct or self.town.world.channels.get(self.place) is None:
            return False
        role = next(iter(self.town.bot.role_ids))
        lost = self.random.choice((ALL_BUT_VIEW, int(Permission.VIEW_CHANNEL)))
        self.may_lack_details = True
        self.town.world.set_overwrites(self.place, [Overwrite(role, False, 0, lost)])
        return True

    def _guild_goes(self):
        self.town.world.outage(self.town.guild_id)
        self.town.world.recover(self.town.guild_id)

    def _channel_is_deleted(self):
        if self.is_direct or self.place not in self.town.world.channels:
            return False
        self.may_lack_everything = True
        return self.town.world.delete_channel(self.place)

    async def _mend(self):
        world = self.town.world
        if not self.is_direct and self.place in world.channels:
            world.set_overwrites(self.place, [])
        await self.town.look()

    def _glances(self):
        if self.place not in self.town.world.channels:
            return []
        own = str(self.town.world.bot.id)
        return [
            one
            for one in self.town.posted(self.place)
            if one["author"]["id"] == own and one["embeds"] and int(one["id"]) not in self.before
        ]

    def _thread(self):
        """The thread's id, None where there is none."""
        glances = self._glances()
        thread_id = int(glances[0]["id"]) if glances else None
        return thread_id if thread_id in self.town.world.channels else None

    def _told_details(self):
        place = self.place if self.is_direct else self._thread()
        if place is None or place not in self.town.world.channels:
            return []
        own = str(self.town.world.bot.id)
        return [
            one
            for one in self.town.posted(place)
            if one["author"]["id"] == own and one["content"] and int(one["id"]) not in self.before
        ]

    async def _noted(self, store):
        return {part.name: part.message_id for part in await store.ledger.parts(self.entry)}

    def _compare(self, noted):
        """What stands there against what should, and against what the ledger says."""
        glances, details = self._glances(), self._told_details()
        numbers = [int(re.match(r"\[(\d+)\]", one["content"])[1]) for one in details]
        assert len(glances) <= 1, self.story()
        assert numbers == sorted(set(numbers)), f"{numbers} {self.story()}"
        if self.may_lack_everything:
            return
        assert len(glances) == 1, self.story()
        assert noted["glance"] == int(glances[0]["id"]), self.story()
        if not self.may_lack_details:
            assert numbers == list(range(1, self.details + 1)), f"{numbers} {self.story()}"
            known = [noted[f"thread/{number}"] for number in numbers]
            assert known == [int(one["id"]) for one in details], self.story()

    def _tell(self, what):
        self.told.append(f"{self.tries}: {what}")

    def story(self):
        """What a failure says."""
        return f"seed {self.seed}: " + "; ".join(self.told)


@pytest.fixture
def patience() -> float:
    return 0.15


@pytest.fixture
def limited() -> bool:
    return False


async def run_histories(town, entry, post, seeds, tmp_path):
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(Store.open(tmp_path / "anew.db"))
        for seed in seeds:
            town.faults.rules.clear()
            await History(town, seed).run(entry, post, rest)


@pytest.mark.parametrize("batch", range(4))
async def test_whatever_happens_a_report_arrives_once(town, entry, post, batch, tmp_path):
    await run_histories(town, entry, post, range(batch * 15, batch * 15 + 15), tmp_path)


@pytest.mark.endurance
@pytest.mark.parametrize("batch", range(20))
async def test_whatever_happens_in_a_thousand_histories(town, entry, post, batch, tmp_path):
    await run_histories(town, entry, post, range(1000 + batch * 50, 1050 + batch * 50), tmp_path)
