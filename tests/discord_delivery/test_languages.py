"""A guild's report in its own language, as it stands in Discord."""

import re
from dataclasses import replace

import pytest

from guildwatch.digest import Digester
from guildwatch.discord.publish import Publisher
from guildwatch.language import Completion
from guildwatch.report import Charts, ReportWriter

LINE = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
SAID = "jonas can make it happen when the graphics driver is older than the game wants."
GERMAN = "jonas kann es auslösen, wenn der Grafiktreiber älter ist, als das Spiel will."


class Model:
    """Reports one English sentence and knows its German, or something else in its place."""

    name, context = "gemma3:27b", 8192

    def __init__(self, german):
        self._german = german

    def fits(self, text):
        return len(text) // 4 + 1

    async def complete(self, prompt, *, priority, on_text=None):
        if prompt.content.startswith("Translate into German."):
            lines = LINE.findall(prompt.content)
            texts = [{"number": int(n), "text": self._german} for n, said in lines if said == SAID]
            return Completion("", {"sentences": texts}, 10, 10, 0.1)
        refs = [int(n) for n, text in LINE.findall(prompt.content) if "graphics driver" in text][:1]
        point = {"text": SAID, "kind": "fact", "refs": refs}
        topics = [{"title": "Older graphics drivers", "points": [point]}] if refs else []
        return Completion("", {"topics": topics, "points": []}, 10, 10, 0.1)


TALK = (
    "The release of version 2.4 moves to Tuesday because two crashes on Windows are left.",
    "Can somebody reproduce the crashes with the installer from yesterday evening?",
    "I can: it happens when the graphics driver is older than the game expects.",
    "Then Mara builds a candidate tonight and everybody tests the driver check tomorrow.",
)


@pytest.fixture
async def day(town):
    """A day of talk in English."""
    people = (town.mara, town.tiff, town.jonas)
    for number in range(18):
        town.later(minutes=1)
        again = "" if number < 4 else " As I said before."
        town.world.say(people[number % 3], town.channels["general"], TALK[number % 4] + again)
    await town.listen()
    town.later(hours=12)
    return town


def with_model(town, model):
    digester = Digester(model, cache=None, clock=town.clock)
    return Publisher(
        town.line,
        store=town.store,
        roster=town.roster,
        writer=ReportWriter(town.store, digester, clock=town.clock),
        charts=Charts(["false"]),
        delivery=town.delivery,
        notices=town.notices,
        troubles=town.troubles,
        standing=town.drift,
    )


async def publish(publisher, entry):
    report_id = await publisher.write(entry)
    await publisher.post(replace(entry, report_id=report_id))


def glance(town):
    (message,) = (one for one in town.posted() if one["embeds"])
    return message, message["embeds"][0]


async def test_the_frame_of_a_german_report_is_german_and_quotations_stay(day, entry):
    await day.settle(language="de")

    await publish(day.publisher, entry)

    message, embed = glance(day)
    assert embed["title"].startswith("🗓️ Samstag, 21. November · Pixel Forge")
    assert "18 Nachrichten von 3 Personen · am aktivsten: " in embed["description"]
    assert "Stimmung" in embed["description"]
    footer = embed["footer"]["text"]
    assert footer.startswith("Alle 18 Nachrichten in 1 Kanal gelesen · Kein Sprachmodell")
    assert "moves to Tuesday" in str(embed) + str(day.posted(int(message["id"])))
    labels = [button["label"] for row in message["components"] for button in row["components"]]
    assert {"Korrigieren…", "Details"} <= set(labels)


async def test_what_the_model_wrote_is_told_in_german_with_its_receipt(day, entry):
    await day.settle(language="de")

    await publish(with_model(day, Model(GERMAN)), entry)

    message, embed = glance(day)
    assert GERMAN in str(embed) + str(day.posted(int(message["id"])))
    assert SAID not in embed["description"]
    assert "KI-verfasst von gemma3:27b" in embed["footer"]["text"]
    assert "1 Punkt übersetzt" in embed["footer"]["text"]


async def test_of_a_translator_who_lies_nothing_is_posted(day, entry):
    await day.settle(language="de")
    lie = GERMAN.removesuffix(".") + " seit 3.0, sagt Bernadotte auf evil.example."

    await publish(with_model(day, Model(lie)), entry)

    message, embed = glance(day)
    posted = str(embed) + str(day.posted(int(message["id"])))
    assert "3.0" not in posted
    assert "Bernadotte" not in posted
    assert "evil" not in posted
    assert SAID.removesuffix(".") in posted
    assert "1 in seiner Sprache belassen" in embed["footer"]["text"]
