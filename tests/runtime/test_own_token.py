"""Our own token, written wherever members can write: nothing that we keep or show ever has it."""

import json
from pathlib import Path

import pytest

from guildwatch.model import ChannelKind
from guildwatch.runtime.parts import Parts
from guildwatch.sandbox.messages import Attachment, Poll
from runtime.test_absence import a_day_passes, has_settled, posted, watching
from support.asking import in_the_end
from support.program import guildwatch, until
from support.town import Town
from support.watched import holding, pieces

TALK = "The harbour lamp number {} is broken, and nobody mends it before Friday."


def secret(town: Town) -> str:
    """The part that must stay secret: what a nickname has room for."""
    return town.server.token.rpartition(".")[2]


def write_it_everywhere(town: Town, seen: set[int]) -> None:
    """As text, and as the name of whatever has one; `seen` gets the ids of what is to be stored."""
    world, token, last = town.world, town.server.token, secret(town)
    guild = world.channel(town.general).guild_id
    ben = world.add_user("ben", display_name=f"B {last}")
    world.add_member(guild, ben)
    world.rename_member(guild, town.ada, f"{last}")
    world.rename_guild(guild, f"Lighthouse {token}")
    world.add_role(guild, f"the {token} role")
    world.add_category(guild, f"office {token}")
    quay = world.add_channel(guild, last.lower(), topic=f"we talk of {token}")  # as Discord does
    forum = world.add_channel(guild, "forum", ChannelKind.FORUM, tags=[token, "lamps"])
    for number in range(16):
        who = (town.ada, ben)[number % 2]
        seen.add(world.say(who, (town.general, quay)[number % 2], TALK.format(number)))
    answer = world.say(ben, quay, f"<@{town.ada}> it runs with {token}, <@{ben}>")
    edited = world.say(ben, quay, "Who mends the lamp of the harbour?")
    seen |= {answer, edited}
    world.edit(edited, f"Who mends {last} on Friday?")
    file = Attachment(f"{token}.png", b"x")
    seen.add(world.say(ben, quay, "a picture", attachments=[file], stickers=[token[:30]]))
    seen.add(world.say(ben, quay, "", poll=Poll(f"Is {token} ours?", [last, "no"])))
    seen.add(world.say(ben, quay, "look", embeds=[{"title": token, "description": last}]))
    hook = world.add_webhook(quay, f"hook {last}"[:80])
    seen.add(world.say_by_webhook(hook, "news", embeds=[{"title": token}]))
    thread = world.open_thread(town.ada, quay, token, first_text="A thread about the lamps.")
    archived = world.open_thread(town.ada, town.general, f"old {token}", first_text="Old lamps.")
    world.open_thread(ben, forum, f"post {last}", first_text="A post.", tags=[token])
    world.archive(archived)
    seen.add(world.say(town.ada, thread, f"{TALK.format(99)}"))


async def has_stored(parts: Parts, ids: set[int]) -> bool:
    return set(await parts.store.messages.by_ids(ids)) == ids


@pytest.mark.long
async def test_it_is_in_no_file_and_no_post(
    town: Town, address: dict[str, str], tmp_path: Path
) -> None:
    stored: set[int] = set()
    needles = [*pieces(town.server.token), secret(town).lower().encode()]
    needles.remove(b"GsAnDb")  # six letters that somebody may write by chance
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        write_it_everywhere(town, stored)
        await until(lambda: has_stored(parts, stored))
        answer = town.world.invoke(town.ada, town.general, "summary now")
        mine = town.world.invoke(town.ada, town.general, "privacy mydata")
        await in_the_end(answer)
        await in_the_end(mine)
        files = [town.world.file(one["url"]) for one in mine.messages[0]["attachments"]]
        a_day_passes(town)
        await posted(town, parts)
        shown = town.world.messages(town.reports)
        (glance,) = [one for one in shown if one["embeds"]]
        buttons = [one["custom_id"] for one in glance["components"][0]["components"]]
        form = await town.world.press(
            town.ada, int(glance["id"]), next(one for one in buttons if ":wrong:" in one)
        )
        await town.world.submit(town.ada, form, {"words": f"It is {town.server.token}."})
        await parts.heartbeat.beat()
        told = json.dumps([answer.messages, shown]).encode() + b"".join(files)
        incidents = [one.kind for one in await parts.store.incidents.recent()]
        assert incidents.count("token posted") >= 2, "of a message, and of a name"
        assert holding(written(tmp_path), needles) == []
    assert [one for one in needles if one in told] == []

    out = tmp_path / "copies"
    for words in (
        ("backup", str(out / "copy.db")),
        ("export", "--guild", guild_of(town), "--out", str(out)),
        ("report", "--guild", guild_of(town), "--format", "html", "--out", str(out / "day.html")),
        ("mydata", "--guild", guild_of(town), "--author", str(town.ada), "--out", str(out / "me")),
    ):
        out.mkdir(exist_ok=True)
        ended = await guildwatch(*words, **address)
        assert ended.code == 0, ended.err
    assert holding(written(tmp_path), needles) == []


def guild_of(town: Town) -> str:
    return str(town.world.channel(town.general).guild_id)


def written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
