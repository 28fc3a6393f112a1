"""discord.py, a client that nobody here wrote, judges whether this is Discord."""

import asyncio
import warnings

import pytest

from guildwatch.sandbox import Attachment, Permission, Poll

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports audioop on Python 3.11+
    discord = pytest.importorskip("discord")


async def heard(friend, event, **kwargs):
    return await asyncio.wait_for(friend.wait_for(event, **kwargs), 60)


async def test_it_sees_the_guild_with_its_channels_roles_and_itself(place, friend):
    guild = friend.get_guild(place.guild)
    assert (guild.name, guild.owner_id, guild.member_count) == ("Lighthouse", place.ada, 3)
    assert isinstance(guild.get_channel(place.general), discord.TextChannel)
    assert guild.get_channel(place.general).category.name == "Talk"
    forum = guild.get_channel(place.forum)
    assert [tag.name for tag in forum.available_tags] == ["done", "open"]
    assert guild.me.guild_permissions.send_messages
    general = guild.get_channel(place.general)
    theirs = general.permissions_for(guild.me)
    ours = place.world.permissions(friend.user.id, place.world.channel(place.general))
    voice = Permission.CONNECT | Permission.SPEAK  # which it leaves out for text channels
    assert theirs.value == ours & ~voice
    application = await friend.application_info()
    assert application.flags.gateway_message_content_limited


async def test_it_hears_what_members_do(place, friend):
    world = place.world
    waiting = asyncio.create_task(heard(friend, "message"))
    await asyncio.sleep(0)
    origin = world.say(place.ada, place.general, f"Hi <@{place.ben}>")
    message = await waiting
    assert (message.content, message.author.display_name) == (f"Hi <@{place.ben}>", "Ada")
    assert message.mentions[0].name == "ben"
    waiting = asyncio.create_task(heard(friend, "message"))
    await asyncio.sleep(0)
    world.say(place.ben, place.general, "Hello", reply_to=origin)
    reply = await waiting
    assert reply.type is discord.MessageType.reply
    assert reply.reference.resolved.id == origin
    for event, act in (
        ("raw_message_edit", lambda: world.edit(origin, "Hi again")),
        ("raw_reaction_add", lambda: world.react(place.ben, origin, "👍")),
        ("raw_reaction_remove", lambda: world.unreact(place.ben, origin, "👍")),
        ("raw_message_delete", lambda: world.delete(origin)),
        ("thread_create", lambda: world.open_thread(place.ada, place.general, "T")),
        ("guild_role_create", lambda: world.add_role(place.guild, "Keepers")),
        ("guild_channel_update", lambda: world.set_overwrites(place.staff, [])),
        ("guild_channel_create", lambda: world.add_channel(place.guild, "new")),
    ):
        waiting = asyncio.create_task(heard(friend, event))
        await asyncio.sleep(0)
        act()
        assert await waiting is not None


async def test_it_reads_pages_posts_replies_and_reacts(place, friend):
    ids = [place.world.say(place.ada, place.general, f"{n}") for n in range(120)]
    channel = friend.get_channel(place.general)
    assert [one.id async for one in channel.history(limit=None, oldest_first=True)] == ids
    embed = discord.Embed(title="Day", description="Quiet", colour=0x336699)
    with_file = discord.File(__file__, filename="day.py")
    message = await channel.send("Report", embed=embed, file=with_file)
    assert message.embeds[0].title == "Day"
    assert b"discord.py" in await message.attachments[0].read()
    answer = await message.reply("Thanks")
    await answer.edit(content="Thank you")
    await answer.add_reaction("👍")
    told = place.world.messages(place.general)[-1]
    assert (told["content"], told["reactions"][0]["emoji"]["name"]) == ("Thank you", "👍")
    with pytest.raises(discord.Forbidden):
        await channel.purge(limit=1, check=lambda one: one.author.id == place.ada, bulk=False) or (
            await (await channel.fetch_message(ids[0])).delete()
        )


async def test_it_opens_archives_and_lists_threads(place, friend):
    channel = friend.get_channel(place.general)
    thread = await (await channel.send("Topic")).create_thread(name="Details")
    await thread.send("more")
    await thread.edit(archived=True)
    assert [one.name async for one in channel.archived_threads()] == ["Details"]
    forum = friend.get_channel(place.forum)
    post = await forum.create_thread(
        name="Idea", content="What if", applied_tags=[forum.available_tags[0]]
    )
    assert post.message.content == "What if"
    assert post.thread.applied_tags[0].name == "done"


