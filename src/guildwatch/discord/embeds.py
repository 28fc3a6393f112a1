"""A report's post as Discord embeds, within Discord's limits."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import hikari

from guildwatch.report import Post

TOTAL = 6000
"""Characters in all embeds of one message together."""
DESCRIPTION = 4096

CHART_NAME = "mood-and-activity.png"


def glance(post: Post, *, chart: bytes | None, stamp: datetime | None = None) -> hikari.Embed:
    """The report at a glance.

    `stamp` (the end of its period) is shown beside the footer in each reader's own time, and is
    how a post in doubt is recognised in the channel's history.
    """
    embed = hikari.Embed(
        title=post.title, description=post.description, colour=post.colour, timestamp=stamp
    )
    if post.footer:
        embed.set_footer(post.footer)
    if chart is not None:
        embed.set_image(hikari.Bytes(chart, CHART_NAME))
    return embed


def whole(post: Post, *, chart: bytes | None) -> list[hikari.Embed]:
    """Glance and details in one answer: as many whole lines of the details as fit."""
    first = glance(post, chart=chart)
    room = min(DESCRIPTION, TOTAL - first.total_length() - len(post.thread_name))
    details = shortened("\n\n".join(post.thread).splitlines(), room)
    if not details:
        return [first]
    return [first, hikari.Embed(title=post.thread_name, description=details, colour=post.colour)]


def shortened(lines: Iterable[str], room: int) -> str:
    """The lines that fit into so many characters, and how many more there are."""
    return "\n".join(_fitting(list(lines), room)).strip()


def _fitting(lines: list[str], room: int) -> Iterator[str]:
    closing = "… and {} more lines."
    left = room
    for index, line in enumerate(lines):
        rest = sum(len(later) + 1 for later in lines[index:])
        reserve = 0 if rest <= left else len(closing) + 4
        if len(line) + 1 + reserve > left:
            yield closing.format(sum(bool(later.strip()) for later in lines[index:]))
            return
        yield line
        left -= len(line) + 1
