"""Charts, drawn by a real child process."""

import asyncio
import struct
import sys
from pathlib import Path

import pytest

from guildwatch.report import Charts, ReportError
from guildwatch.report.chart import figure, slots
from guildwatch.report.charts import PNG


def child(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


async def test_a_chart_is_a_small_picture_drawn_outside_this_process(
    report, drawing_command, tmp_path
):
    picture = await Charts(drawing_command, cache=tmp_path / "cache").draw(report)
    assert picture.startswith(PNG)
    assert struct.unpack(">II", picture[16:24]) == (1000, 380)
    assert len(picture) < 60_000
    assert "matplotlib.pyplot" not in sys.modules


async def test_the_child_gets_no_settings_and_writes_to_the_cache_alone(
    report, tmp_path, monkeypatch
):
    monkeypatch.setenv("GUILDWATCH_DISCORD__TOKEN", "secret")
    seen = tmp_path / "seen"
    command = child(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    with pytest.raises(ReportError):
        await Charts(command, cache=tmp_path / "cache").draw(report)
    assert "secret" not in seen.read_text()
    assert str(tmp_path / "cache") in seen.read_text()


async def test_the_request_holds_no_words_of_anybody(report, tmp_path):
    seen = tmp_path / "seen"
    command = child(f"import sys; open({str(seen)!r}, 'w').write(sys.stdin.read())")
    with pytest.raises(ReportError):
        await Charts(command).draw(report)
    assert "hours" in seen.read_text()
    assert not any(word in seen.read_text() for word in ("Pixel", "support", "Mara", "save"))


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (child("raise SystemExit('no fonts here')"), "no fonts here"),
        (child("print('not a picture')"), "said nothing"),
        (("/nonexistent/guildwatch",), "No such file"),
    ],
    ids=["fails", "lies", "missing"],
)
async def test_a_chart_that_cannot_be_drawn_is_one_sentence(report, command, reason):
    with pytest.raises(ReportError, match=reason):
        await Charts(command).draw(report)


async def test_a_child_that_hangs_is_killed(report):
    charts = Charts(child("import time; time.sleep(600)"), time_out=0.3)
    with pytest.raises(ReportError, match=r"was not drawn within 0\.3 s"):
        await charts.draw(report)


async def test_a_cancelled_drawing_leaves_no_child_behind(report, tmp_path):
    started = tmp_path / "started"
    code = f"import os, time; open({str(started)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    drawing = asyncio.create_task(Charts(child(code)).draw(report))
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(lambda: started.exists() and started.read_text()):
            await asyncio.sleep(0.01)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert not Path(f"/proc/{started.read_text()}").exists()


def hour(number: int, messages: int = 4, score: float | None = 0.2) -> dict[str, object]:
    return {
        "start": f"2026-11-{21 + number // 24:02}T{number % 24:02}:00:00+00:00",
        "messages": messages,
        "scored": 0 if score is None else messages,
        "score": score,
    }


def shown(hours: list[dict[str, object]]) -> list[str]:
    drawing = figure(slots({"zone": "Europe/Berlin", "hours": hours}))
    return [label.get_text() for label in drawing.axes[1].get_xticklabels()]


def test_hours_are_told_by_the_local_clock():
    assert shown([hour(number) for number in range(23, 47)])[:3] == ["00:00", "03:00", "06:00"]


def test_a_week_is_told_by_days():
    labels = shown([hour(number) for number in range(24 * 5)])
    assert labels == ["Sat 21", "Sun 22", "Mon 23", "Tue 24", "Wed 25", "Thu 26"]


@pytest.mark.parametrize("hours", [[], [hour(0, 0, None)], [hour(0)]], ids=["none", "empty", "one"])
def test_a_period_with_hardly_anything_is_drawn_too(hours):
    assert len(figure(slots({"zone": "UTC", "hours": hours})).axes) == 2


def test_mood_is_told_by_place_and_shape_and_not_by_colour():
    drawing = figure(slots({"zone": "UTC", "hours": [hour(0), hour(1, 4, -0.4), hour(2, 4, 0.0)]}))
    marks = [line.get_marker() for line in drawing.axes[0].lines if line.get_marker() != "None"]
    assert marks == ["^", "v", "o"]


async def test_however_many_charts_are_asked_for_two_are_drawn_at_a_time(report, tmp_path):
    code = f"""
import os, sys, time
for slot in ("one", "two", "too many"):
    try:
        os.mkdir(os.path.join({str(tmp_path)!r}, slot))
        break
    except FileExistsError:
        pass
time.sleep(0.1)
if slot != "too many":
    os.rmdir(os.path.join({str(tmp_path)!r}, slot))
sys.stdout.buffer.write({PNG!r})
"""
    charts = Charts((sys.executable, "-I", "-S", "-c", code))
    assert await asyncio.gather(*(charts.draw(report) for _ in range(6))) == [PNG] * 6
    assert not (tmp_path / "too many").exists()
