"""Conversations are digested as they go quiet, so that little is left when the report is due."""

import asyncio
import os
import random
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from guildwatch.digest import Digester
from guildwatch.language import Ollama, Priority
from guildwatch.model import Deletion, GuildSettings, MessageEdit, first_id_at
from guildwatch.report import ReportWriter
from guildwatch.store import Store
from support.days import DAY, GUILD, Gap, course, exported, made_up
from support.scripted_ollama import NAME, scripted_ollama

CHATS = Path(__file__).parents[2].parent / "shared" / "data" / "chat"
TESTS = str(Path(__file__).parents[1])
TEN_MINUTES = timedelta(minutes=10)
KILLED = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from support.days import course, made_up

async def main():
    async with course(made_up(400), Path(sys.argv[1]), sys.argv[2]) as going:
        await going.until(None, step=timedelta(minutes=10))

asyncio.run(main())
"""


def transcript(talk, server):
    """The tokens of what was said, without the numbers that the model is shown."""
    return sum(len(f"{one.author.name}: {one.text}\n") for one in talk.messages) / server.characters


def called_otherwise(talk):
    """The same talk by people whose names are no words of it."""
    return replace(
        talk,
        messages=[
            replace(one, author=replace(one.author, name=f"Zoltan{one.author.id}"))
            for one in talk.messages
        ],
    )


async def cost(talk, folder, *, edits=(), gap=None):
    """What a day's digests cost ahead and at the report, for each token of chat; the report."""
    async with scripted_ollama() as server, course(talk, folder, server.url) as going:
        going.edits, going.gap = list(edits), gap
        await going.until(time(23, 20), step=TEN_MINUTES)
        await going.until(None, step=timedelta(minutes=2))
        ahead = server.prompt_tokens
        report = await going.report()
        assert server.most_running == 1
        assert {call.num_ctx for call in server.calls} == {8192}
        spent = server.prompt_tokens
        return ahead, spent, transcript(talk, server), report


async def test_a_busy_days_report_costs_little_when_it_is_due_and_the_day_not_much_more(tmp_path):
    ahead, spent, chat, report = await cost(made_up(600), tmp_path)
    assert chat > 10_000
    assert spent <= 1.25 * chat
    assert spent - ahead <= 0.15 * spent
    assert report.digest.engine.name == "ollama"
    assert report.coverage.read == 600


@pytest.mark.parametrize("hours", [(9, 23), pytest.param((22.5, 22.51), marks=pytest.mark.long)])
async def test_thirty_edits_of_what_was_told_leave_little_for_the_report(tmp_path, hours):
    moments = [DAY.start + timedelta(hours=random.Random(n).uniform(*hours)) for n in range(30)]
    ahead, spent, chat, _ = await cost(made_up(600), tmp_path, edits=sorted(moments))
    assert spent <= 1.25 * chat
    assert spent - ahead <= 0.15 * spent


@pytest.mark.parametrize(
    "channels", [None, pytest.param(frozenset({1, 2, 3}), marks=pytest.mark.long)]
)
async def test_what_comes_after_a_gap_is_told_before_the_report(tmp_path, channels):
    gap = Gap(DAY.start + timedelta(hours=9), DAY.start + timedelta(hours=19), channels)
    ahead, spent, chat, report = await cost(made_up(600), tmp_path, gap=gap)
    assert spent <= 1.25 * chat
    assert spent - ahead <= 0.15 * spent
    assert report.coverage.read == 600


@pytest.mark.long
@pytest.mark.parametrize("day", ["multichannel-day", "ubuntu-2017-07-15"])
async def test_so_it_is_on_real_days(tmp_path, day):
    if not CHATS.exists():
        pytest.skip("needs the open chats in shared/data")
    ahead, spent, chat, _ = await cost(exported(CHATS / day), tmp_path)
    assert chat > 10_000
    assert spent <= 1.25 * chat
    assert spent - ahead <= 0.15 * spent


@pytest.mark.parametrize("names", [True, False])
async def test_what_was_told_ahead_is_what_the_report_would_have_asked_about(tmp_path, names):
    talk = called_otherwise(made_up(120))
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.store.settings.save(GuildSettings(GUILD, names=names))
        await going.until(None, step=TEN_MINUTES)
        told = {line for call in server.calls for line in call.lines if len(line) > 20}
        count = len(server.calls)
        report = await going.report()
        assert not any(line in told for call in server.calls[count:] for line in call.lines[3:])
        again = await going.report()
        assert again.digest.engine.calls == again.digest.engine.ahead_calls
        assert again.digest.topics == report.digest.topics


