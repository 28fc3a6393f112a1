"""Who can read a post changes: what not all of them can read any more leaves it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.audience import Permissions, who_reads, who_sees
from guildwatch.discord import payloads
from guildwatch.discord.allowed import AllowedSources
from guildwatch.discord.amending import Amender
from guildwatch.discord.answers import PublicAnswers
from guildwatch.discord.drift import Drift
from guildwatch.model import Deletion, LedgerEntry, LedgerState, Overwrite, Period, PeriodKind
from guildwatch.report import Charts
from guildwatch.report.recheck import Rechecker
from guildwatch.sandbox import render
from guildwatch.sandbox.faults import Trouble
from support.talk import TALK

VIEW, HISTORY = int(Permissions.VIEW_CHANNEL), int(Permissions.READ_MESSAGE_HISTORY)
PICTURE = ["sh", "-c", "cat >/dev/null; printf '\\211PNG\\r\\n\\032\\n picture'"]
EDIT = "/channels/{channel_id}/messages/{message_id}"
MEMBER = "/guilds/{guild_id}/members/{user_id}"


@pytest.fixture
def limited() -> bool:
    return False


class Watch:
    """A town with a posted report, and what watches over its readers."""

    def __init__(self, town, entry):
        self.town, self.entry = town, entry
        self.seconds = 0.0
        self.drift = self.restarted()
        self.amender = Amender(
            town.store,
            town.roster,
            town.delivery,
            Rechecker(town.store),
            town.store.incidents,
            answers=PublicAnswers(town.line, town.store, Charts(["false"]), pause=town.pause),
            is_connected=lambda: True,
            clock=town.clock,
            pause=town.pause,
            steady=lambda: self.seconds,
        )

    def restarted(self, allowed=None):
        """What compares, as it is after a start."""
        town = self.town
        return Drift(
            town.line,
            town.store,
            town.roster,
            allowed or AllowedSources(town.line, town.store, town.roster, clock=town.clock),
            town.store.incidents,
            is_connected=lambda: True,
            clock=town.clock,
            zone="UTC",
            pause=town.pause,
            steady=lambda: self.seconds,
        )

    async def post(self):
        report_id = await self.town.publisher.write(self.entry)
        self.entry = replace(self.entry, report_id=report_id, state=LedgerState.POSTING)
        await self.town.store.ledger.update(self.entry)
        outcome = await self.town.publisher.post(self.entry)
        self.entry = replace(self.entry, report_id=outcome.report_id, state=LedgerState.POSTED)
        await self.town.store.ledger.update(self.entry)
        await self.drift.look()

    async def settle(self, seconds=6):
        """Let the changes be seen, some seconds pass, and the post be edited."""
        await self.drift.look()
        self.seconds += seconds
        await self.drift.look()
        await self.amender.look()
        self.seconds += 3
        await self.amender.look()

    async def report(self):
        return await self.town.store.reports.load(self.entry.report_id)

    def words(self, place="daily-summary"):
        found = []
        for message in self.town.posted(place):
            found += [message["content"], *(str(embed) for embed in message["embeds"])]
            if "thread" in message:
                found.append(self.words(int(message["id"])))
        return "\n".join(found)

    def details(self):
        (glance,) = (one for one in self.town.posted() if "thread" in one)
        return self.words(int(glance["thread"]["id"]))

    async def close(self, name, *more):
        """Close a channel to everybody but the team and the bot."""
        town = self.town
        bot_role = next(iter(town.bot.role_ids))
        town.world.set_overwrites(
            town.channels[name],
            (
                Overwrite(town.guild_id, False, 0, VIEW),
                Overwrite(town.team, False, VIEW, 0),
                Overwrite(bot_role, False, VIEW, 0),
                *more,
            ),
        )
        await town.look()


@pytest.fixture
async def watch(town, entry):
    for place, texts in TALK.items():
        people = (town.mara, town.tiff, town.mara if place == "staff" else town.jonas)
        for number in range(12):
            town.later(minutes=1)
            again = "" if number < len(texts) else " As I said before."
            text = texts[number % len(texts)] + again
            town.world.say(people[number % len(people)], town.channels[place], text)
    await town.listen()
    town.later(hours=12)
    return Watch(town, entry)


@pytest.fixture
async def posted(watch):
    await watch.post()
    assert "umlaut" in watch.words()
    assert "crashes" in watch.words()
    watch.town.world.log.clear()
    return watch


def requests(watch):
    return watch.town.world.log.of("PATCH", EDIT)


async def assert_withdrawn(watch):
    """Nothing of #support is left, in words or figures; #general is there as it was."""
    words, report = watch.words(), await watch.report()
    assert "umlaut" not in words
    assert "crashes" in words
    assert watch.town.channels["support"] not in report.source_ids
    assert {one.id for one in report.activity.channels} == {watch.town.channels["general"]}
    assert report.coverage.messages == report.activity.messages == 12
    assert report.coverage.channels == 1
    assert "12 messages" in words
    assert "24 messages" not in words
    assert "2 channels" not in words


