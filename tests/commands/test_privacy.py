"""What members may ask about their own data: to see it, to erase it, to be left out."""

import asyncio
import json

from guildwatch.language import Priority
from guildwatch.model import Author, Deletion, Message
from guildwatch.report import hours_period, to_post
from guildwatch.sandbox.interactions import InteractionType

WORD = "zugspitzblick"


async def press(town, answer, who, label):
    """What the asker sees in the end, after they pressed a button of an answer."""
    (message,) = answer.messages
    buttons = [one for row in message["components"] for one in row["components"]]
    wanted = next(one for one in buttons if one["label"] == label)
    await town.world.press(who, int(message["id"]), wanted["custom_id"])
    return await answer.wait_for(lambda one: "at it" not in one.text and not has_buttons(one))


def has_buttons(answer):
    return any(message["components"] for message in answer.messages)


async def done(town, who, command, label, options=None):
    answer = await town.ask(who, command, options)
    assert answer.ephemeral
    return (await press(town, answer, who, label)).text


async def texts_of(town, author):
    messages = await town.store.messages.latest(limit=1000)
    return [one.text for one in messages if one.author.id == author]


async def test_the_notice_says_what_is_set_and_names_no_hidden_channel(town):
    staff, general = town.channels["staff"], town.channels["general"]
    await town.store.retention.choose(town.guild_id, None, 20)
    await town.store.retention.choose(town.guild_id, staff, 5)
    await town.store.retention.choose(town.guild_id, general, 7)
    answer = await town.ask(town.jonas, "privacy notice")
    assert answer.ephemeral
    assert "Texts for 20 days" in answer.text
    assert f"in <#{general}> 7 days" in answer.text
    assert "5 days" not in answer.text
    assert str(staff) not in answer.text
    assert "gemma3:27b" in answer.text
    assert "runs there too" in answer.text
    assert f"<#{town.channels['daily-summary']}>" in answer.text
    assert len(answer.text) <= 2000
    assert "5 days" in (await town.ask(town.tiff, "privacy notice")).text


async def test_only_an_admin_posts_the_notice_and_then_for_all_readers(town):
    staff = town.channels["staff"]
    await town.store.retention.choose(town.guild_id, staff, 5)
    refused = await town.ask(town.jonas, "privacy notice", {"post": True})
    assert refused.ephemeral
    assert "manage this server" in refused.text
    posted = await town.ask(town.mara, "privacy notice", {"post": True})
    assert not posted.ephemeral
    assert "5 days" not in posted.text


async def test_opting_out_asks_first_and_then_keeps_nothing(town):
    before = await texts_of(town, town.jonas)
    assert len(before) > 5
    assert "Nothing was changed" in await done(town, town.jonas, "privacy optout", "Cancel")
    assert await texts_of(town, town.jonas) == before
    told = await done(town, town.jonas, "privacy optout", "Opt out and erase")
    assert f"{len(before)} messages" in told
    assert "in Discord are where they were" in told
    assert await texts_of(town, town.jonas) == []
    town.world.say(town.jonas, town.channels["general"], f"hear me, {WORD}")
    town.world.say(town.mara, town.channels["general"], f"<@{town.jonas}> are you there?")
    await town.listen()
    assert await texts_of(town, town.jonas) == []
    assert await town.store.messages.search(town.guild_id, WORD) == []
    (asked,) = (await town.store.messages.search(town.guild_id, "there"))[:1]
    assert asked.message.mentioned == ()
    rows = await town.store.messages._database.rows(
        "SELECT count(*) FROM messages WHERE author_id = 0 AND text IS NULL"
    )
    assert rows[0][0] == len(before) + 1
    assert "opted out" in (await town.ask(town.jonas, "mystats")).text


async def test_nobody_else_learns_who_opted_out(town):
    await done(town, town.jonas, "privacy optout", "Opt out and erase")
    asked = [(who, one) for who in (town.mara, town.tiff) for one in ("mystats", "privacy mydata")]
    for who, command in [*asked, (town.mara, "settings show"), (town.tiff, "privacy notice")]:
        answer = await town.ask(who, command)
        assert "jonas" not in answer.text
        assert "opted out" not in answer.text


async def test_opting_in_keeps_what_comes_and_nothing_from_before(town):
    refused = await town.ask(town.jonas, "privacy optin")
    assert "had not opted out" in refused.text
    await done(town, town.jonas, "privacy optout", "Opt out and erase")
    answer = await town.ask(town.jonas, "privacy optin")
    assert answer.ephemeral
    assert "From now on" in answer.text
    town.world.say(town.jonas, town.channels["general"], f"I am back, {WORD}")
    await town.listen()
    assert await texts_of(town, town.jonas) == [f"I am back, {WORD}"]


async def test_forgetting_is_told_in_figures_and_new_messages_are_kept(town):
    before = await texts_of(town, town.jonas)
    told = await done(town, town.jonas, "privacy forgetme", "Erase it")
    assert f"{len(before)} messages" in told
    await town.listen()  # history is read again
    assert await texts_of(town, town.jonas) == []
    town.world.say(town.jonas, town.channels["general"], f"hello again, {WORD}")
    await town.listen()
    assert await texts_of(town, town.jonas) == [f"hello again, {WORD}"]
    names = {one.author.name for one in await town.store.messages.latest(limit=1000)}
    assert "jonas" in names


