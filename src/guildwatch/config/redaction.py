"""Takes what opens a bot's account out of text that is about to be written or shown.

https://docs.discord.com/developers/reference#authentication
"""

import base64
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

HIDDEN = "[hidden]"

TOKEN_VARIABLE = "GUILDWATCH_DISCORD__TOKEN"  # noqa: S105 - the variable's name
_SHORTEST_PART = 6  # characters: the middle part, a time, is that long
_SPLIT = r"(?:[\s\"'+,\\│]|\\[nr]|b')"  # where a long text was broken over lines or literals
_DOT = r"(?:\.|%2[Ee]|\\x2[Ee]|\\u002[Ee])"

# A bot's token is its id, a time and a signature, each in base64 without padding; an interaction's
# begins with the word "interaction" in base64.
_TOKEN = re.compile(rf"(?<![\w-])[\w-]{{23,30}}{_DOT}[\w-]{{5,8}}{_DOT}[\w-]{{25,}}", re.ASCII)
_INTERACTION = re.compile(r"aW50ZXJhY3Rpb2[\w%=-]{10,}", re.ASCII)
_ADDRESS = re.compile(
    r"((?:webhooks|interactions)(?:/|%2[Ff])\d{1,20}(?:/|%2[Ff]))(?!callback\b)[\w.%=-]{8,}",
    re.ASCII,
)
_HEADER = re.compile(r"\b(Bot|Bearer|Basic) [\w.~+/=%-]{16,}", re.ASCII)
_FIELD = re.compile(
    r"((?:token|authorization|secret)\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"'])[^\"'\\\s]{8,}",
    re.ASCII | re.IGNORECASE,
)


class Redactor:
    """Puts `[hidden]` in the place of these secrets and of whatever looks like one of Discord's.

    Those known are found in parts, percent-encoded, in base64 and broken over lines too; of others
    bot tokens, interaction tokens, addresses of webhooks and `Authorization` headers.
    """

    def __init__(self, *secrets: str) -> None:
        forms = {form for secret in secrets for form in _forms(secret.strip())}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(_broken, longest_first))) if forms else None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Redactor":
        """One that knows the token of these variables, if they hold one."""
        return cls(environ.get(TOKEN_VARIABLE, ""))

    def __call__(self, text: str) -> str:
        """The text without them."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        text = _TOKEN.sub(HIDDEN, text)
        text = _INTERACTION.sub(HIDDEN, text)
        text = _ADDRESS.sub(rf"\1{HIDDEN}", text)
        text = _HEADER.sub(rf"\1 {HIDDEN}", text)
        return _FIELD.sub(rf"\1{HIDDEN}", text)


def is_token(text: str) -> bool:
    """Whether a text is a bot's token, going by its form."""
    return _TOKEN.fullmatch(text.strip().removeprefix("Bot ")) is not None


def _forms(secret: str) -> Iterable[str]:
    """The ways in which a secret is written."""
    if len(secret) < _SHORTEST_PART:
        return
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")
    yield base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    yield from (part for part in secret.split(".") if len(part) >= _SHORTEST_PART)


def _broken(form: str) -> str:
    """The form, and the form with line breaks and quotation marks in it."""
    return f"{_SPLIT}{{0,40}}".join(map(re.escape, form))