async def test_what_a_channel_said_leaves_the_post_when_it_is_made_private(posted):
    await posted.close("support")
    await posted.settle()
    await assert_withdrawn(posted)


async def test_a_post_begins_to_change_only_once_the_admin_is_done(posted):
    await posted.close("support")
    await posted.drift.look()
    posted.seconds += 3
    await posted.close("general")
    await posted.drift.look()
    posted.seconds += 3
    await posted.drift.look()
    assert (await posted.report()).narrowed == 0
    posted.seconds += 3
    await posted.drift.look()
    assert (await posted.report()).narrowed == 2


async def test_somebody_who_rearranges_for_ever_does_not_keep_the_post_as_it_is(posted):
    for number in range(12):
        await posted.close("support", Overwrite(9000 + number, True, VIEW, 0))
        await posted.drift.look()
        posted.seconds += 4
    assert "support" not in str((await posted.report()).activity.channels)


async def test_a_right_taken_and_given_back_within_seconds_changes_nothing(posted):
    before = await posted.report()
    await posted.close("support")
    await posted.drift.look()
    posted.town.world.set_overwrites(posted.town.channels["support"], ())
    await posted.town.look()
    await posted.settle()
    assert await posted.report() == before
    assert not requests(posted)


async def test_what_was_withdrawn_stays_so_when_the_right_comes_back(posted):
    await posted.close("support")
    await posted.settle()
    posted.town.world.set_overwrites(posted.town.channels["support"], ())
    await posted.town.look()
    posted.town.world.log.clear()
    await posted.settle()
    await assert_withdrawn(posted)
    assert not requests(posted)


async def test_changes_that_concern_no_reader_do_nothing(posted):
    town, before = posted.town, await posted.report()
    role = town.world.add_role(town.guild_id, "painters", VIEW | HISTORY)
    town.world.add_channel(town.guild_id, "canvas")
    town.world.change_channel(town.world.channel(town.channels["support"]), topic="Ask here")
    await town.look()
    await posted.settle()
    town.world.delete_role(role)
    await town.look()
    await posted.settle()
    assert await posted.report() == before
    assert not requests(posted)


async def test_a_role_that_is_shut_out_of_a_channel_withdraws_what_was_told_of_it(posted):
    town = posted.town
    role = town.world.add_role(town.guild_id, "muted")
    town.world.set_overwrites(town.channels["support"], (Overwrite(role, False, 0, HISTORY),))
    await town.look()
    await posted.settle()
    await assert_withdrawn(posted)


async def test_a_role_that_loses_its_rights_withdraws_what_its_holders_were_told(watch):
    town = watch.town
    await town.settle(channel_id=town.channels["staff"])
    await town.roster.choose_tracking(town.channels["staff"], True)
    bot_role = next(iter(town.bot.role_ids))
    role = town.world.add_role(town.guild_id, "helpers", 0)
    shared = (Overwrite(town.guild_id, False, 0, VIEW), Overwrite(bot_role, False, VIEW, 0))
    for name in ("support", "staff"):
        opened = tuple(Overwrite(one, False, VIEW, 0) for one in (town.team, role))
        town.world.set_overwrites(town.channels[name], (*shared, *opened))
    await town.look()
    await watch.post()
    assert "umlaut" in watch.words("staff")

    town.world.set_overwrites(
        town.channels["support"], (*shared, Overwrite(town.team, False, VIEW, 0))
    )
    await town.look()
    await watch.settle()
    assert "umlaut" not in watch.words("staff")
    assert "moderator" in watch.words("staff")