async def test_a_report_beside_the_program_uses_what_is_kept_and_writes_nothing(tmp_path):
    talk = made_up(120)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(time(18), step=TEN_MINUTES)
        before = await going.store.conversations.resting_on(0, 1 << 62)
        server.calls.clear()
        async with (
            Store.open(tmp_path / "guildwatch.db", read_only=True) as store,
            Ollama(server.url, NAME, 8192, "10m", measured=store.calibration) as model,
        ):
            digester = Digester(model, cache=store.conversations, homes=store.homes)
            writer = ReportWriter(store, digester, clock=lambda: going.now)
            ids = [channel.id for channel in talk.guild.channels]
            await writer.write(talk.guild, DAY, source_ids=ids, priority=Priority.COMMAND)
        assert await going.store.conversations.resting_on(0, 1 << 62) == before


async def test_only_what_is_new_is_asked_about_when_a_conversation_wakes_up(tmp_path):
    talk = made_up(40, channels=1)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(None, step=TEN_MINUTES)
        last = talk.messages[-1]
        shown = [line for call in server.calls for line in call.lines]
        woken = replace(
            last,
            id=first_id_at(DAY.end - timedelta(seconds=30)),
            text="The editor breaks because the build is version 7.7, we decided to move the quest",
            reply_to=last.id,
        )
        await going.store.messages.apply([woken])
        server.calls.clear()
        await going.report()
        (call,) = [call for call in server.calls if woken.text in call.lines]
        assert sum(line in shown for line in call.lines) <= 3


async def test_what_was_edited_is_told_again_once_its_edits_have_settled(tmp_path):
    talk = made_up(120)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(time(20), step=TEN_MINUTES)
        kept = await going.store.conversations.resting_on(0, 1 << 62)
        run = max(kept.values(), key=len)
        server.calls.clear()
        for id_ in run[:3]:
            await going.edit(id_)
            await going.ahead.look()
        await going.until(None, step=timedelta(minutes=2))
        texts = {one.text for one in (await going.store.messages.by_ids(run[:3])).values()}
        assert [call for call in server.calls if texts & set(call.lines)] == [
            call for call in server.calls if texts <= set(call.lines)
        ]
        assert sum(texts <= set(call.lines) for call in server.calls) == 1
        server.calls.clear()
        await going.report()
        assert not any(texts & set(call.lines) for call in server.calls)


async def test_what_is_left_of_a_conversation_is_told_again_when_somebody_opts_out(tmp_path):
    talk = made_up(120)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(time(20), step=TEN_MINUTES)
        kept = await going.store.conversations.resting_on(0, 1 << 62)
        run = max(kept.values(), key=len)
        (one,) = (await going.store.messages.by_ids(run[:1])).values()
        await going.store.rights.opt_out(GUILD, one.author.id)
        left = [id_ for id_, each in (await going.store.messages.by_ids(run)).items() if each.text]
        await going.until(None, step=timedelta(minutes=2))
        kept = await going.store.conversations.resting_on(0, 1 << 62)
        assert 1 < len(left) < len(run)
        assert set(left) <= {id_ for ids in kept.values() for id_ in ids}


async def test_an_edit_costs_its_own_conversation_and_no_other(tmp_path):
    talk = made_up(120)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(None, step=TEN_MINUTES)
        kept = await going.store.conversations.resting_on(0, 1 << 62)
        edited = talk.messages[40]
        text = "I think the umlaut breaks because the texture is version 9.9, try the wiki"
        edit = MessageEdit(edited.id, edited.guild_id, edited.channel_id, text, going.now)
        await going.store.messages.apply([edit])
        after = await going.store.conversations.resting_on(0, 1 << 62)
        assert after == {key: ids for key, ids in kept.items() if edited.id not in ids}


async def test_what_is_edited_during_a_call_leaves_nothing_of_its_old_words(tmp_path):
    talk = made_up(120)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        server.held = asyncio.Event()
        day = asyncio.create_task(going.until(None, step=TEN_MINUTES))
        await server.arrived.wait()
        said = [one for one in talk.messages if one.created_at <= going.now]
        await going.store.messages.apply(
            MessageEdit(one.id, one.guild_id, one.channel_id, "never mind", going.now)
            for one in said
        )
        server.held.set()
        await day
        old = {one.text for one in said} - {one.text for one in talk.messages[len(said) :]}
        assert any(line in old for line in server.calls[0].lines)
        kept = await going.store.conversations.resting_on(0, 1 << 62)
        texts = [await going.store.conversations.cached(key) or "" for key in kept]
        assert not any(line in text for line in old if len(line) > 20 for text in texts)


