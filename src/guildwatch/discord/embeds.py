"""A report's post as Discord embeds, within Discord's limits."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import hikari

from guildwatch.report import Post
from guildwatch.report.inert import units

TOTAL = 6000
"""Characters in all embeds of one message together."""
DESCRIPTION = 4096
_CLOSING_ROOM = 40

CHART_NAME = "mood-and-activity.png"
_OWN_PICTURE = hikari.URL(f"attachment://{CHART_NAME}")


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


def revised_glance(post: Post, *, picture: bool, stamp: datetime) -> hikari.Embed:
    """The glance of a message that is there already, whose own picture it keeps."""
    embed = glance(post, chart=None, stamp=stamp)
    if picture:
        embed.set_image(_OWN_PICTURE)
    return embed


def whole(post: Post, *, chart: bytes | None, picture: bool = False) -> list[hikari.Embed]:
    """Glance and details in one answer: as many whole lines of the details as fit.

    With `picture` an answer that is there already keeps its own.
    """
    first = glance(post, chart=chart)
    if picture:
        first.set_image(_OWN_PICTURE)
    told = sum(map(units, (post.title, post.description, post.footer, post.thread_name)))
    details = shortened("\n\n".join(post.thread).splitlines(), min(DESCRIPTION, TOTAL - told))
    if not details:
        return [first]
    return [first, hikari.Embed(title=post.thread_name, description=details, colour=post.colour)]


def shortened(lines: Sequence[str], room: int) -> str:
    """The lines that fit into so many UTF-16 units (at least 100), and how many more there are."""
    return "\n".join(_fitting(lines, room)).strip()


def _fitting(lines: Sequence[str], room: int) -> Iterator[str]:
    left = room
    to_come = sum(units(line) + 1 for line in lines)
    for index, line in enumerate(lines):
        size = units(line) + 1
        reserve = 0 if to_come <= left else _CLOSING_ROOM
        if size + reserve > left:
            more = sum(bool(later.strip()) for later in lines[index:])
            yield f"… and {more:,} more {'line' if more == 1 else 'lines'}."
            return
        yield line
        left -= size
        to_come -= size
