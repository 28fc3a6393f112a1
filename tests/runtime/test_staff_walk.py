"""Everything that can be asked of the running program, by people to whom a part of it is closed.

Each member uses each command with all that its options may name, also what their own Discord would
not offer them, every suggestion and every button; nothing of what is closed to them is in any of
the answers: no word, no name, no id, and no figure that counts it.
"""

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from guildwatch.audience import Permissions
from guildwatch.console import Console, View
from guildwatch.model import ChannelKind, Overwrite
from guildwatch.runtime.parts import Parts
from guildwatch.sandbox.errors import RefusedError
from guildwatch.sandbox.interactions import Answer, InteractionType
from guildwatch.sandbox.options import CommandError, fill
from runtime.test_absence import a_day_passes, has_settled, heard, posted, shown, watching
from support.asking import in_the_end
from support.program import until
from support.town import Town

VIEW, MANAGE_GUILD = int(Permissions.VIEW_CHANNEL), int(Permissions.MANAGE_GUILD)
OPEN = (
    "The harbour festival moves to Friday because the pier is being repaired.",
    "Does anybody know why the pier lamps go out at night?",
    "The pier lamps go out because a cable is wet; it is replaced tomorrow.",
)
CLOSED = (
    "We decided to ban the {word} account on Thursday, everybody agreed.",
    "Does anybody know who gave the {word} account its rights?",
    "The {word} rights come from an old list, see https://example.org/{word} for it.",
)
_CHAT_INPUT = 1
_CHANNEL, _STRING, _INTEGER, _SUBCOMMAND, _GROUP = 7, 3, 4, 1, 2
SAID, HIDDEN = 9, 2
"""Messages of the open channels together, and of each closed one."""


@dataclass
class Place:
    """A closed channel, thread or post: its id and name, a word said only there, who reads it."""

    id: int
    name: str
    word: str
    readers: set[str]


@dataclass
class Seen:
    """What somebody was shown."""

    who: str
    asked: str
    told: str


