"""Presses of buttons that nobody waits for: a start, or a choice made before, came between."""

import logging

import hikari
import lightbulb

from guildwatch.discord.buttons import pressed
from guildwatch.discord.errors import UNANSWERED

_log = logging.getLogger(__name__)

_IN_VAIN = (
    "I no longer wait for this button, so this press changed nothing. If what you wanted was not "
    "done, ask me again."
)


def answer_unawaited(client: lightbulb.GatewayEnabledClient) -> None:
    """Have whoever presses such a button told; lightbulb leaves them with a failure.

    The buttons under reports, which outlive the program, answer for themselves.
    """

    async def hear(event: hikari.InteractionCreateEvent) -> None:
        press = event.interaction
        if isinstance(press, hikari.ComponentInteraction) and _is_unawaited(client, press):
            await _tell(press)

    client.app.event_manager.subscribe(hikari.InteractionCreateEvent, hear)


def _is_unawaited(client: lightbulb.Client, press: hikari.ComponentInteraction) -> bool:
    menus = client._attached_menus  # noqa: SLF001 - lightbulb tells nobody what it waits for
    return pressed(press.custom_id) is None and not any(
        press.custom_id in menu.custom_ids for menu in menus
    )


async def _tell(press: hikari.ComponentInteraction) -> None:
    try:
        await press.create_initial_response(
            hikari.ResponseType.MESSAGE_CREATE, _IN_VAIN, flags=hikari.MessageFlag.EPHEMERAL
        )
    except UNANSWERED as error:
        _log.warning("A press in vain was not answered: %s", error)
