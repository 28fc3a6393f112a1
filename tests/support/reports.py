"""Reports for tests that only need that there is one."""

from guildwatch.model import (
    Activity,
    Coverage,
    Digest,
    EngineUse,
    MoodSummary,
    Period,
    Report,
)


def empty_report(guild_id: int, period: Period) -> Report:
    """A report of a period in which nobody wrote."""
    return Report(
        guild_id=guild_id,
        guild_name="One",
        period=period,
        coverage=Coverage(0, 0, 0, 0, {}),
        digest=Digest("", (), (), (), 0, {}, EngineUse("extractive")),
        mood=MoodSummary(None, "unknown", 0, 0, 0, 0),
        activity=Activity(0, 0, (), ()),
        source_ids=(),
        message_channels={},
        written_at=period.end,
    )
