"""A line of the log holds no secret, commands no terminal and cannot be forged."""

import logging
from pathlib import Path

from guildwatch.config import Redactor
from guildwatch.runtime.log import harmless, logging_to

TOKEN = "MTA1Mjk0NTU2ODcyNTIwNTA3.GxKx4t.mXgkP0y_Zb1Uo3Jc-w2VtF5sHqLd8RnAeE7IiY"
_log = logging.getLogger("guildwatch.test_of_the_log")


def test_what_any_library_logs_is_redacted_with_its_traceback(tmp_path: Path) -> None:
    with logging_to(tmp_path, "DEBUG", echo=False, redact=Redactor(TOKEN)) as path:
        for name in ("guildwatch.x", "hikari.rest", "aiohttp.client", "httpx", "lightbulb"):
            error = ValueError(f"bad header: Bot {TOKEN}")
            logging.getLogger(name).error("%r failed", {"token": [TOKEN]}, exc_info=error)
        _log.debug("at https://discord.com/api/v10/webhooks/12345678/an-interactions-token")
    told = path.read_text()
    assert told.count("ValueError: bad header: Bot [hidden]") == 5
    assert "an-interactions-token" not in told
    assert not any(part in told for part in TOKEN.split("."))


def test_of_libraries_only_warnings_are_kept_even_at_debug(tmp_path: Path) -> None:
    with logging_to(tmp_path, "DEBUG", echo=False) as path:
        for name in ("hikari.gateway", "aiosqlite", "a.library.that.nobody.named"):
            logging.getLogger(name).debug("payload %r", {"content": "their words"})
            logging.getLogger(name).warning("too slow")
        _log.debug("ours")
    told = path.read_text()
    assert "their words" not in told
    assert told.count("too slow") == 3
    assert "ours" in told


def test_a_name_can_neither_command_the_terminal_nor_begin_a_line(tmp_path: Path) -> None:
    forged = "x\n2026-11-23 00:00:00,000 ERROR   guildwatch: forged\x1b[2J\x9b31m\u202e\x07"
    with logging_to(tmp_path, "INFO", echo=False) as path:
        _log.warning("#%s is closed", forged)
    first, second, *rest = path.read_text().splitlines()
    assert rest == []
    assert second.startswith("    2026-11-23")
    assert all(line.isprintable() for line in (first, second))
    assert "\\x1b[2J" in second


def test_ordinary_words_of_any_script_stay_as_they_are() -> None:
    text = "Grüße, 灯台 🗼, שלום\n\tat line 3"
    assert harmless(text) == text
