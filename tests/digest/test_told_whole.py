"""What a model told truly is in the report, however small the day is."""

from guildwatch.digest.checking.check import check_point
from guildwatch.digest.extraction.rank import topics_for
from guildwatch.digest.reading import read
from guildwatch.digest.telling import told_topics
from guildwatch.digest.writing.drafts import Account

SUBJECTS = (
    ("the boiler in the cellar lost all of its water pressure", "a plumber will bring new valves"),
    ("my telescope mirror needs fresh aluminium coating", "the workshop in Jena coats mirrors"),
    ("our sourdough starter smells of acetone since Tuesday", "feed it rye flour twice daily"),
    ("does anybody own spare chess clocks for the tournament", "the library lends chess clocks"),
    ("the bicycle chain jumps between the smallest sprockets", "replace the worn cassette first"),
    ("the projector in the cinema flickers during subtitles", "its lamp exceeded service hours"),
)


def test_each_conversation_that_a_model_told_is_a_topic(context, talk):
    for asked, answered in SUBJECTS:
        first = talk.say(11, f"{asked}, does anybody know more?", wait=7200)
        talk.say(12, answered, reply_to=first)
    reading = read(talk.messages, context)
    accounts = {
        place: Account("", (_quoted(conversation),))
        for place, conversation in enumerate(reading.considered)
    }
    assert len(accounts) > topics_for(len(reading.lines))
    topics, _ = told_topics(reading, accounts)
    told = {id_ for topic in topics for point in topic.points for id_ in point.message_ids}
    assert all(told & {line.id for line in one.lines} for one in reading.considered)
    quoted, _ = told_topics(reading, {})
    assert len(quoted) <= topics_for(len(reading.lines)) + 1


def _quoted(conversation):
    line = conversation.lines[0]
    return check_point({"text": line.text, "kind": "fact", "refs": [1]}, {1: line})
