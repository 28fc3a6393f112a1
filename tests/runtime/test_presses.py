"""Buttons pressed by those for whom they were not made, and buttons that nobody ever made."""

import json
import logging
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from guildwatch.runtime.parts import Parts
from guildwatch.sandbox.interactions import Answer, InteractionType
from runtime.test_absence import a_day_passes, has_settled, heard, posted, watching
from runtime.test_staff_walk import HIDDEN, SAID, Walk, _buttons
from support.asking import in_the_end
from support.program import until
from support.town import Town

EPHEMERAL = 1 << 6
ACTIONS = ("good", "bad", "wrong", "details")


@dataclass
class Presses:
    """A posted report, and everybody who might press what stands under it."""

    walk: Walk
    parts: Parts
    glance: int
    key: str
    shown: list[str] = field(default_factory=list)

    async def press(self, who: int, custom_id: str, place: int = 0, message: int = 0) -> Answer:
        """As Discord tells of it; the answer is awaited like a client awaits it."""
        world = self.walk.town.world
        source = world.message(message or self.glance)
        channel = world.channel(place or source.channel_id)
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        answer = world._send(
            who, channel, InteractionType.COMPONENT, data, custom_id, source=source
        )
        await in_the_end(answer)
        self.shown.append(json.dumps([answer.messages[1:], answer.modal], ensure_ascii=False))
        return answer

    async def sentence(self, who: int, custom_id: str, place: int = 0, message: int = 0) -> str:
        """What the presser alone is told."""
        answer = await self.press(who, custom_id, place, message)
        if answer.modal is not None:
            return f"[{answer.modal['title']}]"
        *_, told = answer.messages
        assert told["flags"] & EPHEMERAL
        words = told["content"] or told["embeds"][0]["description"]
        assert words
        return str(words)


@pytest.fixture
async def presses(
    town: Town, address: dict[str, str], caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Presses]:
    async with watching(town, address) as parts:
        await has_settled(town, parts)
        walk = Walk(town, parts)
        walk.build()
        words = sum(bool(one.word) for one in walk.places)
        await until(lambda: heard(parts, SAID + words * HIDDEN))
        a_day_passes(town)
        await posted(town, parts)
        (glance,) = [one for one in town.world.messages(town.reports) if one["embeds"]]
        key = _buttons(glance)[0]["custom_id"].partition(":")[2].partition(":")[2]
        yield Presses(walk, parts, int(glance["id"]), key)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []


def forged(presses: Presses) -> list[str]:
    """What nobody made, 100 characters at most as Discord has it."""
    guild, hidden = presses.walk.guild, presses.walk.places[1].id
    draw = random.Random(5)
    keys = [
        f"{guild}:day:1",
        f"{hidden}:day:{presses.key.rpartition(':')[2]}",
        f"{guild}:day:{presses.key.rpartition(':')[2]}:1",
        f"{guild + 1}:day:{presses.key.rpartition(':')[2]}",
        f"{guild}:year:1",
        f"{guild}:{hidden}:0",
        f"{guild}:day:-1",
        f"{guild}:day:²",
        f"{guild}:day:{'9' * 70}",
        f"-{guild}:day:1e9",
        "1' OR '1'='1",
        "'; DROP TABLE feedback; --",
        f"{hidden}",
        "\x00\x1b[2J",
        "\u202e\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        ":" * 80,
        "x" * 92,
    ]
    noise = ["".join(chr(draw.randrange(1, 0xD000)) for _ in range(100)) for _ in range(12)]
    return [f"gw:{action}:{key}"[:100] for action in ACTIONS for key in keys] + [
        *noise,
        "gw",
        "gw:",
        "gw:good",
        "gw:good:",
        "gw:GOOD:x",
        "gw:drop:" + "x" * 92,
        "%",
        "../../etc/passwd",
        "a" * 100,
    ]


@pytest.mark.long
async def test_what_nobody_made_is_answered_with_a_sentence_and_keeps_nothing(
    presses: Presses,
) -> None:
    walk = presses.walk
    plain = walk.people["plain"]
    world = walk.town.world
    for place in (walk.town.general, world.open_dm(plain)):
        message = world.say(world.bot.id, place, "Vote")
        for custom_id in forged(presses):
            world.clock.jump_to(world.clock() + timedelta(minutes=1))
            told = await presses.sentence(plain, custom_id, message=message)
            assert "nothing" in told or "no details" in told, (custom_id, told)
    assert await presses.parts.store.feedback.of_guild(walk.guild) == []
    for word in walk.forbidden("plain"):
        assert not [one for one in presses.shown if word.lower() in one.lower()]


def timed_out(presses: Presses, who: int) -> None:
    presses.walk.town.world.time_out(presses.walk.guild, who, timedelta(days=2))


def without_roles(presses: Presses, who: int) -> None:
    presses.walk.town.world.set_roles(presses.walk.guild, who, [])


def with_staff_role(presses: Presses, who: int) -> None:
    presses.walk.town.world.set_roles(presses.walk.guild, who, [presses.walk.moderators])


def as_before(presses: Presses, who: int) -> None:
    """Nothing has changed."""


@pytest.mark.long
@pytest.mark.parametrize("change", [as_before, timed_out, without_roles, with_staff_role])
async def test_everybody_is_answered_and_shown_only_what_they_may_read(
    presses: Presses, change: Callable[[Presses, int], None]
) -> None:
    walk = presses.walk
    for who, id_ in walk.people.items():
        if who != "owner":  # whom nobody can change
            change(presses, id_)
        before = len(presses.shown)
        for action in ACTIONS:
            await presses.sentence(id_, f"gw:{action}:{presses.key}")
        for word in walk.forbidden("plain" if change is without_roles else who):
            assert not [one for one in presses.shown[before:] if word.lower() in one.lower()]


@pytest.mark.long
async def test_who_opted_out_votes_no_more_and_a_form_opened_before_is_refused(
    presses: Presses,
) -> None:
    walk = presses.walk
    plain, world = walk.people["plain"], walk.town.world
    form = await presses.press(plain, f"gw:wrong:{presses.key}")
    await presses.parts.store.rights.opt_out(walk.guild, plain)
    sent = await world.submit(plain, form, {"words": "It was Wednesday."})
    assert "opted out" in sent.messages[-1]["content"]
    for action in ("good", "bad", "wrong"):
        assert "opted out" in await presses.sentence(plain, f"gw:{action}:{presses.key}")
    assert await presses.parts.store.feedback.of_guild(walk.guild) == []
