"""The Log screen says what the daily audit of the posts came to, and what is told of on purpose."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from guildwatch.console.wording import audited, opened
from guildwatch.model import Audit, Crowd, Widening

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)


def test_a_quiet_audit_is_one_line():
    said = audited(Audit(AT, posts=41), NOW)
    assert said == "Audit of who reads what: 41 posts, nothing to withdraw, today 04:00."


def test_an_audit_that_found_something_says_how_much():
    said = audited(Audit(AT, posts=41, narrowed=2, points=5, unknown=1), NOW.replace(day=24))
    assert "5 points withdrawn from 2 of them, of 1 more nobody can tell who reads them" in said
    assert said.endswith("23 Nov 04:00.")


def test_a_channel_told_of_on_purpose_is_named_with_who_and_when():
    widening = Widening(1, 1000, 20, 10, Crowd(), Crowd(), 77, AT)
    said = opened(widening, "#staff in Pixel Forge", BERLIN)
    assert said == ("Told of on purpose: #staff in Pixel Forge, by member 77, since 23 Nov 04:00.")
