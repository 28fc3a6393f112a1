"""Coming up, saying what is wrong, and staying up."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import web

from guildwatch.discord.connection import Connection
from guildwatch.discord.errors import NotConnectedError, RefusedError
from guildwatch.discord.line import Line
from guildwatch.sandbox import Intent, Trouble


async def nothing(_):
    return


def connection(token, url, line=None, **options):
    return Connection(token, url, line or Line(), hear=nothing, install=nothing, **options)


async def refusal(token, url):
    """What ends the attempts, the first of which is the last."""
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)

    with pytest.raises(RefusedError) as refused:
        await connection(token, url, pause=pause).run()
    assert pauses == []
    return str(refused.value)


async def trouble(token, url):
    """What is told while it is tried again."""
    told = asyncio.Future()

    async def pause(_seconds):
        if not told.done():
            told.set_result(one.trouble)
        await asyncio.Event().wait()

    one = connection(token, url, pause=pause)
    task = asyncio.create_task(one.run())
    try:
        async with asyncio.timeout(60):
            return await told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_wrong_token_is_told_with_the_remedy(town):
    wrong = town.server.token[:-4] + "oops"
    assert "Bot → Reset Token" in await refusal(wrong, town.server.url)


async def test_a_token_that_is_none_is_told_with_the_remedy(town):
    assert "Discord refused the token" in await refusal("nonsense", town.server.url)


async def test_a_missing_message_content_intent_is_told_with_the_remedy(town):
    town.world.application.privileged = Intent(0)
    told = await refusal(town.server.token, town.server.url)
    assert told.startswith("The Message Content intent is off")
    assert "Privileged Gateway Intents" in told


async def test_nobody_at_the_address_is_told_quickly_with_the_address(town):
    told = await trouble(town.server.token, "http://127.0.0.1:9/api/v10")
    assert "http://127.0.0.1:9/api/v10 does not answer" in told


@pytest.mark.parametrize("answer", ["<html>hello</html>", '{"hello": 1}', "[]", "{"])
async def test_somebody_else_at_the_address_is_told(town, answer):
    async def reply(_request):
        kind = "text/html" if answer.startswith("<") else "application/json"
        return web.Response(text=answer, content_type=kind)

    app = web.Application()
    app.router.add_get("/{any:.*}", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
        told = await trouble(town.server.token, address)
    finally:
        await runner.cleanup()
    assert f"What answers at {address} is not Discord" in told


async def test_somebody_who_does_not_even_speak_http_is_told(town):
    async def greet(_reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v10"
        told = await trouble(town.server.token, address)
    assert f"What answers at {address} is not Discord" in told


async def test_a_bot_that_must_wait_for_long_is_told_so(town):
    town.server.faults.strike(Trouble.RATE_LIMIT, times=None, seconds=3000)
    told = await trouble(town.server.token, town.server.url)
    assert "asked too often" in told


async def test_an_answer_that_breaks_off_is_told(town):
    town.server.faults.strike(Trouble.HALF)
    told = await trouble(town.server.token, town.server.url)
    assert "broke off or was garbled" in told


async def test_the_line_is_open_only_while_the_connection_stands(town):
    line = Line()
    with pytest.raises(NotConnectedError):
        _ = line.rest
    one = connection(town.server.token, town.server.url, line)
    task = asyncio.create_task(one.run())
    await town.until(lambda: one.connected_since is not None)
    assert (await line.rest.fetch_my_user()).id == town.world.bot.id
    assert one.me.id == town.world.bot.id
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert one.connected_since is None
    with pytest.raises(NotConnectedError):
        _ = line.rest
    assert town.server.gateway.connected == 0


async def test_members_are_asked_for_only_where_the_application_may(town):
    town.world.application.privileged |= Intent.GUILD_MEMBERS
    one = connection(town.server.token, town.server.url)
    task = asyncio.create_task(one.run())
    await town.until(lambda: one.connected_since is not None)
    (session,) = town.server.gateway._live_sessions()
    assert session.intents & Intent.GUILD_MEMBERS
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_once_it_stood_it_comes_back_by_itself_and_says_meanwhile_what_is_wrong(town, watch):
    town.server.go_away()
    await town.until(lambda: watch.connection.connected_since is None)
    assert "broke off" in watch.connection.trouble
    town.server.come_back()
    town.world.say(town.ada, town.general, "still there?")
    await town.until(lambda: [one.text for one in watch.pulse.recent] == ["still there?"])

    assert watch.connection.trouble == ""


async def test_a_token_that_is_taken_back_is_told_in_one_sentence_and_not_tried_in_haste(
    town, caplog
):
    pauses = []
    again = asyncio.Event()

    async def pause(seconds):
        pauses.append(seconds)
        await again.wait()

    one = connection(town.server.token, town.server.url, pause=pause)
    task = asyncio.create_task(one.run())
    await town.until(lambda: one._has_stood)
    good, town.world.application.token = town.server.token, town.server.token[:-4] + "oops"
    town.server.gateway.drop(4004)
    await town.until(lambda: bool(pauses))

    assert (one.connected_since, pauses) == (None, [120.0])
    assert "Discord refused the token" in one.trouble
    assert "start guildwatch again" in one.trouble
    town.world.application.token = good
    again.set()
    await town.until(lambda: one.connected_since is not None)
    assert one.trouble == ""
    assert len([one for one in caplog.records if "refused the token" in one.message]) == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_session_that_discord_ends_for_good_is_built_anew(town, watch):
    town.server.gateway.drop(4010)
    town.world.say(town.ada, town.general, "one")
    await town.until(lambda: len(watch.pulse.recent) == 1)

    assert watch.connection.connected_since is not None


async def test_stopping_while_it_comes_up_leaves_nothing_behind(town):
    town.server.faults.gateway_down = True
    task = asyncio.create_task(connection(town.server.token, town.server.url).run())

    def shards():
        return [one for one in asyncio.all_tasks() if one.get_name().startswith("keep alive")]

    await town.until(lambda: bool(shards()))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert shards() == []


async def test_a_machine_that_boots_before_its_network_waits_and_connects(town, caplog):
    town.server.go_away()
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            town.server.come_back()

    one = connection(town.server.token, town.server.url, pause=pause)
    task = asyncio.create_task(one.run())
    try:
        await town.until(lambda: one.connected_since is not None)
        assert one.trouble == ""
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert pauses == [2.0, 4.0, 8.0]
    assert len([one for one in caplog.records if "tried again" in one.message]) == 1


@pytest.mark.parametrize("steps", range(12))
async def test_a_wish_to_stop_is_heard_at_every_step_of_coming_up(town, steps):
    """Hikari swallows what comes while it waits for the losers of a race of its own."""

    async def hear(event):
        if event.name == "READY":
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()

    one = Connection(town.server.token, town.server.url, Line(), hear=hear, install=nothing)
    task = asyncio.create_task(one.run())
    done, _ = await asyncio.wait([task], timeout=60)
    if not done:
        task.cancel()
        await asyncio.wait([task])
    assert done
    assert task.cancelled()
