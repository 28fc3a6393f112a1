"""Discord's own description of its API judges what hikari asks and what the sandbox answers."""

import json
import re
from pathlib import Path

import hikari
import jsonschema
import pytest

from guildwatch.sandbox import Attachment, Permission, Poll
from guildwatch.sandbox.messages import MessageType, is_system

NOT_DESCRIBED = (MessageType.STAGE_RAISED_HAND, MessageType.PURCHASE)
"""Types that Discord's pages or its libraries have, and this document has not."""

DOCUMENT = Path(__file__).parents[2].parent / "shared" / "data" / "discord-api" / "openapi.json"
if not DOCUMENT.exists():
    pytest.skip("Discord's OpenAPI document is not here", allow_module_level=True)


def shape(path):
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.fixture(scope="module")
def document():
    return json.loads(DOCUMENT.read_text())


@pytest.fixture(scope="module")
def operations(document):
    return {
        (method.upper(), shape(path)): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


@pytest.fixture(scope="module")
def faults_of(document):
    """What a JSON value lacks to fit a schema of the document, as readable lines."""

    def faults_of(value, schema):
        whole = {**schema, "components": document["components"]}
        validator = jsonschema.Draft202012Validator(whole)
        found = [leaf for error in validator.iter_errors(value) for leaf in deepest(error)]
        return [f"{one.json_path}: {one.message[:300]}" for one in found if not is_known(one)]

    return faults_of


def deepest(error):
    if not error.context:
        return [error]
    if any("null" in str(one.schema.get("type")) for one in error.context):
        branches = [one for one in error.context if "null" not in str(one.schema.get("type"))]
        return [leaf for one in branches for leaf in deepest(one)]
    return [error]


def is_known(error):
    """Where the document is not the truth.

    hikari sends attachments' ids as integers where it wants strings, and Discord takes them;
    it knows no forwards, whose references Discord's pages give the type 1.
    """
    known = r"attachments\[\d+\]\.id$|message_reference\.type$"
    return re.search(known, error.json_path) is not None


async def exercise(bot, place):
    """Everything that guildwatch asks of REST, said by the real hikari."""
    rest, world = bot.rest, place.world
    embed = hikari.Embed(title="Day", description="What happened", color=0x336699)
    embed.add_field("Mood", "good").set_footer("36 messages").set_image(hikari.Bytes(b"x", "c.png"))
    row = rest.build_message_action_row()
    row.add_interactive_button(hikari.ButtonStyle.SECONDARY, "gw:up:1", emoji="👍")
    message = await rest.create_message(
        place.general,
        "Report",
        embed=embed,
        attachment=hikari.Bytes(b"text", "day.txt"),
        component=row,
        nonce="gw-1",
        mentions_everyone=False,
        user_mentions=False,
        role_mentions=False,
    )
    await rest.create_message(place.general, "reply", reply=message, flags=4)
    await rest.edit_message(place.general, message, "Report, mended", embed=None, components=[])
    thread = await rest.create_message_thread(place.general, message, "Details")
    await rest.create_message(thread, "full points")
    await rest.edit_channel(thread, archived=True)
    tag = world.channel(place.forum).tags[0].id
    await rest.create_forum_post(place.forum, "Idea", "text", tags=[tag])
    await rest.add_reaction(place.general, message, "👍")
    await rest.trigger_typing(place.general)
    await rest.create_dm_channel(place.ben)
    application = await rest.fetch_application()
    builder = hikari.impl.SlashCommandBuilder("summary", "Summaries")
    hours = hikari.CommandOption(
        type=hikari.OptionType.INTEGER, name="hours", description="How many", min_value=1
    )
    now = hikari.CommandOption(
        type=hikari.OptionType.SUB_COMMAND, name="now", description="Now", options=[hours]
    )
    await rest.set_application_commands(application, [builder.add_option(now)])
    await answer_each_way(bot, place, world)


async def answer_each_way(bot, place, world):
    ways = iter(("defer", "say"))

    @bot.listen(hikari.CommandInteractionCreateEvent)
    async def answer(event):
        one = event.interaction
        if next(ways) == "defer":
            await one.create_initial_response(
                hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL
            )
            await one.edit_initial_response("done", embed=hikari.Embed(title="t"))
            await one.execute("more", flags=hikari.MessageFlag.EPHEMERAL)
        else:
            await one.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, "done")

    for _ in range(2):
        answer_ = await world.command(place.ben, place.general, "summary now", {"hours": 3})
        assert answer_.messages[0]["content"] == "done"


async def test_what_hikari_asks_is_what_discord_describes(place, bot, operations, faults_of):
    await exercise(bot, place)
    wrong = {}
    for entry in place.world.log:
        operation = operations.get((entry.method, shape(entry.route)))
        assert operation is not None, entry.route
        if not entry.body:
            continue
        content = operation["requestBody"]["content"]
        wrong[entry.route] = faults_of(entry.body, content["application/json"]["schema"])
    assert len(wrong) > 8
    told = [f"{call}: {one}" for call, faults in wrong.items() for one in faults]
    assert not told, "\n".join(told)


