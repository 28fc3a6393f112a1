"""The buttons under a report: what readers press is kept, and answered to them alone."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import hikari
import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.access import Access
from guildwatch.discord.allowance import Allowance
from guildwatch.discord.feedback import FeedbackButtons
from guildwatch.discord.targets import ChannelTarget
from guildwatch.model import Gate, LedgerState, Limits, Overwrite, Verdict
from guildwatch.sandbox import Permission

SAID = (
    "The release of version 2.4 moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday evening?",
    "I can: it happens when the graphics driver is older than the game expects.",
    "Then Mara builds a candidate tonight and everybody tests the driver check tomorrow.",
)
EPHEMERAL = 1 << 6


@pytest.fixture
async def day(town):
    """A day of talk."""
    for number in range(20):
        town.later(minutes=1)
        again = "" if number < len(SAID) else " As I said before."
        who = (town.mara, town.tiff, town.jonas)[number % 3]
        town.world.say(who, town.channels["general"], SAID[number % len(SAID)] + again)
    await town.listen()
    town.later(hours=12)
    return town


@pytest.fixture
async def told(day):
    """A day of talk, and a bot that hears what is pressed."""
    async with hearing(day):
        yield day


@asynccontextmanager
async def hearing(town):
    """While this lasts the gateway's interactions reach the buttons."""
    access = Access(town.store.gates, Allowance(lambda _: Limits(), clock=town.clock))
    buttons = FeedbackButtons(town.line, town.store, town.roster, access, clock=town.clock)

    async def hear(event: hikari.ShardPayloadEvent) -> None:
        if event.name == "INTERACTION_CREATE":
            await buttons.hear(event.payload)

    bot = hikari.GatewayBot(
        town.world.token,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        rest_url=town.url,
        intents=hikari.Intents.GUILDS,
    )
    bot.subscribe(hikari.ShardPayloadEvent, hear)
    await bot.start(check_for_updates=False)
    yield
    await bot.close()


async def publish(town, entry):
    """The report as the schedule leaves it: posted, and noted as such."""
    report_id = await town.publisher.write(entry)
    entry = replace(entry, report_id=report_id, state=LedgerState.POSTED)
    await town.store.ledger.update(entry)
    assert (await town.publisher.post(entry)).closed == ""
    return entry


async def press(town, who, action, entry, place="daily-summary"):
    """What somebody sees who presses a button of the report."""
    (glance,) = [one for one in town.posted(place) if one["embeds"]]
    return await town.world.press(who, int(glance["id"]), f"gw:{action}:{entry.key}")


def said(answer):
    """The bot's answer, which nobody else sees."""
    message = answer.messages[-1]
    assert message["flags"] & EPHEMERAL
    return message["content"]


async def verdicts(town):
    found = await town.store.feedback.of_guild(town.guild_id)
    return [(one.user_id, str(one.verdict)) for one in found]


async def test_a_vote_is_kept_once_a_person_and_taken_back_by_pressing_again(told, entry):
    entry = await publish(told, entry)

    assert "helpful" in said(await press(told, told.jonas, "good", entry))
    await press(told, told.tiff, "bad", entry)
    assert await verdicts(told) == [(told.jonas, "good"), (told.tiff, "bad")]

    assert "not helpful" in said(await press(told, told.jonas, "bad", entry))
    assert sorted(await verdicts(told)) == sorted([(told.jonas, "bad"), (told.tiff, "bad")])

    assert "Taken back" in said(await press(told, told.jonas, "bad", entry))
    assert await verdicts(told) == [(told.tiff, "bad")]


async def test_what_is_kept_names_the_post_and_its_report(told, entry):
    entry = await publish(told, entry)
    await press(told, told.jonas, "good", entry)

    (kept,) = await told.store.feedback.of_report(entry.report_id)
    assert kept.glance_id == int(told.posted()[0]["id"])
    assert (kept.guild_id, kept.given_at) == (told.guild_id, told.clock())