@dataclass
class Walk:
    """A town with closed places, its people, and what each of them was shown."""

    town: Town
    parts: Parts
    people: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    moderators: int = 0

    @property
    def guild(self) -> int:
        found = self.town.world.channel(self.town.general).guild_id
        assert found is not None
        return found

    def build(self) -> None:
        """`plain` reads what is open, `mod` the staff's, `admin` manages but reads no more."""
        world, guild = self.town.world, self.guild
        self.moderators = world.add_role(guild, "night watch")
        velvet = world.add_role(guild, "velvet")
        managing = world.add_role(guild, "managing", MANAGE_GUILD)
        for name, roles in (
            ("plain", []),
            ("guest", [velvet]),
            ("mod", [self.moderators]),
            ("admin", [managing]),
        ):
            self.people[name] = world.add_user(name, display_name=f"Person{name}")
            world.add_member(guild, self.people[name], roles=roles)
        self.people["owner"] = self.town.ada  # the last, since those who manage change something
        ghost = world.add_user("ghost", display_name="Zedrick Quux")
        world.add_member(guild, ghost, roles=[self.moderators, velvet])
        bot = next(iter(world.member(guild, world.bot.id).role_ids))

        def closed_to_all_but(role: int) -> tuple[Overwrite, ...]:
            return (
                Overwrite(guild, False, 0, VIEW),
                Overwrite(role, False, VIEW, 0),
                Overwrite(bot, False, VIEW, 0),
            )

        staff = closed_to_all_but(self.moderators)
        office = world.add_category(guild, "obsidian office", overwrites=staff)
        self._closed(office, "obsidian office", "", {"mod"})
        room = world.add_channel(guild, "krypt-staff", parent=office, topic="zorbtopic")
        self._closed(room, "krypt-staff", "zorbidium", {"mod"}, ghost)
        lounge = world.add_channel(guild, "lounge", overwrites=closed_to_all_but(velvet))
        world.change_channel(world.channel(lounge), name="velvetlounge")
        self._closed(lounge, "velvetlounge", "quillfeather", {"guest"}, ghost)
        forum = world.add_channel(guild, "opalforum", ChannelKind.FORUM, overwrites=staff)
        self._closed(forum, "opalforum", "", {"mod"})
        post = world.open_thread(ghost, forum, "brambletitle", first_text="About bramblewort.")
        self._closed(post, "brambletitle", "bramblewort", {"mod"}, ghost)
        thread = world.open_thread(self.people["mod"], self.town.general, "onyxhush", private=True)
        for one in (ghost, world.bot.id):
            world.add_to_thread(thread, one)
        self._closed(thread, "onyxhush", "narwhalium", {"mod"}, ghost)
        for number in range(SAID):
            who = self.people[("plain", "admin", "owner")[number % 3]]
            world.say(who, self.town.general, f"{OPEN[number % 3]} ({chr(97 + number)})")

    def _closed(self, id_: int, name: str, word: str, readers: set[str], by: int = 0) -> None:
        self.places.append(Place(id_, name, word, readers | {"owner"}))
        for number in range(HIDDEN if word else 0):
            text = CLOSED[number % 3].format(word=word)
            self.town.world.say(by, id_, f"{text} ({chr(97 + number)})")

    def forbidden(self, who: str) -> set[str]:
        """What may be in nothing that this person sees."""
        closed = [one for one in self.places if who not in one.readers]
        words = {text for one in closed for text in (str(one.id), one.name, one.word) if text}
        return words | ({"Zedrick", "zorbtopic"} if who not in ("owner", "mod", "guest") else set())

    def leaks(self) -> list[tuple[str, str, str]]:
        return [
            (one.who, one.asked, word)
            for one in self.seen
            for word in self.forbidden(one.who)
            if word.lower() in one.told.lower()
        ]

    async def ask(self, who: str, command: str, options: dict[str, object]) -> Answer | None:
        """Ask in the open channel; what is refused there without a word is shown to nobody."""
        asked = f"/{command} {options}"
        try:
            answer = self.town.world.invoke(self.people[who], self.town.general, command, options)
        except (CommandError, RefusedError):  # what Discord itself offers nobody
            return None
        await in_the_end(answer)
        told = json.dumps([answer.messages, answer.modal], ensure_ascii=False)
        self._note(who, asked, told, answer.text, everybody=not answer.ephemeral)
        return answer

    def _note(self, who: str, asked: str, told: str, text: str, *, everybody: bool) -> None:
        self.seen.append(Seen(who, asked, told))
        if everybody:  # a public answer is shown to each who reads that channel
            self.seen += [Seen(one, f"{asked} by {who}", told) for one in self.people]

    async def use_everything(self, who: str) -> None:
        for command, options in self._leaves():
            for filled in self._fillings(options):
                answer = await self.ask(who, command, filled)
                if answer is not None:
                    await self.press_everything(who, f"/{command} {filled}", answer)
            if command == "settings limits":  # else an admin's summaries would be refused
                await self.ask(who, command, {"member": 0, "server": 0})
            for option in options:
                if option.get("autocomplete"):
                    await self._complete(who, command, option["name"])

    async def _complete(self, who: str, command: str, option: str) -> None:
        world = self.town.world
        channel = world.channel(self.town.general)
        name, *deeper = command.split()
        registered = world._command_for(self.people[who], channel, name, _CHAT_INPUT)
        for typed in ("", "2", "k", "z"):
            filled = fill(registered, deeper, {option: typed}, focus=option)
            data = {**world._command_data(registered), "options": filled.options}
            answer = world._send(
                self.people[who], channel, InteractionType.AUTOCOMPLETE, data, name
            )
            await in_the_end(answer)
            told = json.dumps(answer.choices, ensure_ascii=False)
            self.seen.append(Seen(who, f"/{command} {option}:{typed}…", told))

    async def press(self, who: str, message: dict, custom_id: str) -> Answer:
        """A press as Discord tells of it, and all that comes of it."""
        world = self.town.world
        source, channel = world._pressed(int(message["id"]), self.people[who])
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        answer = world._send(
            self.people[who], channel, InteractionType.COMPONENT, data, custom_id, source=source
        )
        await in_the_end(answer)
        return answer

    async def press_everything(self, who: str, asked: str, answer: Answer) -> None:
        """Take the way out of whatever is asked back."""
        for message in answer.messages:
            for button in _buttons(message):
                if button.get("label") == "Cancel":
                    pressed = await self.press(who, message, button["custom_id"])
                    told = json.dumps(pressed.messages, ensure_ascii=False)
                    self.seen.append(Seen(who, f"{asked} [{button['label']}]", told))

    async def press_report(self, who: str) -> None:
        """Every button under every post that this person can see, and the form."""
        for message in self.town.world.messages(self.town.reports):
            for button in _buttons(message):
                answer = await self.press(who, message, button["custom_id"])
                told = json.dumps([answer.messages[1:], answer.modal], ensure_ascii=False)
                self.seen.append(Seen(who, f"[{button.get('label')}]", told))

    def _leaves(self) -> list[tuple[str, list[dict]]]:
        registered = self.town.world.application.commands.get(None, {}).values()
        found: list[tuple[str, list[dict]]] = []

        def descend(name: str, options: list[dict]) -> None:
            below = [one for one in options if one["type"] in (_SUBCOMMAND, _GROUP)]
            for one in below:
                descend(f"{name} {one['name']}", one.get("options") or [])
            if not below:
                found.append((name, options))

        for command in registered:
            command["default_member_permissions"] = None  # as an admin may set it
            if command["type"] == 1:
                descend(command["name"], command.get("options") or [])
        return found

    def _fillings(self, options: list[dict]) -> list[dict[str, object]]:
        """Nothing but what is needed; then each option with all that it might name."""
        needed = {one["name"]: self._values(one)[0] for one in options if one.get("required")}
        found = [needed] if all(value is not None for value in needed.values()) else []
        for option in options:
            found += [
                needed | {option["name"]: value}
                for value in self._values(option)
                if value is not None
            ]
        unique = {json.dumps(one, sort_keys=True): one for one in found}
        return list(unique.values())

    def _values(self, option: dict) -> list[object]:
        if option.get("choices"):
            return [one["value"] for one in option["choices"]]
        if option["type"] == _CHANNEL:
            return [self.town.general, *(one.id for one in self.places[1:])]
        if option["type"] == 5:
            return [True]
        if option["type"] == 8:
            return [self.moderators]
        if option["type"] == _STRING:
            return ["today", "yesterday", "krypt-staff"]
        if option["type"] == _INTEGER:
            return [max(2, option.get("min_value") or 0)]
        return [None]


