"""The topics of a digest: conversations in the model's words where they hold, else in their own."""

from collections.abc import Sequence

from guildwatch.digest.extraction.extractive import Extractor
from guildwatch.digest.extraction.quotes import with_key_message
from guildwatch.digest.extraction.rank import considered_for, importance, topics_for
from guildwatch.digest.extraction.titles import shortened
from guildwatch.digest.merging.compose import chosen_topics
from guildwatch.digest.merging.merge import Told
from guildwatch.digest.reading import Reading
from guildwatch.digest.transcript.lines import Conversation
from guildwatch.digest.writing.drafts import Account
from guildwatch.model import KeyPhrase, Topic


def told_topics(
    read: Reading, accounts: dict[int, Account]
) -> tuple[tuple[Topic, ...], bool | None]:
    """The topics, and whether all of them are the model's (None: some are).

    What a model was asked about and told truly is told, as it chose what matters; of quotations
    only the weightiest conversations have any.
    """
    extractor = Extractor(read.lines)
    how_many = topics_for(len(read.lines))
    considered = read.considered
    told = [
        one
        for place, conversation in enumerate(considered)
        if (place < how_many or not accounts or place in accounts)
        and (one := _one(extractor, conversation, read.announcing, accounts.get(place)))
    ]
    topics = chosen_topics(told, considered_for(len(read.lines)) if accounts else how_many)
    unanswered = None
    if topics:
        shown = {id_ for topic in topics for point in topic.points for id_ in point.message_ids}
        rest = [each for each in read.worth_telling if shown.isdisjoint(_ids(each))]
        unanswered = extractor.open_questions(rest)
    written = {id_ for place in accounts for id_ in _ids(considered[place])}
    quoted = [
        written.isdisjoint(id_ for point in topic.points for id_ in point.message_ids)
        for topic in topics
    ]
    if unanswered is not None:
        topics += (unanswered,)
    return topics, None if any(quoted) and not all(quoted) else not any(quoted)


def also_about(read: Reading, topics: Sequence[Topic]) -> tuple[KeyPhrase, ...]:
    """What was spoken about in conversations of which no topic tells anything."""
    points = [point for topic in topics for point in topic.points]
    shown = {id_ for point in points for id_ in point.message_ids}
    rest = (each for each in read.worth_telling if shown.isdisjoint(_ids(each)))
    told = " ".join([*(topic.title for topic in topics), *(point.text for point in points)])
    return Extractor(read.lines).also(rest, told) if topics else ()


def _ids(conversation: Conversation) -> set[int]:
    return {line.id for line in conversation.lines}


def _one(
    extractor: Extractor,
    conversation: Conversation,
    announcing: frozenset[int],
    account: Account | None,
) -> Told | None:
    topic = extractor.topic(conversation) if account is None else _told(conversation, account)
    if topic is None:
        return None
    people = frozenset(line.author_id for line in conversation.lines)
    return Told(topic, people, importance(conversation, announcing))


def _told(conversation: Conversation, account: Account) -> Topic:
    lines = {line.id: line for line in conversation.lines}
    return Topic(
        title=account.title or shortened(account.points[0].text),
        points=tuple(with_key_message(point, lines) for point in account.points),
        channel_ids=(conversation.channel_id,),
        messages=len(conversation.lines),
        people=conversation.people,
    )
