"""The main job, from a stranger's first command to the report that was posted."""

import re
from pathlib import Path

from support.program import guildwatch


async def test_without_a_terminal_the_demo_prints_the_report_that_it_posted() -> None:
    ended = await guildwatch("demo")
    assert ended.code == 0, ended.err
    assert "Pixel Forge" in ended.out
    assert "── Thread: Details" in ended.out
    read, stored = map(int, re.findall(r"Read (\d+) of (\d+) messages", ended.out)[0])
    assert 450 <= read < stored
    chart = Path(re.findall(r"Chart: (\S+)", ended.out)[0])
    assert chart.read_bytes().startswith(b"\x89PNG")
    chart.unlink()
    assert "#staff" not in ended.out


async def test_a_model_that_is_named_must_be_there() -> None:
    ended = await guildwatch("demo", "--model", "gemma3:27b")
    assert ended.code == 1
    assert "ollama serve" in ended.err
