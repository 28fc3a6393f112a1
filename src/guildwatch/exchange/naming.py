"""Names of files for what people call things: safe on every system, no way out of a folder.

What Windows refuses: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
"""

import re
import unicodedata
from datetime import date

from guildwatch.model import Channel, ChannelKind, Guild

_REFUSED = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_LONGEST = 60  # bytes of one part: three of them and the rest fit into the 255 of most systems


def safe_name(text: str) -> str:
    """A name made fit for a file or folder, `_` for what cannot stand there; never empty."""
    shown = "".join(map(_letter, unicodedata.normalize("NFC", text)))
    cut = shown.encode()[:_LONGEST].decode(errors="ignore").strip(" .")
    return f"_{cut}" if not cut or _RESERVED.match(cut) else cut


def export_name(
    guild: Guild, parent: Channel | None, channel: Channel, first: date | None, last: date | None
) -> str:
    """The name that DiscordChatExporter would give the file, without what comes after the dot."""
    names = [guild.name, *([parent.name] if parent else []), channel.name]
    return f"{' - '.join(map(safe_name, names))} [{channel.id}]{_span(first, last)}"


def channel_of(guild: Guild, channel_id: int) -> Channel:
    """A guild's channel, or what little is known of one that is gone."""
    known = guild.channel(channel_id)
    return known or Channel(channel_id, guild.id, f"channel-{channel_id}", ChannelKind.TEXT)


def _letter(letter: str) -> str:
    invisible = unicodedata.category(letter)[0] in "CZ" and letter != " "
    return "_" if invisible or _REFUSED.match(letter) else letter


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return f" ({first} to {last})"
    if first:
        return f" (after {first})"
    return f" (before {last})" if last else ""
