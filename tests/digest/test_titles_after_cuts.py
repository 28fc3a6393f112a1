"""A title is told only with points that bear it out, also where points were cut off."""

from guildwatch.digest.transcript.clean import clean
from guildwatch.digest.writing.drafts import titled
from guildwatch.model import Point, PointKind


def test_a_title_whose_points_were_cut_off_gives_way_to_one_that_holds(day, context):
    lines = clean(day.messages, context).lines
    umlaut, jam = lines[0], lines[12]
    point = Point("Jonas lost saves.", PointKind.FACT, (umlaut.id,))
    titles = ["The game jam's theme", "Saves and the umlaut"]
    assert "theme" in jam.text
    assert titled(titles, [point], lines).title == "Saves and the umlaut"
    assert titled(titles[:1], [point], lines).title == ""
