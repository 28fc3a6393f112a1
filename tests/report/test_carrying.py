"""A fortnight of reports: what one continues of another, and which questions stay open."""

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest
from jsonschema import validate

from guildwatch.digest import Digester
from guildwatch.language import Priority
from guildwatch.model import (
    Author,
    Channel,
    ChannelKind,
    Deletion,
    Guild,
    Home,
    Message,
    MessageEdit,
    ReasonKind,
    Role,
    first_id_at,
)
from guildwatch.report import (
    ReportWriter,
    day_period,
    to_json,
    to_markdown,
    to_post,
    to_text,
    week_period,
)
from guildwatch.report.carrying import STALE
from guildwatch.report.periods import local
from guildwatch.store import Store

ZONE, GUILD = "Europe/Berlin", 1
SUPPORT, JAM, STAFF, POST = 21, 22, 23, 24
JONAS, MARA, TIFF, LUPE, KENJI, OLE = range(11, 17)
NAMES = {11: "jonas", 12: "Mara", 13: "Tiff", 14: "Lupe", 15: "Kenji", 16: "Ole"}
THURSDAY = date(2026, 11, 19)
SCHEMA = json.loads(files("guildwatch.report").joinpath("schema.json").read_text("utf-8"))
_CHANNELS = (
    Channel(SUPPORT, GUILD, "support", ChannelKind.TEXT),
    Channel(JAM, GUILD, "jam", ChannelKind.TEXT),
    Channel(STAFF, GUILD, "staff", ChannelKind.TEXT),
    Channel(POST, GUILD, "Lost saves", ChannelKind.PUBLIC_THREAD, parent_id=SUPPORT),
)


