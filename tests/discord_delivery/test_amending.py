"""Deletion reaches posts: what was deleted or edited away leaves them within seconds."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from guildwatch.audience import Permissions
from guildwatch.discord.correction import assigned
from guildwatch.model import Deletion, LedgerState
from guildwatch.report import Charts
from guildwatch.sandbox.faults import Trouble
from support.told import Told

EDIT = "/channels/{channel_id}/messages/{message_id}"
POSTS = "/channels/{channel_id}/messages"
CHANNEL = "/channels/{channel_id}"
PICTURE = ["sh", "-c", "cat >/dev/null; printf '\\211PNG\\r\\n\\032\\n picture'"]
TEXTS = (
    ("the release moves to Tuesday", "two crashes are left on Windows"),
    ("the map editor loses saves",),
    ("who prepares the tournament in December", "Tiff prepares the tournament"),
    ("the soundtrack is finished",),
)


@pytest.fixture
def limited() -> bool:
    return False


@pytest.fixture
async def written(town, entry):
    told = Told(town, entry, TEXTS)
    await told.write()
    return told


@pytest.fixture
async def told(written):
    await written.post()
    written.town.world.log.clear()
    return written


def requests(told, method="PATCH", route=EDIT):
    return told.town.world.log.of(method, route)


async def incidents(told):
    return list(await told.town.store.incidents.going_on())


async def test_a_deleted_message_leaves_the_post_its_thread_and_the_file(told, tmp_path):
    await told.delete("two crashes are left on Windows")
    await told.amend()

    assert "crashes" not in told.everything()
    assert "release" in told.everything()
    await told.compare()
    assert await told.waiting() == 0
    assert await told.town.store.tidy()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("guildwatch.db*"))
    assert b"crashes" not in kept
    assert b"release" in kept


async def test_nothing_is_edited_that_need_not_be(told):
    await told.delete("two crashes are left on Windows")
    await told.amend()

    # the first message of the thread, and the glance, which tells it too and counts messages
    assert len(requests(told)) == 2
    assert not requests(told, "DELETE")
    await told.delete()
    await told.amend()
    assert len(requests(told)) == 2


async def test_a_topic_that_lost_all_is_deleted_and_the_others_stay_in_their_order(told):
    before = told.details()
    await told.delete("the map editor loses saves")
    await told.amend()

    assert told.details() == [before[0], *before[2:]]
    assert len(requests(told, "DELETE")) == 1
    await told.compare()


async def test_a_post_that_lost_everything_says_so_in_one_line_without_details(told):
    await told.delete(*told.said)
    await told.amend()

    assert told.details() == []
    await told.compare()


async def test_a_day_that_becomes_a_quiet_one_keeps_its_details(written):
    store = written.town.store
    report = await store.reports.load(written.report_id)
    few = replace(report.activity, messages=15, people=3)
    assert await store.reports.save(replace(report, activity=few)) == written.report_id
    await written.post()
    before = written.details()
    await written.delete("the map editor loses saves")
    await written.amend()

    assert (await store.reports.load(written.report_id)).activity.messages == 14
    assert written.details() == [before[0], *before[2:]]
    await written.compare()


async def test_several_deletions_in_a_row_are_one_edit(told):
    for text in ("the map editor loses saves", "the soundtrack is finished"):
        await told.delete(text)
        await told.amender.look()
        told.seconds += 1
    assert requests(told) == []
    await told.amend()

    glance = [one for one in requests(told) if str(told.thread_id) in one.path]
    assert len(glance) == 1
    await told.compare()


async def test_deletions_that_never_end_do_not_keep_the_post_as_it_is(told):
    said = list(told.said)
    for text in said:
        await told.delete(text)
        await told.amender.look()
        told.seconds += 1.9
    await told.amender.look()
    assert requests(told)


async def test_picture_buttons_and_hidden_previews_stay(written):
    written.town.publisher._charts = Charts(PICTURE)
    await written.post()
    before, details = written.glance, written.town.posted(written.thread_id)
    assert before["embeds"][0]["image"]
    await written.delete("two crashes are left on Windows")
    await written.amend()

    after = written.glance
    assert after["embeds"][0]["image"] == before["embeds"][0]["image"]
    assert after["attachments"] == before["attachments"] == []
    assert after["components"] == before["components"]
    assert after["flags"] == before["flags"]
    now = written.town.posted(written.thread_id)
    assert [one["flags"] for one in now] == [one["flags"] for one in details]
    assert not any(one["mention_everyone"] or one["mentions"] for one in now)


async def test_bulk_deletion_and_a_deleted_channel_reach_the_post(told):
    ids = tuple(told.said.values())[:3]
    told.town.world.delete(*ids)
    await told.town.store.messages.apply([Deletion(told.town.guild_id, told.place, ids)])
    await told.amend()
    assert "crashes" not in told.everything()
    await told.compare()


async def test_a_purge_reaches_the_post(told):
    await told.town.store.purging.purge(told.town.guild_id)
    await told.amend()

    assert not any(text in told.everything() for text in told.said)
    await told.compare()


async def test_what_has_been_kept_long_enough_stays_in_the_post(told):
    before = told.everything()
    await told.town.store.retention.expire(told.place, told.town.clock())
    await told.amend()

    assert told.everything() == before
    assert requests(told) == []


async def test_an_edit_that_takes_the_words_back_withdraws_what_quotes_them(told):
    await told.edit("two crashes are left on Windows", "never mind")
    await told.amend()

    assert "crashes" not in told.everything()
    assert "never mind" not in told.everything()
    assert "release" in told.everything()
    await told.compare()


async def test_an_edit_that_keeps_the_words_changes_nothing(told):
    before = told.everything()
    await told.edit("the soundtrack is finished", "the soundtrack is finished, at last!")
    await told.amend()

    assert told.everything() == before
    assert requests(told) == []
    assert await told.town.store.amendments.rechecks() == []


async def test_a_preview_that_comes_later_is_no_edit(told):
    await told.edit("the soundtrack is finished", "the soundtrack is finished")
    assert await told.town.store.amendments.rechecks() == []


async def test_edits_are_checked_again_without_a_connection_and_without_a_post(written):
    written.connected = False
    await written.edit("the soundtrack is finished", "it is not")
    await written.amend()

    report = await written.town.store.reports.load(written.report_id)
    assert "soundtrack" not in str(report.digest)
    assert report.withdrawn == 1


async def test_without_a_connection_the_post_waits(told):
    told.connected = False
    await told.delete("the soundtrack is finished")
    await told.amend()
    assert requests(told) == []
    assert await told.waiting() == 1

    told.connected = True
    told.amender = told.restarted()
    await told.amend()
    await told.compare()


async def test_an_archived_thread_is_opened_for_the_edit_and_closed_again(told):
    told.town.world.archive(told.thread_id)
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    await told.amend()

    await told.compare()
    assert told.town.world.channel(told.thread_id).thread.archived


async def test_in_an_archived_thread_deleting_needs_nobody_to_open_it(told):
    told.town.world.archive(told.thread_id)
    await told.delete("the map editor loses saves")
    await told.amend()

    await told.compare()
    assert requests(told, "PATCH", CHANNEL) == []


async def test_a_locked_thread_is_an_incident_and_the_glance_is_edited_all_the_same(told):
    told.town.world.archive(told.thread_id, locked=True)
    await told.delete("two crashes are left on Windows")
    await told.amend()

    assert "crashes" not in str(told.glance["embeds"])
    (incident,) = await incidents(told)
    assert "still shows" in incident.sentence
    await told.amend()
    assert incident.times == 1

    told.town.world.change_thread(
        told.town.world.channel(told.thread_id), archived=False, locked=False
    )
    told.town.later(hours=1)
    await told.amend()
    await told.compare()
    assert await incidents(told) == []


async def test_a_limit_on_edits_of_old_messages_is_waited_for(told):
    world = told.town.world
    thread = world.channel(told.thread_id)
    old = world.messages(told.thread_id)[-1]
    told.town.later(hours=2)
    for _ in range(30):
        world.check_old_edit(world.message(int(old["id"])))
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    await told.amend()

    assert "crashes" not in str(told.glance["embeds"])  # another channel
    assert "editor" not in told.everything()  # deleting is not limited
    assert len([one for one in requests(told) if one.status == 429]) == 1
    assert await told.waiting() == 1
    assert await incidents(told) == []
    assert not thread.thread.archived

    told.town.later(hours=2)
    told.town.timer.now += 7200
    await told.amend()
    await told.compare()
    assert await told.waiting() == 0


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble.ERROR,
        Trouble.ERROR_AFTER,
        Trouble.DROP,
        Trouble.DROP_AFTER,
        Trouble.HALF,
        Trouble.RATE_LIMIT,
        Trouble.GLOBAL_LIMIT,
    ],
)
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_whatever_becomes_of_a_request_the_post_is_right_in_the_end(told, trouble, method):
    told.town.faults.strike(trouble, method, EDIT, times=2)
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    for _ in range(4):
        await told.amend()
        told.town.later(minutes=5)

    await told.compare()
    assert await told.waiting() == 0


@pytest.mark.parametrize("steps", [0, 40, 80, 120, 200])
async def test_what_a_kill_interrupts_is_finished_after_the_restart(told, steps):
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    await told.amender.look()
    told.seconds += 3
    dying = asyncio.create_task(told.amender.look())
    for _ in range(steps):
        await asyncio.sleep(0)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)

    told.amender = told.restarted()
    await told.amend()

    await told.compare()
    assert await told.waiting() == 0


async def test_a_post_that_somebody_deleted_is_done_with(told):
    told.town.world.delete(told.thread_id)
    await told.delete("the soundtrack is finished")
    await told.amend()
    assert await told.waiting() == 0
    assert await incidents(told) == []


async def test_a_thread_that_is_gone_does_not_keep_the_glance_as_it_is(told):
    told.town.world.delete_channel(told.thread_id)
    await told.town.look()
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    await told.amend()

    assert "crashes" not in str(told.glance["embeds"])
    assert await told.waiting() == 0


async def test_lost_rights_are_told_once_and_the_edit_is_made_when_they_are_back(told):
    await told.town.deny("daily-summary", Permissions.VIEW_CHANNEL)
    await told.delete("the soundtrack is finished")
    for _ in range(3):
        await told.amend()
    assert len(requests(told)) <= 2
    (incident,) = await incidents(told)
    assert "Missing Access" in incident.sentence

    told.town.world.set_overwrites(told.town.channels["daily-summary"], [])
    told.town.later(hours=1)
    await told.amend()
    await told.compare()
    assert await incidents(told) == []


async def test_what_is_deleted_between_writing_and_posting_is_not_posted(written):
    await written.delete("two crashes are left on Windows")
    await written.post()
    assert "crashes" not in written.everything()
    await written.amend()
    await written.compare()
    assert await written.waiting() == 0
    assert requests(written) == []


async def test_what_is_deleted_while_it_is_posted_is_posted_corrected_or_edited(written):
    town = written.town
    posting = asyncio.create_task(written.post())
    async with asyncio.timeout(60):
        while not town.posted() or "thread" not in town.posted()[0] or not written.details():
            await asyncio.sleep(0.001)
    await written.delete("two crashes are left on Windows", "the soundtrack is finished")
    await posting

    await written.amend()

    assert "crashes" not in written.everything()
    await written.compare()
    assert await written.waiting() == 0


async def test_what_is_out_of_a_failed_post_is_edited_and_the_rest_posted_corrected(written):
    town = written.town
    town.faults.strike(Trouble.DROP, "POST", POSTS, times=None, every=4)
    with pytest.raises(Exception, match="did not confirm"):
        await written.post()
    town.faults.rules.clear()
    await written.move(LedgerState.FAILED)
    await written.delete("two crashes are left on Windows", "the map editor loses saves")
    await written.amend()
    assert "crashes" not in written.everything()
    assert await written.waiting() == 1  # until it is out

    await written.move(LedgerState.POSTING)
    await written.post()
    await written.amend()

    await written.compare()
    assert await written.waiting() == 0


async def test_what_is_out_is_corrected_before_the_rest_of_a_post_follows(written):
    """Else the details would be told beside each other in two versions until the next look."""
    town = written.town
    town.faults.strike(Trouble.DROP, "POST", POSTS, times=None, every=4)
    with pytest.raises(Exception, match="did not confirm"):
        await written.post()
    town.faults.rules.clear()
    await written.delete("two crashes are left on Windows", "the map editor loses saves")
    await written.post()

    await written.compare()


async def test_of_a_message_that_somebody_removed_nothing_is_asked_again(town, entry):
    told = Told(town, entry, (("the release moves", "two crashes are left", "Tiff tests"), ("hm",)))
    await told.write()
    await told.post()
    first = next(one for one in town.posted(told.thread_id) if one["content"])
    town.world.delete(int(first["id"]))
    town.world.log.clear()
    for text in ("two crashes are left", "Tiff tests", "the release moves"):
        await told.delete(text)
        await told.amend()

    asked = [one for one in town.world.log if one.path.endswith(f"/{first['id']}")]
    assert [one.method for one in asked] == ["PATCH"]
    assert "release" not in told.everything()
    assert await told.waiting() == 0


async def test_a_thread_that_a_kill_left_open_is_closed_after_the_restart(told):
    told.town.world.archive(told.thread_id)
    told.town.faults.strike(Trouble.ERROR, "PATCH", CHANNEL, times=None, every=2)
    await told.delete("two crashes are left on Windows")
    await told.amend()
    thread = told.town.world.channel(told.thread_id).thread
    assert not thread.archived

    told.town.faults.rules.clear()
    told.amender = told.restarted()
    await told.amender.look()
    assert thread.archived
    told.town.world.log.clear()
    await told.amend()
    assert list(told.town.world.log) == []


async def test_a_thread_that_cannot_be_closed_yet_is_tried_again_a_minute_later(told):
    await told.town.store.ledger.note_opened(told.thread_id)
    told.town.faults.strike(Trouble.ERROR, "PATCH", CHANNEL)
    for seconds in (0, 1, 30):
        told.seconds += seconds
        await told.amender.look()
    assert len(requests(told, "PATCH", CHANNEL)) == 1
    told.seconds += 60
    await told.amender.look()
    assert told.town.world.channel(told.thread_id).thread.archived


async def test_a_direct_message_is_edited_too(town, entry):
    told = Told(town, entry, TEXTS)
    await town.settle(dm_user_id=town.mara)
    await told.write()
    await told.post()
    await told.delete("two crashes are left on Windows", "the map editor loses saves")
    await told.amend()

    said = str(town.posted(town.world.open_dm(town.mara)))
    assert "release" in said
    assert "crashes" not in said
    assert "editor" not in said
    assert await told.waiting() == 0


async def test_of_two_reports_of_a_day_only_the_posted_one_is_shown(told):
    """One for other readers must never be shown in its place."""
    store = told.town.store
    report = await store.reports.load(told.report_id)
    other = replace(report, source_ids=(*report.source_ids, told.town.channels["staff"]))
    await store.reports.save(replace(other, guild_name="Other readers"))
    await told.delete("the soundtrack is finished")
    await told.amend()

    assert "Other readers" not in told.everything()
    await told.compare()


def test_messages_are_given_their_contents_in_order_and_with_few_edits():
    assert assigned("abcde", "acde") == [0, None, 1, 2, 3]
    assert assigned("abc", "axc") == [0, 1, 2]
    assert assigned("abc", "") == [None, None, None]
    assert assigned("ab", "abcd") == [0, 1]
    assert assigned("abc", "axybc") == [0, 1, 2]
    assert assigned([None, None], "a") == [0, None]


async def test_a_day_later_nothing_is_asked_of_discord(told):
    told.town.later(days=1)
    await told.amend(seconds=timedelta(days=1).total_seconds())
    assert list(told.town.world.log) == []


async def test_what_a_member_removed_of_a_post_is_not_posted_again(told):
    second = [one for one in told.town.posted(told.thread_id) if one["content"]][1]
    told.town.world.delete(int(second["id"]))
    left = told.details()
    await told.delete("the soundtrack is finished")
    await told.amend()
    assert told.details() == left[:-1]

    await told.delete("Tiff prepares the tournament")
    await told.amend()
    assert len(told.details()) == 2
    assert "Tiff" not in told.everything()


@pytest.mark.parametrize("seed", range(6))
async def test_after_whatever_happens_a_post_says_what_its_report_says(town, entry, seed):
    """Deletions, edits, faults, kills and an archived thread, in any order."""
    choose = random.Random(seed)
    told = Told(town, entry, TEXTS)
    await told.write()
    await told.post()
    left = list(told.said)
    gone = []
    for _ in range(8):
        town.faults.rules.clear()
        happening = choose.randrange(6)
        if happening <= 1 and left:
            chosen = choose.sample(left, choose.randrange(1, min(3, len(left)) + 1))
            await told.delete(*chosen)
            gone += chosen
        elif happening == 2 and left:
            chosen = [choose.choice(left)]
            await told.edit(chosen[0], "something else entirely")
            gone += chosen
        elif happening == 3:
            trouble = choose.choice([one for one in Trouble if one is not Trouble.SLOW])
            town.faults.strike(trouble, choose.choice(("PATCH", "DELETE")), times=2, seconds=0.01)
        elif happening == 4:
            town.world.archive(told.thread_id)
        else:
            dying = asyncio.create_task(told.amend())
            for _ in range(choose.randrange(250)):
                await asyncio.sleep(0)
            dying.cancel()
            await asyncio.gather(dying, return_exceptions=True)
            told.amender = told.restarted()
        left = [one for one in left if one not in gone]
        await told.amend()
        town.later(minutes=choose.choice((0, 1, 90)))
    town.faults.rules.clear()
    for _ in range(3):
        town.later(hours=2)
        town.timer.now += 7200
        await told.amend()

    await told.compare()
    assert not any(one in told.everything() for one in gone)
    assert await told.waiting() == 0