async def test_a_report_channel_that_is_opened_up_loses_what_its_new_readers_cannot_read(watch):
    town = watch.town
    await town.roster.choose_tracking(town.channels["staff"], True)
    await watch.close("daily-summary")
    await watch.post()
    assert "moderator" in watch.words()

    town.world.set_overwrites(town.channels["daily-summary"], ())
    await town.look()
    await watch.settle()
    assert "moderator" not in watch.words()
    assert "crashes" in watch.words()


async def test_what_was_changed_while_we_were_away_is_noticed_at_the_start(posted):
    await posted.close("support")
    posted.drift = posted.restarted()
    await posted.drift.look()
    assert (await posted.report()).narrowed == 1


async def test_a_post_that_lost_all_its_sources_says_that_there_is_nothing(posted):
    for name in ("support", "general"):
        await posted.close(name)
    await posted.settle()
    words = posted.words()
    for hint in ("umlaut", "crashes", "24 messages", "mara", "jonas"):
        assert hint not in words


async def test_a_chart_that_shows_more_than_it_may_goes_too(watch, tmp_path):
    watch.town.publisher._charts = Charts(PICTURE, cache=tmp_path)
    await watch.post()
    (before,) = watch.town.posted()
    assert before["embeds"][0]["image"]
    await watch.close("support")
    await watch.settle()
    (now,) = watch.town.posted()
    assert not now["attachments"]
    assert not now["embeds"][0].get("image")
    await assert_withdrawn(watch)


async def test_figures_of_expired_messages_are_counted_by_the_hourly_counts(posted):
    town = posted.town
    await town.store.retention.expire(town.channels["general"], town.clock())
    await posted.close("support")
    await posted.settle()
    report = await posted.report()
    assert {one.id for one in report.activity.channels} == {town.channels["general"]}
    assert report.activity.messages == report.coverage.messages == 12
    assert "umlaut" not in posted.words()


async def test_a_direct_message_loses_what_its_reader_cannot_read_any_more(watch):
    town = watch.town
    await town.settle(dm_user_id=town.jonas)
    await watch.post()
    direct = town.world.open_dm(town.jonas)
    assert "umlaut" in watch.words(direct)
    await watch.close("support")
    await watch.settle()
    assert "umlaut" not in watch.words(direct)
    assert "crashes" in watch.words(direct)


async def test_the_daily_audit_notices_that_a_reader_lost_a_role(watch):
    """Of that Discord tells nobody without the intent for members."""
    town = watch.town
    await watch.close("support")
    await town.settle(dm_user_id=town.tiff)
    await watch.post()
    direct = town.world.open_dm(town.tiff)
    assert "umlaut" in watch.words(direct)
    town.world.set_roles(town.guild_id, town.tiff, [])
    await watch.settle()
    assert "umlaut" in watch.words(direct)
    town.later(hours=24)
    await watch.settle()
    assert "umlaut" not in watch.words(direct)
    audit = watch.drift.last_audit
    assert audit is not None
    assert (audit.posts, audit.narrowed, audit.unknown) == (1, 1, 0)
    assert audit.points > 0


async def test_whoever_left_keeps_nothing_in_their_direct_messages(watch):
    town = watch.town
    await town.settle(dm_user_id=town.jonas)
    await watch.post()
    town.world.leave(town.guild_id, town.jonas)
    town.later(hours=24)
    await watch.settle()
    words = watch.words(town.world.open_dm(town.jonas))
    assert "umlaut" not in words
    assert "crashes" not in words


async def test_an_audit_is_made_once_a_day_and_kept_though_all_is_right(posted):
    town = posted.town
    first = posted.drift.last_audit
    assert first is not None
    assert (first.posts, first.narrowed) == (1, 0)
    town.later(hours=1)
    await posted.drift.look()
    assert posted.drift.last_audit is first
    town.later(days=1)
    await posted.drift.look()
    assert posted.drift.last_audit != first
    assert await town.store.shown.last_audit() == posted.drift.last_audit
    assert not await town.store.incidents.recent()


async def test_the_operator_is_told_how_much_was_withdrawn_and_no_name_of_a_channel(posted):
    await posted.close("support")
    await posted.settle()
    (incident,) = await posted.town.store.incidents.recent()
    assert incident.kind == "readers changed"
    assert "1 post in Pixel Forge" in incident.sentence
    assert "support" not in incident.sentence
    assert incident.ended_at is not None


