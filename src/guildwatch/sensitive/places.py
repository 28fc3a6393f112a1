"""Links that open what only their owner should, and e-mail addresses."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from guildwatch.sensitive.found import Found, Kind
from guildwatch.sensitive.told import is_random

URL = re.compile(r"(?<![A-Za-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`|\]]{1,4000}+", re.IGNORECASE)
_USER = re.compile(r"[^/?#@:]{0,100}:(?P<password>[^/?#@]{1,300})@[^/?#@]")
_WEBHOOK = re.compile(
    r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{15,20}/[\w-]{30,100}"
    r"|hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{20,120}"
    r"|\w{1,60}\.webhook\.office\.com/webhookb2/\S{30}|maker\.ifttt\.com/trigger/\S{1,80}/with/key/"
    r"|api\.telegram\.org/bot\d{6,12}:",
    re.IGNORECASE,
)
_QUERY = re.compile(
    r"[?&#;](?P<name>[\w.\[\]-]{0,30}(?:token|secret|password|passwd|pwd|api[-_]?key|apikey|session"
    r"|session[-_]?id|sid|sig|signature|auth|access[-_]?key|credential|otp|code|ticket|key|hash|jwt"
    r"|nonce|magic|hdnea|pwd))=(?P<value>[^&#\s]{6,4000}+)",
    re.IGNORECASE,
)
_OPEN_NAMES = frozenset(("hash", "code", "key", "sid", "sig", "auth", "session", "ticket", "nonce"))
_SECRET_PATH = re.compile(
    r"/[\w-]{0,30}(?:reset|magic|sign-?in|log-?in|confirm|activat|verif|recover|unsubscribe|password)"
    r"[\w-]{0,30}/(?:[\w-]{1,40}/){0,2}(?P<value>[\w-]{16,400})(?:[/?#]|$)",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+%@~!/-])(?P<local>[A-Za-z0-9_+%][\w.+%'-]{0,63})(?<![.'])@"
    r"(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}[A-Za-z]{2,24})(?![\w@-]|\.[A-Za-z0-9])"
)
_SPELT = re.compile(
    r"(?<![\w.])(?:[\w+-]{1,40} (?:dot|punkt) ){0,2}[\w.+-]{2,64} ?"
    r"(?:[\[({<] ?at ?[\])}>]| at ) ?[\w-]{2,63}"
    r"(?: ?(?:[\[({<] ?(?:dot|punkt) ?[\])}>]| (?:dot|punkt) |\.) ?[\w-]{2,63}){0,2}"
    r" ?(?:[\[({<] ?(?:dot|punkt) ?[\])}>]| (?:dot|punkt) |\.) ?"
    r"(?:com|org|net|io|edu|gov|dev|info|me|eu|uk|us|de|at|ch|fr|es|it|nl|be|pl|pt|br|ru)(?!\w)",
    re.IGNORECASE,
)
# Whoever looks at something dot com writes no address.
_AT = re.compile(
    r"\b(?:looks?|looking|looked|meets?|met|see|saw|works?|working|worked|am|is|was|are|were|be|here"
    r"|there|found|find|me|us|it|him|her|them|stay|live|lives|hosted|posted|available|sign|read|buy"
    r"|bought|down|up|start|stop|login|register|shop|check|sitting|starts?|not) at "
    r"|\bat (?:the|a|an|that|this|my|our|your|work|home|least|most|all|first|last|one)\b",
    re.IGNORECASE,
)
_NOT_PEOPLE = frozenset(("git", "noreply", "no-reply", "donotreply", "do-not-reply", "root"))
_LOCAL_ENDS = (
    "local",
    "localhost",
    "localdomain",
    "lan",
    "internal",
    "invalid",
    "test",
    "onion",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "svg",
    "webp",
    "js",
    "ts",
    "css",
    "json",
    "py",
    "html",
    "md",
    "service",
    "socket",
    "timer",
    "target",
    "mount",
    "slice",
)
# Commands that take `user@host`, which stands on their line and not far behind.
_SHELL = re.compile(r"(?:^|[\n;&|`$ ])(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|git|svn)\b")
_COMMAND_LENGTH = 80
_AFTER_URL = ".,;:!?)]}*_~"


def links(text: str) -> Iterator[Found]:
    """The links in a text as it is seen that carry what opens them."""
    if "://" not in text:
        return
    for found in URL.finditer(text):
        if _carries_secret(found[0]):
            yield Found(Kind.SECRET, *stretch(found))


def stretch(found: re.Match[str]) -> tuple[int, int]:
    """Where a link begins and ends, without the sentence's closing punctuation."""
    return found.start(), found.start() + len(found[0].rstrip(_AFTER_URL))


def _carries_secret(url: str) -> bool:
    rest = url.partition("://")[2]
    if (user := _USER.match(rest)) and not _is_blank(user["password"]):
        return True
    if _WEBHOOK.search(rest):
        return True
    if (path := _SECRET_PATH.search(rest)) and is_random(path["value"]):
        return True
    return any(map(_is_secret, _QUERY.finditer(rest)))


def _is_blank(password: str) -> bool:
    return password.strip("*xX.") == "" or password[0] in "<{$[("


def _is_secret(found: re.Match[str]) -> bool:
    name, value = found["name"].lower(), found["value"].rstrip(_AFTER_URL)
    least = 16 if name in _OPEN_NAMES else 6
    if "passw" in name or "pwd" in name:
        return not _is_blank(value)
    if name not in _OPEN_NAMES and any(map(str.isdigit, value)) and any(map(str.isalpha, value)):
        return len(value) >= least
    return len(value) >= least and (is_random(value) or (value.isdigit() and "otp" in name))


def emails(text: str) -> Iterator[Found]:
    """The e-mail addresses in a text as it is seen; no prompts, remotes and handles."""
    if "@" in text:
        commands = [one.end() for one in _SHELL.finditer(text)]
        for found in _EMAIL.finditer(text):
            if _is_persons(text, found) and not _is_typed(text, found.start(), commands):
                yield Found(Kind.EMAIL, found.start(), found.end())
    for found in _SPELT.finditer(text) if _is_spelt(text) else ():
        if " at " not in found[0] or _AT.search(found[0]) is None:
            yield Found(Kind.EMAIL, found.start(), found.end())


def _is_spelt(text: str) -> bool:
    low = text.casefold()
    if any(sign in low for sign in ("(at)", "[at]", "{at}", "( at )", "[ at ]")):
        return True
    return " at " in low and any(word in low for word in (" dot ", " punkt "))


def _is_persons(text: str, found: re.Match[str]) -> bool:
    local, domain = found["local"].casefold(), found["domain"].casefold()
    if local in _NOT_PEOPLE or domain.rpartition(".")[2] in _LOCAL_ENDS:
        return False
    if domain == "users.noreply.github.com" or domain.startswith("noreply"):
        return False
    # A prompt, or a place to copy from.
    return not text.startswith((":~", ":/", ":."), found.end())


def _is_typed(text: str, start: int, commands: Sequence[int]) -> bool:
    """Whether one of the commands that end at these places stands before it on its line."""
    before = bisect_right(commands, start) - 1
    if before < 0 or start - commands[before] > _COMMAND_LENGTH:
        return False
    return "\n" not in text[commands[before] : start]