async def test_a_posted_answer_loses_what_rests_on_the_forgotten(town):
    shown = await town.ask(town.mara, "summary now", {"hours": 24, "public": True}, "general")
    assert "reproduce the crashes" in shown.text or "jonas" in shown.text
    told = await done(town, town.jonas, "privacy forgetme", "Erase it")
    assert "I go on trying" in told
    await town.amend()
    assert "jonas" not in shown.text
    again = await town.ask(town.mara, "summary now", {"hours": 24})
    assert "jonas" not in again.text


async def test_mydata_is_a_file_of_all_that_is_kept_and_only_for_the_asker(town):
    await town.store.messages.apply([Deletion(town.guild_id, town.channels["general"], (1,))])
    answer = await town.ask(town.jonas, "privacy mydata")
    assert answer.ephemeral
    ((file,),) = [message["attachments"] for message in answer.messages]
    assert file["filename"] == f"guildwatch-{town.guild_id}-{town.jonas}.json"
    content = json.loads(town.world.files[int(file["id"])].file.data)
    assert content["format"] == "guildwatch-mydata"
    assert [one["text"] for one in content["messages"]] == await texts_of(town, town.jonas)
    assert {one["channel"] for one in content["messages"]} == {"general", "support"}
    assert sum(one["messages"] for one in content["activity"]) == len(content["messages"])
    assert "mara" not in json.dumps(content)


async def test_everywhere_reaches_other_guilds_and_here_does_not(town):
    other = Message(5_000_000_000_000_000, 77, 770, Author(town.jonas, "jonas"), "elsewhere")
    await town.store.messages.apply([other])
    await done(town, town.jonas, "privacy forgetme", "Erase it")
    assert await texts_of(town, town.jonas) == ["elsewhere"]
    await done(town, town.jonas, "privacy optout", "Opt out and erase", {"everywhere": True})
    assert await texts_of(town, town.jonas) == []
    assert await town.store.rights.has_opted_out(77, town.jonas)


async def test_coverage_counts_them_exactly_and_tells_members_one_number(town):
    await done(town, town.jonas, "privacy optout", "Opt out and erase")
    general = town.channels["general"]
    (one, *_) = await town.store.messages.latest(limit=20)
    await town.store.messages.apply([Deletion(town.guild_id, one.channel_id, (one.id,))])
    guild = town.desk.roster.guild(town.guild_id)
    period = hours_period(town.clock(), 24, "Europe/Berlin")
    report = await town.desk.writer.write(guild, period, source_ids=None, priority=Priority.COMMAND)
    coverage = report.coverage
    theirs = [one for one in town.world.messages(general) if one["author"]["username"] == "jonas"]
    assert coverage.left_out["opted_out"] == 2 * len(theirs)
    assert coverage.left_out["deleted"] == 1
    assert coverage.read + sum(coverage.left_out.values()) == coverage.messages
    assert all(one.id != town.jonas for one in report.activity.top)
    footer = to_post(report, zone="Europe/Berlin").footer
    assert f"{coverage.left_out['opted_out'] + 1} that are not kept" in footer
    assert "opted" not in footer


async def test_who_asks_again_before_it_is_done_is_told_so(town):
    with town.desk.forgetter.turn(town.jonas):
        answer = await town.ask(town.jonas, "privacy mydata")
        assert "still at what you asked for" in answer.text
        assert (await town.ask(town.tiff, "privacy mydata")).messages[0]["attachments"]
    assert (await town.ask(town.jonas, "privacy mydata")).messages[0]["attachments"]


async def test_it_is_said_to_have_begun_once_it_is_certain_in_every_guild(town):
    """Who was told so and then saw the program killed would otherwise be kept as before."""
    guild_ids, seen = (town.guild_id, 77), []

    async def begun():
        seen.append([await town.store.rights.has_opted_out(one, town.jonas) for one in guild_ids])
        seen.append(len(await texts_of(town, town.jonas)) > 5)

    await town.desk.forgetter.opt_out(set(guild_ids), town.jonas, begun)
    assert seen == [[True, True], True]
    assert await texts_of(town, town.jonas) == []


async def test_a_button_that_nobody_waits_for_any_more_says_so_and_does_nothing(town):
    before = await texts_of(town, town.jonas)
    answer = await town.ask(town.jonas, "privacy forgetme")
    (message,) = answer.messages
    erase, cancel = (one for row in message["components"] for one in row["components"])
    town.forget_menus()
    for button in (erase, cancel, erase):
        told = await town.world.press(town.jonas, int(message["id"]), button["custom_id"])
        assert told.ephemeral
        assert "this press changed nothing" in told.text
    assert await texts_of(town, town.jonas) == before
    assert "forgotten you" in await done(town, town.jonas, "privacy forgetme", "Erase it")


async def test_nobody_else_chooses_for_who_asked(town):
    """Nobody else sees these buttons; were it otherwise, nothing may come of it."""
    answer = await town.ask(town.jonas, "privacy forgetme")
    (message,) = answer.messages
    channel = town.world.channel(town.channels["general"])
    source = answer._interaction.messages[int(message["id"])]
    for button in message["components"][0]["components"]:
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": 1}
        press = town.world._send(
            town.tiff, channel, InteractionType.COMPONENT, data, "press", source=source
        )
        await press.wait_for(lambda one: one.acknowledged)
        assert press.messages[-1]["content"] == "Only who asked can choose here."
    assert has_buttons(answer)
    assert await texts_of(town, town.jonas)


async def test_who_presses_twice_is_answered_twice_and_forgotten_once(town):
    answer = await town.ask(town.jonas, "privacy forgetme")
    both = [press(town, answer, town.jonas, "Erase it") for _ in range(2)]
    await asyncio.gather(*both)
    await answer.wait_for(lambda one: "Erased" in one.text)
    assert await texts_of(town, town.jonas) == []
