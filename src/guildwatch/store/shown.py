"""What of our reports stands in Discord and where, and what the audits of it came to."""

from dataclasses import dataclass

from guildwatch.model import Audit
from guildwatch.store.database import Database
from guildwatch.store.plain import integer_to_moment, load, moment_to_integer

_AUDITS_KEPT = 400


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored report that a message shows; `is_answer`: to somebody's public command.

    `source_ids` are the channels that it was made from, as in `Report`.
    """

    report_id: int
    guild_id: int
    channel_id: int
    is_answer: bool
    source_ids: frozenset[int]


class ShownReports:
    """The posts and public answers that are there, as far as we know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, guild_id: int) -> list[Shown]:
        """Those of a guild, the newest report first.

        Details stay in their thread when somebody deletes the glance above it.
        """
        records = await self._database.rows(
            "SELECT DISTINCT reports.id, reports.guild_id, glance.channel_id, 0 AS is_answer, "
            "json_extract(body, '$.source_ids') AS sources "
            "FROM ledger_parts AS part JOIN reports ON reports.id = part.report_id "
            "JOIN ledger_parts AS glance ON glance.name = 'glance' "
            "AND (glance.guild_id, glance.kind, glance.period_end) "
            "= (part.guild_id, part.kind, part.period_end) "
            "WHERE part.name <> 'thread' AND NOT part.gone AND reports.guild_id = ?1 "
            "UNION ALL SELECT reports.id, reports.guild_id, answers.channel_id, 1, "
            "json_extract(body, '$.source_ids') "
            "FROM answers JOIN reports ON reports.id = answers.report_id "
            "WHERE reports.guild_id = ?1 ORDER BY 1 DESC",
            (guild_id,),
        )
        return [
            Shown(
                one["id"],
                one["guild_id"],
                one["channel_id"],
                bool(one["is_answer"]),
                load(frozenset[int], one["sources"]),
            )
            for one in records
        ]

    async def audited(self, audit: Audit) -> None:
        """Keeps what an audit came to; the last few hundred are kept."""
        async with self._database.transaction() as transaction:
            await transaction.execute(
                "INSERT OR REPLACE INTO audits VALUES (?, ?, ?, ?, ?)",
                (
                    moment_to_integer(audit.at),
                    audit.posts,
                    audit.narrowed,
                    audit.points,
                    audit.unknown,
                ),
            )
            await transaction.execute(
                "DELETE FROM audits WHERE at NOT IN "
                "(SELECT at FROM audits ORDER BY at DESC LIMIT ?)",
                (_AUDITS_KEPT,),
            )

    async def last_audit(self) -> Audit | None:
        """The latest audit, None before the first one."""
        records = await self._database.rows("SELECT * FROM audits ORDER BY at DESC LIMIT 1")
        return next(
            (
                Audit(
                    integer_to_moment(one["at"]),
                    one["posts"],
                    one["narrowed"],
                    one["points"],
                    one["unknown"],
                )
                for one in records
            ),
            None,
        )
