"""The report for a terminal, and as Markdown."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from guildwatch.model import EngineUse, Gap, Link, Point, PointKind, Topic
from guildwatch.report import to_markdown, to_text
from guildwatch.report.wording import engine_line
from guildwatch.report.wrapping import cells, wrapped


def test_the_text_tells_every_point_with_where_and_when_it_was_said(report):
    assert to_text(report, 76).replace("\u00a0", " ") == (
        "Pixel Forge · Saturday, 21 November 2026\n"
        "────────────────────────────────────────\n"
        "The save bug is found; release 2.4 moves to Tuesday. [#support 13:00;\n"
        "#dev 15:00]\n"
        "\n"
        "Map editor · #support · 120 messages, 9 people\n"
        "  continues: Lost saves\n"
        "  • Saves vanished when the name had an umlaut. [#support 13:00, 13:06]\n"
        "  ? Open: Does it happen on Linux too? [#support 14:00]\n"
        "  → To do: jonas tests the fix tonight. [#support 14:30]\n"
        "\n"
        "Release 2.4 · #dev #support · 80 messages, 12 people\n"
        "  ✓ Decided: It moves to Tuesday. [#dev 15:00]\n"
        "\n"
        "Links people shared\n"
        "  • https://example.org/fix?a=(1) [#support 14:30]\n"
        "\n"
        "Mood      positive on the whole · 61 % positive, 9 % negative; lowest around\n"
        "          15:00\n"
        "Activity  298 messages by 41 people · most active: Mara 38, jonas 31, Tiff\n"
        "          27\n"
        "Coverage  Read 298 of 312 messages in 9 channels · left out: 13 bot\n"
        "          messages, 1 deleted message\n"
        "Engine    AI-written by gemma3:27b, checked against its sources\n"
    )


def test_the_operator_is_told_why_no_model_wrote_it_and_which_gaps_are_known(report, with_digest):
    engine = EngineUse("extractive", fallback="Ollama does not answer. Start it: ollama serve")
    start = report.period.start
    gap = Gap(2001, start, start + timedelta(hours=1), "no Read Message History")
    gapped = replace(
        with_digest(report, engine=engine), coverage=replace(report.coverage, gaps=(gap,))
    )
    text = to_text(gapped, 200)
    assert "ollama serve" in text
    assert "gap in support: 00:00, 01:00 (no Read Message History)" in text


def test_no_member_can_command_the_operators_terminal(report, with_digest):
    evil = "\x1b[2J\x1b]0;owned\x07\u202egnp\u2066\x9b31m\r\n"
    topic = Topic(evil, (Point(evil, PointKind.FACT, (1,)),), (2001,), 1, 1, continues=evil)
    text = to_text(replace(with_digest(report, headline=evil, topics=(topic,)), guild_name=evil))
    assert not set(text) & set("\x1b\x07\r\x9b\u202e\u2066")


@given(st.text(max_size=200), st.integers(20, 100))
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(text, width):
    lines = list(wrapped(text, width, first="• ", indent="  "))
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == f"•{text}".replace(" ", "")


def test_wide_letters_take_two_cells_and_marks_none():
    assert cells("日本") == 4
    assert cells("e\u0301") == 1


def test_markdown_links_every_sentence_to_its_messages(report):
    text = to_markdown(report)
    for message_id in report.message_channels:
        if message_id != report.mood.highlights[0].message_id:
            channel = report.message_channels[message_id]
            assert f"[↗](https://discord.com/channels/1000/{channel}/{message_id})" in text
    assert "- ✅ Decided: It moves to Tuesday. [↗]" in text
    assert "- <https://example.org/fix?a=(1)> [↗]" in text


def test_markdown_shows_what_people_wrote_literally(report, with_digest):
    evil = "# <b>@everyone</b> [x](https://evil.example) `code`"
    text = to_markdown(with_digest(report, headline=evil))
    assert "@everyone" not in text
    assert "<b>" not in text
    assert "https://evil" not in text
    assert "\\`code\\`" in text


def test_a_model_that_answered_but_could_not_be_used_is_not_called_absent():
    engine = EngineUse("extractive", fallback="Its answers could not be read, so these are quoted.")

    assert engine_line(engine) == (
        "No language model could be used: these are the messages themselves"
    )
    assert engine_line(engine, why=True) == "Its answers could not be read, so these are quoted"
    assert engine_line(EngineUse("mixed", model="m", fallback="Some failed."), why=True).endswith(
        ". Some failed"
    )


def test_a_link_that_many_shared_shows_five_receipts_and_how_many_more(report):
    channel = next(iter(report.message_channels.values()))
    ids = tuple(range(1, 10))
    shared = replace(
        report,
        message_channels=report.message_channels | dict.fromkeys(ids, channel),
        digest=replace(report.digest, links=(Link("https://forge.example/", ids),)),
    )

    assert "4\u00a0more]" in to_text(shared).replace("\n", "")
    (line,) = (line for line in to_markdown(shared).splitlines() if "forge.example" in line)
    assert line.count("↗") == 5
    assert line.endswith("+4")
