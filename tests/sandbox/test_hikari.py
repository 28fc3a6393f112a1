"""The unmodified hikari and lightbulb, as guildwatch uses them."""

import asyncio

import hikari
import lightbulb
import pytest

from guildwatch.sandbox import Attachment, CommandError

loader = lightbulb.Loader()
group = lightbulb.Group("summary", "Summaries")


@group.register
class Now(lightbulb.SlashCommand, name="now", description="The last hours"):
    hours = lightbulb.integer("hours", "How many", default=24, min_value=1)
    where = lightbulb.channel("where", "Where", default=None)
    who = lightbulb.user("who", "Whose", default=None)
    note = lightbulb.attachment("note", "Something to read", default=None)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.defer(ephemeral=True)
        read = (await self.note.read()).decode() if self.note else ""
        where, who = getattr(self.where, "name", ""), getattr(self.who, "username", "")
        await ctx.respond(f"{self.hours} {where} {who} {read}")


@loader.command
class Silent(lightbulb.SlashCommand, name="silent", description="Says nothing"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        pass


@loader.command
class Explain(lightbulb.MessageCommand, name="Explain this"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"It says {self.target.content}")


async def cities(ctx: lightbulb.AutocompleteContext[str]) -> None:
    await ctx.respond([f"{ctx.focused.value}shire"])


@loader.command
class City(lightbulb.SlashCommand, name="city", description="A city"):
    name = lightbulb.string("name", "Which", autocomplete=cities)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(self.name)


loader.command(group)


@pytest.fixture
async def commands(bot):
    client = lightbulb.client_from_app(bot)
    await loader.add_to_client(client)
    await client.start()
    yield client
    await client.stop()


async def test_it_knows_the_guild_as_it_is(place, bot):
    guild = bot.cache.get_guild(place.guild)
    names = {channel.name for channel in guild.get_channels().values()}
    assert (guild.name, names) == ("Lighthouse", {"Talk", "general", "___hidden___", "ideas"})
    forum = guild.get_channel(place.forum)
    assert [tag.name for tag in forum.available_tags] == ["done", "open"]
    assert guild.get_my_member().display_name == "Watcher"


async def test_it_hears_everything_that_happens_to_a_message(place, bot):
    heard: asyncio.Queue[hikari.Event] = asyncio.Queue()
    for kind in (
        hikari.GuildMessageCreateEvent,
        hikari.GuildMessageUpdateEvent,
        hikari.GuildMessageDeleteEvent,
        hikari.GuildBulkMessageDeleteEvent,
        hikari.GuildReactionAddEvent,
        hikari.GuildReactionDeleteEvent,
        hikari.GuildReactionDeleteAllEvent,
        hikari.GuildThreadCreateEvent,
        hikari.GuildThreadDeleteEvent,
        hikari.GuildChannelUpdateEvent,
        hikari.DMMessageCreateEvent,
    ):
        bot.subscribe(kind, heard.put)
    world = place.world
    note = Attachment("a.txt", b"hello")
    first = world.say(place.ada, place.general, "Good morning", attachments=[note])
    said = await asyncio.wait_for(heard.get(), 60)
    assert (said.content, said.member.display_name) == ("Good morning", "Ada")
    assert await said.message.attachments[0].read() == b"hello"
    world.edit(first, "Good evening")
    assert (await heard.get()).content == "Good evening"
    world.react(place.ben, first, "👍")
    assert (await heard.get()).emoji_name == "👍"
    world.unreact(place.ben, first, "👍")
    world.clear_reactions(first)
    world.delete(first)
    world.delete(world.say(place.ada, place.general, "1"), world.say(place.ada, place.general, "2"))
    thread = world.open_thread(place.ada, place.forum, "Idea", first_text="What if", tags=["open"])
    world.delete_channel(thread)
    world.set_overwrites(place.staff, [])
    world.say(place.ben, world.open_dm(place.ben), "psst")
    names = [type(await asyncio.wait_for(heard.get(), 60)).__name__ for _ in range(11)]
    assert names == [
        "GuildReactionDeleteEvent",
        "GuildReactionDeleteAllEvent",
        "GuildMessageDeleteEvent",
        "GuildMessageCreateEvent",
        "GuildMessageCreateEvent",
        "GuildBulkMessageDeleteEvent",
        "GuildThreadCreateEvent",
        "GuildMessageCreateEvent",
        "GuildThreadDeleteEvent",
        "GuildChannelUpdateEvent",
        "DMMessageCreateEvent",
    ]


async def test_a_subcommand_gets_its_options_and_answers_its_asker_alone(place, bot, commands):
    options = {
        "hours": 3,
        "where": place.forum,
        "who": place.ada,
        "note": Attachment("note.txt", b"read me"),
    }
    answer = await place.world.command(place.ben, place.general, "summary now", options)
    assert (answer.text, answer.ephemeral) == ("3 ideas ada read me", True)
    assert place.world.messages(place.general) == []


async def test_a_command_that_says_nothing_is_told_to_the_member(place, bot, commands):
    place.world.answer_seconds = 0.1
    with pytest.raises(CommandError, match="did not respond"):
        await place.world.command(place.ben, place.general, "silent")


async def test_a_message_menu_gets_the_message(place, bot, commands):
    message = place.world.say(place.ada, place.general, "NullPointerException")
    answer = await place.world.menu(place.ben, message, "Explain this")
    assert (answer.text, answer.messages[0]["type"]) == ("It says NullPointerException", 23)


async def test_an_option_is_completed_while_it_is_typed(place, bot, commands):
    choices = await place.world.complete(place.ben, place.general, "city", "name", "York")
    assert [one["value"] for one in choices] == ["Yorkshire"]


async def test_a_button_is_pressed_and_answered(place, bot):
    @bot.listen(hikari.ComponentInteractionCreateEvent)
    async def pressed(event: hikari.ComponentInteractionCreateEvent) -> None:
        kind = hikari.ResponseType.MESSAGE_CREATE
        flags = hikari.MessageFlag.EPHEMERAL
        await event.interaction.create_initial_response(kind, "Thanks", flags=flags)

    row = bot.rest.build_message_action_row()
    row.add_interactive_button(hikari.ButtonStyle.SECONDARY, "gw:up", label="Good")
    message = await bot.rest.create_message(place.general, "Report", component=row)
    answer = await place.world.press(place.ben, message.id, "gw:up")
    assert "Thanks" in answer.text
    with pytest.raises(CommandError):
        await place.world.press(place.ben, message.id, "gw:down")


async def test_a_form_is_opened_and_sent_off(place, bot, rest):
    url = f"/applications/{place.world.application.id}/commands"
    await rest("PUT", url, [{"name": "tell", "description": "Tell"}])

    @bot.listen(hikari.CommandInteractionCreateEvent)
    async def ask(event: hikari.CommandInteractionCreateEvent) -> None:
        row = bot.rest.build_modal_action_row()
        row.add_text_input("words", "Your words")
        await event.interaction.create_modal_response("Tell us", "tell", component=row)

    @bot.listen(hikari.ModalInteractionCreateEvent)
    async def told(event: hikari.ModalInteractionCreateEvent) -> None:
        words = event.interaction.components[0].components[0].value
        kind = hikari.ResponseType.MESSAGE_CREATE
        await event.interaction.create_initial_response(kind, f"Heard: {words}")

    asked = await place.world.command(place.ben, place.general, "tell")
    assert asked.modal is not None
    answer = await place.world.submit(place.ben, asked, {"words": "all good"})
    assert answer.text == "Heard: all good"


async def test_it_reads_history_posts_and_opens_threads(place, bot):
    ids = [place.world.say(place.ada, place.general, f"{n}") for n in range(130)]
    read = [message.id async for message in bot.rest.fetch_messages(place.general)]
    assert read == ids[::-1]
    embed = hikari.Embed(title="Day").set_image(hikari.Bytes(b"png", "day.png"))
    message = await bot.rest.create_message(place.general, embed=embed, nonce="a")
    same = await bot.rest.create_message(place.general, "other", nonce="a")
    assert message.id == same.id
    assert await message.embeds[0].image.read() == b"png"
    thread = await bot.rest.create_message_thread(place.general, message, "Details")
    await bot.rest.create_message(thread, "more")
    assert [one["content"] for one in place.world.messages(thread.id)] == ["", "more"]
    with pytest.raises(hikari.ForbiddenError):
        await bot.rest.create_message(place.staff, "x")
    with pytest.raises(hikari.BadRequestError):
        await bot.rest.create_message(place.general, "x" * 2001)
    active = await bot.rest.fetch_active_threads(place.guild)
    assert [one.name for one in active] == ["Details"]


async def test_it_resumes_when_asked_to_reconnect(place, server, bot):
    heard: asyncio.Queue[hikari.Event] = asyncio.Queue()
    for kind in (hikari.ShardResumedEvent, hikari.ShardReadyEvent, hikari.GuildMessageCreateEvent):
        bot.subscribe(kind, heard.put)
    server.gateway.reconnect()
    while server.gateway.connected:
        await asyncio.sleep(0)
    place.world.say(place.ada, place.general, "missed")
    names = [type(await asyncio.wait_for(heard.get(), 60)).__name__ for _ in range(2)]
    assert names == ["GuildMessageCreateEvent", "ShardResumedEvent"]


async def test_without_the_privileged_intent_it_is_turned_away(place, server):
    place.world.application.privileged &= 0
    bot = hikari.GatewayBot(
        server.token,
        banner=None,
        logs=None,
        suppress_optimization_warning=True,
        rest_url=server.url,
        intents=hikari.Intents.GUILDS | hikari.Intents.MESSAGE_CONTENT,
    )
    with pytest.raises(hikari.GatewayServerClosedConnectionError) as closed:
        await bot.start(check_for_updates=False)
    assert closed.value.code == 4014
    await bot.close()
