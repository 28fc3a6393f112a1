"""Threads and forum posts: opened, joined, archived."""

from collections.abc import Sequence

from guildwatch.model import ChannelKind
from guildwatch.sandbox import render
from guildwatch.sandbox.acts.membership import Membership
from guildwatch.sandbox.errors import Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.form import Form
from guildwatch.sandbox.messages import Draft, Message, MessageFlag, MessageType
from guildwatch.sandbox.permissions import Permission
from guildwatch.sandbox.places import Channel, Thread

_PARENTS = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT)


class Threading(Membership):
    """Acts about threads."""

    def open_thread(
        self,
        author_id: int,
        channel_id: int,
        name: str,
        *,
        from_message: int | None = None,
        first_text: str | None = None,
        private: bool = False,
        tags: Sequence[str] = (),
    ) -> int:
        """A new thread's id: from a message, on its own, or as a forum's post (`first_text`)."""
        parent = self.channel(channel_id)
        if parent.is_forum:
            if first_text is None:
                raise RefusedError(Kind.EMPTY_MESSAGE)
            tag_ids = [tag.id for tag in parent.tags if tag.name in tags]
            post = self.start_post(author_id, parent, name, Draft(content=first_text), tag_ids)
            return post.id
        if from_message is not None:
            thread = self.start_from_message(author_id, self.message(from_message), name)
        else:
            kind = ChannelKind.PRIVATE_THREAD if private else ChannelKind.PUBLIC_THREAD
            thread = self.start_thread(author_id, parent, name, kind)
        if first_text is not None:
            self.say(author_id, thread.id, first_text)
        return thread.id

    def start_from_message(self, author_id: int, message: Message, name: str) -> Channel:
        """A thread on a message, with that message's id; raises 160004 for a second one."""
        parent = self.channel(message.channel_id)
        self._require_parent(parent)
        self.require(
            author_id, parent, Permission.CREATE_PUBLIC_THREADS | Permission.READ_MESSAGE_HISTORY
        )
        if message.id in self.channels:
            raise RefusedError(Kind.THREAD_EXISTS)
        kind = (
            ChannelKind.ANNOUNCEMENT_THREAD
            if parent.type == ChannelKind.ANNOUNCEMENT
            else ChannelKind.PUBLIC_THREAD
        )
        thread = self._found(author_id, parent, name, kind, message.id)
        message.flags |= MessageFlag.HAS_THREAD
        self._announce(thread, author_id)
        self.tell_updated(message)
        starter = Draft(type=MessageType.THREAD_STARTER, reply_to=message.id)
        self.put(author_id, thread, starter)
        return thread

    def start_thread(
        self, author_id: int, parent: Channel, name: str, kind: int, *, invitable: bool = True
    ) -> Channel:
        """A thread without a message; a public one is announced in its channel."""
        self._require_parent(parent)
        private = kind == ChannelKind.PRIVATE_THREAD
        needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        self.require(author_id, parent, needed)
        thread = self._found(author_id, parent, name, kind, self.ids.next())
        if thread.thread is not None:
            thread.thread.invitable = invitable
        self._announce(thread, author_id)
        if not private:
            self.put(author_id, parent, Draft(content=name, type=MessageType.THREAD_CREATED))
        return thread

    def start_post(
        self, author_id: int, parent: Channel, name: str, draft: Draft, tag_ids: Sequence[int] = ()
    ) -> Channel:
        """A forum's post: a thread whose first message has the thread's id."""
        if not parent.is_forum:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
        self.require(author_id, parent, Permission.SEND_MESSAGES)
        thread = self._found(author_id, parent, name, ChannelKind.PUBLIC_THREAD, self.ids.next())
        if thread.thread is not None:
            thread.thread.tag_ids = list(tag_ids)
        self._announce(thread, author_id)
        draft.thread_id = thread.id
        self.put(author_id, thread, draft)
        return thread

    def change_thread(
        self, channel: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """Archive, wake, lock or unlock a thread, unchecked."""
        thread = _thread_of(channel)
        if archived is not None and archived is not thread.archived:
            thread.archived = archived
            thread.archive_changed_at = self.clock()
        if locked is not None:
            thread.locked = locked
        self.publish_channel("THREAD_UPDATE", channel)

    def tag_post(self, thread_id: int, *names: str) -> None:
        """Give a forum's post exactly these of the forum's tags."""
        channel = self.channel(thread_id)
        parent = self.channel(channel.parent_id or 0)
        _thread_of(channel).tag_ids = [tag.id for tag in parent.tags if tag.name in names]
        self.publish_channel("THREAD_UPDATE", channel)

    def archive(self, thread_id: int, *, locked: bool = False) -> None:
        """Archive a thread, as Discord does when it has been quiet."""
        self.change_thread(self.channel(thread_id), archived=True, locked=locked or None)

    def join_thread(self, user_id: int, thread_id: int) -> None:
        """Join a thread that one can see."""
        channel = self.channel(thread_id)
        self.require(user_id, channel)
        if _thread_of(channel).archived:
            raise RefusedError(Kind.THREAD_ARCHIVED)
        self.enter_thread(channel, user_id)

    def add_to_thread(self, thread_id: int, user_id: int) -> None:
        """Bring someone into a thread, a private one too."""
        self.enter_thread(self.channel(thread_id), user_id)

    def leave_thread(self, user_id: int, thread_id: int) -> None:
        """Leave a thread."""
        channel = self.channel(thread_id)
        if _thread_of(channel).members.pop(user_id, None) is not None:
            self.tell_thread_members(channel, removed=[user_id])

    def _found(
        self, author_id: int, parent: Channel, name: str, kind: int, thread_id: int
    ) -> Channel:
        form = Form({"name": name})
        form.text("name", least=1, most=100)
        form.check()
        now = self.clock()
        thread = Channel(thread_id, int(kind), parent.guild_id, name, parent.id)
        thread.thread = Thread(author_id, now, now, members={author_id: now})
        self.channels[thread.id] = thread
        self.guild(parent.guild_id or 0).channel_ids.append(thread.id)
        return thread

    def _announce(self, thread: Channel, author_id: int) -> None:
        payload = {**render.channel(self, thread), "newly_created": True}
        if author_id == self.bot.id:
            payload["member"] = render.thread_member(thread, author_id)
        self.publish("THREAD_CREATE", payload, Intent.GUILDS, channel=thread)

    def _require_parent(self, parent: Channel) -> None:
        if parent.type not in _PARENTS:
            raise RefusedError(Kind.WRONG_CHANNEL_TYPE)


def _thread_of(channel: Channel) -> Thread:
    if channel.thread is None:
        raise RefusedError(Kind.WRONG_CHANNEL_TYPE)
    return channel.thread