def everything_else(place):
    """The kinds of messages that people do not write every day."""
    world, here = place.world, place.general
    poll = world.say(place.ada, here, "", poll=Poll("Coffee?", ["Yes", "No"]))
    world.vote(place.ben, poll, 1)
    world.end_poll(poll)
    hum = Attachment("voice-message.ogg", b"OggS", "audio/ogg", seconds=4.5)
    voice = world.say(place.ada, here, "", attachments=[hum], voice=True)
    world.say(place.ben, here, "", forward=voice)
    world.say(place.ben, here, "", stickers=["honk"])
    bot = world.add_user("dicey", bot=True)
    world.add_member(place.guild, bot)
    world.answer_command(bot, here, place.ben, "roll")
    world.finish_answer(world.answer_command(bot, here, place.ben, "roll"), "7")
    world.say(bot, here, "", components=[{"type": 10, "id": 1, "content": "# Hello"}])
    world.say_by_webhook(world.add_webhook(here, "Deploys"), "x", embeds=[{"title": "809"}])
    news = world.add_channel(place.guild, "news", 5)
    world.follow(place.ada, news, here)
    world.crosspost(place.ada, world.say(place.ada, news, "2.4 is out"))
    for kind in MessageType:
        if is_system(kind) and kind not in NOT_DESCRIBED:
            world.system(here, place.ben, kind)


async def test_what_the_sandbox_answers_is_what_discord_describes(
    place, rest, operations, faults_of
):
    world = place.world
    for bot_role in world.guilds[place.guild].roles.values():
        bot_role.permissions |= int(Permission.ADMINISTRATOR) if bot_role.bot_id else 0
    world.application.privileged |= 1 << 1
    message = world.say(place.ada, place.general, f"Hello <@{place.ben}>")
    world.react(place.ben, message, "👍")
    world.pin(place.ada, message)
    world.say(place.ben, place.general, "yes", reply_to=message)
    world.say(place.ben, place.general, "", forward=message)
    world.say(place.ben, place.general, "", poll=Poll("Tea?", ["Yes", "No"]))
    everything_else(place)
    thread = world.open_thread(place.ada, place.general, "Side", first_text="x")
    post = world.open_thread(place.ada, place.forum, "Idea", first_text="x", tags=["open"])
    done = world.open_thread(place.ada, place.general, "Done", first_text="x")
    world.archive(done)
    channel, guild = f"/channels/{place.general}", f"/guilds/{place.guild}"
    commands = f"/applications/{world.application.id}/commands"
    command = {"name": "help", "description": "Help", "type": 1}
    wrong = {}
    for method, path, body in (
        ("GET", "/gateway/bot", None),
        ("GET", "/users/@me", None),
        ("GET", f"/users/{place.ada}", None),
        ("GET", "/users/@me/guilds", None),
        ("POST", "/users/@me/channels", {"recipient_id": str(place.ben)}),
        ("GET", "/applications/@me", None),
        ("GET", f"{channel}/messages?limit=100", None),
        ("GET", f"{channel}/messages/{message}", None),
        ("POST", f"{channel}/messages", {"embeds": [{"title": "t", "color": 5}]}),
        ("GET", f"{channel}/messages/pins", None),
        ("GET", f"{channel}/messages/{message}/reactions/👍", None),
        ("POST", f"{channel}/messages/{message}/threads", {"name": "Talk"}),
        ("POST", f"/channels/{place.forum}/threads", {"name": "P", "message": {"content": "x"}}),
        ("GET", channel, None),
        ("GET", f"/channels/{place.forum}", None),
        ("GET", f"/channels/{thread}", None),
        ("GET", f"/channels/{post}", None),
        ("PATCH", channel, {"topic": "Everything"}),
        ("GET", f"{channel}/threads/archived/public", None),
        ("GET", f"/channels/{thread}/thread-members", None),
        ("GET", f"{guild}/threads/active", None),
        ("GET", guild, None),
        ("GET", f"{guild}/channels", None),
        ("GET", f"{guild}/roles", None),
        ("GET", f"{guild}/members?limit=5", None),
        ("GET", f"{guild}/members/search?query=a", None),
        ("GET", f"{guild}/members/{place.ben}", None),
        ("POST", commands, command),
        ("PUT", commands, [command]),
        ("GET", commands, None),
    ):
        reply = await rest(method, path, body)
        responses = operations[method, shape(list(world.log)[-1].route)]["responses"]
        answer = responses.get(str(reply.status)) or responses["2XX"]
        schema = answer["content"]["application/json"]["schema"]
        wrong |= {f"{method} {path}": faults_of(reply.body, schema)}
    told = [f"{call}: {one}" for call, faults in wrong.items() for one in faults]
    assert not told, "\n".join(told)
