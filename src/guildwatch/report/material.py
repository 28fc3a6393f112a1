"""What one report is made from: its messages, where they may come from, what admins chose."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from guildwatch.digest import Context
from guildwatch.digest.transcript.masks import Masks
from guildwatch.model import LANGUAGES, Guild, Message, Period, ReportOptions, first_id_at
from guildwatch.report.carrying import Scene
from guildwatch.report.faceless import masks_of
from guildwatch.store import Store


@dataclass(frozen=True, slots=True)
class Material:
    """What one report is made from; `sources` is what it was allowed to draw on.

    `language` is the code of the language that it is told in; `masks` stand for the members where
    the `options` want none named.
    """

    guild: Guild
    period: Period
    sources: frozenset[int]
    messages: Sequence[Message]
    language: str
    options: ReportOptions
    masks: Masks | None

    def within(self, period: Period) -> "Material":
        """The part of it that falls into a shorter period."""
        start, end = (
            bisect_left(self.messages, first_id_at(moment), key=lambda message: message.id)
            for moment in (period.start, period.end)
        )
        return replace(self, period=period, messages=self.messages[start:end])

    def of(self, period: Period) -> tuple[Sequence[Message], frozenset[int]]:
        """Its messages of a shorter period, and the channels that they may come from."""
        return self.within(period).messages, self.sources

    @property
    def places(self) -> dict[int, int]:
        """The channel of each of its messages."""
        return {one.id: one.channel_id for one in self.messages}

    @property
    def scene(self) -> Scene:
        """What carrying on with earlier reports may know."""
        return Scene(self.guild, self.period, self.sources, self.messages, self.context)

    @property
    def context(self) -> Context:
        """What the digester may know: the names of the sources, and of who wrote or was named."""
        authors = {
            author.id: author.name
            for message in self.messages
            for author in (*message.mentioned, message.author)
        }
        if self.masks is not None:
            authors = {id_: self.masks.of(id_) for id_ in authors}
        channels = {one.id: one for one in self.guild.channels if one.id in self.sources}
        return Context(
            self.guild.name,
            channels,
            authors,
            self.period,
            self.language,
            self.masks,
            self.options.min_people,
        )


async def material_of(
    store: Store,
    guild: Guild,
    period: Period,
    source_ids: Collection[int] | None,
    *,
    language: str,
) -> Material:
    """What is stored of a period in these channels, None for all.

    `language` is the code for guilds whose admins chose none.
    """
    messages = await store.messages.between(
        guild.id, period.start, period.end, channel_ids=source_ids
    )
    if source_ids is None:
        source_ids = {channel.id for channel in guild.channels}
        source_ids |= {message.channel_id for message in messages}
    chosen = await store.settings.one(guild.id)
    told_in = chosen.language if chosen.language in LANGUAGES else language
    masks = None
    if not chosen.names:
        masks = await masks_of(store, guild.id, source_ids, messages)
    return Material(
        guild, period, frozenset(source_ids), messages, told_in, chosen.report_options, masks
    )
