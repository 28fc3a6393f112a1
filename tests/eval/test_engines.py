"""Models and prompts side by side, through the real program and a server on loopback."""

import json

import pytest

from support.data_sets import lines, write
from support.program import guildwatch
from support.scripted_ollama import scripted_ollama

TURNS = [
    {"speaker": "Ada", "text": "The ferry stops running after Sunday, the harbour is dredged."},
    {"speaker": "Bo", "text": "Then let us decide on the bus for the trip, leaving at 9."},
    {"speaker": "Cy", "text": "Agreed, the bus it is! I will book seats for all of us today."},
    {"speaker": "Ada", "text": "Thank you Cy. Does the bus take bicycles?"},
    {"speaker": "Bo", "text": "It takes four bicycles, I asked the harbour office."},
]


@pytest.fixture
def talks(tmp_path):
    row = {"id": "one", "turns": TURNS, "references": ["ferry stops, bus for the trip"]}
    return write(tmp_path / "talks.jsonl", [row])


async def run(tmp_path, url, *words):
    return await guildwatch(
        *map(str, words),
        OLLAMA_HOST=url,
        GUILDWATCH_DATA_DIR=str(tmp_path / "data"),
        GUILDWATCH_CONFIG=str(tmp_path / "config.toml"),
        XDG_RUNTIME_DIR=str(tmp_path),
    )


async def test_a_model_stands_beside_other_prompts_and_no_model(tmp_path, talks):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "digest.txt").write_text("MY OWN WORDS: " + "tell what happened. " * 20)
    out = tmp_path / "out.jsonl"
    words = ["eval", "summaries", talks, "--engine", "extractive", "--prompts", mine]
    async with scripted_ollama() as server:
        ran = await run(tmp_path, server.url, *words, "--json", "--predictions", out)
    assert ran.code == 0, ran.err
    figures = json.loads(ran.out)
    assert [one["engine"] for one in figures] == [
        "extractive",
        "gemma3:27b",
        "gemma3:27b, mine",
    ]
    assert figures[0]["cost"]["prompt_tokens"] == 0
    assert figures[1]["cost"]["prompt_tokens"] > 0
    assert figures[1]["cost"]["prompt_tokens"] != figures[2]["cost"]["prompt_tokens"]
    assert all(one["coverage"] is not None for one in figures)
    assert [one["engine"] for one in lines(out)] == [one["engine"] for one in figures]


@pytest.mark.long
async def test_of_one_engine_the_predictions_are_an_object_an_item(tmp_path, talks):
    out = tmp_path / "out.jsonl"
    words = ["eval", "summaries", talks, "--engine", "ollama", "--predictions", out]
    async with scripted_ollama() as server:
        ran = await run(tmp_path, server.url, *words)
    assert ran.code == 0, ran.err
    (found,) = lines(out)
    assert found.keys() == {"id", "summary"}
    assert "gemma3:27b" in ran.out


@pytest.mark.long
@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--engine", "ollama", "--model", "llama9"], "llama9"),
        (["--prompts", "/nowhere"], "holds no prompts"),
        (["--engine", "transformers"], "report.checkpoint"),
    ],
)
async def test_what_is_not_there_is_said_before_anything_is_measured(tmp_path, talks, more, told):
    async with scripted_ollama() as server:
        ran = await run(tmp_path, server.url, "eval", "summaries", talks, *more)
    assert ran.code == 1
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


async def test_without_a_server_the_way_to_one_is_told(tmp_path, talks):
    ran = await run(
        tmp_path, "http://127.0.0.1:9", "eval", "summaries", talks, "--engine", "ollama"
    )
    assert ran.code == 1
    assert "ollama serve" in ran.err
