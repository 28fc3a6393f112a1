"""The bot about itself: gateway, user, application, direct messages."""

from collections.abc import Sequence

from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.world import World


class Myself:
    """What the bot asks about itself, and about users in general."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> Sequence[Route]:
        """Their routes."""
        return [
            Route("GET", "/gateway", self.gateway, None, anonymous=True),
            Route("GET", "/gateway/bot", self.gateway_bot, Limit(20, 5.0)),
            Route("GET", "/users/@me", self.me),
            Route("GET", "/users/@me/guilds", self.guilds),
            Route("POST", "/users/@me/channels", self.open_dm),
            Route("GET", "/users/{user_id}", self.user, Limit(30, 30.0)),
            Route("GET", "/oauth2/applications/@me", self.application),
            Route("GET", "/applications/@me", self.application),
        ]

    def gateway(self, _: Call) -> Result:
        """Where the gateway is."""
        return {"url": self._world.address.replace("http", "ws", 1) + "/gateway"}

    def gateway_bot(self, _: Call) -> Result:
        """Where the gateway is, and how often the bot may identify."""
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        url = self._world.address.replace("http", "ws", 1) + "/gateway"
        return {"url": url, "shards": 1, "session_start_limit": limit}

    def me(self, _: Call) -> Result:
        """The bot's own user."""
        return render.me(self._world.bot)

    def user(self, call: Call) -> Result:
        """Any user."""
        return render.user(self._world.user(call.id("user_id")))

    def guilds(self, _: Call) -> Result:
        """The guilds that the bot is in."""
        world = self._world
        there = [one for one in world.guilds.values() if world.bot.id in one.members]
        return [
            {
                "id": str(one.id),
                "name": one.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": "0",
                "features": [],
            }
            for one in there
        ]

    def open_dm(self, call: Call) -> Result:
        """The direct message channel with a user."""
        form = call.form
        user_id = form.snowflake("recipient_id", required=True) or 0
        form.check()
        if user_id == self._world.bot.id or self._world.user(user_id).bot:
            raise RefusedError(Kind.CLOSED_DM)
        channel = self._world.channel(self._world.open_dm(user_id))
        return render.channel(self._world, channel)

    def application(self, _: Call) -> Result:
        """The bot's application."""
        world = self._world
        one = world.application
        there = sum(world.bot.id in guild.members for guild in world.guilds.values())
        return {
            "id": str(one.id),
            "name": one.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot": render.user(world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": render.user(world.application_owner),
            "team": None,
            "verify_key": "00" * 32,
            "flags": one.flags,
            "hook": True,
            "flags_new": str(one.flags),
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": ["applications.commands", "bot"],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "approximate_guild_count": there,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "event_webhooks_status": 1,
            "integration_types_config": {
                "0": {
                    "oauth2_install_params": {
                        "scopes": ["applications.commands", "bot"],
                        "permissions": "0",
                    }
                },
                "1": {},  # as of every application that nobody changed
            },
        }
