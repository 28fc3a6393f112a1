from datetime import timedelta

import pytest

from guildwatch.sandbox import Permission, RefusedError


async def test_a_thread_on_a_message_has_its_id_and_is_the_only_one(place, rest):
    message = place.world.say(place.ada, place.general, "Let us talk")
    url = f"/channels/{place.general}/messages/{message}/threads"
    started = await rest("POST", url, {"name": "Talk"})
    assert (started.status, started.body["id"]) == (201, str(message))
    again = await rest("POST", url, {"name": "Talk"})
    assert (again.status, again.body["code"]) == (400, 160004)
    told = place.world.messages(place.general)[0]
    assert (told["flags"] & 32, told["thread"]["name"]) == (32, "Talk")
    assert place.world.messages(message)[0]["type"] == 21


async def test_a_thread_without_message_is_announced_and_a_private_one_is_not(place, rest):
    url = f"/channels/{place.general}/threads"
    await rest("POST", url, {"name": "Open", "type": 11})
    announced = place.world.messages(place.general)
    assert [(one["type"], one["content"]) for one in announced] == [(18, "Open")]
    closed = (await rest("POST", url, {"name": "Closed", "type": 12})).body
    assert (closed["type"], closed["thread_metadata"]["invitable"]) == (12, True)
    assert len(place.world.messages(place.general)) == 1
    assert (await rest("POST", url, {"name": ""})).body["code"] == 50035


async def test_a_forum_post_is_a_thread_with_a_first_message_of_the_same_id(place, rest):
    tag = place.world.channel(place.forum).tags[0]
    body = {"name": "Idea", "applied_tags": [str(tag.id)], "message": {"content": "What if"}}
    posted = (await rest("POST", f"/channels/{place.forum}/threads", body)).body
    assert posted["message"]["id"] == posted["id"]
    assert posted["applied_tags"] == [str(tag.id)]
    missing = await rest("POST", f"/channels/{place.forum}/threads", {"name": "Empty"})
    assert missing.body["errors"] == {
        "message": {
            "_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]
        }
    }


async def test_an_archived_thread_takes_no_edit_but_wakes_for_a_message(place, rest):
    thread = place.world.open_thread(place.ada, place.general, "Sleepy", first_text="x")
    url = f"/channels/{thread}/messages"
    mine = (await rest("POST", url, {"content": "mine"})).body["id"]
    place.world.archive(thread)
    refused = await rest("PATCH", f"{url}/{mine}", {"content": "changed"})
    assert (refused.status, refused.body["code"]) == (400, 50083)
    assert (await rest("PUT", f"{url}/{mine}/reactions/👍/@me")).body["code"] == 50083
    woken = await rest("PATCH", f"/channels/{thread}", {"archived": False})
    assert woken.body["thread_metadata"]["archived"] is False
    assert (await rest("PATCH", f"{url}/{mine}", {"content": "changed"})).status == 200
    place.world.archive(thread)
    assert (await rest("POST", url, {"content": "good morning"})).status == 200
    assert place.world.channel(thread).thread.archived is False


async def test_in_an_archived_thread_a_message_can_be_deleted_and_the_thread_sleeps_on(place, rest):
    thread = place.world.open_thread(place.ada, place.general, "Sleepy", first_text="x")
    url = f"/channels/{thread}/messages"
    mine = (await rest("POST", url, {"content": "mine"})).body["id"]
    place.world.archive(thread, locked=True)
    assert (await rest("DELETE", f"{url}/{mine}")).status == 204
    assert place.world.channel(thread).thread.archived


async def test_a_locked_thread_stays_closed_to_who_does_not_manage_it(place, rest):
    thread = place.world.open_thread(place.ada, place.general, "Closed", first_text="x")
    place.world.archive(thread, locked=True)
    with pytest.raises(RefusedError):
        place.world.say(place.ben, thread, "let me in")
    refused = await rest("PATCH", f"/channels/{thread}", {"archived": False})
    assert refused.body["code"] == 50013
    place.world.say(place.ada, thread, "owners may")


async def test_archived_threads_are_listed_latest_first_in_pages(place, rest):
    world = place.world
    threads = []
    for number in range(5):
        threads.append(world.open_thread(place.ada, place.general, f"{number}", first_text="x"))
        world.archive(threads[-1])
        world.clock.jump_to(world.clock() + timedelta(minutes=1))
    url = f"/channels/{place.general}/threads/archived/public"
    first = (await rest("GET", url, params={"limit": "2"})).body
    assert [one["name"] for one in first["threads"]] == ["4", "3"]
    assert first["has_more"] is True
    last = first["threads"][-1]["thread_metadata"]["archive_timestamp"]
    rest_of_it = (await rest("GET", url, params={"before": last})).body
    assert [one["name"] for one in rest_of_it["threads"]] == ["2", "1", "0"]
    assert rest_of_it["has_more"] is False
    active = (await rest("GET", f"/guilds/{place.guild}/threads/active")).body
    assert active == {"threads": [], "members": [], "has_more": False}


async def test_archived_private_threads_are_for_who_manages_or_joined_them(place, rest):
    world = place.world
    thread = world.open_thread(place.ada, place.general, "Secret", private=True, first_text="x")
    world.archive(thread)
    base = f"/channels/{place.general}"
    refused = await rest("GET", f"{base}/threads/archived/private")
    assert refused.body["code"] == 50013
    mine = f"{base}/users/@me/threads/archived/private"
    assert (await rest("GET", mine)).body["threads"] == []
    world.add_to_thread(thread, world.bot.id)
    assert [one["name"] for one in (await rest("GET", mine)).body["threads"]] == ["Secret"]
    role = next(one for one in world.guilds[place.guild].roles.values() if one.bot_id)
    world.change_role(role.id, role.permissions | Permission.MANAGE_THREADS)
    assert (await rest("GET", f"{base}/threads/archived/private")).status == 200


async def test_thread_members_come_and_go(place, rest):
    thread = place.world.open_thread(place.ada, place.general, "Side", first_text="x")
    url = f"/channels/{thread}/thread-members"
    assert (await rest("PUT", f"{url}/@me")).status == 204
    there = {one["user_id"] for one in (await rest("GET", url)).body}
    assert there == {str(place.ada), str(place.world.bot.id)}
    one = (await rest("GET", f"{url}/{place.ada}", params={"with_member": "true"})).body
    assert one["member"]["user"]["username"] == "ada"
    assert (await rest("GET", f"{url}/{place.ben}")).body["code"] == 10007
    assert (await rest("DELETE", f"{url}/@me")).status == 204


async def test_a_channel_is_no_thread(place, rest):
    refused = await rest("GET", f"/channels/{place.general}/thread-members")
    assert (refused.status, refused.body["code"]) == (400, 50024)
