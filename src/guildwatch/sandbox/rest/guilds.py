"""Guilds, their roles, channels and members.

https://docs.discord.com/developers/resources/guild
"""

from collections.abc import Sequence

from guildwatch.model import ChannelKind
from guildwatch.sandbox import render
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.limits import Limit
from guildwatch.sandbox.people import Member
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Guild
from guildwatch.sandbox.rest.call import Call, Result, Route
from guildwatch.sandbox.rest.channels import overwrites
from guildwatch.sandbox.world import World

_ONE = "/guilds/{guild_id}"


class Guilds:
    """What the bot asks about guilds."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bot = world.bot.id

    def routes(self) -> Sequence[Route]:
        """Their routes."""
        return [
            Route("GET", _ONE, self.one),
            Route("GET", _ONE + "/channels", self.channels),
            Route("POST", _ONE + "/channels", self.create_channel, status=201),
            Route("GET", _ONE + "/roles", self.roles),
            Route("GET", _ONE + "/roles/{role_id}", self.role),
            Route("GET", _ONE + "/members", self.members),
            Route("GET", _ONE + "/members/search", self.search),
            Route("GET", _ONE + "/members/{user_id}", self.member, Limit(5, 1.0)),
            Route("GET", _ONE + "/emojis", self.nothing),
            Route("GET", _ONE + "/stickers", self.nothing),
            Route("GET", _ONE + "/scheduled-events", self.nothing),
        ]

    def one(self, call: Call) -> Result:
        """A guild."""
        guild = self._guild(call)
        told = render.guild(guild)
        if call.query.get("with_counts", "").lower() == "true":
            told |= {"approximate_member_count": len(guild.members)}
            told |= {"approximate_presence_count": len(guild.members)}
        return told

    def channels(self, call: Call) -> Result:
        """Its channels, without threads; those that the bot cannot view are left out."""
        guild = self._guild(call)
        there = self._world.channels_of(guild)
        if self._world.obfuscate:
            there = [one for one in there if self._world.views(self._bot, one)]
        return [render.channel(self._world, one) for one in there]

    def create_channel(self, call: Call) -> Result:
        """A new channel."""
        guild = self._guild(call)
        self._world.require_in_guild(self._bot, guild, Permission.MANAGE_CHANNELS)
        form = call.form
        name = form.text("name", least=1, most=100, required=True) or ""
        kinds = [kind for kind in ChannelKind if not kind.is_thread]
        kind = form.choice("type", kinds) or ChannelKind.TEXT
        parent, topic = form.snowflake("parent_id"), form.text("topic", most=1024) or ""
        exceptions = list(overwrites(form).values())
        form.check()
        made = self._world.add_channel(
            guild.id, name, kind, parent=parent, topic=topic, overwrites=exceptions
        )
        return render.channel(self._world, self._world.channel(made))

    def roles(self, call: Call) -> Result:
        """Its roles."""
        return [render.role(one) for one in self._guild(call).roles.values()]

    def role(self, call: Call) -> Result:
        """One role."""
        roles = self._guild(call).roles
        if call.id("role_id") not in roles:
            raise RefusedError(Kind.UNKNOWN_ROLE)
        return render.role(roles[call.id("role_id")])

    def member(self, call: Call) -> Result:
        """One member, for which no privileged intent is needed."""
        guild = self._guild(call)
        return render.member(self._world, self._world.member(guild.id, call.id("user_id")))

    def members(self, call: Call) -> Result:
        """A page of members, by id; needs the GUILD_MEMBERS intent."""
        guild = self._guild(call)
        if not self._world.application.privileged & Intent.GUILD_MEMBERS:
            raise RefusedError(Kind.MISSING_ACCESS)
        form = call.asked
        limit = form.integer("limit", least=1, most=1000) or 1
        after = form.snowflake("after") or 0
        form.check()
        ids = sorted(id_ for id_ in guild.members if id_ > after)[:limit]
        return [render.member(self._world, guild.members[id_]) for id_ in ids]

    def search(self, call: Call) -> Result:
        """Members whose name begins like that."""
        guild = self._guild(call)
        form = call.asked
        words = (form.text("query", least=1, required=True) or "").casefold()
        limit = form.integer("limit", least=1, most=1000) or 1
        form.check()
        found = [one for one in guild.members.values() if self._is_named(one, words)]
        return [render.member(self._world, one) for one in found[:limit]]

    def nothing(self, call: Call) -> Result:
        """What a guild here has none of."""
        self._guild(call)
        return []

    def _guild(self, call: Call) -> Guild:
        guild = self._world.guilds.get(call.id("guild_id"))
        if guild is None or self._bot not in guild.members:
            raise RefusedError(Kind.UNKNOWN_GUILD)
        return guild

    def _is_named(self, member: Member, words: str) -> bool:
        user = self._world.users[member.user_id]
        names = (user.name, user.display_name or "", member.nick or "")
        return any(name.casefold().startswith(words) for name in names)