async def test_a_due_report_takes_the_model_from_the_background(tmp_path):
    talk = made_up(400)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        server.held = asyncio.Event()
        day = asyncio.create_task(going.until(None, step=TEN_MINUTES))
        await server.arrived.wait()
        server.held = None
        report = asyncio.create_task(going.report())
        async with asyncio.timeout(60):
            assert (await report).digest.engine.name == "ollama"
        assert [call.is_whole for call in server.calls].count(False) == 1
        day.cancel()
        with suppress(asyncio.CancelledError):
            await day


async def test_while_it_digests_it_says_what_and_how_much_is_left(tmp_path):
    talk = made_up(300)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        server.held = asyncio.Event()
        day = asyncio.create_task(going.until(None, step=TEN_MINUTES))
        await server.arrived.wait()
        doing = going.ahead.doing
        assert doing.doing.startswith("digesting #channel-")
        assert 0 == doing.done < doing.total == going.ahead.pending
        server.held.set()
        await day
        assert going.ahead.doing is None


async def test_while_much_is_read_it_says_how_far_it_is(tmp_path):
    seen = []
    async with course(made_up(1800, channels=10), tmp_path, None) as going:
        await going.until(None, step=timedelta(hours=6))
        await going.report(on_progress=seen.append)
    reading = [one for one in seen if one.doing.startswith("Reading") and one.done]
    assert [one.done for one in reading] == [500, 1000, 1500]
    assert all(one.total == 1800 and one.seconds_left > 0 for one in reading)


async def test_a_server_that_counts_nothing_is_not_asked_more(tmp_path):
    talk = made_up(600)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        server.counts = False
        await going.until(None, step=TEN_MINUTES)
        engine = (await going.report()).digest.engine
        assert engine.prompt_tokens > 0
        assert server.prompt_tokens <= 1.25 * transcript(talk, server)


async def test_the_report_tells_what_its_day_cost_after_a_restart_too(tmp_path):
    talk = made_up(300)
    async with scripted_ollama() as server:
        async with course(talk, tmp_path, server.url) as going:
            await going.until(time(14), step=TEN_MINUTES)
        async with course(talk, tmp_path, server.url) as going:
            await going.go_on()
            await going.until(None, step=TEN_MINUTES)
            ahead = server.prompt_tokens, len(server.calls)
            engine = (await going.report()).digest.engine
    assert (engine.ahead_prompt_tokens, engine.ahead_calls) == ahead
    assert (engine.prompt_tokens, engine.calls) == (server.prompt_tokens, len(server.calls))
    assert engine.chat_tokens < engine.prompt_tokens


@pytest.mark.parametrize("kind", ["deleted", "purged"])
async def test_homes_are_kept_as_long_as_their_messages(tmp_path, kind):
    talk = made_up(60, channels=2)
    async with scripted_ollama() as server, course(talk, tmp_path, server.url) as going:
        await going.until(None, step=TEN_MINUTES)
        homes = await going.store.homes.of([1, 2], 0, 1 << 62)
        assert len(homes) == 60
        if kind == "deleted":
            one = talk.messages[7]
            await going.store.messages.apply([Deletion(one.guild_id, one.channel_id, (one.id,))])
            homes.pop(one.id)
        else:
            await going.store.purging.purge(talk.guild.id, channel_ids=[1])
            gone = {one.id for one in talk.messages if one.channel_id == 1}
            homes = {id_: home for id_, home in homes.items() if id_ not in gone}
        assert await going.store.homes.of([1, 2], 0, 1 << 62) == homes


async def test_what_is_killed_in_the_middle_goes_on_and_asks_nothing_twice(tmp_path):
    talk = made_up(400)
    async with scripted_ollama() as server, course(talk, tmp_path / "whole", server.url) as going:
        await going.until(None, step=TEN_MINUTES)
        whole = await going.store.homes.of(range(1, 7), 0, 1 << 62)
    async with scripted_ollama() as server:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", KILLED, str(tmp_path / "killed"), server.url),
            env=os.environ | {"PYTHONPATH": os.pathsep.join([TESTS, *sys.path])},
        )
        while len(server.calls) < 3:
            await asyncio.sleep(0.02)
        server.held = asyncio.Event()
        child.kill()
        await child.wait()
        server.held.set()
        server.held = None
        kept = server.calls[:2]  # each is kept before the next is begun
        told = {line for call in kept for line in call.lines if len(line) > 40}
        server.calls.clear()
        async with course(talk, tmp_path / "killed", server.url) as going:
            await going.go_on()
            await going.until(None, step=TEN_MINUTES)
            assert await going.store.homes.of(range(1, 7), 0, 1 << 62) == whole
        again = [[line in told for line in call.lines] for call in server.calls]
        assert server.calls
        assert sum(map(sum, again)) <= 0.1 * len(told)  # what a woken conversation begins with
