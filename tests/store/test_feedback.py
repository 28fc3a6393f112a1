"""What readers said goes with them."""

from datetime import timedelta

from guildwatch.model import Feedback, Verdict, first_id_at
from guildwatch.store import Store
from guildwatch.store.tombstones import Mark, Tombstone, Tombstones

GUILD = 1


def correction(user_id, at, words, guild_id=GUILD):
    return Feedback(at.day * 100 + guild_id, guild_id, None, user_id, Verdict.WRONG, at, words)


async def test_what_a_forgotten_member_said_does_not_come_back_with_a_backup(path, say):
    noon = say("hello").created_at
    later = noon + timedelta(days=1)
    async with Store.open(path) as store:
        for one in (
            correction(7, noon, "gone"),
            correction(7, later, "later"),
            correction(7, noon, "elsewhere", guild_id=2),
            correction(8, noon, "another's"),
        ):
            await store.feedback.correct(one)
    with Tombstones.open(path.with_name("tombstones.txt")) as tombstones:
        until = first_id_at(noon + timedelta(hours=1))
        await tombstones.append([Tombstone(Mark.AUTHOR, until, GUILD, author_id=7)])

    async with Store.open(path) as store:
        assert await words(store, GUILD) == ["another's", "later"]
        assert await words(store, 2) == ["elsewhere"]
        assert await store.feedback.erase(7, GUILD) == 1
        assert await store.feedback.erase(7) == 1
        assert await words(store, GUILD) == ["another's"]


async def words(store, guild_id):
    return [one.words for one in await store.feedback.of_guild(guild_id)]


async def test_a_vote_outlives_its_report_and_a_guilds_go_with_it(store, say):
    at = say("hello").created_at
    await store.feedback.vote(Feedback(5, GUILD, None, 7, Verdict.GOOD, at))
    await store.feedback.vote(Feedback(6, 2, None, 7, Verdict.BAD, at))

    await store.purging.forget_guild(GUILD)

    assert await store.feedback.of_guild(GUILD) == []
    assert len(await store.feedback.of_guild(2)) == 1