async def test_a_post_whose_channel_was_closed_to_the_bot_is_counted_as_unknown(posted):
    town = posted.town
    await town.deny("daily-summary", Permissions.VIEW_CHANNEL)
    town.later(days=1)
    await posted.settle()
    audit = posted.drift.last_audit
    assert audit is not None
    assert (audit.posts, audit.unknown) == (0, 1)


async def test_an_answer_in_a_thread_whose_channel_is_closed_to_the_bot_stays_as_it_is(posted):
    """Nobody knows who reads it, and nobody could edit it; the right comes back."""
    town, general = posted.town, posted.town.channels["general"]
    thread = town.world.open_thread(town.mara, general, "an answer")
    await town.look()
    answer = await town.store.answers.keep(await posted.report(), thread, 77)
    await posted.settle()
    for rights in (Permissions.VIEW_CHANNEL, Permissions.NONE):
        bot_role = next(iter(town.bot.role_ids))
        town.world.set_overwrites(general, [Overwrite(bot_role, False, 0, int(rights))])
        channel = render.channel_for(town.world, town.world.channel(general), town.world.bot.id)
        await town.roster.put_channel(payloads.channel(channel, town.guild_id))
        assert town.guild.channel(thread) is not None
        await posted.drift.audit()
        kept = await town.store.reports.load(answer.report_id)
        assert (kept.withdrawn, kept.narrowed) == (0, 0)


async def test_readers_who_change_while_a_report_is_being_posted_see_no_more_than_they_may(watch):
    """The glance is out, the details are not."""
    town, closed = watch.town, []

    async def save_part(entry, part):
        await town.store.ledger.save_part(entry, part)
        if part.message_id is not None and not closed:
            closed.append(part.name)
            await watch.close("support")

    town.delivery._ledger = _Saving(town.store.ledger, save_part)
    await watch.post()
    assert closed == ["glance"]
    assert "crashes" in watch.details()
    assert "umlaut" not in watch.details()
    await watch.settle()
    assert "umlaut" not in watch.words()
    assert "crashes" in watch.words()


async def test_a_post_that_loses_most_of_its_day_keeps_the_details_of_the_rest(posted):
    """So few messages as are left would have been a line, had there never been more."""
    town = posted.town
    before = _told_of(await posted.report(), town.channels["general"])
    await posted.close("support")
    await posted.settle()

    report = await posted.report()
    assert report.activity.messages < 15
    assert before
    assert before == _told_of(report, town.channels["general"])
    details = posted.details()
    for text in before:
        assert text.partition("“")[2].rstrip("”") in details


def _told_of(report, channel_id):
    return {
        point.text
        for topic in report.digest.topics
        for point in topic.points
        if {report.message_channels[one] for one in point.message_ids} == {channel_id}
    }


async def test_details_that_are_locked_in_the_middle_of_a_post_are_edited_once_that_is_over(watch):
    """The report is written anew for fewer readers while its thread takes no edit."""
    town, locked = watch.town, []

    async def save_part(entry, part):
        await town.store.ledger.save_part(entry, part)
        if part.name == "thread/1" and part.message_id is not None and not locked:
            locked.append(watch.details())
            await watch.close("general")
            town.world.archive(part.channel_id, locked=True)

    town.delivery._ledger = _Saving(town.store.ledger, save_part)
    await watch.post()
    assert "crashes" in locked[0]
    await watch.settle()
    (glance,) = (one for one in town.posted() if "thread" in one)
    assert "crashes" not in str(glance["embeds"])
    assert "crashes" in watch.details()  # as nobody can edit it
    told = [one.sentence for one in await town.store.incidents.going_on()]
    assert any("still shows" in one for one in told)

    town.world.change_thread(town.world.channel(int(glance["id"])), archived=False, locked=False)
    town.later(hours=2)
    await watch.settle()
    assert "crashes" not in watch.words()
    assert "map editor" in watch.details()