def _buttons(message: dict) -> list[dict]:
    rows = message.get("components") or ()
    return [one for row in rows for one in row.get("components") or () if one.get("custom_id")]


@pytest.fixture
async def walk(town: Town, address: dict[str, str]) -> AsyncIterator[Walk]:
    limits = {"GUILDWATCH_LIMITS__MEMBER": "1000", "GUILDWATCH_LIMITS__GUILD": "1000"}
    async with watching(town, address | limits) as parts:
        await has_settled(town, parts)
        walk = Walk(town, parts)
        walk.build()
        words = sum(bool(one.word) for one in walk.places)
        await until(lambda: heard(parts, SAID + words * HIDDEN))
        yield walk


def counted(told: str) -> set[int]:
    """The numbers of messages that an answer speaks of."""
    return {int(one) for one in re.findall(r"(\d+) messages", told)}


@pytest.mark.long
async def test_nobody_is_shown_anything_of_what_is_closed_to_them(walk: Walk) -> None:
    for who in walk.people:
        await walk.use_everything(who)
    told = {who: "".join(one.told for one in walk.seen if one.who == who) for who in walk.people}
    assert walk.leaks() == []
    assert "zorbidium" in told["mod"]
    assert "quillfeather" in told["guest"]
    for who in ("plain", "admin"):
        assert max(counted(told[who])) == SAID
    assert max(counted(told["mod"])) > SAID
    assert "as much as I can write" not in "".join(told.values()), "else it would hide the rest"


@pytest.mark.long
async def test_no_button_under_a_report_shows_more_than_the_report(walk: Walk) -> None:
    a_day_passes(walk.town)
    await posted(walk.town, walk.parts)
    public = shown(walk.town, walk.town.reports)
    assert "harbour" in public
    for who in walk.people:
        walk.seen.append(Seen(who, "the report", public))
        await walk.press_report(who)
    assert walk.leaks() == []


@pytest.mark.long
async def test_the_operator_sees_all_of_it_at_the_console_and_that_it_is_closed(
    walk: Walk, tmp_path: Path
) -> None:
    parts = walk.parts
    a_day_passes(walk.town)
    await posted(walk.town, parts)
    console = Console(view_of(parts, tmp_path))
    async with console.run_test(size=(200, 70)) as pilot:
        page = partial(on_screen, console)

        async def shows(*words: str) -> None:
            await until(lambda: said(lambda: all(word in page() for word in words)))

        await shows("zorbidium", "quillfeather", "narwhalium", "#velvetlounge 🔒", "krypt-staff 🔒")
        await pilot.press("2")
        await shows("Lighthouse", "festival")
        await pilot.press("3")
        await shows("one is set; type another")
        assert walk.town.server.token not in page()
        await pilot.press("4")
        await shows("The database takes")


def view_of(parts: Parts, folder: Path) -> View:
    """What `show_console` makes of the parts."""
    return View(
        config=parts.config,
        config_file=parts.paths.config_file,
        environ={},
        log_file=folder / "guildwatch.log",
        store=parts.store,
        roster=parts.roster,
        pulse=parts.pulse,
        intake=parts.intake,
        backfill=parts.backfill,
        writer=parts.writer,
        ahead=parts.ahead,
        runner=parts.runner,
        connection=parts.connection,
        model=parts.model_watch,
        incidents=parts.troubles,
        clock=parts.clock,
    )


def on_screen(console: Console) -> str:
    strips = console.screen._compositor.render_strips()
    return "\n".join("".join(one.text for one in strip) for strip in strips)


async def said(holds: Callable[[], bool]) -> bool:
    return holds()


@pytest.mark.long
async def test_who_loses_a_role_sees_from_then_on_what_all_see(walk: Walk) -> None:
    staff = {"channel": walk.places[1].id}
    answer = await walk.ask("mod", "summary now", staff)
    assert answer is not None
    assert "zorbidium" in answer.text
    walk.town.world.set_roles(walk.guild, walk.people["mod"], [])
    walk.seen.clear()
    for place in walk.places:
        place.readers.discard("mod")
    for command, options in (
        ("summary now", {}),
        ("summary now", staff),
        ("summary day", {"date": "today", "public": True}),
        ("mystats", {}),
    ):
        await walk.ask("mod", command, options)
    # Whoever was in the private thread still is: Discord takes nobody out with a role.
    stays = {"onyxhush", "narwhalium", "Zedrick", str(walk.places[-1].id)}
    assert [leak for leak in walk.leaks() if leak[2] not in stays] == []
