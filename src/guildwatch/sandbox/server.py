"""The sandbox on loopback: REST, gateway and attachments behind one address."""

from types import TracebackType
from typing import Self

from aiohttp import web

from guildwatch.model import GuildwatchError
from guildwatch.sandbox.faults import Faults
from guildwatch.sandbox.gateway import Gateway
from guildwatch.sandbox.rest.channels import Channels
from guildwatch.sandbox.rest.commands import Commands
from guildwatch.sandbox.rest.door import API, Door
from guildwatch.sandbox.rest.guilds import Guilds
from guildwatch.sandbox.rest.interactions import Interactions
from guildwatch.sandbox.rest.messages import Messages
from guildwatch.sandbox.rest.myself import Myself
from guildwatch.sandbox.rest.threads import Threads
from guildwatch.sandbox.world import World

HEARTBEAT = 41.25
"""Discord's usual heartbeat interval, in seconds."""


class ServerError(GuildwatchError):
    """The sandbox cannot be served."""


class Server:
    """A World behind a port; an async context manager.

    `port` 0 takes a free one. `limited` switches rate limits; they run in real seconds.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        faults: Faults | None = None,
        limited: bool = True,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        self.world = world
        self.faults = faults or Faults()
        self.gateway = Gateway(world, self.faults, heartbeat=heartbeat)
        self._port = port
        self._door = Door(world, self.faults, limited=limited)
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """What a client takes for Discord's REST address."""
        return self.world.address + API

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    async def __aenter__(self) -> Self:
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
        except OSError as error:
            await runner.cleanup()
            told = f"Port {self._port} of this machine is taken; choose another one."
            raise ServerError(told) from error
        self._port = runner.addresses[0][1]
        self.world.address = f"http://127.0.0.1:{self._port}"
        self.world.listeners.append(self.gateway.hear)
        self._runner = runner
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.listeners.remove(self.gateway.hear)
        if self._runner is not None:
            await self._runner.cleanup()

    def go_away(self) -> None:
        """Discord is gone: connections are cut and nothing answers, until `come_back`."""
        self.faults.offline = self.faults.gateway_down = True
        self.gateway.drop()

    def come_back(self) -> None:
        """Discord answers again; sessions can be resumed if they are still young."""
        self.faults.offline = self.faults.gateway_down = False

    def _application(self) -> web.Application:
        world = self.world
        resources = (
            Myself(world),
            Commands(world),
            Interactions(world),
            Messages(world, self.faults),
            Threads(world),
            Channels(world),
            Guilds(world),
        )
        routes = [route for resource in resources for route in resource.routes()]
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.add_routes(self._door.routes(routes))
        application.router.add_get("/gateway", self.gateway.serve)
        application.router.add_get("/gateway/", self.gateway.serve)
        application.router.add_get("/attachments/{channel}/{file}/{name}", self._attachment)
        return application

    async def _attachment(self, request: web.Request) -> web.Response:
        kept = self.world.files.get(int(request.match_info["file"]))
        if kept is None or kept.file.filename != request.match_info["name"]:
            raise web.HTTPNotFound
        return web.Response(body=kept.file.data, content_type=kept.file.media_type)