async def test_it_registers_a_command_and_answers_it(place, friend):
    tree = discord.app_commands.CommandTree(friend)

    @tree.command(name="echo", description="Say it again")
    async def echo(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(text)
        await interaction.edit_original_response(content=f"{text}!")

    await tree.sync()
    answer = await place.world.command(place.ben, place.general, "echo", {"text": "hello"})
    await answer.wait_for(lambda one: one.text == "hello!")
    assert answer.ephemeral


async def test_it_resumes_after_a_reconnect_and_misses_nothing(place, server, friend):
    resumed = asyncio.create_task(heard(friend, "resumed"))
    missed = asyncio.create_task(heard(friend, "message"))
    await asyncio.sleep(0)
    server.gateway.reconnect()
    while server.gateway.connected:
        await asyncio.sleep(0)
    place.world.say(place.ada, place.general, "missed", attachments=[Attachment("a", b"a")])
    assert (await missed).content == "missed"
    await resumed


async def test_it_talks_in_direct_messages(place, friend):
    user = await friend.fetch_user(place.ben)
    await user.send("Your report")
    dm = place.world.open_dm(place.ben)
    assert place.world.messages(dm)[0]["content"] == "Your report"


async def test_it_may_pin_only_with_the_permission(place, friend):
    channel = friend.get_channel(place.general)
    message = await channel.send("Rules")
    role = next(one for one in place.world.guilds[place.guild].roles.values() if one.bot_id)
    everyone = place.world.guilds[place.guild].roles[place.guild]
    place.world.change_role(everyone.id, everyone.permissions & ~Permission.PIN_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await message.pin()
    place.world.change_role(role.id, role.permissions | Permission.PIN_MESSAGES)
    await message.pin()
    assert place.world.messages(place.general)[0]["pinned"]


async def test_it_understands_every_kind_of_message(place, friend):
    world, here = place.world, place.general

    async def comes(act):
        waiting = asyncio.create_task(heard(friend, "message"))
        await asyncio.sleep(0)
        act()
        return await waiting

    hum = Attachment("voice-message.ogg", b"OggS", "audio/ogg", seconds=4.5)
    voice = await comes(lambda: world.say(place.ada, here, "", attachments=[hum], voice=True))
    assert (voice.flags.voice, voice.attachments[0].duration) == (True, 4.5)
    forward = await comes(lambda: world.say(place.ben, here, "", forward=voice.id))
    assert forward.message_snapshots[0].attachments[0].is_voice_message()
    poll = await comes(lambda: world.say(place.ada, here, "", poll=Poll("Tea?", ["Yes", "No"])))
    assert [one.text for one in poll.poll.answers] == ["Yes", "No"]
    world.vote(place.ben, poll.id, 1)
    result = await comes(lambda: world.end_poll(poll.id))
    assert result.type is discord.MessageType.poll_result
    hook = world.add_webhook(here, "Deploys")
    posted = await comes(lambda: world.say_by_webhook(hook, "done"))
    assert (posted.webhook_id, posted.author.name) == (hook, "Deploys")
    bot = world.add_user("dicey", bot=True)
    world.add_member(place.guild, bot)
    thinking = await comes(lambda: world.answer_command(bot, here, place.ben, "roll"))
    assert (thinking.flags.loading, thinking.interaction_metadata.user.id) == (True, place.ben)
    layout = [{"type": 10, "id": 1, "content": "# Hello"}]
    composed = await comes(lambda: world.say(bot, here, "", components=layout))
    assert composed.components[0].content == "# Hello"
    news = world.add_channel(place.guild, "news", 5)
    followed = await comes(lambda: world.follow(place.ada, news, here))
    assert followed.type is discord.MessageType.channel_follow_add
    message = await comes(lambda: world.say(place.ada, news, "2.4 is out"))
    copy = await comes(lambda: world.crosspost(place.ada, message.id))
    assert copy.flags.is_crossposted
    boost = await comes(lambda: world.system(here, place.ben, 8))
    assert boost.type is discord.MessageType.premium_guild_subscription


async def test_it_hears_of_a_ban_and_of_what_goes_with_it(place, friend):
    world = place.world
    role = next(one for one in world.guilds[place.guild].roles.values() if one.bot_id)
    world.change_role(role.id, role.permissions | Permission.VIEW_AUDIT_LOG)
    spam = [world.say(place.ben, place.general, "spam") for _ in range(2)]
    banned = asyncio.create_task(heard(friend, "member_ban"))
    deleted = asyncio.create_task(heard(friend, "raw_bulk_message_delete"))
    await asyncio.sleep(0)
    world.ban(place.guild, place.ben, delete_seconds=60)
    assert (await banned)[1].id == place.ben
    assert (await deleted).message_ids == set(spam)
