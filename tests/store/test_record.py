"""The record of changes in the store."""

from guildwatch.model import OPERATOR, ChangedBy, ChangeSource, Gate, GuildSettings
from guildwatch.store import Store

FILE = ChangedBy(ChangeSource.FILE)


async def test_what_differs_from_the_last_start_is_noted_once(tmp_path):
    path = tmp_path / "guildwatch.db"
    for values, differs in (
        ({"report.time": "00:00", "log.level": "info"}, []),
        ({"report.time": "00:00", "log.level": "info"}, []),
        ({"report.time": "07:00", "log.level": "info"}, ["report.time"]),
        ({"report.time": "07:00", "log.level": "info", "limits.member": "10"}, []),
        ({"report.time": "07:00", "log.level": "debug", "limits.member": "9"}, None),
    ):
        async with Store.open(path) as store:
            found = await store.record.see_configuration(values, FILE)
            assert sorted(found) == (["limits.member", "log.level"] if differs is None else differs)

    async with Store.open(path) as store:
        changes = await store.record.latest()
    assert [(one.name, one.before, one.after) for one in changes[-1:]] == [
        ("report.time", "00:00", "07:00")
    ]
    assert {(one.guild_id, one.by) for one in changes} == {(None, FILE)}


async def test_a_change_that_cannot_be_recorded_is_not_made(store):
    await store.settings.save(GuildSettings(1))
    async with store._database.transaction() as transaction:
        await transaction.execute("DROP TABLE record")
    try:
        await store.settings.save(GuildSettings(1, names=False))
    except Exception:  # noqa: BLE001 - whatever it is called
        assert (await store.settings.one(1)).names
    else:
        raise AssertionError


async def test_all_options_survive(store):
    chosen = GuildSettings(
        1, member_limit=3, guild_limit=9, min_people=4, names=False, top=False, board=True
    )
    await store.settings.save(chosen, OPERATOR)
    assert await store.settings.one(1) == chosen
    assert (await store.settings.all())[1] == chosen


async def test_a_purged_guild_leaves_no_record_and_no_gate(store):
    await store.settings.save(GuildSettings(1, names=False))
    await store.gates.add(Gate(1, "summary", 5, is_role=True))
    await store.gates.add(Gate(2, "summary", 5, is_role=True))
    await store.purging.forget_guild(1)
    assert await store.record.latest(1) == []
    assert await store.gates.of(1) == []
    assert len(await store.gates.of(2)) == 1
