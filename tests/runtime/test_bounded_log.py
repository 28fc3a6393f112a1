"""The log stays small and quiet: a flood of one warning, a file at its limit, a full disk."""

import logging
from pathlib import Path

from guildwatch.runtime.log import Dam, logging_to


class Hand:
    now = 0.0

    def __call__(self):
        return self.now


def record(text, line=1):
    return logging.LogRecord("guildwatch.x", logging.WARNING, "x.py", line, text, (), None)


def test_of_a_flood_only_the_first_lines_of_a_minute_are_written(caplog):
    hand = Hand()
    dam = Dam(hand)
    assert sum(dam.filter(record("again")) for _ in range(500)) == 20
    assert dam.filter(record("something else", line=2))
    hand.now = 61.0
    assert dam.filter(record("again"))
    assert "480 more lines like the next one were left out" in caplog.text


def test_a_file_at_its_limit_makes_room(tmp_path):
    with logging_to(tmp_path, "INFO", echo=False, most_bytes=2_000) as path:
        for number in range(300):
            logging.getLogger(f"guildwatch.kind{number}").warning("a line of words %d", number)
    written = sorted(tmp_path.iterdir())
    assert [one.name for one in written] == ["guildwatch.log", "guildwatch.log.full"]
    assert all(one.stat().st_size < 2_200 for one in written)
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in written)
    assert "words 299" in path.read_text()


def test_a_log_that_cannot_be_written_says_nothing_on_the_screen(tmp_path, capsys):
    with logging_to(tmp_path, "INFO", echo=False):
        handler = logging.getLogger().handlers[-1]
        handler.stream.close()
        handler.stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - the log closes it
        logging.getLogger("guildwatch.x").warning("nowhere to go")
    assert capsys.readouterr().err == ""