async def test_a_correction_is_written_into_a_form_and_can_be_changed_and_taken_back(told, entry):
    entry = await publish(told, entry)
    form = await press(told, told.jonas, "wrong", entry)
    sent = await told.world.submit(told.jonas, form, {"words": "It was Wednesday. @everyone"})

    assert "Thank you" in said(sent)
    (kept,) = await told.store.feedback.of_guild(told.guild_id)
    assert (kept.verdict, kept.words) == (Verdict.WRONG, "It was Wednesday. @everyone")

    form = await press(told, told.jonas, "wrong", entry)
    field = form.modal["components"][0]["components"][0]
    assert (field["value"], field["max_length"]) == ("It was Wednesday. @everyone", 1000)
    await told.world.submit(told.jonas, form, {"words": "It was Thursday."})
    (kept,) = await told.store.feedback.of_guild(told.guild_id)
    assert kept.words == "It was Thursday."

    form = await press(told, told.jonas, "wrong", entry)
    assert "Taken back" in said(await told.world.submit(told.jonas, form, {"words": ""}))
    assert await verdicts(told) == []


async def test_what_is_missing_is_kept_beside_what_is_wrong(told, entry):
    entry = await publish(told, entry)
    form = await press(told, told.jonas, "wrong", entry)
    both = {"words": "It was Wednesday.", "missing": "the vote on the lighthouse"}
    await told.world.submit(told.jonas, form, both)
    assert {verdict for _, verdict in await verdicts(told)} == {"missing", "wrong"}

    form = await press(told, told.jonas, "wrong", entry)
    first, second = (row["components"][0] for row in form.modal["components"])
    assert (first["value"], second["value"]) == tuple(both.values())
    sent = await told.world.submit(told.jonas, form, {"words": "", "missing": both["missing"]})
    assert "Thank you" in said(sent)
    assert await verdicts(told) == [(told.jonas, "missing")]


async def test_details_leads_to_the_thread(told, entry):
    entry = await publish(told, entry)
    await told.look()

    thread_id = told.posted()[0]["thread"]["id"]
    assert f"<#{thread_id}>" in said(await press(told, told.jonas, "details", entry))


async def test_without_a_thread_details_are_told_to_who_can_read_all_of_them(told, entry):
    await told.deny("daily-summary", Permissions.CREATE_PUBLIC_THREADS)
    entry = await publish(told, entry)

    answer = await press(told, told.jonas, "details", entry)
    assert said(answer) == ""
    assert "crashes" in answer.messages[-1]["embeds"][0]["description"]

    closed = [told.world.member(told.guild_id, told.world.bot.id).role_ids[0]]
    hide(told, "support", but=closed)
    await told.look()
    answer = await press(told, told.jonas, "details", entry)
    assert "no details" in said(answer)
    assert answer.messages[-1]["embeds"] == []


def hide(town, place, *, but):
    view = int(Permission.VIEW_CHANNEL)
    open_for = [Overwrite(role, False, view, 0) for role in but]
    everyone = Overwrite(town.guild_id, False, 0, view)
    town.world.set_overwrites(town.channels[place], [everyone, *open_for])


async def test_the_buttons_outlive_the_program(day, entry):
    async with hearing(day):
        entry = await publish(day, entry)
        await press(day, day.jonas, "good", entry)
    day.later(days=400)

    async with hearing(day):
        assert "not helpful" in said(await press(day, day.jonas, "bad", entry))
    assert await verdicts(day) == [(day.jonas, "bad")]


async def test_they_work_in_direct_messages(told, entry):
    await told.settle(dm_user_id=told.mara)
    entry = await publish(told, entry)
    direct = told.world.open_dm(told.mara)

    assert "helpful" in said(await press(told, told.mara, "good", entry, direct))
    assert "below" in said(await press(told, told.mara, "details", entry, direct))
    form = await press(told, told.mara, "wrong", entry, direct)
    await told.world.submit(told.mara, form, {"words": "It was Wednesday."})
    assert await verdicts(told) == [(told.mara, "good"), (told.mara, "wrong")]


async def test_a_post_whose_report_is_gone_takes_votes_and_says_that_it_has_no_details(told, entry):
    entry = await publish(told, entry)
    await told.store.ledger.update(replace(entry, report_id=None))

    assert "no details" in said(await press(told, told.jonas, "details", entry))
    assert "helpful" in said(await press(told, told.jonas, "good", entry))
    (kept,) = await told.store.feedback.of_guild(told.guild_id)
    assert kept.report_id is None


