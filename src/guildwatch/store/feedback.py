"""What readers said of posted reports: a vote, what is wrong, what is missing; once a person."""

import sqlite3
from collections.abc import Callable

from guildwatch.model import Feedback, Verdict
from guildwatch.store.database import Database, Transaction
from guildwatch.store.plain import integer_to_moment, moment_to_integer, storable

_ONE = "DELETE FROM feedback WHERE glance_id = ? AND user_id = ? AND verdict = ?"
_VOTES = "DELETE FROM feedback WHERE glance_id = ? AND user_id = ? AND verdict IN (?, ?)"
_INSERT = (
    "INSERT INTO feedback (glance_id, guild_id, report_id, user_id, verdict, words, given_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class ReaderFeedback:
    """Votes and corrections, by the post that they are about.

    `wake` is called when words have gone, so that the file is cleaned of them.
    """

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self._database = database
        self._wake = wake

    async def vote(self, vote: Feedback) -> bool:
        """Takes a vote in place of this person's other one; the same again takes it back.

        Whether it stands.
        """
        async with self._database.transaction() as transaction:
            same = (vote.glance_id, vote.user_id, vote.verdict)
            if await transaction.execute(_ONE, same):
                return False
            both = (vote.glance_id, vote.user_id, Verdict.GOOD, Verdict.BAD)
            await transaction.execute(_VOTES, both)
            await _insert(transaction, vote)
        return True

    async def correct(self, correction: Feedback) -> bool:
        """Takes what is wrong or missing in place of this person's former words on it.

        Without words none are left.

        Whether one stands.
        """
        async with self._database.transaction() as transaction:
            same = (correction.glance_id, correction.user_id, correction.verdict)
            await transaction.execute(_ONE, same)
            if correction.words:
                await _insert(transaction, correction)
        self._wake()
        return bool(correction.words)

    async def words(self, glance_id: int, user_id: int, verdict: Verdict) -> str:
        """What this person says is wrong or missing in a report; empty when nothing is."""
        records = await self._database.rows(
            "SELECT words FROM feedback WHERE glance_id = ? AND user_id = ? AND verdict = ?",
            (glance_id, user_id, verdict),
        )
        return str(records[0]["words"]) if records else ""

    async def of_report(self, report_id: int) -> list[Feedback]:
        """All that was said of a report, the oldest first."""
        records = await self._database.rows(
            "SELECT * FROM feedback WHERE report_id = ? ORDER BY given_at, user_id, verdict",
            (report_id,),
        )
        return [feedback_of(record) for record in records]

    async def of_guild(self, guild_id: int) -> list[Feedback]:
        """All that was said of a guild's reports, the oldest first."""
        records = await self._database.rows(
            "SELECT * FROM feedback WHERE guild_id = ? ORDER BY given_at, user_id, verdict",
            (guild_id,),
        )
        return [feedback_of(record) for record in records]

    async def erase(self, user_id: int, guild_id: int | None = None) -> int:
        """Removes everything that a person said, everywhere or in one guild; how much it was."""
        async with self._database.transaction() as transaction:
            erased = await transaction.execute(
                "DELETE FROM feedback WHERE user_id = ?1 AND (?2 IS NULL OR guild_id = ?2)",
                (user_id, guild_id),
            )
        self._wake()
        return erased


async def _insert(transaction: Transaction, one: Feedback) -> None:
    await transaction.execute(
        _INSERT,
        (
            one.glance_id,
            one.guild_id,
            one.report_id,
            one.user_id,
            one.verdict,
            storable(one.words),
            moment_to_integer(one.given_at),
        ),
    )


def feedback_of(record: sqlite3.Row) -> Feedback:
    """What a row of `feedback` holds."""
    return Feedback(
        record["glance_id"],
        record["guild_id"],
        record["report_id"],
        record["user_id"],
        Verdict(record["verdict"]),
        integer_to_moment(record["given_at"]),
        record["words"],
    )
