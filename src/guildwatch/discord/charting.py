"""A report's picture, where it can be had."""

import logging

from guildwatch.model import Report
from guildwatch.report import Charts, ReportError

_log = logging.getLogger(__name__)


async def draw(charts: Charts, report: Report) -> bytes | None:
    """The PNG, or None where it cannot be drawn: the report goes without it."""
    try:
        return await charts.draw(report)
    except ReportError:
        _log.exception("the chart could not be drawn; the report goes without it")
        return None
