"""What readers said of reports becomes a data set, without who said it and what was deleted."""

import asyncio
from dataclasses import replace
from datetime import date

from guildwatch.config import Paths
from guildwatch.model import (
    Author,
    Deletion,
    Feedback,
    Guild,
    Message,
    Point,
    PointKind,
    Topic,
    Verdict,
    first_id_at,
    utc_now,
)
from guildwatch.report import day_period
from guildwatch.store import Store
from support.data_sets import lines
from support.reports import empty_report

PERIOD = day_period(date(2026, 3, 5), "UTC")
FIRST = first_id_at(PERIOD.start)
SAID = [
    ("Ada", "The ferry stops running after Sunday."),
    ("Bo", "Then we take the bus at 9."),
    ("Cy", "My phone number is 555."),
]
READER = 4242


def message(number: int) -> Message:
    who, text = SAID[number]
    return Message(FIRST + 1 + number, 1, 10, Author(100 + number, who), text)


async def fill(path) -> None:
    async with Store.open(path) as store:
        await store.guilds.save(Guild(1, "Harbour"))
        await store.messages.apply([message(number) for number in range(3)])
        await store.messages.apply([Deletion(1, 10, (FIRST + 3,))])
        point = Point("The ferry stops.", PointKind.FACT, (FIRST + 1,))
        report = empty_report(1, PERIOD)
        digest = replace(report.digest, topics=(Topic("Ferry", (point,), (10,), 2, 2),))
        number = await store.reports.save(replace(report, digest=digest, source_ids=(10,)))
        said = [
            (Verdict.GOOD, ""),
            (Verdict.WRONG, "after Sunday"),
            (Verdict.MISSING, "bus at 9"),
        ]
        for verdict, words in said:
            one = Feedback(77, 1, number, READER, verdict, utc_now(), words)
            await (store.feedback.correct(one) if words else store.feedback.vote(one))


def test_judged_reports_can_be_measured_again(run, tmp_path):
    database = Paths.choose(config_file=None, data_dir=tmp_path / "data").database
    asyncio.run(fill(database))
    out, found = tmp_path / "feedback.jsonl", tmp_path / "found.jsonl"
    ran = run("eval", "feedback", "--guild", "harbour", "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert "1 report with 3 judgements" in ran.err
    (item,) = lines(out)
    assert [turn["speaker"] for turn in item["turns"]] == ["Ada", "Bo"]
    assert "555" not in out.read_text("utf-8")
    assert str(READER) not in out.read_text("utf-8")
    assert sorted(item["references"]) == ["after Sunday", "bus at 9"]
    assert sorted(one["verdict"] for one in item["feedback"]) == ["good", "missing", "wrong"]
    assert item["told"]["points"] == [{"text": "The ferry stops.", "message_ids": [str(FIRST + 1)]}]
    assert {"engine", "model", "prompts", "period", "guild_id"} <= item.keys()
    again = run("eval", "summaries", out, "--json", "--predictions", found)
    assert again.code == 0
    assert again.json[0]["coverage"] == 1
    assert [one["id"] for one in lines(found)] == [item["id"]]


def test_a_guild_that_nobody_judged_gives_an_empty_set(run, tmp_path):
    database = Paths.choose(config_file=None, data_dir=tmp_path / "data").database

    async def only_a_guild() -> None:
        async with Store.open(database) as store:
            await store.guilds.save(Guild(1, "Harbour"))

    asyncio.run(only_a_guild())
    out = tmp_path / "feedback.jsonl"
    ran = run("eval", "feedback", "--guild", "1", "--out", out)
    assert ran.code == 0
    assert out.read_text("utf-8") == ""
