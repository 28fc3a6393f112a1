"""Reports written from a real store by the real digest."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from jsonschema import validate

from guildwatch.digest import Digester
from guildwatch.language import Completion, Priority, Prompt
from guildwatch.model import Author, Deletion, Gap, MessageEdit, MessageKind, Period, PeriodKind
from guildwatch.report import ReportWriter, to_json, to_markdown, to_post, to_text, week_period

SUPPORT, DEV, STAFF = 2001, 2002, 2003
SCHEMA = json.loads(files("guildwatch.report").joinpath("schema.json").read_text("utf-8"))


@pytest.fixture
def write(writer, guild, day):
    async def write(sources=None, period: Period = day):
        return await writer.write(guild, period, source_ids=sources, priority=Priority.COMMAND)

    return write


@pytest.fixture
def week(writer, guild, day):
    period = week_period((day.start + timedelta(hours=12)).date(), day.zone)

    async def write(sources=None, on_progress=None):
        return await writer.roll_up(
            guild,
            period,
            source_ids=sources,
            priority=Priority.COMMAND,
            on_progress=on_progress,
        )

    return write


async def test_every_message_of_the_day_is_read_or_left_out_for_one_reason(store, write, talk):
    messages = [*talk(SUPPORT, 40), *talk(DEV, 20, hours=3)]
    messages[3] = replace(messages[3], author=Author(77, "build", is_bot=True))
    messages[5] = replace(messages[5], kind=MessageKind.SYSTEM)
    messages[7] = replace(messages[7], kind=MessageKind.COMMAND)
    messages[9] = replace(messages[9], text="")
    await store.messages.apply(messages)
    await store.messages.apply([Deletion(1000, SUPPORT, (messages[11].id,))])
    report = await write()
    coverage = report.coverage
    assert coverage.messages == 60
    assert coverage.read + sum(coverage.left_out.values()) == 60
    assert {"bot": 1, "deleted": 1}.items() <= coverage.left_out.items()
    assert (coverage.people, coverage.channels) == (3, 2)


async def test_a_written_report_has_receipts_that_exist_and_renders_everywhere(store, write, talk):
    messages = talk(SUPPORT, 40)
    await store.messages.apply(messages)
    report = await write()
    assert report.digest.topics
    assert report.cited_ids == report.message_channels.keys()
    assert report.cited_ids <= {message.id for message in messages}
    validate(json.loads(to_json(report)), SCHEMA)
    assert to_text(report)
    assert to_markdown(report)
    assert to_post(report, zone="Europe/Berlin").thread


async def test_activity_counts_people_and_ranks_them_stably(store, write, talk):
    messages = talk(SUPPORT, 31)
    messages.append(replace(messages[0], id=messages[0].id + 99, author=Author(5, "bot", True)))
    await store.messages.apply(messages)
    activity = (await write()).activity
    assert activity.messages == 31
    assert [(one.name, one.messages) for one in activity.top] == [
        ("Mara", 11),
        ("jonas", 10),
        ("Tiff", 10),
    ]
    assert [(one.name, one.messages) for one in activity.channels] == [("support", 31)]


async def test_nothing_outside_the_sources_leaves_any_trace(store, write, talk):
    await store.messages.apply(talk(SUPPORT, 30))
    before = await write({SUPPORT})
    staff = [
        replace(message, author=Author(90, "Boss"), text=f"<#{STAFF}> salaries", score=-0.9)
        for message in talk(STAFF, 60)
    ]
    await store.messages.apply(staff)
    await store.gaps.note(Gap(STAFF, before.period.start, before.period.end, "no access"))
    seconds = {"seconds": 0.0}
    after = await write({SUPPORT})
    for report in (before, after):
        assert "salaries" not in to_json(report)
        assert "staff" not in to_json(report)
    assert [
        replace(one, digest=replace(one.digest, engine=replace(one.digest.engine, **seconds)))
        for one in (before, after)
    ] == [
        replace(
            before, digest=replace(before.digest, engine=replace(before.digest.engine, **seconds))
        )
    ] * 2


async def test_a_mention_of_a_channel_that_is_no_source_is_not_named(store, write, talk):
    mentioning = [
        replace(message, text=message.text.replace(" the ", f" the <#{STAFF}> ", 1))
        for message in talk(SUPPORT, 40)
    ]
    await store.messages.apply(mentioning)
    assert "#staff" in to_json(await write())
    assert "staff" not in to_json(await write({SUPPORT}))


async def test_the_operators_view_has_everything_and_names_its_sources(store, write, talk):
    await store.messages.apply([*talk(SUPPORT, 20), *talk(STAFF, 20)])
    report = await write()
    assert report.coverage.messages == 40
    assert set(report.source_ids) == {SUPPORT, DEV, STAFF}


async def test_known_gaps_of_the_sources_are_admitted(store, write, talk, day):
    gap = Gap(SUPPORT, day.start, day.start + timedelta(hours=1), "no access")
    await store.gaps.note(gap)
    await store.messages.apply(talk(SUPPORT))
    assert (await write({SUPPORT})).coverage.gaps == (gap,)
    assert (await write({DEV})).coverage.gaps == ()


async def test_a_silent_day_is_a_report_too(write):
    report = await write()
    assert (report.coverage.messages, report.digest.topics) == (0, ())
    validate(json.loads(to_json(report)), SCHEMA)
    assert to_post(report, zone="Europe/Berlin").description == "A silent day: nobody wrote."


async def test_a_week_adds_up_its_days(store, week, talk):
    for days in range(7):
        await store.messages.apply(talk(SUPPORT, 10 + days, hours=-24 * days))
    report = await week()
    coverage = report.coverage
    assert coverage.messages == sum(range(10, 17))
    assert coverage.read + sum(coverage.left_out.values()) == coverage.messages
    assert report.activity.messages == report.coverage.messages
    assert len(report.mood.hours) == 7 * 24
    assert report.cited_ids == report.message_channels.keys()
    validate(json.loads(to_json(report)), SCHEMA)


async def test_a_week_takes_the_days_that_are_written_and_writes_the_rest(store, write, week, talk):
    await store.messages.apply([*talk(SUPPORT), *talk(SUPPORT, hours=-24)])
    await store.reports.save(await write({SUPPORT}))
    said: list[str] = []
    await week({SUPPORT}, on_progress=lambda progress: said.append(progress.doing))
    assert "20 Nov: Reading 30 messages" in said
    assert not any(doing.startswith("21 Nov") for doing in said)


@pytest.mark.parametrize("change", ["deleted", "edited", "more was said", "other sources"])
async def test_a_week_writes_a_day_anew_when_its_report_no_longer_holds(
    store, write, week, talk, day, change
):
    messages = talk(SUPPORT)
    await store.messages.apply(messages)
    daily = await write({SUPPORT} if change != "other sources" else {SUPPORT, STAFF})
    await store.reports.save(daily)
    cited = next(iter(daily.cited_ids))
    if change == "deleted":
        # The store takes points out of reports itself; the week must not count on their number.
        await store.messages.apply([Deletion(1000, SUPPORT, (cited,))])
        assert cited not in (await week({SUPPORT})).cited_ids
        return
    if change == "edited":
        edited = daily.written_at + timedelta(hours=1)
        await store.messages.apply([MessageEdit(cited, 1000, SUPPORT, "I meant Friday", edited)])
    if change == "more was said":
        await store.messages.apply(talk(SUPPORT, 1, hours=2))
    said: list[str] = []
    await week({SUPPORT}, on_progress=lambda progress: said.append(progress.doing))
    assert any(doing.startswith("21 Nov") for doing in said)


class OneAtATime:
    """A model that answers nothing useful and notes how many ask it at once."""

    name = "slow"
    context = 8192

    def __init__(self) -> None:
        self.asking = self.most = 0

    def fits(self, text: str) -> int:
        return len(text) // 4

    async def complete(
        self,
        prompt: Prompt,
        *,
        priority: Priority,
        on_text: Callable[[str], None] | None = None,
    ) -> Completion:
        self.asking += 1
        self.most = max(self.most, self.asking)
        for _ in range(10):
            await asyncio.sleep(0)
        self.asking -= 1
        return Completion("{}", {}, 1, 1, 0.0)


async def test_one_guild_has_one_report_written_at_a_time(store, guild, day, talk):
    await store.messages.apply(talk(SUPPORT, 40))
    model = OneAtATime()
    writer = ReportWriter(store, Digester(model, cache=None), clock=lambda: day.end)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(writer.write(guild, day, source_ids=None, priority=Priority.COMMAND))
    assert model.most == 1


async def test_a_week_takes_a_day_that_ended_at_another_time(store, writer, guild, day, talk):
    await store.messages.apply([*talk(SUPPORT), *talk(SUPPORT, hours=-24)])
    until_seven = Period(PeriodKind.DAY, day.start, day.end - timedelta(hours=5), day.zone)
    daily = await writer.write(
        guild, until_seven, source_ids={SUPPORT}, priority=Priority.SCHEDULED
    )
    await store.reports.save(daily)
    last = (day.start + timedelta(hours=12)).date()
    said: list[str] = []

    week = await writer.roll_up(
        guild,
        week_period(last, day.zone),
        source_ids={SUPPORT},
        priority=Priority.SCHEDULED,
        on_progress=lambda progress: said.append(progress.doing),
    )

    assert week.coverage.messages == 60
    assert not any(doing.startswith("21 Nov") for doing in said)


async def test_a_month_tells_days_whose_messages_are_no_longer_kept(store, write, week, talk, day):
    await store.messages.apply([*talk(SUPPORT), *talk(SUPPORT, hours=-24), *talk(STAFF)])
    before = await week({SUPPORT})
    daily = await write({SUPPORT})
    await store.reports.save(daily)
    await store.retention.expire(SUPPORT, day.end)
    await store.messages.apply(talk(SUPPORT, hours=-48))

    after = await week({SUPPORT})

    assert after.cited_ids & daily.cited_ids
    assert after.cited_ids == after.message_channels.keys()
    assert after.digest.read == daily.digest.read + 30
    assert after.coverage.messages == daily.coverage.messages + 30
    assert after.activity.messages == 90
    assert after.activity.people == before.activity.people
    assert after.mood.score == pytest.approx(before.mood.score)
    assert "staff" not in to_json(after)
    validate(json.loads(to_json(after)), SCHEMA)
