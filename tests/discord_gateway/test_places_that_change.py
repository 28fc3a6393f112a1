"""Places come, go, move, open and close: what is tracked and stored, told a second time naively."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from guildwatch.model import ChannelKind
from guildwatch.sandbox import Permission
from guildwatch.sandbox.places import Overwrite

READ = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
HIDDEN = Permission.VIEW_CHANNEL


@dataclass
class Gods:
    """Whoever rearranges the guild, at random but always the same for one seed."""

    town: object
    watch: object
    dice: random.Random
    choices: dict[int, bool] = field(default_factory=dict)
    told: int = 0

    @property
    def world(self):
        return self.town.world

    def places(self, *kinds, threads=False):
        guild = self.world.guild(self.town.guild)
        every = [self.world.channel(one) for one in guild.channel_ids]
        return [
            one
            for one in every
            if one.id != self.town.general
            and (one.is_thread if threads else not one.is_thread)
            and (not kinds or one.type in kinds)
        ]

    def any_of(self, *kinds, threads=False):
        found = self.places(*kinds, threads=threads)
        return self.dice.choice(found) if found else None

    def messages(self):
        places = [*self.places(), *self.places(threads=True)]
        return [
            id_
            for one in places
            if not (one.is_thread and one.thread.archived)
            for id_ in one.message_ids
            if self.world.message(id_).type in (0, 19)
        ]

    async def act(self):
        deeds = (
            *(self.create,) * 2, self.delete, self.rename, self.move, self.move, self.close,
            self.open, self.role, self.choose, self.choose, *(self.speak,) * 6, self.edit,
            self.erase, self.thread, self.thread, self.archive, self.own_overwrite, self.cut,
            self.wait,
        )  # fmt: skip
        await self.dice.choice(deeds)()

    async def create(self):
        category = self.any_of(ChannelKind.CATEGORY) if self.dice.random() < 0.6 else None
        kind = self.dice.choice(
            [ChannelKind.TEXT, ChannelKind.TEXT, ChannelKind.FORUM, ChannelKind.CATEGORY]
        )
        parent = category.id if category and kind != ChannelKind.CATEGORY else None
        name = f"place-{self.dice.randrange(1000)}"
        self.world.add_channel(self.town.guild, name, kind, parent=parent)

    async def delete(self):
        if place := self.any_of(threads=self.dice.random() < 0.5):
            self.world.delete_channel(place.id)

    async def rename(self):
        if place := self.any_of():
            self.world.change_channel(place, name=f"renamed-{self.dice.randrange(1000)}")

    async def move(self):
        category = self.any_of(ChannelKind.CATEGORY)
        if place := self.any_of(ChannelKind.TEXT, ChannelKind.FORUM):
            self.world.change_channel(place, parent_id=category.id if category else None)

    async def close(self):
        if place := self.any_of():
            self.world.set_overwrites(place.id, [Overwrite(self.town.guild, 0, 0, int(HIDDEN))])

    async def open(self):
        if place := self.any_of():
            self.world.set_overwrites(place.id, [])

    async def own_overwrite(self):
        deny = self.dice.choice([int(HIDDEN), int(Permission.READ_MESSAGE_HISTORY)])
        if place := self.any_of():
            overwrite = Overwrite(self.world.bot.id, 1, 0, deny)
            self.world.set_overwrites(place.id, [overwrite])

    async def role(self):
        """@everyone's right to see anything comes and goes; the bot's own role has none then."""
        everyone = self.world.guild(self.town.guild).roles[self.town.guild]
        self.world.change_role(everyone.id, everyone.permissions ^ int(HIDDEN))

    async def choose(self):
        if place := self.any_of(threads=self.dice.random() < 0.2):
            choice = self.dice.choice([True, False, None])
            self.choices.pop(place.id, None)
            if choice is not None:
                self.choices[place.id] = choice
            await self.watch.roster.choose_tracking(place.id, choice)

    async def speak(self):
        place = self.any_of(ChannelKind.TEXT, threads=False)
        if self.dice.random() < 0.4:
            place = self.any_of(threads=True) or place
        if place is not None:
            if place.is_thread and place.thread.archived:
                self.world.change_thread(place, archived=False)
            self.told += 1
            self.world.say(self.town.ada, place.id, f"number {self.told}")

    async def edit(self):
        if messages := self.messages():
            self.town.clock.jump_to(self.town.clock() + timedelta(seconds=1))
            self.world.edit(self.dice.choice(messages), f"edited {self.dice.randrange(1000)}")

    async def erase(self):
        if messages := self.messages():
            self.world.delete(self.dice.choice(messages))

    async def thread(self):
        if place := self.any_of(ChannelKind.TEXT, ChannelKind.FORUM):
            self.told += 1
            self.world.open_thread(self.town.ada, place.id, "A thread", first_text=f"{self.told}")

    async def archive(self):
        if thread := self.any_of(threads=True):
            self.world.change_thread(thread, archived=not thread.thread.archived)

    async def cut(self):
        self.town.server.faults.refuse_resume = self.dice.random() < 0.5
        self.town.server.gateway.drop()

    async def wait(self):
        await self.watch.quiet()

    async def settled(self):
        """Everything that was told has been heard, and every gap is read."""
        await self.watch.until(lambda: self.watch.connection.connected_since is not None)
        last = self.world.say(self.town.ada, self.town.general, "the end")
        await self.watch.until(lambda: any(one.id == last for one in self.watch.pulse.recent))
        await self.watch.quiet()
        await self.watch.until(lambda: self.watch.backfill.progress.channel_id is None)
        await self.watch.quiet()

    def is_tracked(self, place):
        """By the sandbox's own telling of permissions, and the nearest choice."""
        if not self.world.may(self.world.bot.id, place, int(READ)):
            return False
        step = place
        while step is not None:
            if step.id in self.choices:
                return self.choices[step.id]
            step = self.world.channels.get(step.parent_id)
        return True


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_to_places_tracking_and_texts_follow(town, seed):
    await played(town, seed, acts=60)


