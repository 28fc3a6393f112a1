"""The links that people shared, as they wrote them."""

import re
from collections.abc import Iterable

from guildwatch.digest.checking.orders import gives_orders
from guildwatch.digest.transcript.lines import Line
from guildwatch.model import Link

MOST_LINKS = 25
_LONGEST_URL = 500
INVITE = re.compile(
    r"discord(?:app)?\.com/invite|discord\.(?:gg|me|io|link)/|dsc\.gg/|invite\.gg/", re.IGNORECASE
)


def shared_links(lines: Iterable[Line]) -> tuple[Link, ...]:
    """Each link once with the messages that hold it, the most shared first; no invitations.

    One that only stands beside orders to machines is none that people shared.
    """
    holders: dict[str, dict[int, int]] = {}
    for line in lines:
        if not line.urls or gives_orders(line.text):
            continue
        for url in line.urls:
            if len(url) <= _LONGEST_URL and not INVITE.search(url):
                holders.setdefault(url, {})[line.id] = line.reactions
    ranked = sorted(holders.items(), key=lambda each: (-len(each[1]), -sum(each[1].values())))
    return tuple(Link(url, tuple(ids)) for url, ids in ranked[:MOST_LINKS])
