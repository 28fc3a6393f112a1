"""Each measurement from the command line: the table, the JSON, and what was found of each item."""

import json
from pathlib import Path

import pytest

from support.data_sets import lines, shared, write
from support.traces import JAVA, NODE, PYTHON

MOODS = (
    "text,label,source\n"
    '"I love this lamp, it is wonderful!",positive,shop\n'
    '"This is terrible,\nI hate it",negative,shop\n'
    "The lamp has two bulbs.,neutral,forum\n"
    "Great!,negative,forum\n"
)
TALK = [
    ("Ada", "The ferry stops running after Sunday, the harbour is being dredged."),
    ("Bo", "Then let us decide on the bus for the trip, leaving at 9."),
    ("Cy", "Agreed, the bus it is! I will book seats for all of us today."),
    ("Ada", "Thank you Cy. Does the bus take bicycles?"),
    ("Bo", "It takes four bicycles, I asked the harbour office."),
]
FIRST = 1_214_000_000_000_000_000


def export(folder: Path, answers: dict[int, int], **more: object) -> Path:
    messages = [
        {
            "id": str(FIRST + (number * 30_000 << 22)),
            "type": "Reply" if number in answers else "Default",
            "content": text,
            "author": {"id": str(100 + ord(who[0])), "name": who, "isBot": False},
            "mentions": [],
            **(
                {"reference": {"messageId": str(FIRST + (answers[number] * 30_000 << 22))}}
                if number in answers
                else {}
            ),
        }
        for number, (who, text) in enumerate(TALK)
    ]
    document = {
        "guild": {"id": "7", "name": "Harbour"},
        "channel": {"id": "11", "type": "GuildTextChat", "name": "trips"} | more,
        "messages": messages,
    }
    path = folder / "Harbour - trips [11].json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def link(folder: Path, pairs: list[tuple[int, int]]) -> Path:
    path = folder / "trips.links.tsv"
    ids = [[FIRST + (number * 30_000 << 22) for number in pair] for pair in pairs]
    path.write_text("".join(f"{one}\t{other}\n" for one, other in ids), encoding="utf-8")
    return path


def test_mood_is_measured_by_label_source_and_threshold(run, tmp_path):
    file, out = tmp_path / "moods.csv", tmp_path / "out.jsonl"
    file.write_text(MOODS, encoding="utf-8")
    told = run("eval", "mood", file, "--json", "--predictions", out)
    assert told.code == 0
    assert (told.json["items"], told.json["accuracy"]) == (4, 0.75)
    assert {one["label"]: one["recall"] for one in told.json["classes"]} == {
        "positive": 1,
        "neutral": 1,
        "negative": 0.5,
    }
    assert {one["source"]: one["accuracy"] for one in told.json["sources"]} == {
        "forum": 0.5,
        "shop": 1,
    }
    found = lines(out)
    assert [one["index"] for one in found] == [0, 1, 2, 3]
    assert [one["label"] for one in found] == ["positive", "negative", "neutral", "positive"]
    assert found[0].keys() == {"index", "label", "score"}
    table = run("eval", "mood", file)
    assert "macro-F1" in table.out
    assert "75.0" in table.out


def test_a_higher_threshold_makes_more_neutral(run, tmp_path):
    file, out = tmp_path / "moods.csv", tmp_path / "out.jsonl"
    file.write_text(MOODS, encoding="utf-8")
    assert run("eval", "mood", file, "--threshold", "0.99", "--predictions", out).code == 0
    assert {one["label"] for one in lines(out)} == {"neutral"}


