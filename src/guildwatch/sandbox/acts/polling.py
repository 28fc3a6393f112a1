"""Polls: votes, and the end, which Discord tells in a message of its own.

https://docs.discord.com/developers/resources/poll
"""

from guildwatch.sandbox import render
from guildwatch.sandbox.acts.announcing import Announcing
from guildwatch.sandbox.errors import Json, Kind, RefusedError
from guildwatch.sandbox.events import Intent
from guildwatch.sandbox.messages import Draft, Message, MessageType, Poll


class Polling(Announcing):
    """Acts about polls; answers are numbered from 1."""

    def vote(self, user_id: int, message_id: int, *answers: int) -> None:
        """Choose answers of a poll that is still open."""
        message = self.message(message_id)
        self.require(user_id, self.channel(message.channel_id))
        poll = _poll_of(message)
        if message.ended:
            raise RefusedError(Kind.POLL_EXPIRED)
        for number in answers[: None if poll.several else 1]:
            chosen = message.votes.setdefault(number, [])
            if user_id not in chosen:
                chosen.append(user_id)
                self._tell_vote(message, user_id, number)

    def end_poll(self, message_id: int) -> int:
        """The id of the message that tells the result; the poll itself is told as changed."""
        message = self.message(message_id)
        poll = _poll_of(message)
        if message.ended:
            raise RefusedError(Kind.POLL_EXPIRED)
        message.ended = True
        self.tell_updated(message)
        draft = Draft(
            type=MessageType.POLL_RESULT,
            reply_to=message_id,
            embeds=[{"type": "poll_result", "fields": _result(poll, message.votes)}],
        )
        return self.put(message.author_id, self.channel(message.channel_id), draft).id

    def _tell_vote(self, message: Message, user_id: int, number: int) -> None:
        channel = self.channel(message.channel_id)
        payload: Json = {
            "user_id": str(user_id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "guild_id": render.optional_id(channel.guild_id),
            "answer_id": number,
        }
        intents = self.intent(channel, Intent.GUILD_MESSAGE_POLLS, Intent.DIRECT_MESSAGE_POLLS)
        self.publish("MESSAGE_POLL_VOTE_ADD", payload, intents, channel=channel)


def _poll_of(message: Message) -> Poll:
    if message.poll is None:
        raise RefusedError(Kind.UNKNOWN_MESSAGE)
    return message.poll


def _result(poll: Poll, votes: dict[int, list[int]]) -> list[Json]:
    """The fields of a poll result's embed; a tie has no winner."""
    counts = [len(votes.get(number, ())) for number, _ in enumerate(poll.answers, 1)]
    most = max(counts, default=0)
    told = {
        "poll_question_text": poll.question,
        "victor_answer_votes": most,
        "total_votes": sum(counts),
    }
    if most and counts.count(most) == 1:
        won = counts.index(most)
        told |= {"victor_answer_id": won + 1, "victor_answer_text": poll.answers[won]}
    return [{"name": name, "value": str(one), "inline": False} for name, one in told.items()]
