"""The gateway's side of the protocol, opcode by opcode.

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from guildwatch.sandbox import render
from guildwatch.sandbox.application import PRIVILEGED
from guildwatch.sandbox.errors import Json
from guildwatch.sandbox.events import EVERY_INTENT, Event, Intent
from guildwatch.sandbox.faults import Faults
from guildwatch.sandbox.gateway.members import tell_members
from guildwatch.sandbox.gateway.session import LIFETIME, CloseError, Session
from guildwatch.sandbox.gateway.wire import (
    UnsupportedCompressionError,
    Wire,
    encoded,
    encoder_for,
)
from guildwatch.sandbox.limits import Limit, Limits
from guildwatch.sandbox.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
_ENDS_SESSION = (4007, 4009)
_TICK = 1e-6  # seconds between two events that are told late
_SENDS = Limit(120, 60.0)


class Connection:
    """One websocket and the session that it speaks for."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.session: Session | None = None


class Gateway:
    """All sessions of the bot, and the connections that speak for them."""

    def __init__(self, world: World, faults: Faults, *, heartbeat: float) -> None:
        self._world = world
        self._faults = faults
        self._heartbeat = heartbeat
        self._sends = Limits(world.timer)
        self._sessions: dict[str, Session] = {}
        self._connections: list[Connection] = []
        self._late = 0
        self._last_due = 0.0

    @property
    def connected(self) -> int:
        """How many clients are identified and connected."""
        return sum(one.session is not None for one in self._connections)

    def hear(self, event: Event) -> None:
        """Pass an event on to every session, at once or late; the world's listener."""
        delay = self._faults.event_delay
        if delay or self._late:
            loop = asyncio.get_running_loop()
            due = max(loop.time() + delay, self._last_due + _TICK)  # a timer's ties have no order
            self._last_due = due
            self._late += 1
            loop.call_at(due, self._pass_late, event)
        else:
            self._pass(event)

    def _pass_late(self, event: Event) -> None:
        self._late -= 1
        self._pass(event)

    def _pass(self, event: Event) -> None:
        for session in self._live_sessions():
            session.hear(event)

    def reconnect(self) -> None:
        """Ask all clients to reconnect (op 7), as Discord does when it restarts a node."""
        for connection in self._connections:
            connection.wire.send(encoded(RECONNECT, None))

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell all clients that their session is invalid (op 9)."""
        if not resumable:
            self._sessions.clear()
        for connection in self._connections:
            connection.wire.send(encoded(INVALID_SESSION, resumable))

    def fall_silent(self) -> None:
        """The present lines die unnoticed: nothing more comes over them, not even an end."""
        for connection in self._connections:
            connection.wire.die()

    def drop(self, code: int | None = None) -> None:
        """End all connections, with a close code or by cutting the line (1006 for the client).

        4007 and 4009 end the session too: it cannot be resumed.
        https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
        """
        if code in _ENDS_SESSION:
            self._sessions.clear()
        for connection in list(self._connections):
            if code is not None:
                connection.wire.close(code)
            else:
                connection.wire.cut()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A websocket from its handshake to its end."""
        if self._faults.gateway_down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=64 * 1024, compress=False)
        try:
            encoder = encoder_for(request.query.get("compress"))
        except UnsupportedCompressionError as error:
            raise web.HTTPBadRequest(text=f"unsupported compression {error}") from error
        await socket.prepare(request)
        connection = Connection(Wire(socket, encoder, request.transport))
        self._connections.append(connection)
        sender = asyncio.create_task(connection.wire.run())
        try:
            await self._converse(connection, request)
        finally:
            self._connections.remove(connection)
            self._leave(connection)
            connection.wire.finish()
            await sender
        return socket

    async def _converse(self, connection: Connection, request: web.Request) -> None:
        wire = connection.wire
        try:
            _check_dialect(request)
            hello = {"heartbeat_interval": int(self._heartbeat * 1000), "_trace": ["sandbox"]}
            wire.send(encoded(HELLO, hello))
            await self._listen(connection)
        except CloseError as error:
            wire.close(error.code, error.reason)

    async def _listen(self, connection: Connection) -> None:
        """Answer what the client sends until it leaves; silence for two beats is a time-out."""
        while True:
            try:
                message = await connection.wire.socket.receive(timeout=self._heartbeat * 2)
            except TimeoutError as error:
                raise CloseError(4009, "Session timed out.") from error
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            op, data = _decoded(message.data)
            self._count_send(connection)
            self._answer(connection, op, data)

    def _count_send(self, connection: Connection) -> None:
        if not self._sends.take(str(id(connection)), _SENDS).allowed:
            self._world.log.violations.append("more than 120 gateway events in a minute")
            raise CloseError(4008, "You are being rate limited.")

    def _answer(self, connection: Connection, op: int, data: Any) -> None:
        if op == HEARTBEAT:
            if not self._faults.silent_heartbeats:
                connection.wire.send(encoded(HEARTBEAT_ACK, None))
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            raise CloseError(4003, "Not authenticated.")
        elif op == REQUEST_MEMBERS:
            tell_members(self._world, connection.session, data)
        elif op not in (PRESENCE, VOICE_STATE):
            raise CloseError(4001, "Unknown opcode.")

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise CloseError(4005, "Already authenticated.")
        self._check_token(data)
        intents = self._checked_intents(data)
        if data.get("shard", [0, 1]) != [0, 1]:
            raise CloseError(4010, "Invalid shard.")
        if not isinstance(data.get("properties"), dict):
            raise CloseError(4002, "Error while decoding payload.")
        session = Session(intents, self._world.bot.id)
        self._sessions[session.id] = session
        connection.session = session
        session.wire = connection.wire
        self._welcome(session)

    def _checked_intents(self, data: Json) -> int:
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~EVERY_INTENT:
            raise CloseError(4013, "Invalid intent(s).")
        if intents & PRIVILEGED & ~self._world.application.privileged:
            raise CloseError(4014, "Disallowed intent(s).")
        return intents

    def _check_token(self, data: Any) -> None:
        if not isinstance(data, dict):
            raise CloseError(4002, "Error while decoding payload.")
        if str(data.get("token", "")).removeprefix("Bot ") != self._world.token:
            raise CloseError(4004, "Authentication failed.")

    def _welcome(self, session: Session) -> None:
        world = self._world
        guilds = [one for one in world.guilds.values() if world.bot.id in one.members]
        application = world.application
        session.tell(
            "READY",
            {
                "v": 10,
                "user": render.me(world.bot),
                "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [0, 1],
                "application": {"id": str(application.id), "flags": application.flags},
                "session_type": "normal",
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "user_settings": {},
                "geo_ordered_rtc_regions": [],
                "_trace": ["sandbox"],
            },
        )
        for guild in guilds:
            if guild.available:
                payload = render.gateway_guild(world, guild, joining=False)
                session.hear(Event("GUILD_CREATE", payload, Intent.GUILDS))

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self._world.address.replace("http", "ws", 1) + "/gateway"

    def _resume(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise CloseError(4005, "Already authenticated.")
        self._check_token(data)
        self._live_sessions()
        session = self._sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        known = session is not None and isinstance(seq, int) and not self._faults.refuse_resume
        if session is None or not isinstance(seq, int) or not known or not session.can_replay(seq):
            connection.wire.send(encoded(INVALID_SESSION, False))
            return
        if seq > session.seq:
            raise CloseError(4007, "Invalid seq.")
        connection.session = session
        session.resume(connection.wire, seq, repeats=self._faults.repeats)

    def _leave(self, connection: Connection) -> None:
        """The session waits for a resume, unless the client said goodbye for good."""
        session = connection.session
        if session is None or session.wire is not connection.wire:
            return
        session.wire, session.left_at = None, self._world.timer()
        if not connection.wire.closes and connection.wire.socket.close_code in (1000, 1001):
            self._sessions.pop(session.id, None)

    def _live_sessions(self) -> list[Session]:
        now = self._world.timer()
        gone = [
            one.id
            for one in self._sessions.values()
            if one.left_at is not None and now - one.left_at > LIFETIME
        ]
        for session_id in gone:
            del self._sessions[session_id]
        return list(self._sessions.values())


def _check_dialect(request: web.Request) -> None:
    if request.query.get("v", "10") != "10":
        raise CloseError(4012, "Invalid API version.")
    if request.query.get("encoding", "json") != "json":
        raise CloseError(4002, "This gateway speaks only json.")


def _decoded(data: str | bytes) -> tuple[int, Any]:
    try:
        payload = json.loads(data)
        return int(payload["op"]), payload.get("d")
    except (ValueError, KeyError, TypeError) as error:
        raise CloseError(4002, "Error while decoding payload.") from error