class Fortnight:
    """Days of talk in a real store, and reports of them written, kept and written on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.guild = Guild(
            GUILD, "Forge", owner_id=1, roles=(Role(GUILD, "@everyone", 0),), channels=_CHANNELS
        )
        clock = lambda: local(first_moment(THURSDAY + timedelta(days=9)), ZONE)  # noqa: E731
        self.writer = ReportWriter(store, Digester(None, cache=None), clock=clock)
        self._serial = 0

    async def say(self, day, hour, who, text, *, channel=SUPPORT, reply_to=None, mention=None):
        self._serial += 1
        moment = first_moment(day) + timedelta(hours=hour, seconds=self._serial)
        mentioned = () if mention is None else (Author(mention, NAMES[mention]),)
        message = Message(
            first_id_at(moment),
            GUILD,
            channel,
            Author(who, NAMES[who]),
            text,
            reply_to=reply_to,
            mentioned=mentioned,
        )
        await self.store.messages.apply([message])
        return message.id

    async def chat(self, day, hour, *lines, channel=SUPPORT):
        return [
            await self.say(day, hour + n / 60, who, text, channel=channel)
            for n, (who, text) in enumerate(lines)
        ]

    async def banter(self, day, channel=JAM):
        """Enough of a matter of this day alone that it is no quiet one."""
        matter = MATTERS[day.day % len(MATTERS)]
        words = matter.split()
        for n in range(16):
            part = " ".join(words[n % 8 : n % 8 + 6])
            text = matter if n == 0 else f"{part}, is what people here say"
            await self.say(day, 18 + n / 30, 11 + n % 5, text, channel=channel)

    async def report(self, day, sources=(SUPPORT, JAM, POST)):
        period = day_period(day, ZONE)
        return await self.writer.write(
            self.guild, period, source_ids=sources, priority=Priority.COMMAND
        )

    async def tell(self, day, sources=(SUPPORT, JAM, POST)):
        report = await self.report(day, sources)
        return await self.writer.keep(report), report

    async def week(self, last_day, sources=(SUPPORT, JAM, POST)):
        return await self.writer.roll_up(
            self.guild,
            week_period(last_day, ZONE),
            source_ids=sources,
            priority=Priority.COMMAND,
        )


MATTERS = (
    "The ferry timetable changes in winter: three boats fewer on Sundays and none after dark",
    "Tomatoes need lime against the rot, calcium in the soil and steady watering every evening",
    "The choir rehearses Brahms in the gymnasium because the chapel roof leaks above the organ",
    "Our kitchen oven burns pancakes: its thermostat reads forty degrees lower, who repairs it?",
    "Marathon training with a stroller works when the gravel path is dry and the hills are short",
    "A hedgehog lives under the shed and eats the cat's dinner whenever the lamp is broken",
    "The library lends telescopes now, Saturn's rings were visible from the parking garage roof",
)


def first_moment(day):
    return day_period(day, ZONE).start


def on(days):
    return THURSDAY + timedelta(days=days)


@pytest.fixture
async def town(store):
    town = Fortnight(store)
    await store.guilds.save(town.guild)
    return town


@pytest.fixture
async def store(tmp_path):
    async with Store.open(tmp_path / "guildwatch.db") as opened:
        yield opened


BUG = (
    (JONAS, "my map editor saves vanish when the file name has an umlaut in it, any idea why?"),
    (MARA, "jonas: which version of the map editor writes those empty saves with the umlaut?"),
    (JONAS, "Mara: map editor 2.4 on Windows, the save file with the umlaut has zero bytes"),
)
BUG_LATER = (
    (MARA, "the umlaut bug of the map editor: the save path is encoded as latin-1 on Windows"),
    (JONAS, "so the map editor cannot rename a save whose file has an umlaut on Windows"),
    (MARA, "right, the map editor now writes the umlaut save as utf-8, tested on Windows"),
)
LICENCE = "Which licence does the harbour sound pack have? I want to use the bell in my entry"


def continuing(report):
    return {topic.title: topic for topic in report.digest.topics if topic.continues is not None}


async def test_a_matter_of_the_day_before_yesterday_is_told_as_going_on(town):
    await town.chat(THURSDAY, 10, *BUG)
    await town.banter(THURSDAY)
    _, thursday = await town.tell(THURSDAY)
    await town.chat(on(2), 11, *BUG_LATER)
    await town.banter(on(2))
    report = await town.report(on(2))
    (topic,) = continuing(report).values()
    first = next(each for each in thursday.digest.topics if SUPPORT in each.channel_ids)
    assert topic.continues == first.title
    assert set(topic.continues_ids) == {one for p in first.points for one in p.message_ids}
    post = to_post(report, zone=ZONE)
    assert "continues from Thursday" in post.description
    assert f"*continues from Thursday: {first.title}*" in "\n".join(post.thread)
    assert f"continues from Thursday: {first.title}" in " ".join(to_text(report).split())
    assert "Continues from Thursday" in to_markdown(report)
    document = json.loads(to_json(report))
    validate(document, SCHEMA)
    assert first.title in {each["continues"] for each in document["topics"]}


async def test_what_only_shares_people_and_place_continues_nothing(town):
    await town.chat(THURSDAY, 10, *BUG)
    await town.tell(THURSDAY)
    await town.chat(
        on(1),
        10,
        (JONAS, "does anybody have a palette for winter forests, cold greens and so on?"),
        (MARA, "jonas: take Fjord 8, it has four greens and a very cold grey"),
        (JONAS, "Mara: lovely, those greens suit the birches in my forest"),
    )
    await town.banter(on(1))
    assert continuing(await town.report(on(1))) == {}


async def test_a_conversation_over_midnight_and_a_forum_post_go_on_whatever_their_words(town):
    night = await town.chat(THURSDAY, 23, *BUG)
    first = await town.chat(
        THURSDAY,
        12,
        (TIFF, "My dungeon has twenty-six rooms, one door each, no plan, who wants to test it?"),
        (OLE, "Tiff: the dungeon opens in my browser, room nine is only doors and a torch"),
        channel=POST,
    )
    await town.tell(THURSDAY)
    later = await town.chat(
        on(1),
        0.2,
        (MARA, "Good night then, the build server needs forty minutes for the Linux packages"),
        (JONAS, "how do I hear when the packages are ready, does the server write a mail?"),
    )
    await town.chat(
        on(1),
        9,
        (OLE, "Seventeen is a moving portrait of a hamster with one pixel for its eyelid"),
        (TIFF, "who paints a hamster on the ceiling next, and may it wear a helmet?"),
        channel=POST,
    )
    homes = [Home(one, night[0], ReasonKind.SPEAKER) for one in (*night, *later)]
    await town.store.homes.keep({SUPPORT: homes})
    report = await town.report(on(1))
    assert {topic.channel_ids for topic in continuing(report).values()} == {(SUPPORT,), (POST,)}
    assert any(first[0] in topic.continues_ids for topic in continuing(report).values())


async def test_a_deleted_message_takes_the_continuation_and_the_open_question_with_it(town):
    said = await town.chat(THURSDAY, 10, *BUG)
    asked = await town.say(THURSDAY, 15, LUPE, LICENCE, channel=JAM)
    await town.tell(THURSDAY)
    await town.chat(on(1), 11, *BUG_LATER)
    await town.banter(on(1))
    report_id, report = await town.tell(on(1))
    assert continuing(report)
    assert [each.asked_id for each in report.digest.followed] == [asked]
    await town.store.messages.apply([Deletion(GUILD, SUPPORT, (said[0],))])
    stored = await town.store.reports.load(report_id)
    assert continuing(stored) == {}
    assert stored.digest.followed
    await town.store.messages.apply([Deletion(GUILD, JAM, (asked,))])
    stored = await town.store.reports.load(report_id)
    assert all(topic.continues_ids == () for topic in stored.digest.topics)
    assert stored.digest.followed == ()
    again = await town.report(on(1))
    assert again.digest.followed == ()
    assert not any(said[0] in topic.continues_ids for topic in again.digest.topics)


async def test_an_edited_message_is_not_continued_as_it_was_told(town):
    said = await town.chat(THURSDAY, 10, *BUG)
    await town.tell(THURSDAY)
    edited_at = first_moment(on(20))
    await town.store.messages.apply(
        [MessageEdit(one, GUILD, SUPPORT, "never mind", edited_at) for one in said]
    )
    await town.chat(on(1), 11, *BUG_LATER)
    await town.banter(on(1))
    assert continuing(await town.report(on(1))) == {}


async def test_readers_of_fewer_channels_hear_of_no_earlier_topic_or_question_elsewhere(town):
    everything = (SUPPORT, JAM, STAFF)
    await town.chat(THURSDAY, 10, *BUG, channel=STAFF)
    await town.say(THURSDAY, 15, LUPE, LICENCE, channel=STAFF)
    await town.tell(THURSDAY, everything)
    await town.chat(on(1), 11, *BUG, *BUG_LATER)
    await town.banter(on(1))
    staff = await town.report(on(1), everything)
    assert staff.digest.followed
    assert continuing(staff)
    members = await town.report(on(1), (SUPPORT, JAM))
    assert members.digest.followed == ()
    assert continuing(members) == {}
    assert "staff" not in to_json(members)


async def open_question(town, day=THURSDAY):
    asked = await town.say(day, 15, LUPE, LICENCE, channel=JAM)
    await town.banter(day, SUPPORT)
    _, report = await town.tell(day)
    assert any(asked in point.message_ids for point in report.digest.points("question"))
    return asked


async def test_an_open_question_is_told_again_until_it_is_stale(town):
    await open_question(town)
    for days in range(1, STALE.days):
        await town.banter(on(days), SUPPORT)
        _, report = await town.tell(on(days))
        (followed,) = report.digest.followed
        assert followed.answer is None
        assert "(asked Thursday)" in " ".join(to_text(report).split())
    await town.banter(on(STALE.days + 1), SUPPORT)
    _, late = await town.tell(on(STALE.days + 1))
    assert late.digest.followed == ()


@pytest.mark.parametrize(
    ("who", "text", "how"),
    [
        (KENJI, "It is CC-BY 4.0, and the bell may be sold with it", "reply"),
        (KENJI, "Lupe: the pack has a CC-BY licence, found the papers", "name"),
        (KENJI, "the harbour sound pack has the licence CC-BY, the bell included", "words"),
        (KENJI, "the bell and the pack are CC-BY", "mention"),
        (LUPE, "solved, the sound pack is CC-BY, it says so on the page now", "asker"),
    ],
)
async def test_an_answer_ends_the_question_with_both_receipts(town, who, text, how):
    asked = await open_question(town)
    answer = await town.say(
        on(2),
        9,
        who,
        text,
        channel=SUPPORT if how == "words" else JAM,
        reply_to=asked if how == "reply" else None,
        mention=LUPE if how == "mention" else None,
    )
    await town.banter(on(2), SUPPORT)
    _, report = await town.tell(on(2))
    (followed,) = report.digest.followed
    assert followed.message_ids == (asked, answer)
    assert not followed.taken_back
    description = to_post(report, zone=ZONE).description
    assert "✅ Answered: Lupe: “Which licence does the harbour sound pack have?" in description
    assert f"/{asked})" in description
    assert f"/{answer})" in description
    validate(json.loads(to_json(report)), SCHEMA)
    await town.banter(on(3), SUPPORT)
    assert (await town.report(on(3))).digest.followed == ()
    assert (await town.report(on(2))).digest.followed == report.digest.followed


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (KENJI, "Lupe: no idea about the licence of the sound pack, sorry"),
        (KENJI, "Lupe: I have to look for the licence papers of the pack, give me some days"),
        (KENJI, "is the licence of the harbour sound pack still unknown?"),
        (OLE, "I want to use the bell of the harbour sound pack too"),
        (OLE, "the harbour was lovely today, ate fish at the pier"),
        (LUPE, "thank you Tiff for the lovely soup recipe"),
        (OLE, "ok"),
    ],
)
async def test_what_answers_nothing_leaves_the_question_open(town, who, text):
    asked = await open_question(town)
    await town.say(on(1), 9, who, text, channel=JAM)
    await town.banter(on(1), SUPPORT)
    _, report = await town.tell(on(1))
    (followed,) = report.digest.followed
    assert (followed.asked_id, followed.answer) == (asked, None)


async def test_a_quiet_day_says_in_its_one_line_that_a_question_was_answered(town):
    asked = await open_question(town)
    answer = await town.say(on(1), 9, KENJI, "It is CC-BY 4.0", channel=JAM, reply_to=asked)
    post = to_post(await town.report(on(1)), zone=ZONE)
    assert post.description.startswith("A quiet day: 1 message by 1 person. ✅ Answered: Lupe:")
    assert f"/{answer})" in post.description
    assert "\n" not in post.description


async def test_thanks_tell_which_message_was_the_answer(town):
    asked = await open_question(town)
    await town.say(on(1), 9, KENJI, "the licence file lies in the folder of the pack", channel=JAM)
    await town.say(on(1), 9.1, LUPE, "thank you Kenji!", channel=JAM)
    await town.banter(on(1), SUPPORT)
    (followed,) = (await town.report(on(1))).digest.followed
    assert followed.asked_id == asked
    assert followed.answer is not None
    assert followed.answer.text.startswith("Kenji: “the licence file")


async def test_a_question_that_its_asker_takes_back_ends(town):
    await open_question(town)
    await town.say(on(1), 9, LUPE, "never mind the licence, I recorded my own bell", channel=JAM)
    await town.banter(on(1), SUPPORT)
    _, report = await town.tell(on(1))
    assert report.digest.followed[0].taken_back
    assert "Taken back: Lupe:" in to_post(report, zone=ZONE).description
    await town.banter(on(2), SUPPORT)
    assert (await town.report(on(2))).digest.followed == ()


async def test_an_answer_in_a_channel_that_they_cannot_read_ends_nothing_for_its_readers(town):
    asked = await open_question(town)
    await town.say(on(1), 9, KENJI, "It is CC-BY, papers found", channel=STAFF, reply_to=asked)
    await town.banter(on(1), SUPPORT)
    _, staff = await town.tell(on(1), (SUPPORT, JAM, POST, STAFF))
    assert staff.digest.followed[0].answer is not None
    for day in (on(1), on(2)):
        members = await town.report(day, (SUPPORT, JAM, POST))
        (followed,) = members.digest.followed
        assert followed.answer is None
        assert "CC-BY" not in to_json(members)
    assert (await town.report(on(2), (SUPPORT, JAM, POST, STAFF))).digest.followed == ()


async def test_a_question_whose_answer_was_deleted_is_open_again(town):
    asked = await open_question(town)
    answer = await town.say(on(1), 9, KENJI, "It is CC-BY", channel=JAM, reply_to=asked)
    await town.banter(on(1), SUPPORT)
    await town.tell(on(1))
    await town.store.messages.apply([Deletion(GUILD, JAM, (answer,))])
    await town.banter(on(2), SUPPORT)
    (followed,) = (await town.report(on(2))).digest.followed
    assert (followed.asked_id, followed.answer) == (asked, None)


async def test_a_question_asked_again_is_told_once_with_the_day_it_was_asked_first(town):
    asked = await open_question(town)
    again = await town.say(
        on(2), 20, LUPE, "still open: which licence does the harbour sound pack have?", channel=JAM
    )
    await town.banter(on(2), SUPPORT)
    report = await town.report(on(2))
    (followed,) = report.digest.followed
    assert followed.question.message_ids == (asked, again)
    for told in (to_post(report, zone=ZONE).description, to_text(report)):
        assert told.count("licence") == 1
        assert "(asked Thursday)" in " ".join(told.split())


async def test_a_week_does_not_call_open_what_was_answered_on_a_later_day(town):
    asked = await open_question(town)
    answer = await town.say(on(2), 9, KENJI, "It is CC-BY", channel=JAM, reply_to=asked)
    await town.banter(on(2), SUPPORT)
    for stored in (False, True):
        week = await town.week(on(3))
        assert not week.digest.points("question")
        (followed,) = week.digest.followed
        assert followed.message_ids == (asked, answer)
        post = to_post(week, zone=ZONE)
        assert "❓" not in post.description
        assert "(asked Thursday)" in post.description
        if not stored:
            await town.tell(on(2))


async def test_a_week_tells_a_matter_of_several_days_as_one_topic(town):
    await town.chat(THURSDAY, 10, *BUG)
    await town.banter(THURSDAY)
    await town.tell(THURSDAY)
    await town.chat(on(2), 11, *BUG_LATER)
    await town.banter(on(2))
    week = await town.week(on(3))
    bugs = [topic for topic in week.digest.topics if SUPPORT in topic.channel_ids]
    assert len(bugs) == 1
    assert bugs[0].continues is None
    assert bugs[0].messages == 6
    cited = {one for point in bugs[0].points for one in point.message_ids}
    assert min(cited) < first_id_at(first_moment(on(2))) < max(cited)
    assert "19 to 21 Nov" in "\n".join(to_post(week, zone=ZONE).thread)
