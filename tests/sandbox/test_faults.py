import aiohttp
import pytest

from guildwatch.sandbox import Intent, Trouble

CREATE = "/channels/{channel_id}/messages"
USUAL = int(Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT)


async def test_every_third_request_fails_when_told_so(rest, server):
    server.faults.strike(Trouble.ERROR, "GET", "/users/@me", every=3, times=None, status=502)
    statuses = [(await rest("GET", "/users/@me")).status for _ in range(6)]
    assert statuses == [200, 200, 502, 200, 200, 502]


async def test_an_error_before_the_effect_has_none_and_after_it_has(place, rest, server):
    url = f"/channels/{place.general}/messages"
    server.faults.strike(Trouble.ERROR, "POST", CREATE)
    assert (await rest("POST", url, {"content": "not kept"})).status == 503
    assert place.world.messages(place.general) == []
    server.faults.strike(Trouble.ERROR_AFTER, "POST", CREATE, status=500)
    assert (await rest("POST", url, {"content": "kept"})).status == 500
    assert [one["content"] for one in place.world.messages(place.general)] == ["kept"]


async def test_a_dropped_line_leaves_the_caller_in_doubt(place, rest, server):
    url = f"/channels/{place.general}/messages"
    for trouble, kept in ((Trouble.DROP, 0), (Trouble.DROP_AFTER, 1)):
        server.faults.strike(trouble, "POST", CREATE)
        with pytest.raises(aiohttp.ClientError):
            await rest("POST", url, {"content": "?"})
        assert len(place.world.messages(place.general)) == kept


async def test_a_shared_limit_comes_without_warning(place, rest, server):
    server.faults.strike(Trouble.RATE_LIMIT, "GET", "/users/@me", seconds=2.5)
    refused = await rest("GET", "/users/@me")
    assert (refused.status, refused.body["retry_after"]) == (429, 2.5)
    assert refused.headers["X-RateLimit-Scope"] == "shared"
    assert (await rest("GET", "/users/@me")).status == 200


async def test_slow_is_only_slow(rest, server):
    server.faults.strike(Trouble.SLOW, seconds=0.01)
    assert (await rest("GET", "/users/@me")).status == 200


async def test_a_nonce_saves_hikari_from_posting_twice(place, server, bot):
    server.faults.strike(Trouble.DROP_AFTER, "POST", CREATE)
    message = await bot.rest.create_message(place.general, "once", nonce="key")
    told = place.world.messages(place.general)
    assert [one["id"] for one in told] == [str(message.id)]
    assert len(place.world.log.of("POST", CREATE)) == 2


async def test_the_global_limit_is_told_as_such(rest, server):
    server.faults.strike(Trouble.GLOBAL_LIMIT, seconds=1.5)
    refused = await rest("GET", "/users/@me")
    assert (refused.status, refused.body["global"], refused.body["retry_after"]) == (429, True, 1.5)
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["Retry-After"] == "1.500"
    assert (await rest("GET", "/users/@me")).status == 200


async def test_an_answer_ends_in_its_middle(place, rest, server):
    place.world.say(place.ada, place.general, "Hello")
    server.faults.strike(Trouble.HALF, "GET", CREATE)
    with pytest.raises(aiohttp.ClientPayloadError):
        await rest("GET", f"/channels/{place.general}/messages")


async def test_history_has_a_message_only_some_time_after_its_event(place, rest, server, timer):
    server.faults.history_delay = 2.0
    message = place.world.say(place.ada, place.general, "soon")
    url = f"/channels/{place.general}/messages"
    assert (await rest("GET", url)).body == []
    assert (await rest("GET", f"{url}/{message}")).body["code"] == 10008
    timer.now += 2
    assert [one["content"] for one in (await rest("GET", url)).body] == ["soon"]
    assert (await rest("GET", f"{url}/{message}")).status == 200


async def test_events_come_after_history_and_in_their_order(place, rest, server, connect):
    socket = await connect()
    await socket.identify(server.token, USUAL)
    server.faults.event_delay = 0.05
    texts = [f"{number}" for number in range(5)]
    for text in texts:
        place.world.say(place.ada, place.general, text)
    page = (await rest("GET", f"/channels/{place.general}/messages")).body
    assert [one["content"] for one in page[::-1]] == texts
    assert "MESSAGE_CREATE" not in [one["t"] for one in socket.seen]
    server.faults.event_delay = 0.0
    place.world.say(place.ada, place.general, "last")
    heard = [(await socket.until("MESSAGE_CREATE"))["content"] for _ in (*texts, "last")]
    assert heard == [*texts, "last"]


async def test_a_dead_line_carries_nothing_and_what_it_lost_comes_with_the_resume(
    place, server, connect
):
    socket = await connect()
    ready = await socket.identify(server.token, USUAL)
    await socket.until("GUILD_CREATE")
    server.gateway.fall_silent()
    place.world.say(place.ada, place.general, "unheard")
    await socket.send(1, socket.seq)
    again = await connect()
    await again.next()
    seq = socket.seq
    await again.send(6, {"token": server.token, "session_id": ready["session_id"], "seq": seq})
    assert (await again.until("MESSAGE_CREATE"))["content"] == "unheard"
    assert socket.seq == seq


async def test_a_resumed_session_may_be_told_again_what_it_knows(place, server, connect):
    socket = await connect()
    ready = await socket.identify(server.token, USUAL)
    for text in ("one", "two"):
        place.world.say(place.ada, place.general, text)
        await socket.until("MESSAGE_CREATE")
    server.faults.repeats = 2
    again = await connect()
    await again.next()
    await again.send(
        6, {"token": server.token, "session_id": ready["session_id"], "seq": socket.seq}
    )
    await again.until("RESUMED")
    assert [one["d"].get("content") for one in again.seen[1:]] == ["one", "two", None]


@pytest.mark.parametrize(("code", "can_resume"), [(4000, True), (4009, False), (None, True)])
async def test_a_connection_ends_with_a_code_or_without_a_word(server, connect, code, can_resume):
    socket = await connect()
    ready = await socket.identify(server.token, USUAL)
    server.gateway.drop(code)
    assert await socket.closed() == (code or 1006)
    again = await connect()
    await again.next()
    await again.send(
        6, {"token": server.token, "session_id": ready["session_id"], "seq": socket.seq}
    )
    answer = await again.next()
    assert (answer["op"], answer["d"]) == ((0, answer["d"]) if can_resume else (9, False))
