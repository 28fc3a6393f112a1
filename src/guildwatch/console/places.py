"""The tree of guilds, categories, channels and threads, with what is tracked and said today."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from rich.style import Style
from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from guildwatch.audience import sources_for_member
from guildwatch.console.view import View
from guildwatch.console.wording import fitted
from guildwatch.model import Channel, ChannelKind, Guild, Member
from guildwatch.report.inert import plain

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


def _depth(node: TreeNode[Place]) -> int:
    """How many levels of guides stand before a node; the hidden root has none."""
    depth = -1
    while node.parent is not None:
        node, depth = node.parent, depth + 1
    return depth


def _open_to_all(guild: Guild) -> frozenset[int]:
    """The channels that a member without any role can read."""
    return sources_for_member(guild, Member(guild.id, 0, ""))


def _order(channel: Channel) -> tuple[bool, int, int]:
    return channel.kind is ChannelKind.CATEGORY, channel.position, channel.id


class Places(Tree[Place]):
    """Guilds and their channels: ● is tracked, ○ is not, 🔒 is not open to everybody."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__("guilds", id=id)
        self._view = view
        self._revision = -1
        self._today: dict[Place, int] = {}
        self._open_to_all: frozenset[int] = frozenset()
        self.show_root = False
        self.guide_depth = 2

    def look(self) -> None:
        """Takes over what has changed: the places themselves, else only the counts."""
        if self._revision != self._view.roster.revision:
            self._rebuild()
        self._recount()

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
        text.plain = f"{fitted(text.plain, max(8, room))}{count or '':>{_COUNT}}"
        return text

    def _rebuild(self) -> None:
        kept = self.place
        closed = {
            node.data for node in self._everywhere() if node.children and not node.is_expanded
        }
        self.clear()
        self._revision = self._view.roster.revision
        guilds = self._view.roster.guilds()
        self._open_to_all = frozenset().union(*map(_open_to_all, guilds))
        for guild in guilds:
            node = self.root.add(plain(guild.name), Place(guild.id), expand=True)
            self._add(node, guild, _Family.of(guild), None)
        for node in self._everywhere():
            if node.data in closed:
                node.collapse()
        self._put_cursor(kept)

    def _add(
        self, parent: TreeNode[Place], guild: Guild, family: _Family, parent_id: int | None
    ) -> None:
        for channel in family.children.get(parent_id, ()):
            if channel.archived:
                continue
            place = Place(guild.id, channel.id)
            if family.children.get(channel.id) or channel.kind in _HOLDERS:
                node = parent.add(self._shown_name(channel), place, expand=True)
                self._add(node, guild, family, channel.id)
            else:
                parent.add_leaf(self._shown_name(channel), place)

    def _shown_name(self, channel: Channel) -> str:
        name = plain(channel.name)
        if channel.kind is ChannelKind.CATEGORY:
            return name
        mark = "●" if self._view.roster.is_tracked(channel.id) else "○"
        lock = "" if channel.id in self._open_to_all else " 🔒"
        sign = "↳ " if channel.kind.is_thread else "#"
        return f"{mark} {sign}{name}{lock}"

    def _recount(self) -> None:
        for node in self._everywhere():
            if node.data is not None:
                count = self._view.pulse.today(*node.data)
                if count != self._today.get(node.data, 0):
                    self._today[node.data] = count
                    node.refresh()

    def _everywhere(self) -> list[TreeNode[Place]]:
        found: list[TreeNode[Place]] = []
        waiting = list(self.root.children)
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting.extend(node.children)
        return found

    def _put_cursor(self, place: Place | None) -> None:
        for node in self._everywhere():
            if node.data == place:
                self.call_after_refresh(self.move_cursor, node)
                return
