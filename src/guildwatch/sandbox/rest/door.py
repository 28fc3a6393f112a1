"""The door to the REST API: log, faults, token, rate limits, and how a no is told."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.faults import Faults, Rule, Trouble
from guildwatch.sandbox.journal import Entry
from guildwatch.sandbox.limits import GLOBAL, Allowance, Limits
from guildwatch.sandbox.rest.call import Call, Result, Route, call_of
from guildwatch.sandbox.world import World

log = logging.getLogger(__name__)
API = "/api/v10"
_MAJOR = ("channel_id", "guild_id", "webhook_id", "token")


class Door:
    """What every request passes through."""

    def __init__(self, world: World, faults: Faults, *, limited: bool) -> None:
        self._world = world
        self._faults = faults
        self._limits = Limits(world.timer)
        self._limited = limited

    def routes(self, routes: Sequence[Route]) -> list[web.RouteDef]:
        """The routes as aiohttp takes them, and a 404 for everything else below the API's path."""
        known = [
            web.route(route.method, API + route.path, self._handler(route)) for route in routes
        ]
        return [*known, web.route("*", "/api/{rest:.*}", self._unknown)]

    def _handler(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._pass(route, request)

        return handle

    async def _pass(self, route: Route, request: web.Request) -> web.StreamResponse:
        if self._faults.offline:
            return _cut(request)
        rule = self._faults.for_request(route.method, route.path)
        if rule is not None and not rule.trouble.is_after:
            early = await self._befall(rule, route, request)
            if early is not None:
                return early
        response = await self._answer(route, request)
        if rule is not None and rule.trouble == Trouble.HALF:
            return await _halved(response, request)
        if rule is not None and rule.trouble.is_after:
            return _broken(rule, request)
        return response

    async def _befall(
        self, rule: Rule, route: Route, request: web.Request
    ) -> web.StreamResponse | None:
        """A trouble that comes before the effect; None lets the request go on."""
        if rule.trouble == Trouble.SLOW:
            await asyncio.sleep(rule.seconds)
            return None
        if rule.trouble == Trouble.RATE_LIMIT:
            self._note(route, request, 429)
            return _shared_limit(rule.seconds)
        if rule.trouble == Trouble.GLOBAL_LIMIT:
            self._note(route, request, 429)
            return _global_limit(rule.seconds)
        self._note(route, request, 0 if rule.trouble == Trouble.DROP else rule.status)
        return _broken(rule, request)

    async def _answer(self, route: Route, request: web.Request) -> web.Response:
        call: Call | None = None
        headers: dict[str, str] = {}
        try:
            self._check_client(route, request)
            allowance = self._take(route, request)
            if allowance is not None:
                headers = allowance.headers
                if not allowance.allowed:
                    self._note(route, request, 429)
                    return _limited(allowance)
            call = await call_of(request)
            result = route.handler(call)
            response = _told(result, route.status, headers)
        except RefusedError as error:
            response = _json(error.body, status=error.status, headers=headers)
        self._note(route, request, response.status, call)
        return response

    def _check_client(self, route: Route, request: web.Request) -> None:
        if not request.headers.get("User-Agent"):
            raise RefusedError(Kind.NO_USER_AGENT)
        if not route.anonymous and request.headers.get("Authorization") != f"Bot {self._token}":
            raise RefusedError(Kind.UNAUTHORIZED)

    @property
    def _token(self) -> str:
        return self._world.token

    def _take(self, route: Route, request: web.Request) -> Allowance | None:
        """Count the call; None where nothing limits it."""
        if not self._limited or route.free:
            return None
        overall = self._limits.take("global", GLOBAL)
        if not overall.allowed:
            self._world.log.violations.append("more than 50 requests in a second")
            return overall
        if route.limit is None:
            return None
        major = [request.match_info[name] for name in _MAJOR if name in request.match_info]
        bucket = f"{route.method} {route.path}"
        allowance = self._limits.take(f"{bucket} {major}", route.limit, bucket=bucket)
        if not allowance.allowed:
            self._world.log.violations.append(f"{bucket} in spite of an exhausted bucket")
        return allowance

    def _note(
        self, route: Route, request: web.Request, status: int, call: Call | None = None
    ) -> None:
        path = request.path.removeprefix(API)
        files = tuple(one.filename for one in call.files.values()) if call else ()
        body = call.body if call else None
        self._world.log.add(Entry(route.method, route.path, path, status, body, files))

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        if self._faults.offline:
            return _cut(request)
        path = request.path.removeprefix(API)
        log.warning("The sandbox has no route %s %s.", request.method, path)
        error = RefusedError(Kind.NOT_FOUND)
        self._world.log.add(Entry(request.method, "?", path, error.status))
        return _json(error.body, status=error.status)


def _json(body: object, *, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON under a bare content type: some clients look for exactly that, as Discord sends it."""
    told = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)


def _told(result: Result, status: int, headers: dict[str, str]) -> web.Response:
    if result is None:
        return web.Response(status=204, headers=headers)
    return _json(result, status=status, headers=headers)


def _limited(allowance: Allowance) -> web.Response:
    return _json(allowance.body, status=429, headers=allowance.headers)


def _shared_limit(seconds: float) -> web.Response:
    """A limit that somebody else used up, of which no header had warned."""
    body = {"message": "The resource is being rate limited.", "retry_after": seconds}
    headers = {"X-RateLimit-Scope": "shared", "Retry-After": f"{seconds:.3f}"}
    return _json({**body, "global": False}, status=429, headers=headers)


def _global_limit(seconds: float) -> web.Response:
    """The limit of everything that the bot asks, whatever it asks."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": True}
    headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    return _json(body, status=429, headers={**headers, "Retry-After": f"{seconds:.3f}"})


def _broken(rule: Rule, request: web.Request) -> web.StreamResponse:
    if rule.trouble in (Trouble.DROP, Trouble.DROP_AFTER):
        return _cut(request)
    return web.Response(status=rule.status, text="upstream connect error")


async def _halved(whole: web.Response, request: web.Request) -> web.StreamResponse:
    """Begin an answer, and end the connection in the middle of it."""
    body = whole.body if isinstance(whole.body, bytes) else b""
    half = web.StreamResponse(status=whole.status, headers=whole.headers)
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    return _cut(request)


def _cut(request: web.Request) -> web.StreamResponse:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)
