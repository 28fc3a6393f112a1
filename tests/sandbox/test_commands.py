import aiohttp
import pytest

from guildwatch.sandbox import Attachment, CommandError, Permission, RefusedError
from guildwatch.sandbox.options import fill

SUMMARY = {
    "name": "summary",
    "description": "Summaries",
    "options": [
        {
            "type": 1,
            "name": "now",
            "description": "The last hours",
            "options": [
                {"type": 7, "name": "where", "description": "Where", "required": True},
                {"type": 4, "name": "hours", "description": "How many", "min_value": 1},
                {
                    "type": 3,
                    "name": "style",
                    "description": "How",
                    "choices": [{"name": "Short", "value": "short"}],
                },
            ],
        }
    ],
}
HELP = {"name": "help", "description": "Help"}


@pytest.fixture
async def commands(place, rest):
    url = f"/applications/{place.world.application.id}/commands"
    registered = await rest("PUT", url, [SUMMARY, HELP])
    assert registered.status == 200
    return registered.body


@pytest.fixture
async def asked(place, commands, server, connect):
    """A gateway client that hears of interactions."""
    socket = await connect()
    await socket.identify(server.token, 1)

    class Asked:
        async def next(self, path="help", channel=None, **options):
            answer = place.world.invoke(place.ben, channel or place.general, path, options)
            return answer, await socket.until("INTERACTION_CREATE")

    return Asked()


@pytest.mark.parametrize(
    ("path", "options", "told"),
    [
        ("summary", {}, "wants a subcommand"),
        ("summary later", {}, "no subcommand later"),
        ("nothing", {}, "no command nothing"),
        ("summary now", {}, "where is required"),
        ("summary now", {"where": 1, "days": 3}, "no option days"),
        ("summary now", {"where": 1, "hours": 0}, "at least 1"),
        ("summary now", {"where": 1, "hours": "3"}, "takes no str"),
        ("summary now", {"where": 1, "hours": True}, "takes no bool"),
        ("summary now", {"where": 1, "style": "long"}, "must be one of"),
    ],
)
async def test_a_member_cannot_send_what_their_client_would_not(
    place, commands, path, options, told
):
    with pytest.raises(CommandError, match=told):
        place.world.invoke(place.ben, place.general, path, options)


async def test_an_interaction_tells_who_asks_what_from_where(place, asked):
    answer, told = await asked.next("summary now", where=place.staff, hours=3)
    assert told["member"]["user"]["id"] == str(place.ben)
    granted = place.world.permissions(place.ben, place.world.channel(place.general))
    assert told["member"]["permissions"] == str(granted)
    assert (told["context"], told["guild_id"]) == (0, str(place.guild))
    options = told["data"]["options"][0]["options"]
    assert [(one["name"], one["value"]) for one in options] == [
        ("where", str(place.staff)),
        ("hours", 3),
    ]
    assert told["data"]["resolved"]["channels"][str(place.staff)]["name"] == "staff"
    assert not answer.acknowledged


async def test_in_a_direct_message_there_is_a_user_and_no_member(place, asked):
    _, told = await asked.next(channel=place.world.open_dm(place.ben))
    assert told["user"]["id"] == str(place.ben)
    assert "member" not in told
    assert told["context"] == 1


async def test_a_command_for_admins_is_refused_to_others(place, rest):
    url = f"/applications/{place.world.application.id}/guilds/{place.guild}/commands"
    needed = str(int(Permission.MANAGE_GUILD))
    await rest("POST", url, {**HELP, "default_member_permissions": needed})
    with pytest.raises(RefusedError):
        place.world.invoke(place.ben, place.general, "help")
    place.world.invoke(place.ada, place.general, "help")


def respond(told, rest):
    async def respond(kind, data=None, **kwargs):
        path = f"/interactions/{told['id']}/{told['token']}/callback"
        body = {"type": kind, "data": data} if data is not None else {"type": kind}
        return await rest("POST", path, body, **kwargs)

    return respond


async def test_the_first_answer_has_three_seconds(place, rest, asked, timer):
    answer, told = await asked.next()
    timer.now += 3.1
    late = await respond(told, rest)(4, {"content": "sorry"})
    assert (late.status, late.body["code"]) == (404, 10062)
    assert not answer.acknowledged


async def test_there_is_only_one_first_answer(rest, asked):
    answer, told = await asked.next()
    first = await respond(told, rest)(4, {"content": "one"}, params={"with_response": "true"})
    assert first.body["resource"]["message"]["content"] == "one"
    again = await respond(told, rest)(4, {"content": "two"})
    assert (again.status, again.body["code"]) == (400, 40060)
    assert [one["content"] for one in answer.messages] == ["one"]