@pytest.mark.endurance
@pytest.mark.parametrize("seed", range(100, 160))
async def test_whatever_happens_to_places_in_many_histories(town, seed):
    await played(town, seed, acts=200)


async def played(town, seed, acts):
    everyone = town.world.guild(town.guild).roles[town.guild]
    for role in town.world.guild(town.guild).roles.values():
        if role.id != everyone.id:
            role.permissions &= ~int(HIDDEN)  # it sees by what @everyone and overwrites grant
    town.world.set_overwrites(town.general, [Overwrite(town.world.bot.id, 1, int(HIDDEN), 0)])
    async with town.watching() as watch:
        await watch.quiet()
        gods = Gods(town, watch, random.Random(seed))
        for _ in range(acts):
            await gods.act()
            town.clock.jump_to(town.clock() + timedelta(seconds=gods.dice.randrange(1, 600)))
        await gods.settled()

        alive = {}
        for place in (*gods.places(), *gods.places(threads=True)):
            known = watch.roster.channel(place.id)
            assert watch.roster.is_tracked(place.id) is gods.is_tracked(place) or (
                place.type == ChannelKind.CATEGORY
            ), (seed, place)
            if place.type != ChannelKind.CATEGORY and gods.is_tracked(place):
                assert (known.name, known.parent_id) == (place.name, place.parent_id)
                alive |= {id_: gods.world.message(id_).content for id_ in place.message_ids}
        stored = {
            one.id: one.text
            for one in await watch.store.messages.latest(limit=10**6)
            if one.channel_id != town.general
        }
        tracked = {one: stored.get(one) for one in alive}
        assert tracked == alive, seed
        # A thread deleted in a channel that the bot cannot see, or of which nothing is heard, is
        # not told; whatever else is gone keeps no text.
        unseen = {
            place.id
            for place in (*gods.places(), *gods.places(threads=True))
            if not gods.is_tracked(place)
        }
        gone = [
            one
            for one in await watch.store.messages.latest(limit=10**6)
            if one.id not in gods.world.kept_messages
        ]
        saved = await watch.store.guilds.one(town.guild)
        places = {one.channel_id: saved.channel(one.channel_id) for one in gone}
        kept = {
            id_
            for id_, place in places.items()
            if id_ not in unseen and (place is None or place.parent_id not in unseen)
        }
        assert kept == set(), seed
