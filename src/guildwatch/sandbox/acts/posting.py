"""How a message comes to be and changes, by whoever writes it, with Discord's checks."""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from guildwatch.model import created_at
from guildwatch.sandbox import render
from guildwatch.sandbox.acts.checks import check_form, check_length
from guildwatch.sandbox.acts.founding import Founding
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.mentions import Mentions
from guildwatch.sandbox.messages import (
    Attachment,
    Draft,
    Message,
    MessageFlag,
    MessageType,
    StoredFile,
    is_system,
)
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import DM, Channel

NONCE_SECONDS = 180.0
"""How long Discord remembers a nonce: "the past few minutes"."""
OLD = timedelta(hours=1)
OLD_EDITS = (30, 3600.0)
"""How many edits of messages older than `OLD` a channel takes in how many seconds."""
_CHANGEABLE = MessageFlag.SUPPRESS_EMBEDS | MessageFlag.COMPONENTS_V2
_PARTS = ("content", "embeds", "files", "components", "stickers", "poll")


class Posting(Founding):
    """The one road for new and changed messages, whether a person or the bot writes them."""

    def post(self, author_id: int, channel: Channel, draft: Draft) -> Message:
        """A message after all checks, or the first one where the nonce is known."""
        self._check_may_post(author_id, channel, draft)
        known = self._known_nonce(author_id, draft)
        if known is not None:
            return known
        return self.put(author_id, channel, draft)

    def put(self, author_id: int, channel: Channel, draft: Draft) -> Message:
        """A message without checks of permission, kept and told."""
        message = self.compose(author_id, channel, draft)
        self._keep(channel, message, draft)
        self.tell_created(message)
        return message

    def compose(self, author_id: int, channel: Channel, draft: Draft) -> Message:
        """A message with an id, its files stored, not yet in its channel."""
        message = Message(
            id=draft.thread_id or self.ids.next(),
            channel_id=channel.id,
            author_id=author_id,
            content=draft.content,
            type=draft.type,
            embeds=draft.embeds,
            components=draft.components,
            flags=draft.flags,
            nonce=draft.nonce,
            poll=draft.poll,
            webhook_id=draft.webhook_id,
            interaction=draft.interaction,
        )
        message.files = self.store_files(channel, draft.attachments, draft.flags)
        message.stickers = [(self.ids.next(), name) for name in draft.stickers]
        self._refer(message, channel, draft)
        self._address(message, channel, draft)
        return message

    def store_files(
        self, channel: Channel, attachments: Sequence[Attachment], flags: int
    ) -> list[StoredFile]:
        """Keep attachments, so that their bytes can be fetched."""
        hidden = bool(flags & MessageFlag.EPHEMERAL)
        kept = [StoredFile(self.ids.next(), channel.id, one, hidden) for one in attachments]
        self.files |= {one.id: one for one in kept}
        return kept

    def revise(self, actor_id: int, message: Message, changes: Json) -> Message:
        """Change a message: `content`, `embeds`, `components`, `flags`, `keep`, `uploads`."""
        channel = self.channel(message.channel_id)
        self.require(actor_id, channel)
        self._check_may_revise(actor_id, channel, message, changes)
        return self.change_message(message, changes)

    def change_message(self, message: Message, changes: Json, *, is_edit: bool = True) -> Message:
        """Change a message without checks, and tell it; no edit is an answer that is ready."""
        changes = dict(changes)
        allowed = changes.pop("allowed_mentions", None)
        self._change_files(message, changes)
        after = [changes.get(part, getattr(message, part)) for part in _PARTS]
        if not any(after) and message.snapshot is None:
            raise RefusedError(Kind.EMPTY_MESSAGE)
        kept = message.flags & ~_CHANGEABLE
        for name, value in changes.items():
            setattr(message, name, value)
        message.flags = kept | message.flags & _CHANGEABLE
        if is_edit and changes.keys() - {"flags"}:
            message.edited_at = self.clock()
        if "content" in changes:
            draft = Draft(content=message.content, allowed_mentions=allowed)
            self._address(message, self.channel(message.channel_id), draft)
        self.tell_updated(message)
        return message

    def _change_files(self, message: Message, changes: Json) -> None:
        """Turn `keep` (ids of attachments that stay) and `uploads` into the message's new files."""
        keep, uploads = changes.pop("keep", None), changes.pop("uploads", ())
        if keep is None and not uploads:
            return
        kept = [one for one in message.files if keep is None or one.id in keep]
        new = self.store_files(self.channel(message.channel_id), uploads, message.flags)
        changes["files"] = kept + new

    def tell_created(self, message: Message) -> None:
        """Dispatch a new message."""
        self._tell("MESSAGE_CREATE", message)

    def tell_updated(self, message: Message) -> None:
        """Dispatch a message's changed state."""
        self._tell("MESSAGE_UPDATE", message)

    def _tell(self, event: str, message: Message) -> None:
        channel = self.channel(message.channel_id)
        payload = render.dispatched(self, message)
        if event == "MESSAGE_UPDATE":
            payload.pop("nonce", None)
        intent = self.intent(channel, Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES)
        self.publish(event, payload, intent, channel=channel)

    def _check_may_post(self, author_id: int, channel: Channel, draft: Draft) -> None:
        if not channel.has_messages:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        send = (
            Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        )
        self.require(author_id, channel, send)
        self._check_may_attach(author_id, channel, draft)
        self._check_open(author_id, channel)
        if draft.reply_to is not None and not self.may(
            author_id, channel, Permission.READ_MESSAGE_HISTORY
        ):
            raise RefusedError(Kind.NO_HISTORY_FOR_REPLY)
        check_form(draft)

    def _check_may_attach(self, author_id: int, channel: Channel, draft: Draft) -> None:
        needed = 0
        if draft.embeds:
            needed |= Permission.EMBED_LINKS
        if draft.attachments:
            needed |= Permission.ATTACH_FILES
        if draft.poll is not None and channel.type != DM:
            needed |= Permission.SEND_POLLS
        self.require(author_id, channel, needed)

    def _check_open(self, author_id: int, channel: Channel) -> None:
        """A locked thread takes nothing; another archived one wakes up when somebody writes."""
        if channel.thread is None:
            closed = self.bot.id in channel.recipients and bool(
                self.closed_dms & set(channel.recipients)
            )
            if channel.type == DM and closed and author_id == self.bot.id:
                raise RefusedError(Kind.CLOSED_DM)
            return
        if channel.thread.locked and not self.may(author_id, channel, Permission.MANAGE_THREADS):
            raise RefusedError(Kind.THREAD_LOCKED)

    def _check_may_revise(
        self, actor_id: int, channel: Channel, message: Message, changes: Json
    ) -> None:
        if is_system(message.type):
            raise RefusedError(Kind.SYSTEM_MESSAGE)
        if message.author_id != actor_id and not (
            changes.keys() <= {"flags"} and self.may(actor_id, channel, Permission.MANAGE_MESSAGES)
        ):
            raise RefusedError(Kind.NOT_THE_AUTHOR)
        if channel.thread is not None and channel.thread.archived:
            raise RefusedError(Kind.THREAD_ARCHIVED)
        if changes.get("embeds"):
            self.require(actor_id, channel, Permission.EMBED_LINKS)
        check_length(changes.get("content", ""))

    def check_old_edit(self, message: Message) -> None:
        """Count an edit of a message older than an hour; raises 30046 for too many."""
        if self.clock() - created_at(message.id) < OLD:
            return
        most, window = OLD_EDITS
        made = self.old_edits.setdefault(message.channel_id, deque())
        while made and made[0] <= self.timer() - window:
            made.popleft()
        if len(made) >= most:
            raise RefusedError(Kind.OLD_EDITS)
        made.append(self.timer())

    def _known_nonce(self, author_id: int, draft: Draft) -> Message | None:
        if draft.nonce is None or not draft.enforce_nonce:
            return None
        said, message_id = self.nonces.get((author_id, draft.nonce), (-NONCE_SECONDS, 0))
        if self.timer() - said >= NONCE_SECONDS:
            return None
        return self.kept_messages.get(message_id)

    def _keep(self, channel: Channel, message: Message, draft: Draft) -> None:
        self.kept_messages[message.id] = message
        message.kept_at = self.timer()
        channel.message_ids.append(message.id)
        channel.last_message_id = message.id
        if draft.nonce is not None:
            self.nonces[message.author_id, draft.nonce] = (self.timer(), message.id)
        if channel.thread is None:
            return
        channel.thread.messages_ever += 1
        if channel.thread.archived:
            channel.thread.archived = False
            channel.thread.archive_changed_at = self.clock()
            self.publish_channel("THREAD_UPDATE", channel)
        if message.author_id not in channel.thread.members and message.webhook_id is None:
            self.enter_thread(channel, message.author_id)

    def enter_thread(self, channel: Channel, user_id: int) -> None:
        """Make a user a member of a thread, and tell it."""
        if channel.thread is None:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        could_see = self.views(self.bot.id, channel)
        channel.thread.members[user_id] = self.clock()
        if user_id == self.bot.id and not could_see:
            payload = render.thread_for(self, channel, user_id)
            self.publish("THREAD_CREATE", payload, Intent.GUILDS, channel=channel)
        self.tell_thread_members(channel, added=[user_id])

    def tell_thread_members(
        self, channel: Channel, *, added: Sequence[int] = (), removed: Sequence[int] = ()
    ) -> None:
        """Dispatch who joined or left a thread; without GUILD_MEMBERS only about the bot."""
        payload = {
            "id": str(channel.id),
            "guild_id": str(channel.guild_id),
            "member_count": len(channel.thread.members) if channel.thread else 0,
            "added_members": [self._thread_member(channel, user_id) for user_id in added],
            "removed_member_ids": [str(user_id) for user_id in removed],
        }
        own = self.bot.id in (*added, *removed)
        intents = Intent.GUILD_MEMBERS | (Intent.GUILDS if own else 0)
        if own:  # whoever was removed from a private thread hears of it, who sees it no more
            self.publish("THREAD_MEMBERS_UPDATE", payload, intents, guild=self.guild_of(channel))
        else:
            self.publish("THREAD_MEMBERS_UPDATE", payload, intents, channel=channel)

    def _thread_member(self, channel: Channel, user_id: int) -> Json:
        member = self.member(channel.guild_id or 0, user_id)
        told = render.member(self, member)
        return {**render.thread_member(channel, user_id), "member": told, "presence": None}

    def _refer(self, message: Message, channel: Channel, draft: Draft) -> None:
        """Fill in what the message answers or forwards."""
        target_id = draft.forward or draft.reply_to
        if target_id is None:
            return
        target = self.kept_messages.get(target_id)
        elsewhere = target is not None and target.channel_id != channel.id
        if target is None or (elsewhere and draft.forward is None and draft.type == 0):
            if draft.must_exist:
                form = Form({})
                form.fault("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
                form.check()
            return
        there = self.channel(target.channel_id)
        message.reference = {
            "type": int(draft.forward is not None),
            "channel_id": str(there.id),
            "message_id": str(target.id),
        }
        if there.guild_id is not None:
            message.reference["guild_id"] = str(there.guild_id)
        if draft.forward is not None:
            message.snapshot = target.snapshot or render.snapshot(render.message(self, target))
            message.flags |= MessageFlag.HAS_SNAPSHOT
        elif message.type == MessageType.DEFAULT:
            message.type = MessageType.REPLY

    def _address(self, message: Message, channel: Channel, draft: Draft) -> None:
        """Fill in whom the message mentions, as far as allowed mentions let it."""
        may_all = self.may(message.author_id, channel, Permission.MENTION_EVERYONE)
        found = Mentions.of(draft.content, draft.allowed_mentions)
        message.mentions = [id_ for id_ in found.users if id_ in self.users]
        guild = self.guild_of(channel)
        message.role_mentions = [id_ for id_ in found.roles if guild and id_ in guild.roles]
        message.mentions_everyone = found.everyone and may_all
        if message.type == MessageType.REPLY and found.pings_replied and message.reference:
            origin = self.kept_messages.get(int(message.reference["message_id"]))
            if origin is not None and origin.author_id not in message.mentions:
                message.mentions.append(origin.author_id)
