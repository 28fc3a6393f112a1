"""The kinds of values that an operator writes: what each may be, and what to write instead."""

import datetime as dt
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from guildwatch.config.redaction import is_token

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEEP_ALIVE = re.compile(r"-1|0|[1-9]\d*(ms|s|m|h)")


def _api_url(text: str) -> str:
    url = urlsplit(text.strip().rstrip("/"))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("give an address such as https://discord.com/api/v10")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ValueError("use https: the bot's token would travel readable")
    path = "/api/v10" if url.path in ("", "/api") else url.path
    return url._replace(path=path, query="", fragment="").geturl()


def _token_file(path: Path) -> Path:
    if is_token(str(path)):
        raise ValueError("it is a token itself, not a file: put it into discord.token")
    return path


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("give an IANA name such as Europe/Berlin or UTC")
    return text


def _keep_alive(text: str) -> str:
    # A number without a unit is answered with HTTP 400 by Ollama.
    if not _KEEP_ALIVE.fullmatch(text):
        raise ValueError("give a number with its unit such as 30m or 2h, 0, or -1 for always")
    return text


def _clock_time(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"\d{1,2}:\d{2}", value):
            raise ValueError("give hours and minutes such as 07:30")
        hours, minutes = map(int, value.split(":"))
        if hours > 23 or minutes > 59:
            raise ValueError("give a time from 00:00 to 23:59")
        return dt.time(hours, minutes)
    if isinstance(value, dt.time):
        return value
    # pydantic would read 5 as five seconds past midnight.
    raise ValueError("give hours and minutes such as 07:30")


def _days_by_id(value: object) -> object:
    """A table, or the same as `ID=DAYS, ID=DAYS` in a variable or on the screen."""
    if not isinstance(value, str):
        return value
    pairs = [pair.partition("=") for pair in re.split(r"[,\s]+", value.strip()) if pair]
    if not all(id_.isdigit() and days.isdigit() for id_, _, days in pairs):
        raise ValueError("give ids and days such as 123=90, 456=7")
    return {int(id_): int(days) for id_, _, days in pairs}


DiscordAddress = Annotated[str, AfterValidator(_api_url)]
"""The address of Discord's REST API, with its version."""

TokenFile = Annotated[Path, AfterValidator(_token_file)]
"""The file that a bot's token stands in."""

ZoneName = Annotated[str, AfterValidator(_zone)]
"""A time zone's IANA name."""

KeepAlive = Annotated[str, AfterValidator(_keep_alive)]
"""A time as Ollama's `keep_alive` takes it."""

ClockTime = Annotated[dt.time, BeforeValidator(_clock_time)]
"""Hours and minutes of a day."""

DaysById = Annotated[
    dict[int, Annotated[int, Field(ge=1, le=36_500)]], BeforeValidator(_days_by_id)
]
"""Numbers of days, each for what has that id."""
