"""A report: digest, mood and activity of a period, and its renderings."""

from guildwatch.report.ahead import Ahead
from guildwatch.report.as_json import to_json
from guildwatch.report.as_markdown import to_markdown
from guildwatch.report.as_text import Passage, passages, to_text
from guildwatch.report.charts import Charts
from guildwatch.report.errors import ReportError
from guildwatch.report.periods import day_period, hours_period, month_period, week_period
from guildwatch.report.phrases import phrases
from guildwatch.report.post import Post, to_post
from guildwatch.report.writer import ReportWriter

__all__ = [
    "Ahead",
    "Charts",
    "Passage",
    "Post",
    "ReportError",
    "ReportWriter",
    "day_period",
    "hours_period",
    "month_period",
    "passages",
    "phrases",
    "to_json",
    "to_markdown",
    "to_post",
    "to_text",
    "week_period",
]