async def test_a_report_written_anew_in_the_middle_of_its_post_goes_on_from_the_day_before(watch):
    """The day before told of what was closed just now too."""
    town, closed = watch.town, []
    asked = "Who can export the tileset of the harbour map for the trailer?"
    town.later(hours=-2)  # still the day before
    town.world.say(town.jonas, town.channels["general"], asked)
    await town.listen()
    town.later(hours=2)
    await watch.post()
    assert asked in watch.words()
    day = watch.entry.period
    period = Period(PeriodKind.DAY, day.end, day.end + timedelta(days=1), "UTC")
    for place, texts in TALK.items():
        for number in range(12):
            town.later(minutes=1)
            people = (town.mara, town.tiff, town.mara if place == "staff" else town.jonas)
            town.world.say(
                people[number % 3], town.channels[place], f"{texts[number % 4]} Today too."
            )
    await town.listen()
    town.later(hours=24)

    async def save_part(entry, part):
        await town.store.ledger.save_part(entry, part)
        if part.message_id is not None and not closed:
            closed.append(str(town.posted()[-1]["embeds"]))
            await watch.close("support")

    town.delivery._ledger = _Saving(town.store.ledger, save_part)
    watch.entry = LedgerEntry(town.guild_id, period)
    await watch.post()
    assert asked in closed[0]
    report = await watch.report()
    assert town.channels["support"] not in report.source_ids
    assert [asked in one.question.text for one in report.digest.followed] == [True]


async def test_the_chart_of_a_report_that_was_written_anew_in_the_middle_of_its_post_goes(watch):
    """The report that takes its place draws on less, and was never narrowed itself."""
    town, closed = watch.town, []
    town.publisher._charts = Charts(PICTURE)

    async def save_part(entry, part):
        await town.store.ledger.save_part(entry, part)
        if part.message_id is not None and not closed:
            closed.append(any("image" in embed for embed in town.posted()[0]["embeds"]))
            await watch.close("support")

    town.delivery._ledger = _Saving(town.store.ledger, save_part)
    await watch.post()
    assert closed == [True]
    await watch.settle()
    (glance,) = town.posted()
    assert "umlaut" not in watch.words()
    assert "image" not in glance["embeds"][0]
    assert glance["attachments"] == []


class _Saving:
    """The ledger, with something happening after a part is kept."""

    def __init__(self, ledger, save_part):
        self._ledger, self.save_part = ledger, save_part

    def __getattr__(self, name):
        return getattr(self._ledger, name)


async def test_details_whose_glance_somebody_deleted_are_withdrawn_too(posted):
    """That it is gone is noticed by an edit for another reason."""
    town = posted.town
    glance = next(one for one in town.posted() if "thread" in one)
    town.world.delete(int(glance["id"]))
    told = (await posted.report()).digest.headline_message_ids[0]
    await town.store.messages.apply([Deletion(town.guild_id, town.channels["general"], (told,))])
    await posted.settle()
    (part,) = (one for one in await town.store.ledger.parts(posted.entry) if one.name == "glance")
    assert part.gone
    details = int(glance["thread"]["id"])
    assert "umlaut" in posted.words(details)
    await posted.close("support")
    await posted.settle()
    assert "umlaut" not in posted.words(details)


async def test_a_post_whose_readers_discord_does_not_tell_keeps_no_other_as_it_is(watch):
    town = watch.town
    await town.settle(dm_user_id=town.jonas)
    await watch.post()
    direct = town.world.open_dm(town.jonas)
    await town.settle()
    week = replace(watch.entry.period, kind=PeriodKind.WEEK)
    watch.entry = LedgerEntry(town.guild_id, week)
    await watch.post()
    rule = town.faults.strike(Trouble.ERROR, "GET", MEMBER, times=None)
    await watch.close("support")
    await watch.settle()
    assert "umlaut" not in watch.words()
    assert "umlaut" in watch.words(direct)
    town.faults.rules.remove(rule)
    await watch.settle(60)
    assert "umlaut" not in watch.words(direct)


async def test_while_one_post_fails_again_and_again_the_others_follow_as_soon_as_ever(watch):
    town = watch.town
    await town.settle(dm_user_id=town.jonas)
    await watch.post()
    await town.settle()
    watch.entry = LedgerEntry(town.guild_id, replace(watch.entry.period, kind=PeriodKind.WEEK))
    await watch.post()
    town.faults.strike(Trouble.ERROR, "GET", MEMBER, times=None)
    watch.drift.doubt(town.guild_id)
    await watch.settle(1)
    assert "umlaut" in watch.words()
    await watch.close("support")
    await watch.settle()
    assert "umlaut" not in watch.words()


