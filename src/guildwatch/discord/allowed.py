"""Which channels the readers of a place may be told of now, whatever is posted there."""

import asyncio

from guildwatch.audience import (
    has_ended,
    sources_for_channel_post,
    sources_for_member,
)
from guildwatch.capture import Roster, report_channel
from guildwatch.discord.line import Line
from guildwatch.discord.people import fetch_member
from guildwatch.model import Channel, Clock, Guild, Widening
from guildwatch.store import Store


class AllowedSources:
    """Asks `audience`, with what admins opened on purpose; for reports only, never for answers."""

    def __init__(self, line: Line, store: Store, roster: Roster, *, clock: Clock) -> None:
        self._line = line
        self._store = store
        self._roster = roster
        self._clock = clock

    async def of_report(self, guild: Guild, target: Channel) -> frozenset[int]:
        """What every reader of a channel may be told by a report that stands there."""
        holding = await self._store.widenings.holding(guild.id)
        meant = [one for one in holding if one.target_id == target.id]
        widened = {one.channel_id for one in meant if not await self.why_ended(guild, one)}
        return sources_for_channel_post(guild, target, widened)

    def of_answer(self, guild: Guild, place: Channel) -> frozenset[int]:
        """What every reader of a channel may be told by an answer that stands there."""
        return sources_for_channel_post(guild, place)

    async def of_person(self, guild: Guild, user_id: int) -> frozenset[int]:
        """What a person can read in a guild; nothing once they are not in it.

        Raises AwayError when Discord does not tell.
        """
        member = await fetch_member(self._line.rest, guild.id, user_id)
        if member is None:
            return frozenset()
        return sources_for_member(guild, member, self._clock())

    async def why_ended(self, guild: Guild, widening: Widening) -> str:
        """Why a channel is not open to the reports' readers any more; empty while it is."""
        target = report_channel(guild, self._roster.settings(guild.id))
        # Half a second where a channel lets 100 roles in and shuts 100 others out.
        return await asyncio.to_thread(has_ended, widening, guild, target)