@pytest.mark.parametrize(
    "key",
    [
        "{guild}:day:1",
        "1:day:{end}",
        "{guild}:year:{end}",
        "{guild}:day:99999999999999999999",
        "9999999999999999999:day:{end}",
        "x",
        "{guild}:{guild}:day:{end}",
    ],
)
async def test_forged_buttons_are_told_and_keep_nothing(told, entry, key):
    """Another program with the bot's token could post them."""
    entry = await publish(told, entry)
    end = int(entry.period.end.timestamp())
    forged = f"gw:good:{key.format(guild=told.guild_id, end=end)}"
    button = hikari.impl.MessageActionRowBuilder().add_interactive_button(
        hikari.ButtonStyle.SECONDARY, forged, label="👍"
    )
    place = told.channels["general"]
    message = await told.line.rest.create_message(place, "Vote", component=button)

    answer = await told.world.press(told.jonas, message.id, forged)

    assert "nothing about this report" in said(answer)
    assert await verdicts(told) == []


async def test_a_copy_of_a_reports_buttons_under_another_message_keeps_nothing(told, entry):
    entry = await publish(told, entry)
    button = hikari.impl.MessageActionRowBuilder().add_interactive_button(
        hikari.ButtonStyle.SECONDARY, f"gw:good:{entry.key}", label="👍"
    )
    place = told.channels["general"]
    message = await told.line.rest.create_message(place, "Vote", component=button)

    answer = await told.world.press(told.jonas, message.id, f"gw:good:{entry.key}")

    assert "nothing about this report" in said(answer)
    assert await verdicts(told) == []


async def test_a_press_before_the_posts_id_is_noted_counts(told, entry):
    entry = await publish(told, entry)
    for part in await told.store.ledger.parts(entry):
        await told.store.ledger.save_part(entry, replace(part, message_id=None))

    assert "helpful" in said(await press(told, told.jonas, "good", entry))
    assert await verdicts(told) == [(told.jonas, "good")]


async def test_who_presses_all_the_time_is_asked_to_wait_and_others_are_not(told, entry):
    entry = await publish(told, entry)
    answers = [said(await press(told, told.jonas, "good", entry)) for _ in range(13)]

    assert "in a minute" in answers[-1]
    assert not any("in a minute" in answer for answer in answers[:-1])
    assert "helpful" in said(await press(told, told.tiff, "good", entry))

    told.clock.now += timedelta(minutes=1)
    assert "helpful" in said(await press(told, told.jonas, "good", entry))


async def test_a_quiet_days_report_has_no_button_for_details(town, entry, post):
    target = ChannelTarget(town.guild.channel(town.channels["daily-summary"]))
    await town.delivery.post(town.guild, entry, replace(post, thread=()), None, target)

    (row,) = town.posted()[0]["components"]
    assert [one["label"] for one in row["components"]] == ["👍", "👎", "Correct…"]


async def test_what_a_person_said_can_be_erased(told, entry):
    entry = await publish(told, entry)
    for who in (told.jonas, told.tiff):
        form = await press(told, who, "wrong", entry)
        await told.world.submit(who, form, {"words": f"lighthouse{who}"})

    assert await told.store.feedback.erase(told.jonas) == 1
    assert await told.store.tidy()

    kept = told.store.path.read_bytes()
    assert f"lighthouse{told.jonas}".encode() not in kept
    assert await verdicts(told) == [(told.tiff, "wrong")]


@pytest.mark.parametrize("action", ["good", "wrong", "details"])
async def test_who_may_not_use_the_buttons_is_told_so_and_nothing_is_kept(told, entry, action):
    entry = await publish(told, entry)
    await told.store.gates.add(Gate(told.guild_id, "buttons", 4711, is_role=True))

    answer = said(await press(told, told.jonas, action, entry))

    assert answer.startswith("Nobody can use the buttons under reports here")
    assert await verdicts(told) == []
    assert "helpful" in said(await press(told, told.mara, "good", entry))
