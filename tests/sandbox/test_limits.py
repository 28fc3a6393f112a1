import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildwatch.sandbox import Server
from guildwatch.sandbox.limits import Limit, Limits


@pytest.fixture
async def server(world):
    async with Server(world) as server:
        yield server


async def test_a_bucket_tells_what_is_left_and_refuses_when_nothing_is(place, rest, timer):
    url = f"/channels/{place.general}/messages"
    replies = [await rest("POST", url, {"content": "x"}) for _ in range(5)]
    left = [one.headers["X-RateLimit-Remaining"] for one in replies]
    assert left == ["4", "3", "2", "1", "0"]
    assert place.world.log.violations == []
    refused = await rest("POST", url, {"content": "one too many"})
    assert refused.status == 429
    assert refused.body == {
        "message": "You are being rate limited.",
        "retry_after": 5.0,
        "global": False,
    }
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert len(place.world.log.violations) == 1
    timer.now += 5
    assert (await rest("POST", url, {"content": "in time"})).status == 200


async def test_channels_have_buckets_of_their_own(place, rest):
    other = place.world.add_channel(place.guild, "other")
    for _ in range(6):
        last = await rest("POST", f"/channels/{place.general}/messages", {"content": "x"})
    assert last.status == 429
    reply = await rest("POST", f"/channels/{other}/messages", {"content": "x"})
    assert reply.status == 200


async def test_fifty_requests_in_a_second_are_all_there_is(place, rest, timer):
    for _ in range(50):
        await rest("GET", "/gateway")
    refused = await rest("GET", "/users/@me")
    assert (refused.status, refused.body["global"]) == (429, True)
    assert refused.headers["X-RateLimit-Global"] == "true"
    timer.now += 1
    assert (await rest("GET", "/users/@me")).status == 200


async def test_hikari_keeps_within_its_buckets(place, server, bot, timer):
    for number in range(5):
        await bot.rest.create_message(place.general, str(number))
    assert place.world.log.violations == []
    assert len(place.world.messages(place.general)) == 5


@given(st.lists(st.integers(0, 3), max_size=60))
def test_no_window_lets_more_through_than_its_limit(pauses):
    now = 0
    limits = Limits(lambda: now)
    limit = Limit(3, 5.0)
    granted = []
    for pause in pauses:
        now += pause
        allowance = limits.take("key", limit, bucket="b")
        assert 0 <= allowance.remaining < 3
        assert 0 < allowance.reset_after <= 5
        if allowance.allowed:
            granted.append(now)
    for first, fourth in zip(granted, granted[6:], strict=False):
        assert fourth - first >= 5