async def test_a_wrong_token_answers_nothing(rest, asked):
    _, told = await asked.next()
    path = f"/interactions/{told['id']}/wrong/callback"
    assert (await rest("POST", path, {"type": 5})).body["code"] == 10062


async def test_a_deferred_answer_is_filled_in_and_stays_as_private_as_it_was(place, rest, asked):
    answer, told = await asked.next()
    webhook = f"/webhooks/{place.world.application.id}/{told['token']}"
    early = await rest("PATCH", f"{webhook}/messages/@original", {"content": "x"})
    assert early.body["code"] == 10015
    await respond(told, rest)(5, {"flags": 64})
    assert answer.thinking
    assert answer.messages == []
    await rest("POST", webhook, {"content": "done"})
    assert (answer.text, answer.ephemeral, answer.thinking) == ("done", True, False)
    await rest("PATCH", f"{webhook}/messages/@original", {"content": "done and mended"})
    assert answer.text == "done and mended"
    await rest("POST", webhook, {"content": "more"})
    assert [one["content"] for one in answer.messages] == ["done and mended", "more"]
    assert place.world.messages(place.general)[-1]["content"] == "more"
    await rest("DELETE", f"{webhook}/messages/{answer.messages[1]['id']}")
    await rest("DELETE", f"{webhook}/messages/@original")
    assert answer.messages == []
    assert place.world.messages(place.general) == []


async def test_after_a_quarter_of_an_hour_the_token_is_void(place, rest, asked, timer):
    _, told = await asked.next()
    await respond(told, rest)(5)
    timer.now += 901
    webhook = f"/webhooks/{place.world.application.id}/{told['token']}"
    late = await rest("PATCH", f"{webhook}/messages/@original", {"content": "late"})
    assert (late.status, late.body["code"]) == (401, 50027)


async def test_a_follow_up_may_carry_a_file_into_the_deferred_answer(place, rest, asked):
    answer, told = await asked.next()
    await respond(told, rest)(5)
    form = aiohttp.FormData()
    body = '{"embeds": [{"image": {"url": "attachment://c.png"}}]}'
    form.add_field("payload_json", body, content_type="application/json")
    form.add_field("files[0]", b"\x89PNG", filename="c.png", content_type="image/png")
    webhook = f"/webhooks/{place.world.application.id}/{told['token']}"
    assert (await rest("PATCH", f"{webhook}/messages/@original", data=form)).status == 200
    url = answer.messages[0]["embeds"][0]["image"]["url"]
    assert place.world.file(url) == b"\x89PNG"


@pytest.mark.parametrize(
    "command",
    [
        {"name": "Help", "description": "x"},
        {"name": "help", "description": ""},
        {"name": "help", "description": "x" * 101},
        {"name": "help me", "description": "x"},
        {
            "name": "help",
            "description": "x",
            "options": [
                {"type": 3, "name": "a", "description": "a"},
                {"type": 3, "name": "b", "description": "b", "required": True},
            ],
        },
        {"name": "help", "description": "x", "type": 3},
    ],
)
async def test_commands_that_discord_would_not_register_are_refused(place, rest, command):
    url = f"/applications/{place.world.application.id}/commands"
    assert (await rest("PUT", url, [command])).body["code"] == 50035


async def test_registering_again_keeps_the_ids_and_forgets_the_rest(place, rest, commands):
    url = f"/applications/{place.world.application.id}/commands"
    again = (await rest("PUT", url, [HELP])).body
    assert [one["id"] for one in again] == [commands[1]["id"]]
    assert [one["name"] for one in (await rest("GET", url)).body] == ["help"]
    assert (await rest("PUT", url, [HELP, HELP])).body["code"] == 50035
    one = f"{url}/{again[0]['id']}"
    assert (await rest("PATCH", one, {"description": "Better help"})).body["id"] == again[0]["id"]
    assert (await rest("DELETE", one)).status == 204
    assert (await rest("GET", one)).body["code"] == 10063


def test_a_file_given_as_an_option_is_named_by_its_id():
    command = {"name": "read", "options": [{"type": 11, "name": "file", "description": "f"}]}
    note = Attachment("note.txt", b"hello")
    filled = fill(command, [], {"file": note})
    assert filled.options == [{"name": "file", "type": 11, "value": note}]
