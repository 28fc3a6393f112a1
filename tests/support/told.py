"""A report that is posted, and what deleting or editing its messages does to the post."""

from dataclasses import replace

from guildwatch.discord.amending import Amender
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.publish import post_of
from guildwatch.model import (
    Activity,
    ChannelCount,
    Coverage,
    Deletion,
    Digest,
    EngineUse,
    LedgerState,
    MessageEdit,
    MoodSummary,
    Point,
    PointKind,
    Report,
    Topic,
)
from guildwatch.report import Charts
from guildwatch.report.recheck import Rechecker


class Told:
    """One report of a town's day: a topic for each list of texts, a point for each text.

    Each point quotes one message that somebody said in #general.
    """

    def __init__(self, town, entry, texts):
        self.town, self.entry, self.texts = town, entry, texts
        self.place = town.channels["general"]
        self.said = {}
        self.connected = True
        self.seconds = 0.0
        self.amender = self.restarted()

    def restarted(self):
        """The amender as it is after a start."""
        town = self.town
        return Amender(
            town.store,
            town.roster,
            town.delivery,
            Rechecker(town.store),
            town.store.incidents,
            answers=PublicAnswers(town.line, town.store, Charts(["false"]), pause=town.pause),
            is_connected=lambda: self.connected,
            clock=town.clock,
            pause=town.pause,
            steady=lambda: self.seconds,
        )

    async def write(self):
        """Say it, hear it and keep the report."""
        for text in (text for topic in self.texts for text in topic):
            self.town.later(seconds=1)
            self.said[text] = self.town.world.say(self.town.mara, self.place, text)
        await self.town.listen()
        self.report_id = await self.town.store.reports.save(self._report())
        self.entry = replace(self.entry, report_id=self.report_id, state=LedgerState.POSTING)
        await self.town.store.ledger.update(self.entry)
        self.town.later(hours=12)

    async def post(self):
        """Post it as the schedule does."""
        outcome = await self.town.publisher.post(self.entry)
        await self.move(LedgerState.POSTED)
        return outcome

    async def move(self, state):
        """Note how far it is."""
        self.entry = replace(self.entry, state=state)
        await self.town.store.ledger.update(self.entry)

    async def delete(self, *texts):
        """Somebody deletes what they said, and the store hears of it."""
        ids = tuple(self.said[text] for text in texts)
        for one in ids:
            self.town.world.delete(one)
        await self.town.store.messages.apply([Deletion(self.town.guild_id, self.place, ids)])

    async def edit(self, text, new):
        """Somebody edits what they said."""
        edit = MessageEdit(self.said[text], self.town.guild_id, self.place, new, self.town.clock())
        await self.town.store.messages.apply([edit])

    async def amend(self, seconds=3):
        """Let the amender look twice, so many seconds apart."""
        await self.amender.look()
        self.seconds += seconds
        await self.amender.look()

    async def waiting(self):
        """How many posts wait for being edited."""
        return await self.town.store.amendments.waiting()

    @property
    def glance(self):
        """The post."""
        (glance,) = self.town.posted()
        return glance

    @property
    def thread_id(self):
        """Its thread."""
        return int(self.glance["id"])

    def details(self):
        """What stands in its thread."""
        return [one["content"] for one in self.town.posted(self.thread_id) if one["content"]]

    def everything(self):
        """All words of it."""
        return f"{self.glance['embeds']} {self.details()}"

    async def compare(self):
        """The post says what the stored report says, and nothing else."""
        report = await self.town.store.reports.load(self.report_id)
        post = post_of(report, self.entry)
        (embed,) = self.glance["embeds"]
        shown = embed["title"], embed["description"], embed["footer"]["text"]
        assert shown == (post.title, post.description, post.footer)
        assert self.details() == list(post.thread)
        labels = [
            one.get("label") for row in self.glance["components"] for one in row["components"]
        ]
        assert ("Details" in labels) is bool(post.thread)

    def _report(self):
        topics = tuple(self._topic(each) for each in self.texts)
        ids = tuple(self.said.values())
        return Report(
            self.town.guild_id,
            "Pixel Forge",
            self.entry.period,
            Coverage(200, 200, 4, 1, {}),
            Digest("", (), topics, (), 200, {}, EngineUse("extractive")),
            MoodSummary(0.1, "neutral", 0.2, 0.7, 0.1, 0),
            Activity(200, 4, (ChannelCount(self.place, "general", 200),), ()),
            (self.place,),
            dict.fromkeys(ids, self.place),
            self.entry.period.end,
        )

    def _topic(self, texts):
        points = tuple(
            Point(f"mara: “{text}”", PointKind.FACT, (self.said[text],), quoted=True)
            for text in texts
        )
        return Topic(texts[-1].capitalize(), points, (self.place,), 12, 3)