def test_traces_are_measured_and_each_is_told(run, tmp_path):
    rows = [
        {
            "id": "a",
            "text": PYTHON,
            "is_trace": True,
            "language": "python",
            "exception": "KeyError",
        },
        {"id": "b", "text": JAVA, "is_trace": True, "language": "java", "exception": None},
        {"id": "c", "text": NODE, "is_trace": False, "language": "none"},
        {"id": "d", "text": "no error here", "is_trace": False},
        {"id": "e", "text": "it broke", "is_trace": True, "language": "go", "exception": "panic"},
    ]
    file, out = write(tmp_path / "traces.jsonl", rows), tmp_path / "out.jsonl"
    told = run("eval", "traces", file, "--json", "--predictions", out)
    assert told.code == 0
    assert told.json["precision"] == told.json["recall"] == pytest.approx(2 / 3)
    assert told.json["language"] == told.json["exception"] == 1
    found = lines(out)
    assert [one["id"] for one in found] == ["a", "b", "c", "d", "e"]
    assert found[0] | {"fingerprint": ""} == {
        "id": "a",
        "is_trace": True,
        "language": "python",
        "exception": "KeyError",
        "fingerprint": "",
    }
    assert found[3] == {
        "id": "d",
        "is_trace": False,
        "language": None,
        "exception": None,
        "fingerprint": None,
    }
    assert "python" in run("eval", "traces", file).out


def test_conversations_with_links_are_measured_beside_a_plain_rule(run, tmp_path):
    export(tmp_path, {2: 1, 4: 3})
    link(tmp_path, [(0, 0), (1, 0), (2, 1), (3, 0), (4, 3)])
    out = tmp_path / "out.jsonl"
    told = run("eval", "conversations", tmp_path, "--json", "--predictions", out)
    assert told.code == 0
    assert [(one["way"], one["known"]) for one in told.json["separations"]] == [
        (way, known) for known in (0, 30, 100) for way in ("guildwatch", "speaker or mention")
    ]
    assert told.json["counts"][0]["messages"] == 5
    found = lines(out)
    assert [one["id"] for one in found] == [str(FIRST + (n * 30_000 << 22)) for n in range(5)]
    assert {one["channel_id"] for one in found} == {"11"}
    assert {one["conversation"] for one in found} <= {one["id"] for one in found}
    assert found[1]["conversation"] == found[2]["conversation"]  # a known reply is obeyed
    assert "30 % of replies known" in run("eval", "conversations", tmp_path).out
    one = run("eval", "conversations", tmp_path, "--known", "30", "--seed", "3", "--json")
    assert {each["known"] for each in one.json["separations"]} == {30}


def test_conversations_without_links_are_counted_and_told(run, tmp_path):
    export(tmp_path, {})
    out = tmp_path / "out.jsonl"
    told = run("eval", "conversations", tmp_path, "--json", "--predictions", out)
    assert told.code == 0
    assert told.json["separations"] == []
    assert len(lines(out)) == 5


def test_summaries_are_held_against_what_people_wrote(run, tmp_path):
    turns = [{"speaker": who, "text": text} for who, text in TALK]
    rows = [
        {"id": "one", "turns": turns, "references": ["bus for the trip, four bicycles, wages"]},
        {"id": "two", "turns": turns, "references": []},
    ]
    file, out = write(tmp_path / "talks.jsonl", rows), tmp_path / "out.jsonl"
    told = run("eval", "summaries", file, "--words", "60", "--json", "--predictions", out)
    assert told.code == 0
    (figures,) = told.json
    assert (figures["engine"], figures["items"], figures["words"]) == ("extractive", 2, 60)
    assert figures["coverage"] == pytest.approx(2 / 3)
    assert 0 < figures["rouge"]["one"] < 1
    found = lines(out)
    assert [one["id"] for one in found] == ["one", "two"]
    assert all(one.keys() == {"id", "summary", "key_phrases"} for one in found)
    assert all(0 < len(one["summary"].split()) <= 60 for one in found)
    assert all(isinstance(one["key_phrases"], list) for one in found)
    assert "ROUGE-L" in run("eval", "summaries", file).out


def test_a_chat_is_digested_with_its_cost(run, tmp_path):
    export(tmp_path, {})
    out = tmp_path / "out.jsonl"
    told = run("eval", "digest", tmp_path, "--json", "--predictions", out)
    assert told.code == 0
    (figures,) = told.json
    assert figures["read"] + sum(figures["left_out"].values()) == figures["messages"] == 5
    assert figures["points"] == sum(len(one["points"]) for one in lines(out)) > 0
    assert "fell back" in run("eval", "digest", tmp_path).out


