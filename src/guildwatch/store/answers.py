"""Answers that everybody in their channel sees, and the reports that they show."""

from collections.abc import Callable
from dataclasses import dataclass

from guildwatch.model import Report
from guildwatch.store.database import Database
from guildwatch.store.departed import Departed
from guildwatch.store.reports import save_report


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that shows a stored report.

    `content` is the hash of what it shows, None while that is not known.
    """

    report_id: int
    channel_id: int
    message_id: int
    content: str | None = None


class Answers:
    """Which messages answer with which report.

    Such a report is apart from the others: it is corrected like them, and found by its answer only.
    """

    def __init__(
        self, database: Database, departed: Departed, text_went: Callable[[], None]
    ) -> None:
        self._database = database
        self._departed = departed
        self._text_went = text_went

    async def keep(self, report: Report, channel_id: int, message_id: int) -> Answer:
        """Keeps a report that a message is about to show.

        It is noted before the message shows it, so that a crash in between leaves nothing unknown.
        """
        async with self._database.transaction() as transaction:
            report = await self._departed.left_out_of(transaction, report)
            report_id = await save_report(transaction, report, f"answer {message_id}")
            await transaction.execute(
                "INSERT INTO answers (report_id, channel_id, message_id) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (report_id, channel_id, message_id),
            )
        return Answer(report_id, channel_id, message_id)

    async def of_report(self, report_id: int) -> Answer | None:
        """The answer that shows a report, None when none does."""
        records = await self._database.rows(
            "SELECT * FROM answers WHERE report_id = ?", (report_id,)
        )
        return Answer(*records[0]) if records else None

    async def shows(self, answer: Answer, content: str) -> None:
        """Notes what an answer shows now."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "UPDATE answers SET content = ? WHERE report_id = ?", (content, answer.report_id)
            )

    async def drop(self, answer: Answer) -> None:
        """Forgets an answer that is not there any more, and its report."""
        async with self._database.transaction() as transaction:
            await transaction.execute("DELETE FROM reports WHERE id = ?", (answer.report_id,))
            await transaction.execute("UPDATE upkeep SET traces = traces + 1")
        self._text_went()
