"""The player: the story happens in a real world, in order, at any speed, and can be stopped."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guildwatch.model import created_at
from guildwatch.sandbox.community import Arrival, Ends, Player, Story
from guildwatch.sandbox.community.events import Delete, Say
from guildwatch.sandbox.community.pace import Pace
from guildwatch.sandbox.journal import Entry, Journal
from guildwatch.sandbox.options import CommandError
from guildwatch.sandbox.permissions import Permission

BERLIN = ZoneInfo("Europe/Berlin")


def moment(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=BERLIN)


def text_of(sandbox, player: Player, place: str) -> str:
    messages = sandbox.world.messages(player.town.places[place])
    return "\n".join(message["content"] for message in messages)


async def test_the_whole_day_happens_at_its_own_times(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.3)
    sandbox.told.clear()
    await player.play_day()
    spoken = sum(isinstance(event, Say) for event in story.live)
    created = [e.payload for e in sandbox.named("MESSAGE_CREATE") if e.payload["type"] in (0, 19)]
    posts = 3
    assert len(created) == spoken + posts
    ids = [int(payload["id"]) for payload in created]
    assert ids == sorted(ids)
    assert created_at(ids[0]) == moment(21, 7, 2, 30)
    assert moment(21, 23, 44) < created_at(ids[-1]) < moment(21, 23, 45)
    assert player.progress.played == player.progress.total == len(story.live)


async def test_what_was_deleted_is_gone_and_what_was_edited_is_new(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.3)
    await player.play_day()
    deletions = [event for event in story.live if isinstance(event, Delete)]
    bulk = [event for event in deletions if len(event.messages) > 1]
    assert len(sandbox.named("MESSAGE_DELETE")) == len(deletions) - len(bulk)
    assert [len(e.payload["ids"]) for e in sandbox.named("MESSAGE_DELETE_BULK")] == [4]
    assert "nadia.k@mail.example" not in text_of(sandbox, player, "#support")
    assert "harbourmaster's twin" not in text_of(sandbox, player, "#off-topic")
    assert "win-big.invalid" not in text_of(sandbox, player, "#general")
    assert "(thank you, Otis)" in text_of(sandbox, player, "#announcements")


async def test_names_become_mentions_but_not_in_code(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.3)
    await player.play_day()
    people, places = player.town.people, player.town.places
    dev = text_of(sandbox, player, "#dev")
    assert f"<@{people['Kenji']}>, you offered" in dev
    assert f"<:goose:{player.town.emoji['goose']}>" in dev
    assert "git log -S goose" in dev
    assert "#8812" in dev
    assert f"see <#{places['#art']}>" in text_of(sandbox, player, "#jam")
    assert "#10141f" in text_of(sandbox, player, "#art")


async def test_an_everyone_of_a_newcomer_pings_nobody(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.3)
    await player.play_day()
    general = sandbox.world.messages(player.town.places["#general"])
    (injection,) = [one for one in general if "ignore previous" in one["content"]]
    assert injection["mention_everyone"] is False


def test_the_week_before_is_told_at_once(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story)
    messages = [
        message
        for place in player.town.places.values()
        for message in sandbox.world.messages(place)
    ]
    assert len(messages) == sum(isinstance(event, Say) for event in story.before)
    times = [created_at(int(message["id"])) for message in messages]
    assert min(times) >= moment(15, 0, 0)
    assert max(times) < moment(21, 0, 0)
    assert moment(21, 6, 55) <= sandbox.clock() < moment(21, 7, 0)
    assert player.progress.played == 0


def test_staff_is_private_and_reports_are_written_by_staff_alone(sandbox, story: Story) -> None:
    world, town = sandbox.world, Player(sandbox.world, sandbox.clock, story).town

    def may(who: int, place: str, wanted: Permission) -> bool:
        return world.may(who, world.channel(town.places[place]), wanted)

    for handle, inside in (("Tiff", True), ("Baz", False), ("Anvil", False)):
        assert may(town.people[handle], "#staff", Permission.VIEW_CHANNEL) is inside
        assert may(town.people[handle], "#daily-summary", Permission.SEND_MESSAGES) is inside
        assert may(town.people[handle], "#daily-summary", Permission.VIEW_CHANNEL)
    for wanted in (
        Permission.SEND_MESSAGES,
        Permission.EMBED_LINKS,
        Permission.ATTACH_FILES,
        Permission.CREATE_PUBLIC_THREADS,
        Permission.SEND_MESSAGES_IN_THREADS,
        Permission.READ_MESSAGE_HISTORY,
    ):
        assert may(world.bot.id, "#daily-summary", wanted)
    assert may(world.bot.id, "#staff", Permission.READ_MESSAGE_HISTORY)


async def test_after_midnight_the_clock_runs_on_in_real_time(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.2)
    await player.play_day()
    assert moment(22, 0, 0, 5) <= sandbox.clock() < moment(22, 0, 0, 30)
    assert sandbox.clock.rate == 1.0


async def test_the_day_can_have_another_date(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, day=date(2027, 3, 28), takes=0.2)
    await player.play_day()
    (first, *_) = sandbox.world.messages(player.town.places["#announcements"])
    told = created_at(int(first["id"])).astimezone(BERLIN)
    assert (told.date(), told.hour, told.minute) == (date(2027, 3, 28), 8, 1)


async def test_a_day_that_ends_now_meets_the_real_clock_and_asks_for_a_report(
    sandbox, story: Story
) -> None:
    began = datetime.now(UTC)
    player = Player(sandbox.world, sandbox.clock, story, ends=Ends.NOW, takes=0.3)
    with pytest.raises(CommandError, match="setsummary"):
        await player.play_day()
    ended = datetime.now(UTC)
    general = sandbox.world.messages(player.town.places["#general"])
    last = max(created_at(int(message["id"])) for message in general)
    assert began <= last + timedelta(minutes=2) <= ended + timedelta(minutes=2)
    assert abs(sandbox.clock() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_owner_asks_for_the_next_whole_minute_of_her_zone(sandbox, story: Story) -> None:
    player = Player(
        sandbox.world,
        sandbox.clock,
        story,
        ends=Ends.NOW,
        takes=0.2,
        now=lambda: datetime(2026, 7, 1, 10, 59, 50, tzinfo=UTC),
    )
    asked = _register_setsummary(sandbox)
    sandbox.world.answer_seconds = 0.1
    with pytest.raises(CommandError, match="did not respond"):
        await player.play_day()
    options = {one["name"]: one["value"] for one in asked()["data"]["options"]}
    assert options == {
        "channel": str(player.town.places["#daily-summary"]),
        "time": "13:01",
        "zone": "Europe/Berlin",
    }
    assert asked()["member"]["user"]["id"] == str(player.town.owner_id)


def _register_setsummary(sandbox) -> Callable[[], dict]:
    options = [
        {"type": 7, "name": "channel", "description": "c", "required": False},
        {"type": 3, "name": "time", "description": "t", "required": False},
        {"type": 3, "name": "zone", "description": "z", "required": False},
    ]
    command = {"id": "1", "name": "setsummary", "type": 1, "contexts": None, "options": options}
    command |= {"description": "d", "default_member_permissions": None}
    sandbox.world.application.commands[None] = {1: command}
    return lambda: sandbox.named("INTERACTION_CREATE")[-1].payload


async def test_the_day_waits_for_the_bot(sandbox, story: Story) -> None:
    ready = asyncio.Event()
    player = Player(sandbox.world, sandbox.clock, story, takes=0.2, bot_is_ready=ready.wait)
    task = asyncio.create_task(player.play_day())
    await asyncio.sleep(0)
    assert player.progress.played == 0
    ready.set()
    await task
    assert player.progress.played == len(story.live)


async def test_a_cancelled_day_stops_and_leaves_the_clock_running(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=3600)
    task = asyncio.create_task(player.play_day())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert player.progress.played < len(story.live)
    assert sandbox.clock.rate == 1.0


async def test_others_get_their_turn_between_any_two_messages(sandbox, story: Story) -> None:
    player = Player(sandbox.world, sandbox.clock, story, takes=0.05)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(other())
    await player.play_day()
    task.cancel()
    assert turns >= len(story.live)


def test_a_stall_is_not_made_up_for_in_a_burst() -> None:
    now = 0.0
    start = datetime(2026, 11, 21, tzinfo=UTC)
    pace = Pace(start, 1000, lambda: now)
    now = 0.1
    assert pace.moment() == start + timedelta(seconds=100)
    now = 60.0
    assert pace.moment() == start + timedelta(seconds=300)
    assert pace.until(start + timedelta(seconds=800)) == 0.5


class TestArrival:
    """When a bot counts as settled in, looked at second by second."""

    def setup_method(self) -> None:
        self.now, self.connected, self.log = 0.0, False, Journal()
        self.arrival = Arrival(self.log, lambda: self.connected, timer=lambda: self.now)

    def after(self, seconds: float) -> bool:
        self.now += seconds
        return self.arrival.is_complete()

    def read_history(self) -> None:
        self.log.add(Entry("GET", "/channels/{channel_id}/messages", "/channels/1/messages", 200))

    def test_nobody_there_is_waited_for(self) -> None:
        assert not self.after(3600)

    def test_a_bot_that_reads_history_is_waited_for_until_it_is_quiet(self) -> None:
        self.connected = True
        self.read_history()
        assert not self.after(0.9)
        self.read_history()
        assert not self.after(0.9)
        assert not self.after(0.9)
        assert self.after(0.2)

    def test_a_bot_that_reads_nothing_is_given_time(self) -> None:
        assert not self.after(10)
        self.connected = True
        assert not self.after(4.9)
        assert self.after(0.2)

    def test_a_bot_that_leaves_is_waited_for_again(self) -> None:
        self.connected = True
        self.read_history()
        assert not self.after(0.9)
        self.connected = False
        assert not self.after(5)
        self.connected = True
        assert not self.after(0.9)
        assert self.after(0.2)

    async def test_awaiting_it_returns_once_it_is_complete(self) -> None:
        self.connected = True
        self.read_history()
        self.after(0)
        self.now += 2
        await self.arrival()
