"""The tree of guilds, categories, channels and threads, with what is tracked and said today."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rich.style import Style
from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from guildwatch.audience import sources_for_member
from guildwatch.console.view import View
from guildwatch.console.wording import called, fitted, steady
from guildwatch.model import Channel, ChannelKind, Guild, Member

_HOLDERS = (ChannelKind.CATEGORY, ChannelKind.FORUM, ChannelKind.MEDIA)
_COUNT = 4


class Place(NamedTuple):
    """What a node stands for; `channel_id` is None for the guild itself."""

    guild_id: int
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Family:
    """A guild's channels by their parents, each in Discord's order."""

    children: dict[int | None, list[Channel]]

    @classmethod
    def of(cls, guild: Guild) -> "_Family":
        known = {channel.id for channel in guild.channels}
        children: dict[int | None, list[Channel]] = defaultdict(list)
        for channel in sorted(guild.channels, key=_order):
            children[channel.parent_id if channel.parent_id in known else None].append(channel)
        return cls(children)


class _Entry(NamedTuple):
    """A line of the tree; `holds` says that others may stand below it."""

    depth: int
    label: str
    place: Place
    holds: bool


def _depth(node: TreeNode[Place]) -> int:
    """How many levels of guides stand before a node; the hidden root has none."""
    depth = -1
    while node.parent is not None:
        node, depth = node.parent, depth + 1
    return depth


def _open_to_all(guild: Guild) -> frozenset[int]:
    """The channels that a member without any role can read."""
    return sources_for_member(guild, Member(guild.id, 0, ""))


def _short(count: int) -> str:
    """A count in at most four cells; nothing for none."""
    if count < 10_000:
        return str(count or "")
    return f"{count // 1000}k"


def _tags(guild: Guild, post: Channel) -> str:
    """A forum post's tags as they stand behind its title; nothing for any other place."""
    forum = guild.channel(post.parent_id) if post.applied_tag_ids and post.parent_id else None
    names = forum.tags_of(post) if forum else ()
    return f" · {steady(', '.join(names))}" if names else ""


def _order(channel: Channel) -> tuple[bool, int, int]:
    return channel.kind is ChannelKind.CATEGORY, channel.position, channel.id


class Places(Tree[Place]):
    """Guilds and their channels: ● is tracked, ○ is not, 🔒 is not open to everybody."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__("guilds", id=id)
        self._view = view
        self._revision = -1
        self._shown: list[_Entry] = []
        self._known: list[TreeNode[Place]] = []
        self._today: dict[Place, int] = {}
        self._open_to_all: frozenset[int] = frozenset()
        self.show_root = False
        self.auto_expand = False  # Enter chooses; a click on the arrow, or Space, folds
        self.guide_depth = 2

    def look(self) -> bool:
        """Takes over what has changed, places and counts; whether places have."""
        changed = self._revision != self._view.roster.revision
        if changed:
            self._revision = self._view.roster.revision
            changed = self._rebuild()
        self._recount()
        return changed

    @property
    def place(self) -> Place | None:
        """Where the cursor is."""
        return self.cursor_node.data if self.cursor_node else None

    def render_label(self, node: TreeNode[Place], base_style: Style, style: Style) -> Text:
        """A place's name, its marks and how much was said there today."""
        text = super().render_label(node, base_style, style)
        if node.data is None:
            return text
        count = self._today.get(node.data, 0)
        room = self.scrollable_content_region.width - self.guide_depth * _depth(node) - _COUNT - 1
        text.plain = f"{fitted(text.plain, max(8, room))}{_short(count):>{_COUNT}}"
        return text

    def _rebuild(self) -> bool:
        """Draws the tree anew if it has become another one; whether it has."""
        guilds = self._view.roster.guilds()
        self._open_to_all = frozenset().union(*map(_open_to_all, guilds))
        entries = [entry for guild in guilds for entry in self._entries(guild)]
        if entries == self._shown:
            return False
        self._shown = entries
        kept = self.place
        closed = {node.data for node in self._known if node.children and not node.is_expanded}
        self.clear()
        self._known = []
        parents = [self.root]
        for entry in entries:
            del parents[entry.depth + 1 :]
            node = parents[-1].add(entry.label, entry.place, allow_expand=entry.holds)
            if entry.place not in closed:
                node.expand()
            self._known.append(node)
            parents.append(node)
        self._put_cursor(kept)
        return True

    def _entries(self, guild: Guild) -> Iterator[_Entry]:
        family = _Family.of(guild)
        yield _Entry(0, called(guild.name), Place(guild.id), holds=True)
        yield from self._below(guild, family, None, 1)

    def _below(
        self, guild: Guild, family: _Family, parent_id: int | None, depth: int
    ) -> Iterator[_Entry]:
        for channel in family.children.get(parent_id, ()):
            if channel.archived:
                continue
            below = list(self._below(guild, family, channel.id, depth + 1))
            holds = bool(below) or channel.kind in _HOLDERS
            label = self._shown_name(channel, _tags(guild, channel))
            yield _Entry(depth, label, Place(guild.id, channel.id), holds)
            yield from below

    def _shown_name(self, channel: Channel, tags: str) -> str:
        name = called(channel.name)
        if channel.kind is ChannelKind.CATEGORY:
            return name
        mark = "●" if self._view.roster.is_tracked(channel.id) else "○"
        lock = "" if channel.id in self._open_to_all else " 🔒"
        sign = "↳ " if channel.kind.is_thread else "#"
        return f"{mark} {sign}{name}{tags}{lock}"

    def _recount(self) -> None:
        """A place counts what was said right in it; where nobody can, what was said below it."""
        below: dict[TreeNode[Place], int] = defaultdict(int)
        for node in reversed(self._known):  # children before their parents
            if node.data is None or node.parent is None:
                continue
            own = self._view.pulse.today(*node.data)
            below[node.parent] += own + below[node]
            count = own or below[node]
            if count != self._today.get(node.data, 0):
                self._today[node.data] = count
                node.refresh()

    def _put_cursor(self, place: Place | None) -> None:
        """Puts it back at once: later it would take back what a key has done in the meantime."""
        found = (node for node in self._known if node.data == place)
        if self.last_line >= 0:  # to ask builds the lines, by which the cursor is moved
            self.move_cursor(next(found, self._known[0]))
