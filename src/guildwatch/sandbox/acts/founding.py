"""Building guilds: accounts, roles, channels, and who may what in them."""

from collections.abc import Sequence

from guildwatch.model import ChannelKind, Overwrite
from guildwatch.sandbox import permissions, render
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.people import Member, Role, User
from guildwatch.sandbox.places import Channel, Guild, Tag
from guildwatch.sandbox.state import State


class Founding(State):
    """Acts of those who own the place; they are not checked, as the server's owner may all."""

    def add_user(self, name: str, *, display_name: str | None = None, bot: bool = False) -> int:
        """A new account's id."""
        user = User(self.ids.next(), name, display_name, bot)
        self.users[user.id] = user
        return user.id

    def add_guild(self, name: str, owner: int, *, locale: str = "en-GB") -> int:
        """A new guild's id, with @everyone and its owner and without channels and the bot."""
        guild = Guild(self.ids.next(), name, owner, locale)
        guild.roles[guild.id] = Role(guild.id, guild.id, "@everyone", int(permissions.EVERYONE))
        guild.members[owner] = Member(self.user(owner).id, guild.id, self.clock())
        self.guilds[guild.id] = guild
        return guild.id

    def add_role(
        self, guild_id: int, name: str, permissions: int = 0, position: int | None = None
    ) -> int:
        """A new role's id, above the others unless a position is given."""
        guild = self.guild(guild_id)
        place = len(guild.roles) if position is None else position
        role = Role(self.ids.next(), guild_id, name, int(permissions), place)
        guild.roles[role.id] = role
        self._tell_role("GUILD_ROLE_CREATE", role)
        return role.id

    def change_role(self, role_id: int, permissions: int) -> None:
        """Give a role (or @everyone, by the guild's id) other permissions."""
        role = self._role(role_id)
        with self.visibility(self.guild(role.guild_id)):
            role.permissions = int(permissions)
            self._tell_role("GUILD_ROLE_UPDATE", role)

    def delete_role(self, role_id: int) -> None:
        """Delete a role; who had it loses it."""
        guild = self.guild(self._role(role_id).guild_id)
        with self.visibility(guild):
            del guild.roles[role_id]
            for member in guild.members.values():
                member.role_ids = [one for one in member.role_ids if one != role_id]
            payload = {"guild_id": str(guild.id), "role_id": str(role_id)}
            self.publish("GUILD_ROLE_DELETE", payload, Intent.GUILDS, guild=guild)

    def add_category(
        self, guild_id: int, name: str, *, overwrites: Sequence[Overwrite] = ()
    ) -> int:
        """A new category's id."""
        return self.add_channel(guild_id, name, ChannelKind.CATEGORY, overwrites=overwrites)

    def add_channel(
        self,
        guild_id: int,
        name: str,
        kind: int = ChannelKind.TEXT,
        *,
        parent: int | None = None,
        topic: str = "",
        overwrites: Sequence[Overwrite] = (),
        nsfw: bool = False,
        tags: Sequence[str] = (),
    ) -> int:
        """A new channel's id; without overwrites of its own it takes over its category's."""
        guild = self.guild(guild_id)
        inherited = self.channel(parent).overwrites.values() if parent else ()
        channel = Channel(
            id=self.ids.next(),
            type=int(kind),
            guild_id=guild_id,
            name=name,
            parent_id=parent,
            topic=topic or None,
            position=len(guild.channel_ids),
            nsfw=nsfw,
            overwrites={one.id: one for one in overwrites or inherited},
            tags=[Tag(self.ids.next(), tag) for tag in tags],
        )
        self.channels[channel.id] = channel
        guild.channel_ids.append(channel.id)
        self.publish_channel("CHANNEL_CREATE", channel)
        return channel.id

    def set_overwrites(self, channel_id: int, overwrites: Sequence[Overwrite]) -> None:
        """Replace a channel's permission overwrites."""
        channel = self.channel(channel_id)
        self.change_channel(channel, overwrites={one.id: one for one in overwrites})

    def change_channel(self, channel: Channel, **changes: object) -> None:
        """Change fields of a channel; the bot hears of it as far as it may."""
        guild = self.guild_of(channel)
        saw = self.views(self.bot.id, channel)
        for name, value in changes.items():
            setattr(channel, name, value)
        if guild is None:
            return
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self.publish_channel(event, channel)
        if not saw and self.views(self.bot.id, channel) and not channel.is_thread:
            payload = render.thread_list_sync(self, guild, [channel.id])
            self.publish("THREAD_LIST_SYNC", payload, Intent.GUILDS, guild=guild)

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel or thread with its threads and all their messages."""
        channel = self.channel(channel_id)
        guild = self.guild_of(channel)
        if guild is None:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        self._tell_deleted(channel)
        below = [one for one in self.channels.values() if one.parent_id == channel_id]
        for gone in (*(one for one in below if one.is_thread), channel):
            guild.channel_ids.remove(gone.id)
            del self.channels[gone.id]
            for message_id in gone.message_ids:
                self.kept_messages.pop(message_id, None)
        if channel.type == ChannelKind.CATEGORY:
            for orphan in below:
                self.change_channel(orphan, parent_id=None)

    def rename_guild(self, guild_id: int, name: str) -> None:
        """Give a guild another name."""
        guild = self.guild(guild_id)
        guild.name = name
        self.publish("GUILD_UPDATE", render.guild(guild), Intent.GUILDS, guild=guild)

    def set_system_channel(self, guild_id: int, channel_id: int | None) -> None:
        """Choose where Discord announces who joined; None for nowhere."""
        guild = self.guild(guild_id)
        guild.system_channel_id = channel_id
        self.publish("GUILD_UPDATE", render.guild(guild), Intent.GUILDS, guild=guild)

    def _role(self, role_id: int) -> Role:
        for guild in self.guilds.values():
            if role_id in guild.roles:
                return guild.roles[role_id]
        raise RefusedError(Kind.UNKNOWN_ROLE)

    def _tell_role(self, event: str, role: Role) -> None:
        guild = self.guild(role.guild_id)
        payload = {"guild_id": str(guild.id), "role": render.role(role)}
        self.publish(event, payload, Intent.GUILDS, guild=guild)

    def _tell_deleted(self, channel: Channel) -> None:
        if not channel.is_thread:
            self.publish_channel("CHANNEL_DELETE", channel)
            return
        payload = {
            "id": str(channel.id),
            "guild_id": str(channel.guild_id),
            "parent_id": str(channel.parent_id),
            "type": channel.type,
        }
        self.publish("THREAD_DELETE", payload, Intent.GUILDS, channel=channel)
