import asyncio
import zlib

import aiohttp
import pytest

from guildwatch.sandbox import Intent

GUILDS, MESSAGES = int(Intent.GUILDS), int(Intent.GUILD_MESSAGES)
CONTENT = int(Intent.MESSAGE_CONTENT)
USUAL = GUILDS | MESSAGES | CONTENT


async def test_a_guild_is_unavailable_in_ready_and_then_arrives(place, server, connect):
    socket = await connect()
    ready = await socket.identify(server.token, USUAL)
    assert ready["guilds"] == [{"id": str(place.guild), "unavailable": True}]
    guild = await socket.until("GUILD_CREATE")
    assert guild["unavailable"] is False
    assert {one["name"] for one in guild["channels"]} >= {"general", "ideas"}
    assert [one["user"]["id"] for one in guild["members"]] == [str(place.world.bot.id)]


async def test_hidden_channels_arrive_without_name_and_appear_when_they_open(
    place, server, connect
):
    place.world.open_thread(place.ada, place.staff, "Salaries", first_text="shh")
    socket = await connect()
    await socket.identify(server.token, USUAL)
    guild = await socket.until("GUILD_CREATE")
    hidden = next(one for one in guild["channels"] if one["id"] == str(place.staff))
    assert (hidden["name"], hidden["flags"]) == ("___hidden___", 1 << 17)
    assert [one["deny"] for one in hidden["permission_overwrites"]] == ["1024"]
    assert guild["threads"] == []
    place.world.set_overwrites(place.staff, [])
    opened = await socket.until("CHANNEL_UPDATE")
    assert (opened["name"], opened["flags"]) == ("staff", 0)
    threads = (await socket.until("THREAD_LIST_SYNC"))["threads"]
    assert [one["name"] for one in threads] == ["Salaries"]


async def test_without_obfuscation_hidden_channels_arrive_in_full(place, server, connect, rest):
    place.world.obfuscate = False
    socket = await connect()
    await socket.identify(server.token, USUAL)
    guild = await socket.until("GUILD_CREATE")
    assert "staff" in {one["name"] for one in guild["channels"]}
    assert (await rest("GET", f"/channels/{place.staff}")).body["code"] == 50001


