"""The tree of guilds, categories, channels and threads, with what is tracked and said today."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from rich.text import Text
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from guildwatch.audience import sources_for_member
from guildwatch.console.view import View
from guildwatch.console.wording import fitted
from guildwatch.model import Channel, ChannelKind, Guild, Member
from guildwatch.report.inert import plain

_HOLDERS = (ChannelKind.CATEGORY, ChannelKind.FORUM, ChannelKind.MEDIA)
_COUNT = 6


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

    def render_label(self, node: TreeNode[Place], base_style: object, style: object) -> Text:
        """A place's name, its marks and how much was said there today."""
        text = super().render_label(node, base_style, style)  # type: ignore[arg-type]  # rich's Style
        place = node.data
        if place is None:
            return text
        count = self._today.get(place, 0)
        depth = self.guide_depth * (1 if place.channel_id is None else self._depth(node))
        room = self.scrollable_content_region.width - depth - _COUNT - 1
        label = fitted(text.plain, max(8, room))
        text.plain = f"{label}{count or '':>{_COUNT}}"
        return text

    def _depth(self, node: TreeNode[Place]) -> int:
        depth = 0
        while node.parent is not None:
            node, depth = node.parent, depth + 1
        return depth

    def _rebuild(self) -> None:
        kept = self.place
        closed = {node.data for node in self._everywhere() if node.data and not node.is_expanded}
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
        today = {}
        for node in self._everywhere():
            if node.data is not None:
                today[node.data] = self._view.pulse.today(*node.data)
        if today != self._today:
            self._today = today
            self.refresh()

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
