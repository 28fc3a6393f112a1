"""A folder of DiscordChatExporter exports as messages and what a digest knows around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guildwatch.digest import Context
from guildwatch.eval.errors import EvalError
from guildwatch.exchange import ExchangeError
from guildwatch.exchange.finding import exports_in
from guildwatch.exchange.reading import probe, read_batches, read_header
from guildwatch.model import Channel, Message, Period, PeriodKind


@dataclass(frozen=True, slots=True)
class Exported:
    """What the exports hold: each message once, `in_order` as the files have them.

    `messages` are the same, oldest first; their authors' names and channels are in `context`.
    """

    in_order: Sequence[Message]
    messages: Sequence[Message]
    context: Context


def exported(folder: Path) -> Exported:
    """Read all exports of a folder, or one file. Raises EvalError naming the one that is broken."""
    troubles: list[str] = []
    files = [path for path, _ in exports_in([folder], lambda _, why: troubles.append(why))]
    if troubles or not files:
        raise EvalError(troubles[0] if troubles else f"{folder} holds no exports.")
    channels: dict[int, Channel] = {}
    found: dict[int, Message] = {}
    guild = ""
    for path in files:
        try:
            for _ in probe(path):
                pass
            header = read_header(path)
            for batch in read_batches(path, header.channel):
                found.update((one.id, one) for one in batch.messages)
        except ExchangeError as error:
            raise EvalError(f"{path}: {error}") from error
        guild = guild or header.guild.name
        channels |= {one.id: one for one in (header.parent, header.channel) if one is not None}
    if not found:
        raise EvalError(f"{folder} has exports without a single message: export the chat again.")
    messages = sorted(found.values(), key=lambda message: message.id)
    return Exported(list(found.values()), messages, _context(guild, channels, messages))


def _context(guild: str, channels: Mapping[int, Channel], messages: Sequence[Message]) -> Context:
    authors = {
        author.id: author.name
        for message in messages
        for author in (*message.mentioned, message.author)
    }
    first, last = messages[0].created_at, messages[-1].created_at
    return Context(guild, channels, authors, Period(PeriodKind.SPAN, first, last, "UTC"))