async def test_a_role_that_closes_a_channel_hides_it_from_the_bot(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    role = next(one for one in place.world.guilds[place.guild].roles.values() if one.bot_id)
    place.world.change_role(place.guild, 0)
    place.world.change_role(role.id, 0)
    updates = [await socket.until("CHANNEL_UPDATE") for _ in range(3)]
    assert {one["name"] for one in updates} == {"___hidden___"}


async def test_events_come_only_for_asked_intents_and_visible_channels(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, GUILDS | MESSAGES | CONTENT)
    message = place.world.say(place.ada, place.general, "one")
    place.world.react(place.ada, message, "👍")
    place.world.say(place.ada, place.staff, "hidden")
    place.world.say(place.ada, place.world.open_dm(place.ada), "dm")
    place.world.say(place.ada, place.general, "two")
    assert (await socket.until("MESSAGE_CREATE"))["content"] == "one"
    assert (await socket.until("MESSAGE_CREATE"))["content"] == "two"
    names = [one["t"] for one in socket.seen if one["op"] == 0]
    assert names == ["READY", "GUILD_CREATE", "MESSAGE_CREATE", "MESSAGE_CREATE"]


async def test_without_the_content_intent_texts_are_empty(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, GUILDS | MESSAGES)
    place.world.say(place.ada, place.general, "secret")
    told = await socket.until("MESSAGE_CREATE")
    assert (told["content"], told["author"]["username"]) == ("", "ada")
    place.world.say(place.ada, place.general, f"<@{place.world.bot.id}> hi")
    assert (await socket.until("MESSAGE_CREATE"))["content"].endswith(" hi")


async def test_a_message_tells_its_guild_its_member_and_whom_it_mentions(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    place.world.rename_member(place.guild, place.ada, "Keeper")
    place.world.say(place.ada, place.general, f"ask <@{place.ben}>")
    told = await socket.until("MESSAGE_CREATE")
    assert told["guild_id"] == str(place.guild)
    assert told["member"]["nick"] == "Keeper"
    assert told["mentions"][0]["member"]["roles"] == []


@pytest.mark.parametrize(
    ("token", "intents", "code"),
    [("wrong", USUAL, 4004), (None, 1 << 30, 4013), (None, int(Intent.GUILD_MEMBERS), 4014)],
)
async def test_a_wrong_introduction_is_closed_with_its_code(server, connect, token, intents, code):
    socket = await connect()
    await socket.say_who(token or server.token, intents)
    assert await socket.closed() == code


async def test_speaking_out_of_turn_is_closed_with_its_code(server, connect):
    async def refused(*payloads):
        socket = await connect()
        await socket.next()
        for op, data in payloads:
            await socket.send(op, data)
        return await socket.closed()

    me = {"token": server.token, "intents": 0, "properties": {}}
    assert await refused((8, {})) == 4003
    assert await refused((2, me), (2, me)) == 4005
    assert await refused((2, me), (99, None)) == 4001
    assert await refused((2, {**me, "shard": [3, 2]})) == 4010
    assert await refused(*[(1, None)] * 121) == 4008
    socket = await connect()
    await socket.socket.send_str("nonsense")
    assert await socket.closed() == 4002


async def test_heartbeats_are_acknowledged_unless_the_line_is_dead(server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    await socket.send(1, socket.seq)
    while (await socket.next())["op"] != 11:
        pass
    server.faults.silent_heartbeats = True
    await socket.send(1, socket.seq)
    await socket.send(99, None)
    assert await socket.closed() == 4001
    assert [one["op"] for one in socket.seen].count(11) == 1


async def test_a_resumed_session_gets_all_that_it_missed(place, server, connect):
    socket = await connect()
    ready = await socket.identify(server.token, USUAL)
    await socket.until("GUILD_CREATE")
    place.world.say(place.ada, place.general, "heard")
    await socket.until("MESSAGE_CREATE")
    await socket.socket.close(code=4000)
    while server.gateway.connected:
        await asyncio.sleep(0)
    for text in ("missed", "missed too"):
        place.world.say(place.ada, place.general, text)
    again = await connect()
    await again.next()
    resume = {"token": server.token, "session_id": ready["session_id"], "seq": socket.seq}
    await again.send(6, resume)
    await again.until("RESUMED")
    assert [one["d"].get("content") for one in again.seen[1:]] == ["missed", "missed too", None]
    place.world.say(place.ada, place.general, "live")
    assert (await again.until("MESSAGE_CREATE"))["content"] == "live"


async def test_a_session_cannot_be_resumed_when_it_is_over(place, server, connect, timer):
    async def resumed(**changes):
        socket = await connect()
        ready = await socket.identify(server.token, USUAL)
        await socket.socket.close(code=changes.pop("code", 4000))
        while server.gateway.connected:
            await asyncio.sleep(0)
        timer.now += changes.pop("away", 1)
        again = await connect()
        await again.next()
        data = {"token": server.token, "session_id": ready["session_id"], "seq": 1} | changes
        await again.send(6, data)
        answer = await again.next()
        await again.socket.close()
        return answer

    assert (await resumed())["op"] == 0
    invalid = {"op": 9, "d": False, "s": None, "t": None}
    assert await resumed(code=1000) == invalid
    assert await resumed(away=100) == invalid
    assert await resumed(session_id="unknown") == invalid
    server.faults.refuse_resume = True
    assert await resumed() == invalid


async def test_the_server_can_ask_to_reconnect_and_invalidate(server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    await socket.until("GUILD_CREATE")
    server.gateway.reconnect()
    assert (await socket.next())["op"] == 7
    server.gateway.invalidate(resumable=True)
    assert (await socket.next())["d"] is True
    server.gateway.drop(4000)
    assert await socket.closed() == 4000


async def test_a_gateway_that_is_down_refuses_and_comes_back(place, server, connect, rest):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    server.go_away()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await connect()
    with pytest.raises(aiohttp.ClientError):
        await rest("GET", "/users/@me")
    server.come_back()
    assert (await rest("GET", "/users/@me")).status == 200
    await (await connect()).identify(server.token, USUAL)


async def test_the_stream_is_one_zlib_stream(place, server, connect):
    socket = await connect(compress="zlib-stream")
    inflate = zlib.decompressobj()
    hello = await socket.socket.receive_bytes()
    assert b'"op":10' in inflate.decompress(hello)
    data = {"token": server.token, "intents": USUAL, "properties": {}}
    await socket.send(2, data)
    ready = await socket.socket.receive_bytes()
    assert ready.endswith(b"\x00\x00\xff\xff")
    assert b'"READY"' in inflate.decompress(ready)


async def test_a_compression_that_is_not_there_is_refused(connect):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await connect(compress="brotli-stream")
    assert refused.value.status == 400


async def test_an_outage_silences_a_guild_until_it_recovers(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    place.world.outage(place.guild)
    assert (await socket.until("GUILD_DELETE"))["unavailable"] is True
    place.world.say(place.ada, place.general, "lost")
    place.world.recover(place.guild)
    assert (await socket.next())["t"] == "GUILD_CREATE"


async def test_a_guild_that_the_bot_was_removed_from_meanwhile_recovers_without_it(
    place, server, connect
):
    other = place.world.add_guild("Harbour", owner=place.ben)
    socket = await connect()
    await socket.identify(server.token, USUAL)
    await socket.until("GUILD_CREATE")
    place.world.outage(place.guild)
    await socket.until("GUILD_DELETE")
    place.world.remove_bot(place.guild)
    place.world.recover(place.guild)
    place.world.invite_bot(other)
    assert (await socket.next())["d"]["id"] == str(other)


async def test_joining_and_being_removed_differ_from_an_outage(place, server, connect):
    other = place.world.add_guild("Harbour", owner=place.ben)
    socket = await connect()
    await socket.identify(server.token, USUAL)
    place.world.invite_bot(other)
    while "unavailable" in (joined := await socket.until("GUILD_CREATE")):
        pass
    assert joined["name"] == "Harbour"
    place.world.leave(other, place.world.bot.id)
    assert await socket.until("GUILD_DELETE") == {"id": str(other)}


async def test_members_are_told_on_request_but_all_of_them_only_with_the_intent(
    place, server, connect
):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    await socket.send(8, {"guild_id": str(place.guild), "user_ids": [str(place.ben), "7"]})
    chunk = await socket.until("GUILD_MEMBERS_CHUNK")
    assert [one["user"]["username"] for one in chunk["members"]] == ["ben"]
    assert chunk["not_found"] == ["7"]
    await socket.send(8, {"guild_id": str(place.guild), "query": "ad", "limit": 5})
    chunk = await socket.until("GUILD_MEMBERS_CHUNK")
    assert [one["user"]["username"] for one in chunk["members"]] == ["ada"]
    await socket.send(8, {"guild_id": str(place.guild), "query": "", "limit": 0})
    assert await socket.closed() == 4014


async def test_deletions_tell_ids_and_a_deleted_channel_takes_its_threads(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    world = place.world
    ids = [world.say(place.ada, place.general, f"{n}") for n in range(3)]
    world.delete(ids[0])
    world.delete(*ids[1:])
    thread = world.open_thread(place.ada, place.general, "Side", first_text="x")
    world.delete_channel(thread)
    world.delete_channel(place.general)
    assert (await socket.until("MESSAGE_DELETE"))["id"] == str(ids[0])
    assert (await socket.until("MESSAGE_DELETE_BULK"))["ids"] == [str(one) for one in ids[1:]]
    assert (await socket.until("THREAD_DELETE"))["id"] == str(thread)
    assert (await socket.until("CHANNEL_DELETE"))["id"] == str(place.general)
    assert world.kept_messages == {}


async def test_a_private_thread_is_silent_until_the_bot_is_in_it(place, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    world = place.world
    thread = world.open_thread(place.ada, place.general, "Secret", private=True)
    world.say(place.ada, thread, "unheard")
    world.add_to_thread(thread, world.bot.id)
    world.say(place.ada, thread, "heard")
    assert (await socket.until("THREAD_CREATE"))["member"]["user_id"] == str(world.bot.id)
    assert (await socket.until("MESSAGE_CREATE"))["content"] == "heard"
