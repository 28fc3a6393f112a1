"""What the bot answers in the end, however slow the machine is."""

import re
from typing import Any

from guildwatch.discord.commands.waiting import NEXT
from guildwatch.sandbox import Answer

_PROGRESS = re.compile(r"[^\n…]{1,100}…(?: \d+ of \d+ conversations.*)?")


async def in_the_end(answer: Answer) -> Answer:
    """The answer once it says no longer how far it is, as it does from the second second on."""
    return await answer.wait_for(_is_whole)


def _is_whole(answer: Answer) -> bool:
    is_there = answer.acknowledged and not answer.thinking
    return is_there and not any(map(_is_progress, answer.messages))


def _is_progress(message: dict[str, Any]) -> bool:
    words = message["content"]
    return not message["embeds"] and (words == NEXT or _PROGRESS.fullmatch(words) is not None)
