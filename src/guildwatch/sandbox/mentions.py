"""Whom a text mentions, as far as it is allowed to.

https://docs.discord.com/developers/resources/message#allowed-mentions-object
"""

import re
from dataclasses import dataclass

from guildwatch.sandbox.errors import Json

_USER = re.compile(r"<@!?(\d{1,20})>")
_ROLE = re.compile(r"<@&(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is pinged by a text; `pings_replied` says whether a reply pings whom it answers."""

    users: list[int]
    roles: list[int]
    everyone: bool
    pings_replied: bool

    @classmethod
    def of(cls, text: str, allowed: Json | None) -> "Mentions":
        """The mentions in a text; without `allowed_mentions` all of them count."""
        users = _ids(_USER, text)
        roles = _ids(_ROLE, text)
        everyone = bool(_EVERYONE.search(text))
        if allowed is None:
            return cls(users, roles, everyone, pings_replied=True)
        parse = allowed.get("parse") or ()
        return cls(
            _allowed(users, "users", allowed),
            _allowed(roles, "roles", allowed),
            everyone and "everyone" in parse,
            bool(allowed.get("replied_user", False)),
        )


def _ids(pattern: re.Pattern[str], text: str) -> list[int]:
    return list(dict.fromkeys(int(found) for found in pattern.findall(text)))


def _allowed(ids: list[int], name: str, allowed: Json) -> list[int]:
    if name in (allowed.get("parse") or ()):
        return ids
    named = {int(one) for one in allowed.get(name) or ()}
    return [id_ for id_ in ids if id_ in named]