async def test_nothing_odd_ends_the_comparing(watch, caplog):
    asked = []

    def is_connected():
        asked.append(True)
        raise ValueError("odd")

    async def pause(_):
        if len(asked) > 1:
            raise asyncio.CancelledError

    town = watch.town
    allowed = AllowedSources(town.line, town.store, town.roster, clock=town.clock)
    drift = Drift(
        *(town.line, town.store, town.roster, allowed, town.store.incidents),
        is_connected=is_connected,
        clock=town.clock,
        zone="UTC",
        pause=pause,
    )
    with pytest.raises(asyncio.CancelledError):
        await drift.run()
    assert "could not be compared" in caplog.text


async def test_an_audit_counts_what_could_not_be_compared_as_unknown(watch):
    town = watch.town
    await town.settle(dm_user_id=town.jonas)
    await watch.post()
    town.faults.strike(Trouble.ERROR, "GET", MEMBER, times=None)
    audit = await watch.drift.audit()
    assert (audit.posts, audit.unknown) == (0, 1)
    assert await town.store.shown.last_audit() == audit


async def test_an_edit_that_fails_is_tried_again_until_nothing_is_left(posted):
    town = posted.town
    town.faults.strike(Trouble.DROP, "PATCH", EDIT, times=3)
    await posted.close("support")
    await posted.settle()
    for _ in range(3):
        town.later(minutes=5)
        await posted.settle()
    await assert_withdrawn(posted)


@pytest.fixture
async def widened(watch):
    """#staff is told of in a report for everybody, on purpose."""
    town = watch.town
    guild = town.guild
    await town.store.widenings.begin(
        town.guild_id,
        town.channels["staff"],
        town.channels["daily-summary"],
        readers=who_sees(guild, guild.channel(town.channels["daily-summary"])),
        insiders=who_reads(guild, guild.channel(town.channels["staff"])),
        made_by=town.mara,
    )
    await watch.post()
    assert "moderator" in watch.words()
    return watch


async def test_taking_a_widening_back_withdraws_what_was_posted(widened):
    (one,) = await widened.town.store.widenings.holding(widened.town.guild_id)
    await widened.town.store.widenings.end([one.id], by=widened.town.mara)
    widened.drift.doubt(widened.town.guild_id)
    await widened.settle()
    assert "moderator" not in widened.words()
    assert "crashes" in widened.words()


async def test_a_widening_that_is_taken_back_while_posts_are_compared_is_not_missed(widened):
    """The command ends it just after the comparison has asked for it."""
    town = widened.town

    class Interrupted(AllowedSources):
        async def of_report(self, guild, target):
            allowed = await super().of_report(guild, target)
            for one in await town.store.widenings.holding(guild.id):
                await town.store.widenings.end([one.id], by=town.mara)
                widened.drift.doubt(guild.id)
            return allowed

    allowed = Interrupted(town.line, town.store, town.roster, clock=town.clock)
    widened.drift = widened.restarted(allowed)
    await widened.settle()
    assert "moderator" not in widened.words()


async def test_a_widening_ends_when_the_reports_go_elsewhere(widened):
    town = widened.town
    await town.settle(channel_id=town.channels["general"])
    await widened.settle()
    assert "moderator" not in widened.words()
    (record,) = await town.store.widenings.recent()
    assert "elsewhere" in record.reason
    await town.settle(channel_id=town.channels["daily-summary"])
    assert town.channels["staff"] not in (await town.publisher.sources(town.guild) or ())


async def test_a_widening_ends_when_more_people_can_see_the_reports(watch):
    town = watch.town
    await watch.close("daily-summary")
    role = town.world.add_role(town.guild_id, "managers")
    bot_role = next(iter(town.bot.role_ids))
    town.world.set_overwrites(
        town.channels["staff"],
        (
            Overwrite(town.guild_id, False, 0, VIEW),
            *(Overwrite(one, False, VIEW, 0) for one in (role, bot_role)),
        ),
    )
    await town.look()
    guild = town.guild
    await town.store.widenings.begin(
        town.guild_id,
        town.channels["staff"],
        town.channels["daily-summary"],
        readers=who_sees(guild, guild.channel(town.channels["daily-summary"])),
        insiders=who_reads(guild, guild.channel(town.channels["staff"])),
        made_by=town.mara,
    )
    await watch.post()
    assert "moderator" in watch.words()
    town.world.set_overwrites(town.channels["daily-summary"], ())
    await town.look()
    await watch.settle()
    assert "moderator" not in watch.words()
    assert not await town.store.widenings.holding(town.guild_id)
