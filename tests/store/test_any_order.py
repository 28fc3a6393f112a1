"""Whatever happens in whatever batches, the store is what a simple retelling of it says."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildwatch.model import (
    Author,
    Captured,
    Channel,
    ChannelClosed,
    ChannelKind,
    Deletion,
    Guild,
    Message,
    MessageEdit,
    MessageKind,
    ReactionChange,
    first_id_at,
)
from guildwatch.store import HourCount, Store

GUILD, PARENT, THREAD, OTHER = 1, 10, 11, 12
START = datetime(2024, 3, 5, tzinfo=UTC)
END = START + timedelta(days=1)
OPTED_OUT = Author(66, "Nobody")
PEOPLE = [Author(7, "Ann"), Author(8, "Bea"), Author(9, "Bot", is_bot=True), OPTED_OUT]
RENAMED = [*PEOPLE, Author(7, "Anna"), Author(8, "\N{SNAKE}")]
CHANNEL_OF = {
    first_id_at(START + timedelta(minutes=20 * n)): channel
    for n, channel in enumerate([PARENT, THREAD, OTHER, PARENT, THREAD, OTHER, OTHER])
}
WORDS = ["apple", "pear", "plum", "crème", "", "two words"]
SCORES = [None, 0.0, 0.05, 0.0499, -0.05, 0.7, -0.8, 0.1, 0.3]

ids = st.sampled_from(sorted(CHANNEL_OF))
moments = st.sampled_from([START + timedelta(days=2, seconds=n) for n in range(3)])
mentions = st.lists(st.sampled_from(RENAMED), max_size=2, unique_by=lambda a: a.id).map(tuple)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    one = draw(ids)
    return Message(
        one,
        GUILD,
        CHANNEL_OF[one],
        draw(st.sampled_from(RENAMED)),
        draw(st.sampled_from(WORDS)),
        draw(st.sampled_from(MessageKind)),
        draw(st.none() | ids),
        draw(st.none() | moments),
        draw(mentions),
        draw(st.integers(0, 1)),
        draw(st.integers(0, 1)),
        draw(st.integers(0, 3)),
        draw(st.sampled_from(SCORES)),
    )


@st.composite
def edits(draw: st.DrawFn) -> MessageEdit:
    one = draw(ids)
    return MessageEdit(
        one,
        GUILD,
        CHANNEL_OF[one],
        draw(st.sampled_from(WORDS)),
        draw(moments),
        draw(mentions),
        score=draw(st.sampled_from(SCORES)),
    )


deletions = st.lists(ids, min_size=1, max_size=3).map(
    lambda gone: Deletion(GUILD, CHANNEL_OF[gone[0]], tuple(gone))
)
reactions = st.builds(
    lambda one, delta, clear: ReactionChange(one, GUILD, CHANNEL_OF[one], delta, clear),
    ids,
    st.integers(-2, 2),
    st.booleans(),
)
closings = st.sampled_from([PARENT, THREAD, OTHER]).map(lambda one: ChannelClosed(GUILD, one))
live = st.tuples(
    st.just(value=False),
    st.lists(messages() | messages() | edits() | deletions | reactions, max_size=8),
)
closing = st.tuples(st.just(value=False), st.lists(messages() | closings, max_size=3))
imported = st.tuples(st.just(value=True), st.lists(messages(), max_size=8))
histories = st.lists(live | live | imported | closing, max_size=6)

LONG_AGO = START - timedelta(days=1)


@dataclass
class Retelling:
    """The rules once more, told as plainly as possible: one message, one event at a time."""

    alive: dict[int, Message] = field(default_factory=dict)
    dead: set[int] = field(default_factory=set)
    from_export: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    def tell(self, events: Iterable[Captured], *, imported: bool) -> None:
        for event in events:
            if isinstance(event, Message):
                self.message(event, imported)
            elif isinstance(event, Deletion):
                self.bury(event.ids)
            elif isinstance(event, ChannelClosed):
                self.closed |= {event.channel_id}
                if event.channel_id == PARENT:
                    self.closed |= {THREAD}
                self.bury([m.id for m in self.alive.values() if m.channel_id in self.closed])
            elif isinstance(event, MessageEdit | ReactionChange) and event.id in self.alive:
                self.change(event)

    def bury(self, gone: Sequence[int]) -> None:
        for one in gone:
            self.dead.add(one)
            self.alive.pop(one, None)

    def change(self, event: MessageEdit | ReactionChange) -> None:
        old = self.alive[event.id]
        if isinstance(event, ReactionChange):
            reactions = max(0, (0 if event.clear else old.reactions) + event.delta)
            self.alive[event.id] = replace(old, reactions=reactions)
        elif event.edited_at >= (old.edited_at or LONG_AGO):
            self.from_export.discard(event.id)
            self.alive[event.id] = replace(
                old,
                text=event.text,
                edited_at=event.edited_at,
                mentioned=event.mentioned,
                attachments=event.attachments,
                score=event.score,
            )

    def message(self, new: Message, imported: bool) -> None:
        old = self.alive.get(new.id)
        if new.id in self.dead:
            return
        if old is not None and imported and new.id not in self.from_export:
            return
        if new.author.id == OPTED_OUT.id or new.channel_id in self.closed:
            self.bury([new.id])
            return
        if old is not None:
            theirs, ours = new.edited_at or LONG_AGO, old.edited_at or LONG_AGO
            if theirs < ours or (imported and theirs == ours):
                return
            if new.text == "" and old.text and not new.attachments:
                new = replace(old, reactions=new.reactions)
                imported = new.id in self.from_export
        self.alive[new.id] = new
        (self.from_export.add if imported else self.from_export.discard)(new.id)

    def hours(self) -> list[HourCount]:
        told = defaultdict(list)
        for message in self.alive.values():
            if message.kind.is_talk and not message.author.is_bot:
                told[message.created_at.replace(minute=0)].append(message.score)
        counts = []
        for hour, all_scores in sorted(told.items()):
            scores = [score for score in all_scores if score is not None]
            counts.append(
                HourCount(
                    hour,
                    len(all_scores),
                    len(scores),
                    round(sum(scores), 6),
                    sum(score >= 0.05 for score in scores),
                    sum(score <= -0.05 for score in scores),
                )
            )
        return counts


def bare(message: Message) -> Message:
    """Without names, which are the latest for all messages alike, and without the opted-out."""
    return replace(
        message,
        author=replace(message.author, name=""),
        mentioned=tuple(Author(one.id, "") for one in message.mentioned if one.id != OPTED_OUT.id),
    )


async def compare(store: Store, retelling: Retelling) -> None:
    stored = await store.messages.by_ids(CHANNEL_OF)
    assert {one: bare(m) for one, m in stored.items() if not m.is_deleted} == {
        one: bare(m) for one, m in retelling.alive.items()
    }
    assert {one for one, m in stored.items() if m.is_deleted} == retelling.dead
    for word in ("apple", "pear", "plum", "creme", "two"):
        found = await store.messages.search(GUILD, word)
        assert [one.message.id for one in found] == sorted(
            (m.id for m in retelling.alive.values() if word in (m.text or "").replace("è", "e")),
            reverse=True,
        )
    assert await store.activity.hours(GUILD, START, END) == retelling.hours()
    talk = await store.activity.members(GUILD, START, END)
    assert sum(one.messages for one in talk) == sum(one.messages for one in retelling.hours())


async def live_through(
    history: Sequence[tuple[bool, list[Captured]]], cuts: Sequence[int], folder: Path
) -> None:
    retelling = Retelling()
    async with Store.open(folder / "guildwatch.db") as store:
        threads = (
            Channel(PARENT, GUILD, "general", ChannelKind.TEXT),
            Channel(THREAD, GUILD, "aside", ChannelKind.PUBLIC_THREAD, parent_id=PARENT),
        )
        await store.guilds.save(Guild(GUILD, "Place", channels=threads))
        async with store.messages._database.transaction() as transaction:
            await transaction.execute(f"INSERT INTO opt_outs VALUES ({OPTED_OUT.id}, {GUILD})")
        for imported, events in [*history, *history]:
            retelling.tell(events, imported=imported)
            borders = sorted({0, len(events), *(cut for cut in cuts if cut < len(events))})
            for first, last in pairwise(borders):
                await store.messages.apply(events[first:last], imported=imported)
        await compare(store, retelling)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.lists(st.integers(1, 7), max_size=3))
def test_any_history_in_any_batches_twice_is_stored_as_it_is_told(history, cuts):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live_through(history, cuts, Path(folder)))
