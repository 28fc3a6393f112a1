"""`/settings changes`: who changed what of a guild's settings, and when."""

import re
from itertools import islice

import lightbulb

from guildwatch.discord import embeds
from guildwatch.discord.commands.channels import seen
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.commands.settings import settings
from guildwatch.model import Change, ChangeSource

_SHOWN, _LOOKED_AT = 25, 2_000
_ROOM = 2000
_CHANNEL = re.compile(r"<#(\d+)>")
_ELSEWHERE = "a channel that is gone or closed to you"
_NONE = "Nothing has been changed here yet."


@settings.register
class Changes(
    lightbulb.SlashCommand, name="changes", description="Who changed what here, and when"
):
    """`/settings changes`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """List the latest ones, the newest first, as if channels they cannot see did not exist."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        changes = await desk.store.record.latest(asker.guild.id, limit=_LOOKED_AT)
        visible = (one for one in changes if not _is_of_another_place(asker, one.name))
        lines = [_line(asker, one) for one in islice(visible, _SHOWN)]
        await answer(context, embeds.shortened(lines or [_NONE], _ROOM))


def _line(asker: Asker, change: Change) -> str:
    at = f"<t:{int(change.at.timestamp())}:f>"
    told = f"{change.name}: {change.before or 'not set'} → {change.after or 'not set'}"
    return f"{at} {_who(change)} – {_CHANNEL.sub(lambda found: _place(asker, found), told)}"


def _is_of_another_place(asker: Asker, name: str) -> bool:
    """Whether a setting is that of a channel of which the asker may not know."""
    return any(_place(asker, found) == _ELSEWHERE for found in _CHANNEL.finditer(name))


def _who(change: Change) -> str:
    if change.by.source is not ChangeSource.COMMAND:
        return "the operator"
    return f"<@{change.by.member_id}>" if change.by.member_id else "a former member"


def _place(asker: Asker, found: re.Match[str]) -> str:
    """A channel that the asker may know of, as it was; others are not named."""
    try:
        return f"<#{seen(asker, int(found[1])).id}>"
    except RefusalError:
        return _ELSEWHERE
