import aiohttp
import pytest

from guildwatch.sandbox import Trouble

CREATE = "/channels/{channel_id}/messages"


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
