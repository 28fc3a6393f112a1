"""`/settings reports|limits`: what reports tell of people, and how much members may ask for."""

from dataclasses import replace

import lightbulb

from guildwatch.discord.commands import chosen
from guildwatch.discord.commands.desk import Desk
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.commands.settings import keep, settings

MOST_PEOPLE = 20
_MOST_ASKED = 1000


@settings.register
class Reports(lightbulb.SlashCommand, name="reports", description="What reports tell of people"):
    """`/settings reports [people] [names] [top] [board]`."""

    people = lightbulb.integer(
        "people",
        "So many must have spoken of a topic for it to be told; 1 tells all",
        default=None,
        min_value=1,
        max_value=MOST_PEOPLE,
    )
    names = lightbulb.boolean("names", "Whether reports name members", default=None)
    top = lightbulb.boolean("top", "Whether they name who wrote most", default=None)
    board = lightbulb.boolean(
        "board", "Whether they name the most positive members; never the others", default=None
    )

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Keep what was chosen, and say how it stands; it holds from the next report on."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        before = asker.settings
        after = replace(
            before,
            min_people=before.min_people if self.people is None else self.people,
            names=before.names if self.names is None else self.names,
            top=before.top if self.top is None else self.top,
            board=before.board if self.board is None else self.board,
        )
        if after != before:
            await keep(asker, before, after)
        await answer(context, " ".join(chosen.reports(asker)))


@settings.register
class LimitsOf(
    lightbulb.SlashCommand, name="limits", description="How many summaries members may ask for"
):
    """`/settings limits [member] [server]`."""

    member = lightbulb.integer(
        "member",
        "So many within an hour for each member; 0 for as many as the operator grants",
        default=None,
        min_value=0,
        max_value=_MOST_ASKED,
    )
    server = lightbulb.integer(
        "server",
        "So many within an hour for all members together; 0 for as many as the operator grants",
        default=None,
        min_value=0,
        max_value=_MOST_ASKED,
    )

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Keep what was chosen, and say what holds."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        before = after = asker.settings
        if self.member is not None:
            after = replace(after, member_limit=self.member or None)
        if self.server is not None:
            after = replace(after, guild_limit=self.server or None)
        if after != before:
            await keep(asker, before, after)
        told = chosen.limits(asker)
        holds = desk.access.allowance.limits(asker.guild.id)
        wanted = after.member_limit or 0, after.guild_limit or 0
        if wanted[0] > holds.member or wanted[1] > holds.guild:
            told += " The operator of this bot grants no more."
        await answer(context, told)
