"""A small guild on loopback, and clients of three makes to talk to it."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import hikari
import pytest
import yarl

from guildwatch.model import Overwrite
from guildwatch.sandbox import Permission, SandboxClock, Server, World

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Timer:
    """Real seconds, moved by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Place:
    """A guild with two people, an open channel, a staff channel and a forum."""

    world: World
    ada: int
    ben: int
    guild: int
    general: int
    staff: int
    forum: int


@dataclass
class Reply:
    """What a REST call was answered with."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Rest:
    """The barest client: says exactly what it is told to."""

    session: aiohttp.ClientSession
    url: str
    headers: dict[str, str]

    async def __call__(self, method: str, path: str, body: Any = None, **kwargs: Any) -> Reply:
        if body is not None:
            kwargs["json"] = body
        kwargs.setdefault("headers", self.headers)
        async with self.session.request(method, self.url + path, **kwargs) as response:
            text = await response.text()
            parsed = json.loads(text) if text and response.content_type.endswith("json") else text
            return Reply(response.status, parsed, dict(response.headers))


@dataclass
class Socket:
    """A bare gateway client that keeps the sequence number."""

    socket: aiohttp.ClientWebSocketResponse
    seq: int | None = None
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def next(self) -> dict[str, Any]:
        payload = await self.socket.receive_json(timeout=60)
        if payload["op"] == 0:
            self.seq = payload["s"]
        self.seen.append(payload)
        return payload

    async def until(self, name: str) -> dict[str, Any]:
        while True:
            payload = await self.next()
            if payload["t"] == name:
                return payload["d"]

    async def closed(self) -> int | None:
        while True:
            message = await self.socket.receive(timeout=60)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return int(message.data)
            if message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR):
                return self.socket.close_code

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, token: str, intents: int = 0x3FFFFFF) -> dict[str, Any]:
        await self.say_who(token, intents)
        return await self.until("READY")

    async def say_who(self, token: str, intents: int) -> None:
        await self.next()
        properties = {"os": "linux", "browser": "test", "device": "test"}
        await self.send(2, {"token": token, "intents": intents, "properties": properties})


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def place(timer: Timer) -> Place:
    world = World(SandboxClock(NOON, rate=1.0), timer=timer)
    ada = world.add_user("ada", display_name="Ada")
    ben = world.add_user("ben", display_name="Ben")
    guild = world.add_guild("Lighthouse", owner=ada)
    world.add_member(guild, ben)
    talk = world.add_category(guild, "Talk")
    general = world.add_channel(guild, "general", parent=talk)
    closed = Overwrite(guild, is_member=False, allow=0, deny=Permission.VIEW_CHANNEL)
    staff = world.add_channel(guild, "staff", overwrites=[closed])
    forum = world.add_channel(guild, "ideas", 15, tags=["done", "open"])
    world.invite_bot(guild)
    return Place(world, ada, ben, guild, general, staff, forum)


@pytest.fixture
def world(place: Place) -> World:
    return place.world


@pytest.fixture
async def server(world: World) -> AsyncIterator[Server]:
    async with Server(world, heartbeat=30, limited=False) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def rest(server: Server, session: aiohttp.ClientSession) -> Rest:
    headers = {"Authorization": f"Bot {server.token}", "User-Agent": "DiscordBot (test, 1)"}
    return Rest(session, server.url, headers)


@pytest.fixture
async def connect(
    server: Server, session: aiohttp.ClientSession
) -> AsyncIterator[Callable[..., Any]]:
    opened: list[aiohttp.ClientWebSocketResponse] = []

    async def connect(**query: str) -> Socket:
        address = server.gateway.url
        socket = await session.ws_connect(address, params={"v": "10", "encoding": "json"} | query)
        opened.append(socket)
        return Socket(socket)

    yield connect
    for socket in opened:
        await socket.close()


@pytest.fixture
async def bot(server: Server, world: World) -> AsyncIterator[hikari.GatewayBot]:
    """The real hikari, connected."""
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    bot = hikari.GatewayBot(
        server.token,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        rest_url=server.url,
        intents=hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT,
    )
    await bot.start(check_for_updates=False)
    yield bot
    await bot.close()


@pytest.fixture
async def friend(
    server: Server, world: World, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Any]:
    """The real discord.py, connected: a client that nobody here wrote."""
    world.answer_seconds = 60  # a busy machine is no fault of the bot
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it imports audioop on Python 3.11+
        discord = pytest.importorskip("discord")
    monkeypatch.setattr(discord.http.Route, "BASE", server.url)
    gateway = yarl.URL(server.gateway.url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    intents = discord.Intents.default()
    intents.message_content = True
    client = discord.Client(intents=intents, guild_ready_timeout=0.1)
    ready = asyncio.Event()

    @client.event
    async def on_ready() -> None:
        ready.set()

    await client.login(server.token)
    running = asyncio.create_task(client.connect())
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({running, waiting}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert ready.is_set()
    yield client
    await client.close()
    await running
