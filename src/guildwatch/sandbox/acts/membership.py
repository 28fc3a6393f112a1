"""Coming and going: members, their roles, and the bot itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from guildwatch.model import created_at
from guildwatch.sandbox import permissions, render
from guildwatch.sandbox.acts.polling import Polling
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.messages import MessageType
from guildwatch.sandbox.people import Member, Role
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Guild

WEEK = 7 * 24 * 3600
"""The most seconds of somebody's messages that go with a ban."""
_HEARS_OF_BANS = Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG


class Membership(Polling):
    """Acts about who is in a guild, and with which roles."""

    def add_member(
        self, guild_id: int, user_id: int, *, roles: Sequence[int] = (), nick: str | None = None
    ) -> None:
        """Put an account into a guild."""
        guild = self.guild(guild_id)
        member = Member(self.user(user_id).id, guild_id, self.clock(), list(roles), nick)
        guild.members[user_id] = member
        payload = {**render.member(self, member), "guild_id": str(guild_id)}
        self.publish("GUILD_MEMBER_ADD", payload, Intent.GUILD_MEMBERS, guild=guild)

    def join(self, guild_id: int, user_id: int) -> None:
        """Join a guild, announced in its system channel if it has one."""
        self.add_member(guild_id, user_id)
        system_channel = self.guild(guild_id).system_channel_id
        if system_channel is not None:
            self.system(system_channel, user_id, MessageType.JOIN)

    def leave(self, guild_id: int, user_id: int) -> None:
        """Leave a guild; for the bot's own account it is being removed."""
        if user_id == self.bot.id:
            self.remove_bot(guild_id)
            return
        guild = self.guild(guild_id)
        if guild.members.pop(user_id, None) is None:
            raise RefusedError(Kind.UNKNOWN_MEMBER)
        payload = {"guild_id": str(guild_id), "user": render.user(self.users[user_id])}
        self.publish("GUILD_MEMBER_REMOVE", payload, Intent.GUILD_MEMBERS, guild=guild)

    def ban(self, guild_id: int, user_id: int, *, delete_seconds: int = 0) -> None:
        """Ban somebody, with what they wrote in the last seconds (a week at most).

        The bot hears of it only if it may ban or view the audit log.
        https://docs.discord.com/developers/resources/guild#create-guild-ban
        """
        guild = self.guild(guild_id)
        form = Form({"delete_message_seconds": delete_seconds})
        form.integer("delete_message_seconds", least=0, most=WEEK)
        form.check()
        guild.banned.add(user_id)
        if user_id in guild.members:
            self.leave(guild_id, user_id)
        bot = guild.members.get(self.bot.id)
        if bot is not None and permissions.in_guild(guild, bot) & _HEARS_OF_BANS:
            payload = {"guild_id": str(guild_id), "user": render.user(self.user(user_id))}
            self.publish("GUILD_BAN_ADD", payload, Intent.GUILD_MODERATION, guild=guild)
        self._delete_since(guild, user_id, self.clock() - timedelta(seconds=delete_seconds))

    def _delete_since(self, guild: Guild, user_id: int, since: datetime) -> None:
        for channel in [self.channels[id_] for id_ in guild.channel_ids]:
            theirs = [
                id_
                for id_ in channel.message_ids
                if self.kept_messages[id_].author_id == user_id and created_at(id_) >= since
            ]
            if theirs:
                told = self.tells_ban_deletions
                self.remove(channel, theirs, bulk=len(theirs) > 1, told=told)

    def set_roles(self, guild_id: int, user_id: int, roles: Sequence[int]) -> None:
        """Give a member exactly these roles."""
        guild = self.guild(guild_id)
        with self.visibility(guild):
            member = self.member(guild_id, user_id)
            member.role_ids = list(roles)
            self._tell_changed(guild, member)

    def rename_member(self, guild_id: int, user_id: int, nick: str | None) -> None:
        """Give a member a nickname in the guild, None for none."""
        member = self.member(guild_id, user_id)
        member.nick = nick
        self._tell_changed(self.guild(guild_id), member)

    def time_out(self, guild_id: int, user_id: int, span: timedelta) -> None:
        """Silence a member for a while of the sandbox's time."""
        member = self.member(guild_id, user_id)
        member.timed_out_until = self.clock() + span
        self._tell_changed(self.guild(guild_id), member)

    def invite_bot(self, guild_id: int, granted: int = int(permissions.BOT)) -> None:
        """The bot joins, with a role of its own that grants these permissions."""
        guild = self.guild(guild_id)
        role = Role(self.ids.next(), guild_id, self.bot.name, int(granted), len(guild.roles))
        role.bot_id = self.bot.id
        guild.roles[role.id] = role
        guild.members[self.bot.id] = Member(self.bot.id, guild_id, self.clock(), [role.id])
        payload = render.gateway_guild(self, guild, joining=True)
        self.publish("GUILD_CREATE", payload, Intent.GUILDS, guild=guild)

    def remove_bot(self, guild_id: int) -> None:
        """The bot is removed from the guild, with its role."""
        guild = self.guild(guild_id)
        self.publish("GUILD_DELETE", {"id": str(guild_id)}, Intent.GUILDS, guild=guild)
        guild.members.pop(self.bot.id, None)
        for role in [one for one in guild.roles.values() if one.bot_id == self.bot.id]:
            del guild.roles[role.id]

    def outage(self, guild_id: int) -> None:
        """The guild becomes unavailable: no event from it until `recover`."""
        guild = self.guild(guild_id)
        payload = {"id": str(guild_id), "unavailable": True}
        self.publish("GUILD_DELETE", payload, Intent.GUILDS, guild=guild)
        guild.available = False

    def recover(self, guild_id: int) -> None:
        """The guild is available again."""
        guild = self.guild(guild_id)
        guild.available = True
        if self.bot.id not in guild.members:
            return  # it was removed meanwhile, and hears nothing of it
        payload = render.gateway_guild(self, guild, joining=False)
        self.publish("GUILD_CREATE", payload, Intent.GUILDS, guild=guild)

    def _tell_changed(self, guild: Guild, member: Member) -> None:
        payload = {**render.member(self, member), "guild_id": str(guild.id)}
        needed = Intent.ALWAYS if member.user_id == self.bot.id else Intent.GUILD_MEMBERS
        self.publish("GUILD_MEMBER_UPDATE", payload, needed, guild=guild)