WRONG = {
    "a file that is not there": ("mood", "nowhere.csv", None, "nowhere.csv cannot be read"),
    "no columns": ("mood", "a.csv", "words,mood\nx,y\n", "line 1 has no column 'text'"),
    "another label": ("mood", "a.csv", "text,label\nx,happy\n", "line 2 has the label 'happy'"),
    "an open quotation": ("mood", "a.csv", 'text,label\nx,neutral\n"y', "is not CSV"),
    "nothing but a heading": ("mood", "a.csv", "text,label\n", "no items"),
    "no UTF-8": ("mood", "a.csv", b"text,label\nx,neutral\n\xff,neutral\n", "line 3 is not UTF-8"),
    "no JSON": ("traces", "a.jsonl", '{"text": "a", "is_trace": true}\nx\n', "line 2 is not JSON"),
    "a list": ("traces", "a.jsonl", "[1]\n", "line 1 is no object"),
    "no text": ("traces", "a.jsonl", '{"is_trace": true}\n', "line 1 has no text 'text'"),
    "no verdict": ("traces", "a.jsonl", '\n{"text": "a"}\n', "line 2 has no 'is_trace'"),
    "no turns": ("summaries", "a.jsonl", '{"references": []}\n', "line 1 has no 'turns'"),
    "half a turn": ("summaries", "a.jsonl", '{"turns": [{"speaker": "a"}]}\n', "turn 1"),
    "references of another kind": (
        "summaries",
        "a.jsonl",
        '{"turns": [], "references": "x"}\n',
        "'references' that is no list",
    ),
    "an export that is none": ("conversations", "a.json", "{}", "a.json"),
    "an export that is cut off": ("digest", "a.json", '{"guild": {"id": "1"', "a.json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_file_is_one_sentence_with_file_and_line(run, tmp_path, name):
    command, file, content, told = WRONG[name]
    path = tmp_path / file
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run("eval", command, path)
    assert ran.code == 1
    assert told in ran.err
    assert str(path) in ran.err
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_a_link_to_a_message_that_no_export_has_is_named(run, tmp_path):
    export(tmp_path, {})
    (tmp_path / "x.links.tsv").write_text("child\tparent\n5\t5\n", encoding="utf-8")
    ran = run("eval", "conversations", tmp_path)
    assert ran.code == 1
    assert "x.links.tsv, line 2" in ran.err


def test_predictions_that_cannot_be_written_are_said(run, tmp_path):
    file = tmp_path / "moods.csv"
    file.write_text(MOODS, encoding="utf-8")
    ran = run("eval", "mood", file, "--predictions", tmp_path)
    assert ran.code == 1
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["mood"],
        ["nonsense", "x"],
        ["conversations", ".", "--known", "50"],
        ["summaries", "x", "--words", "0"],
        ["summaries", "x", "--engine", "magic"],
        ["feedback", "--guild", "1"],
    ],
)
def test_wrong_usage_is_exit_code_two(run, words):
    assert run("eval", *words).code == 2


@pytest.mark.parametrize(
    "command", ["mood", "conversations", "summaries", "digest", "traces", "feedback"]
)
def test_every_measurement_has_help_worth_reading(run, command):
    told = run("eval", command, "--help")
    assert told.code == 0
    assert len(told.out.splitlines()) > 8


def test_the_open_moods_are_told_as_well_as_the_published_lexicon_does(run):
    told = run("eval", "mood", shared("sentiment", "sentiment_open.csv"), "--json")
    assert told.json["macro_f1"] == pytest.approx(0.688, abs=0.002)


def test_the_open_chats_are_separated_better_than_by_a_plain_rule(run):
    told = run(
        "eval", "conversations", shared("chat", "multichannel-day"), "--known", "0", "--json"
    )
    ours, plain = told.json["separations"]
    assert ours["mean"]["variation_of_information"] > plain["mean"]["variation_of_information"]
    assert plain["mean"]["variation_of_information"] == pytest.approx(0.81, abs=0.02)
