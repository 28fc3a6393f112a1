"""Asking a member whether they mean it, and doing it once they have said so."""

import logging
from collections.abc import Awaitable, Callable

import hikari
import lightbulb
from lightbulb.components import Menu, MenuContext

from guildwatch.discord.commands.desk import RefusalError
from guildwatch.discord.commands.replies import noting_lateness
from guildwatch.discord.errors import UNANSWERED
from guildwatch.exchange import Begun

_log = logging.getLogger(__name__)

CONFIRM_SECONDS = 300.0
_TOO_LATE = "You did not choose, so nothing was changed. Ask again if you want to."
_NOT_YOURS = "Only who asked can choose here."
_BEGUN = "I am at it; this takes some seconds…"

Act = Callable[[int, Begun], Awaitable[str]]
"""What is done once somebody has confirmed, given the id of that; what came of it in sentences."""


async def confirmed(context: lightbulb.Context, question: str, label: str, act: Act) -> None:
    """Ask the asker alone; what they choose within some minutes is done, and told."""
    agreed: list[int] = []

    async def agree(press: MenuContext) -> None:
        if press.user.id != context.user.id:
            await press.respond(_NOT_YOURS, ephemeral=True)
        elif agreed:
            await press.respond(_BEGUN, ephemeral=True)
        else:
            agreed.append(int(press.interaction.id))
            await press.defer(edit=True)  # nothing is said before it is certain
            press.stop_interacting()

    async def leave(press: MenuContext) -> None:
        if press.user.id != context.user.id:
            await press.respond(_NOT_YOURS, ephemeral=True)
            return
        await press.respond("Nothing was changed.", edit=True, components=[])
        press.stop_interacting()

    menu = Menu()
    menu.add_interactive_button(hikari.ButtonStyle.DANGER, agree, label=label)
    menu.add_interactive_button(hikari.ButtonStyle.SECONDARY, leave, label="Cancel")
    choice = menu.attach_persistent(context.client, timeout=CONFIRM_SECONDS)
    await context.respond(question, components=menu, ephemeral=True)
    try:
        await choice.wait()
    except TimeoutError:
        await _tell(context, _TOO_LATE)
    for at in agreed:
        try:
            told = await act(at, lambda: _tell(context, _BEGUN))
        except RefusalError as error:
            told = str(error)
        await _tell(context, told)


async def _tell(context: lightbulb.Context, text: str) -> None:
    """Say it in the place of the question; whether or not they hear it, what was begun goes on."""
    try:
        with noting_lateness(context):
            await context.interaction.edit_initial_response(text, components=[])
    except UNANSWERED as error:
        _log.warning("What a member asked for is done, but they could not be told: %s", error)
