"""A week from its days."""

from guildwatch.digest import roll_up
from guildwatch.model import Digest, EngineUse, Link, Point, PointKind, Topic


def point(text, *ids, quoted=False):
    return Point(text, PointKind.FACT, ids, quoted)


def topic(title, *points, messages=10, people=3, channel=21):
    return Topic(title, points, (channel,), messages, people)


def digest(*topics, read=20, left_out=None, engine="ollama", links=(), fallback=""):
    use = EngineUse(engine, "gemma3:27b", 2, 1000, 100, 3.0, 1, fallback)
    return Digest("headline", (1,), topics, links, read, left_out or {"bot": 2}, use, 4)


def test_one_day_passes_through_unchanged():
    only = digest(topic("Save bug", point("Saves vanish.", 1)))
    assert roll_up([only]) is only


def test_a_matter_of_several_days_becomes_one_topic_with_all_receipts():
    monday = digest(topic("Save bug", point("Saves vanish when the name has an umlaut.", 1)))
    tuesday = digest(
        topic("save bugs", point("Saves vanish when a name has an umlaut.", 5), channel=22),
        topic("Game jam", point("The theme is Lighthouse.", 6)),
    )
    week = roll_up([monday, tuesday])
    bug = next(each for each in week.topics if each.title == "Save bug")
    assert bug.points == (point("Saves vanish when the name has an umlaut.", 1, 5),)
    assert bug.channel_ids == (21, 22)
    assert bug.messages == 20
    assert {each.title for each in week.topics} == {"Save bug", "Game jam"}


def test_counts_links_and_engines_add_up():
    link = Link("https://example.org", (1,))
    monday = digest(topic("A", point("One thing.", 1)), left_out={"bot": 2}, links=(link,))
    tuesday = digest(
        topic("B", point("Another thing.", 9)),
        left_out={"bot": 1, "deleted": 4},
        links=(Link("https://example.org", (9,)),),
        engine="extractive",
        fallback="The language model did not answer.",
    )
    week = roll_up([monday, tuesday])
    assert week.read == 40
    assert week.left_out == {"bot": 3, "deleted": 4}
    assert week.links == (Link("https://example.org", (1, 9)),)
    assert week.engine.name == "mixed"
    assert week.engine.calls == 4
    assert week.engine.fallback == "The language model did not answer."
    assert week.conversations == 8


def test_the_headline_rests_on_points_of_the_week():
    week = roll_up(
        [
            digest(topic("A", point("The release moved to Tuesday.", 1), messages=90)),
            digest(topic("B", point("The save bug was found.", 9))),
        ]
    )
    assert week.headline == "The release moved to Tuesday; The save bug was found."
    assert week.headline_message_ids == (1, 9)


def test_a_silent_week_is_said_to_be_one():
    assert roll_up([]).headline == "A silent week."
    assert roll_up([digest(read=3), digest(read=4)]).headline == "A quiet week: 7 messages."
