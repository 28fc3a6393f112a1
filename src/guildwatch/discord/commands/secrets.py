"""`/settings secrets`: whether authors get a hint about what they may not have meant to post."""

from dataclasses import replace

import lightbulb

from guildwatch.discord.commands.desk import Desk
from guildwatch.discord.commands.replies import answer
from guildwatch.discord.commands.settings import keep, settings

ON = (
    "Who posts what looks like a token, a password, an e-mail address, or a phone, card or account "
    "number gets a direct message from me that says so, and nobody else hears of it. "
)
OFF = "I tell nobody when they post a secret or personal data. "
ALWAYS = "Either way I never repeat it: reports, answers and quotations have a mark in its place."


@settings.register
class Secrets(
    lightbulb.SlashCommand, name="secrets", description="Hints to whoever posts secrets by mistake"
):
    """`/settings secrets [hints]`."""

    hints = lightbulb.boolean(
        "hints", "Whether they are told by direct message, and only they", default=None
    )

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Keep what was chosen, and say how it stands."""
        asker = desk.asker(context.interaction)
        asker.require_admin()
        before = asker.settings
        if self.hints is not None and self.hints != before.hints:
            await keep(asker, before, replace(before, hints=self.hints))
        await answer(context, (ON if asker.settings.hints else OFF) + ALWAYS)
