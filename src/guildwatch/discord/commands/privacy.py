"""`/privacy`: what is kept here, and each member's own data: to have, to erase, not to be kept."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import hikari
import lightbulb

from guildwatch.discord.commands.confirming import confirmed
from guildwatch.discord.commands.desk import Asker, Desk, RefusalError
from guildwatch.discord.commands.replies import answer, edit, noting_lateness
from guildwatch.discord.notice import Notice
from guildwatch.exchange import AtWorkError, Begun, DataFile, Forgotten, data_file
from guildwatch.report.wording import count

UPLOAD_LIMIT = 10 * 1024 * 1024 - 64 * 1024
"""Bytes of a file (https://docs.discord.com/developers/reference#uploading-files), less the rest of
the request."""

privacy = lightbulb.Group(
    "privacy",
    "What is kept of what you write, and what you can do about it",
    contexts=[hikari.ApplicationContextType.GUILD],
    integration_types=[hikari.ApplicationIntegrationType.GUILD_INSTALL],
)
loader = lightbulb.Loader()
loader.command(privacy)

_EVERYWHERE = lightbulb.boolean(
    "everywhere", "Not only in this server, but in all that I am in", default=False
)
_GOES = (
    "the texts of your messages, who they were from, how they were counted and how their mood "
    "sounded, what reports tell of them, your name, and what you said of reports. The posts that "
    "told of them are edited. **Your messages in Discord are not touched**: delete those yourself "
    "if you want them gone. Nobody else is told."
)


@privacy.register
class Tell(
    lightbulb.SlashCommand,
    name="notice",
    description="What is kept here, for how long, where, and what for",
):
    """`/privacy notice [post]`."""

    post = lightbulb.boolean(
        "post", "Post it here for everybody, to be pinned (for admins)", default=False
    )

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Tell it to the asker, or post it for everybody."""
        asker = desk.asker(context.interaction)
        if not self.post:
            await answer(context, await _notice(asker, asker.readable()))
            return
        asker.require_admin()
        with noting_lateness(context):
            await context.respond(await _notice(asker, asker.publicly_readable()))


@privacy.register
class OptOut(
    lightbulb.SlashCommand,
    name="optout",
    description="Have nothing of you kept from now on, and erased what there is",
):
    """`/privacy optout [everywhere]`."""

    everywhere = _EVERYWHERE

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Ask whether they mean it, and do it."""
        asker = desk.asker(context.interaction)
        where, guild_ids = await _where(asker, everywhere=self.everywhere)
        question = (
            f"From now on I keep nothing of you {where} but how many messages there were. "
            f"I erase {_GOES} `/privacy optin` takes it back, but brings nothing back."
        )

        async def act(_: int, begun: Begun) -> str:
            with _turn(asker):
                done = await desk.forgetter.opt_out(guild_ids, asker.member.id, begun)
            return f"From now on I keep nothing of you {where}. {_done(done)}"

        await confirmed(context, question, "Opt out and erase", act)


@privacy.register
class OptIn(
    lightbulb.SlashCommand,
    name="optin",
    description="Have what you write from now on kept again",
):
    """`/privacy optin [everywhere]`."""

    everywhere = _EVERYWHERE

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Take the opting out back, for what comes."""
        asker = desk.asker(context.interaction)
        where, guild_ids = await _where(asker, everywhere=self.everywhere)
        rights = desk.store.rights
        out = [one for one in guild_ids if await rights.has_opted_out(one, asker.member.id)]
        if not out:
            await answer(context, f"You had not opted out {where}, so nothing changes.")
            return
        await context.defer(ephemeral=True)
        with _turn(asker):
            await desk.forgetter.opt_in(out, asker.member.id, int(context.interaction.id))
        await edit(
            context,
            f"From now on I keep again what you write {where}. Nothing from before comes back.",
        )


@privacy.register
class MyData(
    lightbulb.SlashCommand,
    name="mydata",
    description="A file with all that is kept about you here; only you get it",
):
    """`/privacy mydata`."""

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Answer the asker alone with the file."""
        asker = desk.asker(context.interaction)
        await context.defer(ephemeral=True)
        with _turn(asker):
            holding = await desk.store.holdings.of_member(asker.guild.id, asker.member.id)
            file = await asyncio.to_thread(
                data_file,
                holding,
                asker.guild,
                asker.member.id,
                readable=asker.readable(),
                now=desk.clock(),
                limit=UPLOAD_LIMIT,
            )
        with noting_lateness(context):
            await context.interaction.edit_initial_response(
                _about(file, has_opted_out=holding.has_opted_out),
                attachment=hikari.Bytes(file.content, file.name),
            )


@privacy.register
class ForgetMe(
    lightbulb.SlashCommand,
    name="forgetme",
    description="Erase all that is kept about you until now",
):
    """`/privacy forgetme [everywhere]`."""

    everywhere = _EVERYWHERE

    @lightbulb.invoke
    async def invoke(self, context: lightbulb.Context, desk: Desk) -> None:
        """Ask whether they mean it, do it, and say what was done."""
        asker = desk.asker(context.interaction)
        where, guild_ids = await _where(asker, everywhere=self.everywhere)
        question = (
            f"I erase all that I keep about you {where} until now: {_GOES} What you write "
            "afterwards is kept as before; `/privacy optout` is for those who do not want that."
        )

        async def act(at: int, begun: Begun) -> str:
            with _turn(asker):
                done = await desk.forgetter.forget(guild_ids, asker.member.id, at, begun)
            return f"I have forgotten you {where}. {_done(done)}"

        await confirmed(context, question, "Erase it", act)


@contextmanager
def _turn(asker: Asker) -> Iterator[None]:
    try:
        with asker.desk.forgetter.turn(asker.member.id):
            yield
    except AtWorkError as error:
        raise RefusalError(str(error)) from error


async def _notice(asker: Asker, readable: Collection[int]) -> str:
    desk = asker.desk
    chosen = (await desk.store.retention.chosen()).get(asker.guild.id, {})
    told = Notice(asker.guild, asker.settings, desk.disclosure, desk.keep, chosen, readable)
    return told.text()


async def _where(asker: Asker, *, everywhere: bool) -> tuple[str, set[int]]:
    """The guilds that are meant, in words and by their ids.

    Everywhere is where the bot is, and where something of the member is kept.
    """
    if not everywhere:
        return "in this server", {asker.guild.id}
    kept = await asker.desk.store.rights.guilds_of(asker.member.id)
    there = {guild.id for guild in asker.desk.roster.guilds()}
    return "in all servers that I am in", there | kept


def _done(done: Forgotten) -> str:
    """What was done, in sentences."""
    waiting = (
        f" {count(done.waiting, 'post')} could not be edited yet; I go on trying."
        if done.waiting
        else ""
    )
    return (
        f"Erased: {count(done.messages, 'message')}, with all that was counted and told of them. "
        f"Withdrawn from reports: {count(done.points, 'point')}; "
        f"{count(done.posts, 'post')} edited.{waiting} "
        f"Written anew in the archive: {count(done.archived, 'file')}. "
        "Your messages in Discord are where they were."
    )


def _about(file: DataFile, *, has_opted_out: bool) -> str:
    said = "This is all that I keep about you here; only you see it."
    if has_opted_out:
        said += " You opted out, so there is hardly anything."
    if file.messages < file.total:
        said += (
            f" It was too big for Discord, so it has the newest {file.messages:,} of your "
            f"{file.total:,} messages; the operator of this bot can give you the whole."
        )
    return said
